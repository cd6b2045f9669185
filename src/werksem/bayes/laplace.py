"""The Laplace approximation: a normal around the mode, put right by importance weights.

In the sampler's unconstrained coordinates the log-density has its mode and a Hessian -H there. The
proposals are N(mode, H⁻¹), each axis of its Cholesky factor with a spread of its own on either side of
the mode, as wide as the density is there, and tails of a t where these differ (the split-t of Geweke
1989): SDs near 0 are skewed. They are weighted by density over proposal, the weights Pareto-smoothed, and
resampled by them (Tierney and Kadane 1986; Vehtari, Simpson, Gelman, Yao and Gabry 2024). Pareto k says
whether the weights can be trusted; where they cannot the draws are those of the proposal, and the
diagnostics say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.psis import smoothed_weights
from werksem.bayes.sample import KEPT, Sampled, cpu_seconds, third_party_warnings
from werksem.bayes.thresholds import PARETO_K_MAX
from werksem.errors import EstimationError

__all__ = ["laplace_model", "resample"]

Array = NDArray[np.float64]
# a point (d,) to the log-density, its gradient (d,) and the kept quantities
Density = Callable[[Array], Sequence[Any]]
PROPOSALS = 4  # per draw that is kept, so that hardly any is kept twice
NEWTON_STEPS = 50
REACH = (1.0, 2.0, 3.0, 4.0)  # standard deviations from the mode at which the density is looked at
NARROWEST, WIDEST = 0.5, 3.0
# the log of an SD has an exponential tail, which no normal covers: an axis this far from 1 is a t
SKEWED, DF = 0.1, 20


def laplace_model(
    model: Any, *, chains: int, draws: int, seed: int, kept: Sequence[str] = KEPT,
    initial: Mapping[str, Array] | None = None,
) -> Sampled:  # fmt: skip
    """Return draws of a PyMC model by the Laplace approximation, in the form of ``sample_model``.

    ``fit`` holds ``pareto_k`` and ``ess_importance``, the effective size of the importance weights
    among the draws. ``initial`` gives values of free variables, on their own scale, to search the
    mode from. Raises ``EstimationError`` where the density has no mode with a normal around it.
    """
    began = perf_counter()
    with third_party_warnings():
        density, start, names, sizes = _compiled(model, kept, dict(initial or {}))
    compiled_at, cpu, calls = perf_counter(), cpu_seconds(), [0]

    def counted(x: Array) -> Sequence[Any]:
        calls[0] += 1
        return density(x)

    mode, root = _mode(counted, start)
    S, rng = chains * draws, np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(3,)))
    axes: Array = np.linalg.inv(root.T).astype(np.float64)
    z, log_proposal = _proposals(_sides(counted, mode, axes), PROPOSALS * S, rng)
    found = [counted(x) for x in mode + z @ axes.T]
    ratios = np.array([float(value[0]) for value in found]) - log_proposal
    weights, k = smoothed_weights(ratios)
    rows = resample(weights, S, rng) if k < PARETO_K_MAX else np.arange(S)
    flat = np.stack([np.concatenate([np.ravel(part) for part in found[i][2:]]) for i in rows])
    parts = np.split(flat.reshape(chains, draws, -1), np.cumsum(sizes)[:-1], axis=-1)
    timings = {
        "bayes_compile": compiled_at - began, "bayes_sampling": perf_counter() - compiled_at,
        "bayes_sampling_cpu": cpu_seconds() - cpu,
    }  # fmt: skip
    fit = {"pareto_k": k, "ess_importance": min(float(S), float(1 / (weights**2).sum()))}
    return Sampled(dict(zip(names, parts, strict=True)), {}, float(calls[0]), "laplace", timings, fit)


def _compiled(
    model: Any, kept: Sequence[str], initial: dict[str, Any]
) -> tuple[Density, Array, tuple[str, ...], list[int]]:
    """Return one compiled function for all that is asked at a point, the start, names and sizes."""
    import pytensor
    from pymc.initial_point import make_initial_point_fn
    from pymc.pytensorf import join_nonshared_inputs

    names = tuple(name for name in kept if name in model.named_vars)
    at = make_initial_point_fn(model=model, overrides=initial, jitter_rvs=set())(0)
    values = model.replace_rvs_by_values([model[name] for name in names])
    outputs, joined = join_nonshared_inputs(at, [model.logp(), *values], model.value_vars)
    slope = pytensor.grad(outputs[0], joined)
    function = pytensor.function([joined], [outputs[0], slope, *outputs[1:]])
    function.trust_input = True  # a fortieth of the time: points are float64 vectors already
    start = np.concatenate([np.ravel(np.asarray(at[var.name], dtype=float)) for var in model.value_vars])
    return function, start, names, [np.size(part) for part in function(start)[2:]]


def _mode(density: Density, start: Array) -> tuple[Array, Array]:
    """Return the mode (d,) and the lower Cholesky factor (d, d) of the negative Hessian there."""
    from scipy.optimize import minimize

    def falling(x: Array) -> tuple[float, Array]:
        value, slope = density(x)[:2]
        good = np.isfinite(value) and np.isfinite(slope).all()
        return (-float(value), -np.asarray(slope)) if good else (1e100, np.zeros(len(x)))

    x = np.asarray(minimize(falling, start, jac=True, method="L-BFGS-B").x)
    for _ in range(NEWTON_STEPS):
        value, slope = falling(x)
        root = _root(_hessian(falling, x))
        step = np.linalg.solve(root.T, np.linalg.solve(root, slope))
        if step @ slope < 1e-12:  # half of it is what the log-density can still rise
            return x, root
        size = 1.0
        while falling(x - size * step)[0] > value and size > 1e-6:
            size /= 2
        x = x - size * step
    raise _no_mode()


def _hessian(falling: Callable[[Array], tuple[float, Array]], x: Array) -> Array:
    """Return (d, d) the Hessian by central differences of the gradient, made symmetric."""
    steps = np.finfo(float).eps ** (1 / 3) * np.maximum(1.0, np.abs(x))
    columns = []
    for i, h in enumerate(steps):
        move = np.zeros(len(x))
        move[i] = h
        columns.append((falling(x + move)[1] - falling(x - move)[1]) / (2 * h))
    found = np.array(columns)
    return np.asarray((found + found.T) / 2)


def _root(hessian: Array) -> Array:
    try:
        return np.asarray(np.linalg.cholesky(hessian))
    except np.linalg.LinAlgError:
        raise _no_mode() from None


def _no_mode() -> EstimationError:
    return EstimationError(
        "bayes: method laplace found no mode with a normal around it; right is method: nuts, or priors that "
        "are not flat"
    )


def _sides(density: Density, mode: Array, axes: Array) -> Array:
    """Return (2, d) spreads below and above the mode along the axes (columns), 1 for a normal density."""
    top, sides = float(density(mode)[0]), np.ones((2, len(mode)))
    for (side, i), _ in np.ndenumerate(sides):
        found = NARROWEST
        for reach in REACH:
            value = float(density(mode + (2 * side - 1) * reach * axes[:, i])[0])
            fall = top - value if np.isfinite(value) else np.inf
            found = max(found, reach / np.sqrt(2 * fall) if fall > 0 else WIDEST)
        sides[side, i] = min(found, WIDEST)
    return sides


def _proposals(sides: Array, size: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return (size, d) draws of the split proposal and their log-density (size,), up to a constant."""
    shape = (size, sides.shape[1])
    above = rng.random(shape) < sides[1] / sides.sum(axis=0)
    skewed = (np.abs(sides - 1) > SKEWED).any(axis=0)
    normal, t = rng.standard_normal(shape), rng.standard_t(DF, shape)
    z = np.abs(np.where(skewed, t, normal))
    density = np.where(skewed, -(DF + 1) / 2 * np.log1p(z**2 / DF), -(z**2) / 2)
    return np.asarray(z * np.where(above, sides[1], -sides[0])), np.asarray(density.sum(axis=1))


def resample(weights: Array, size: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return (size,) rows drawn by weights (summing to 1), systematically, in random order.

    Row i stands in it either floor(size w_i) or ceil(size w_i) times (Kitagawa 1996).

    >>> rows = resample(np.array([0.5, 0.25, 0.25]), 4, np.random.default_rng(1))
    >>> sorted(rows.tolist())
    [0, 0, 1, 2]
    """
    places = (rng.random() + np.arange(size)) / size
    rows = np.searchsorted(np.cumsum(weights), places, side="right")
    return rng.permutation(np.minimum(rows, len(weights) - 1)).astype(np.int64)

"""Joint regressions, correlated deviations and a third level: their density is that of the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from werksem.bayes.design import Design, design
from werksem.bayes.graph import Roots, log_likelihood_graph, use_numba
from werksem.bayes.graph import log_likelihood as log_likelihood_op
from werksem.bayes.joint import joint_statistics
from werksem.bayes.marginal import Further, log_likelihood
from werksem.bayes.priors import given_priors
from werksem.bayes.statistics import group_labels
from werksem.spec.types import Equation

THREE = (
    Equation("y", ("x", "z"), ("y~x", "y~z")),
    Equation("m", ("x",), ("m~x",)),
    Equation("w", ("z", "m"), ("w~z", "w~m")),
)
LITERAL = {"between_sd": "halfnormal(1)", "nested_sd": "halfnormal(1)", "between_correlation": "lkj(2)"}


@dataclass(frozen=True)
class Setup:
    """What is joint, what varies, and whether there is a third level."""

    pairs: tuple[tuple[str, str], ...]
    vary: tuple[str, ...]
    nested: tuple[str, ...]
    priors: dict[str, str]


SETUPS = {
    "two outcomes": Setup((("y", "w"),), ("means", "paths"), (), {}),
    "correlated deviations": Setup((), ("means", "paths"), (), LITERAL),
    "all three, nothing varies": Setup((("y", "w"), ("m", "y"), ("w", "m")), (), (), {}),
    "a chain, raw intercepts": Setup((("y", "w"), ("y", "m")), ("means", "y~x"), (), LITERAL),
    "third level": Setup((), ("means", "paths"), ("means",), {}),
    "units alone": Setup((), (), ("means", "y~x"), LITERAL),
    "everything": Setup((("y", "w"), ("m", "w")), ("means", "paths"), ("means", "paths"), LITERAL),
}


def survey(seed: int = 2) -> pd.DataFrame:
    """Return scores in groups of 30, 5, 1 and 9, with units of 1 to 12 whose labels recur; some are
    missing."""
    rng = np.random.default_rng(seed)
    parts = []
    for label, units in (("A", (12, 10, 5, 3)), ("B", (4, 1)), ("C", (1,)), ("D", (6, 3))):
        for o, n in enumerate(units):
            x, z = rng.standard_normal((2, n)) + rng.normal(0, 0.3)
            e = rng.standard_normal((n, 3)) @ np.array([[0.8, 0.4, -0.3], [0, 0.7, 0.2], [0, 0, 0.9]])
            m = 2 + 0.5 * x + 0.3 * rng.standard_normal() + e[:, 1]
            y = 3 + 0.4 * x - 0.2 * z + 0.3 * rng.standard_normal() + e[:, 0]
            w = 1 + 0.3 * z + 0.4 * m + 0.3 * rng.standard_normal() + e[:, 2]
            parts.append(
                pd.DataFrame({"x": x, "z": z, "y": y, "m": m, "w": w, "sector": label, "unit": f"u{o}"})
            )
    frame = pd.concat(parts, ignore_index=True)
    frame.loc[[2, 33], "w"] = np.nan
    frame.loc[[5], "x"] = np.nan
    return frame


FRAME = survey()


def arrays(setup: Setup, frame: pd.DataFrame = FRAME) -> Design:
    labels, code = group_labels(frame["sector"], len(frame))
    units = frame["unit"] if setup.nested else None
    found, joints = joint_statistics(THREE, frame, labels, code, None, setup.pairs, units)
    names = [*(p for e in THREE for p in e.parameters), *(f"{e.outcome} ~1" for e in THREE)]
    return design(found, setup.vary, given_priors(setup.priors, names), joints, setup.nested)


def correlation(rng: np.random.Generator, size: int) -> np.ndarray:
    """Return the root of a random correlation matrix."""
    half = rng.standard_normal((size, size)) + np.eye(size)
    cov = half @ half.T
    sd = np.sqrt(np.diag(cov))
    return np.linalg.cholesky(cov / np.outer(sd, sd))


def chained(rng: np.random.Generator, block: Any) -> np.ndarray:
    """Return the root of a correlation matrix with zeros where no residuals covary."""
    R = np.eye(len(block.members))
    for i, j in block.pairs:
        R[i, j] = R[j, i] = rng.uniform(-0.5, 0.5)
    return np.linalg.cholesky(R)


def point(model: Design, seed: int) -> tuple[list[np.ndarray], Further]:
    """Return gamma, tau (1, E, K), sigma (1, E) and what else there is, in the model's units."""
    rng = np.random.default_rng(seed)
    there = np.concatenate([np.ones((3, 1), bool), model.path_of >= 0], axis=1)
    gamma = 0.5 * rng.standard_normal((1, *there.shape)) * there
    tau = rng.uniform(0.1, 0.6, (1, *there.shape)) * model.varies
    nested = rng.uniform(0.1, 0.6, (1, *there.shape)) * model.nested_varies
    free = model.between_prior is not None
    more = Further(
        tuple(chained(rng, b)[None] if b.pairs else None for b in model.blocks),
        tuple(correlation(rng, len(b.varies))[None] if free and len(b.varies) > 1 else None
              for b in model.blocks),
        tuple(correlation(rng, len(b.nested))[None] if free and len(b.nested) > 1 else None
              for b in model.blocks),
        nested,
    )  # fmt: skip
    return [gamma, tau, rng.uniform(0.5, 1.5, (1, 3))], more


def raw_parts(
    model: Design, block: Any, at: list[np.ndarray], more: Further, b: int
) -> tuple[np.ndarray, ...]:
    """Return a block's raw mean, residual covariance and covariances of groups' and units' coefficients."""
    gamma, tau, sigma = (part[0] for part in at)
    sizes = [len(THREE[e].predictors) + 1 for e in block.members]
    K, starts = sum(sizes), np.cumsum([0, *sizes])
    A, shift, levels = np.zeros((K, K)), np.zeros(K), [np.eye(K), np.eye(K)]
    for i, e in enumerate(block.members):
        p, s = sizes[i] - 1, starts[i]
        step = model.scale_y[e] / model.scale_x[e, :p]
        A[s : s + p + 1, s : s + p + 1] = np.diag([model.scale_y[e], *step])
        A[s, s + 1 : s + p + 1] = -model.mean_x[e, :p] * step
        shift[s] = model.mean_y[e]
        for W in levels:  # a given prior speaks of raw intercepts
            W[s, s + 1 : s + p + 1] = (model.mean_x[e, :p] / model.scale_x[e, :p]) * model.lever.any()
    stack = np.concatenate([gamma[e, :size] for e, size in zip(block.members, sizes, strict=True)])
    covs = []
    nested = more.nested[0]
    for W, tau_of, root in ((levels[0], tau, more.between[b]), (levels[1], nested, more.within[b])):
        t = np.concatenate([tau_of[e, :size] for e, size in zip(block.members, sizes, strict=True)])
        R = np.eye(K)
        if root is not None:
            free = np.flatnonzero(t)
            R[np.ix_(free, free)] = root[0] @ root[0].T
        covs.append(A @ W @ (np.outer(t, t) * R) @ W.T @ A.T)
    sd = (sigma * model.scale_y)[list(block.members)]
    R = np.eye(len(sd)) if more.residual[b] is None else more.residual[b][0] @ more.residual[b][0].T
    return shift + A @ stack, np.outer(sd, sd) * R, *covs


def stacked(block: Any, part: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return Z (n E, K), y (n E,) and each entry's unit, of a group's complete rows, row by row."""
    equations = [THREE[e] for e in block.members]
    names = sorted({n for e in equations for n in (*e.predictors, e.outcome)})
    part = part.dropna(subset=names)
    K = sum(len(e.predictors) + 1 for e in equations)
    Z, at = np.zeros((len(part), len(equations), K)), 0
    for i, e in enumerate(equations):
        Z[:, i, at] = 1
        Z[:, i, at + 1 : at + 1 + len(e.predictors)] = part[list(e.predictors)]
        at += 1 + len(e.predictors)
    y = part[[e.outcome for e in equations]].to_numpy()
    return Z.reshape(-1, K), y.ravel(), np.repeat(part["unit"].to_numpy(), len(equations))


def implied(block: Any, parts: tuple[np.ndarray, ...], part: pd.DataFrame) -> tuple[np.ndarray, ...]:
    """Return Z, y, their mean and their covariance with everything integrated out."""
    mean, residual, between, within = parts
    Z, y, unit = stacked(block, part)
    V = np.kron(np.eye(len(y) // len(block.members)), residual) + Z @ between @ Z.T
    return Z, y, Z @ mean, V + (Z @ within @ Z.T) * (unit[:, None] == unit)


def by_rows(model: Design, at: list[np.ndarray], more: Further) -> float:
    total = 0.0
    for b, block in enumerate(model.blocks):
        parts = raw_parts(model, block, at, more, b)
        for _, part in FRAME.groupby("sector"):
            _, y, mean, V = implied(block, parts, part)
            total += stats.multivariate_normal(mean, V).logpdf(y)
    return total


@pytest.mark.parametrize("setup", SETUPS.values(), ids=SETUPS)
def test_the_density_is_that_of_all_rows(setup: Setup) -> None:
    model = arrays(setup)
    for seed in (1, 2):
        at, more = point(model, seed)
        assert log_likelihood(model, *at, more)[0] == pytest.approx(by_rows(model, at, more), abs=1e-8)


def symbolic(model: Design, more: Further, form: Any) -> Any:
    """Return a function of gamma, tau, sigma, nested and all roots to the value and its gradient."""
    use_numba()
    import pytensor
    import pytensor.tensor as pt

    names = [pt.dmatrix("gamma"), pt.dmatrix("tau"), pt.dvector("sigma"), pt.dmatrix("nested")]
    parts = [tuple(None if root is None else pt.dmatrix() for root in roots)
             for roots in (more.residual, more.between, more.within)]  # fmt: skip
    value = form(model, *names[:3], Roots(*parts, names[3]))
    names += [name for roots in parts for name in roots if name is not None]
    slopes = pytensor.grad(value, names, disconnected_inputs="ignore")
    return pytensor.function(names, [value, *slopes], mode="FAST_COMPILE", on_unused_input="ignore")


@pytest.mark.parametrize("form", [log_likelihood_op, log_likelihood_graph])
@pytest.mark.parametrize("setup", SETUPS.values(), ids=SETUPS)
def test_kernel_and_graph_equal_numpy_and_their_gradients_finite_differences(setup: Setup, form: Any) -> None:
    model = arrays(setup)
    at, more = point(model, 3)
    roots = [root for part in (more.residual, more.between, more.within) for root in part if root is not None]
    values = [part[0] for part in (*at, more.nested, *roots)]
    both = symbolic(model, more, form)
    found, *gradient = both(*values)
    assert found == pytest.approx(log_likelihood(model, *at, more)[0], abs=1e-10, rel=1e-12)
    for k, slope in enumerate(gradient):
        for cell in np.ndindex(slope.shape):
            absent = (k == 1 and not model.varies[cell]) or (k == 3 and not model.nested_varies[cell])
            if absent or (k > 3 and cell[1] > cell[0]):
                continue
            up, down = [v.copy() for v in values], [v.copy() for v in values]
            up[k][cell] += 1e-6
            down[k][cell] -= 1e-6
            moved = (both(*up)[0] - both(*down)[0]) / 2e-6
            assert slope[cell] == pytest.approx(moved, rel=1e-5, abs=1e-5)

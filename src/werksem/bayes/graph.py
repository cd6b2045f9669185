"""The PyMC model: priors around the likelihood, as a compiled Op or as a plain graph."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from werksem.bayes.block import Block
from werksem.bayes.correlation import correlations
from werksem.bayes.design import Design
from werksem.bayes.placing import placed
from werksem.bayes.priors import DEFAULTS, log_density, random_variable
from werksem.spec.priors import Prior, parse_prior

__all__ = ["Roots", "data_of", "log_likelihood", "log_likelihood_graph", "pymc_model", "use_numba"]


def use_numba() -> None:
    """Let PyTensor compile by numba, which needs no C compiler, unless the user chose otherwise.

    Works only before PyTensor's first import, which reads the environment once.
    """
    if "pytensor" not in sys.modules:
        os.environ.setdefault("PYTENSOR_FLAGS", "mode=NUMBA")


@dataclass(frozen=True, slots=True)
class Roots:
    """What joint regressions and a third level have besides gamma, tau and sigma, as in
    ``marginal.Further``."""

    residual: tuple[Any, ...] = ()
    between: tuple[Any, ...] = ()
    within: tuple[Any, ...] = ()
    nested: Any = None


NONE = Roots()


def _point(
    design: Design, b: int, gamma: Any, tau: Any, sigma: Any, more: Roots
) -> tuple[Any, Any, Any, Any]:
    """Return gamma (K,), F (K, V), the residual covariance's root (E, E) and H (K, V2) of a block."""
    import pytensor.tensor as pt

    block = design.blocks[b]
    residual, between, within = (part[b] if part else None for part in
                                 (more.residual, more.between, more.within))  # fmt: skip
    nested = np.zeros(design.varies.shape) if more.nested is None else more.nested
    e, k, of = block.e, block.k, np.array(block.members)
    root = pt.diag(sigma[of]) if residual is None else sigma[of][:, None] * residual
    F = _factor(block.spread, tau[e[block.varies], k[block.varies]], between)
    H = _factor(block.nested_spread, nested[e[block.nested], k[block.nested]], within)
    return gamma[e, k], F, root, H


def _factor(spread: Any, tau: Any, root: Any) -> Any:
    """Return W diag(tau) L."""
    import pytensor.tensor as pt

    if not spread.shape[1]:
        return pt.as_tensor_variable(spread)
    return spread * tau if root is None else (spread * tau) @ root


def data_of(design: Design) -> dict[str, Any]:
    """Return the arrays that stand for the data in a compiled model, by the names to exchange them by."""
    named = ((f"n_{b}", f"cross_{b}", block) for b, block in enumerate(design.blocks))
    return {name: part for n, cross, block in named for name, part in ((n, block.n), (cross, block.cross))}


def log_likelihood(
    design: Design, gamma: Any, tau: Any, sigma: Any, more: Roots = NONE, *, exchange: bool = False
) -> Any:
    """Return the scalar log-likelihood for gamma, tau (E, K) and sigma (E,), by the compiled kernel.

    With ``exchange`` the data are shared variables, so that one compiled model serves other data of the
    same shape; it takes a second longer to compile.
    """
    import pytensor

    from werksem.bayes.op import GroupLikelihood

    data = data_of(design)
    if exchange:
        data = {name: pytensor.shared(part, name=name) for name, part in data.items()}
    value = -float((design.n * np.log(design.scale_y)[:, None]).sum())
    for b, block in enumerate(design.blocks):
        at = _point(design, b, gamma, tau, sigma, more)
        n, cross = data[f"n_{b}"], data[f"cross_{b}"]
        value = value + GroupLikelihood()(block.starts, n, cross, block.at, _cells(design, block), *at)[0]
    return value


def _cells(design: Design, block: Block) -> Any:
    """Return (cells, 2) where F may differ from 0, by columns: W diag(tau) L, L lower triangular if any."""
    there = block.spread != 0
    if design.between_prior is not None:
        there = there @ np.tril(np.ones((there.shape[1],) * 2)) != 0
    return np.argwhere(there.T)[:, ::-1]


def log_likelihood_graph(design: Design, gamma: Any, tau: Any, sigma: Any, more: Roots = NONE) -> Any:
    """Return the same as a plain graph: the readable reference, six times slower to compile."""
    value = -float((design.n * np.log(design.scale_y)[:, None]).sum())
    for b, block in enumerate(design.blocks):
        value = value + _block_graph(block, *_point(design, b, gamma, tau, sigma, more))
    return value


def _block_graph(block: Block, gamma: Any, F: Any, root: Any, H: Any) -> Any:
    import pytensor.tensor as pt

    E, K = len(block.members), len(block.e)
    own = np.repeat(np.arange(E), np.diff(block.at))
    half = pt.linalg.inv(root)
    Q = half.T @ half
    v = np.eye(K + E)[:, K:] - placed(gamma, np.arange(K), own, (K + E, E))
    r = (block.cross[..., None] * v[None, None]).sum(axis=2)
    m = (r[:, :K] * Q[own]).sum(axis=-1)
    A = Q[own[:, None], own] * block.cross[:, :K, :K]
    value = -block.n.sum() * (E / 2 * np.log(2 * np.pi) + pt.log(pt.diag(root)).sum())
    value = value - (v[None, :, :, None] * r[:, :, None, :] * Q[None, None]).sum() / 2
    if block.nested.size:
        L, w, gained = _integrated(A, m, H)
        J = pt.linalg.solve_triangular(L, H.T[None] @ A, lower=True)
        A, m = A - J.transpose(0, 2, 1) @ J, m - (J * w[..., None]).sum(axis=1)
        value = value + gained
    of_group = np.repeat(np.eye(len(block.n)), np.diff(block.starts), axis=1)
    A = (of_group[:, :, None, None] * A[None]).sum(axis=1)
    return value + (_integrated(A, of_group @ m, F)[2] if block.varies.size else 0.0)


def _integrated(A: Any, m: Any, F: Any) -> tuple[Any, Any, Any]:
    """Return L with L L' = I + F'A F, w = L^-1 F'm, and what integrating out adds to the log-density."""
    import pytensor.tensor as pt

    L = pt.linalg.cholesky(pt.eye(F.shape[1]) + F.T[None] @ (A @ F[None]))
    w = pt.linalg.solve_triangular(L, (m @ F)[..., None], lower=True)[..., 0]
    return L, w, (w**2).sum() / 2 - pt.log(pt.diagonal(L, axis1=-2, axis2=-1)).sum()


def pymc_model(design: Design, *, exchange: bool = False) -> Any:
    """Return the PyMC model, in units of the pooled SDs, with the deterministics that are kept.

    ``intercept`` (E,) at the grand means, about the outcome's mean; ``path`` (paths,) in the units
    of its first regression; ``residual_sd`` (E,); ``between_sd`` (varying coefficients,), ``nested_sd``
    likewise;
    ``residual_correlation``, ``between_correlation``, ``nested_correlation`` (pairs,), block by block.
    ``exchange`` is for models that will be sampled with other data.
    """
    import pymc as pm
    import pytensor.tensor as pt

    with pm.Model() as model:
        path = pm.Deterministic("path", random_variable("paths", design.path_priors))
        known = design.path_of >= 0
        slopes = path[np.where(known, design.path_of, 0)] * (design.ratio * known)
        offset = (slopes * (design.mean_x / design.scale_x)).sum(-1) - design.mean_y / design.scale_y
        intercept = pm.Deterministic("intercept", _intercepts(design, offset))
        sigma = pm.Deterministic("residual_sd", random_variable("sd", design.sd_priors))
        tau = _spreads("between", design.between_priors, design.varies)
        nested = _spreads("nested", design.nested_priors, design.nested_varies)
        gamma = pt.concatenate([intercept[:, None], slopes], axis=-1)
        more = Roots(*correlations(design), nested)
        pm.Potential("likelihood", log_likelihood(design, gamma, tau, sigma, more, exchange=exchange))
    return model


def _spreads(kind: str, priors: Sequence[Prior], varies: Any) -> Any:
    """Return the SDs (E, K) of one level's deviations, 0 for what does not vary."""
    import pymc as pm
    import pytensor.tensor as pt

    if not priors:
        return pt.zeros(varies.shape)
    spread = pm.Deterministic(f"{kind}_sd", random_variable(kind, priors))
    row, col = np.nonzero(varies)
    return placed(spread, row, col, varies.shape)


def _intercepts(design: Design, offset: Any) -> Any:
    """Return the intercepts (E,) about the grand means; ``offset`` added to the raw ones gives these.

    A prior on the raw intercept is a density of intercept - offset; the shift has Jacobian 1, so
    the intercept is sampled at the grand means, where it is nearly independent of the paths.
    Families with a bound are sampled as they are, since the bound lies on the raw intercept.
    """
    import pymc as pm
    import pytensor.tensor as pt

    default = parse_prior(DEFAULTS["means"])
    parts = []
    for e, prior in enumerate(design.mean_priors):
        if prior is None:
            mean, sd = default.parameters
            parts.append(pm.Normal(f"mean_{e}", mean, sd))
        elif prior.positive or prior.family == "uniform":
            parts.append(random_variable(f"mean_{e}", [prior])[0] + offset[e])
        else:
            parts.append(pm.Flat(f"mean_{e}"))
            pm.Potential(f"mean_{e}_prior", log_density(prior, parts[-1] - offset[e]))
    return pt.stack(parts)

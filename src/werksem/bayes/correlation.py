"""Correlations of residuals and of deviations: their priors and what is kept of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.design import Design
from werksem.bayes.lkj import beta_shapes, pairs_of
from werksem.bayes.placing import placed

__all__ = ["correlations", "lkj_root"]


def lkj_root(name: str, size: int, eta: float) -> Any:
    """Return L (size, size) lower triangular, L L' a correlation matrix of density ∝ |L L'|^(eta - 1).

    By partial correlations given the variables before (``lkj.beta_shapes``):
    L_ij = partial_ij sqrt(prod_{k < j} (1 - partial_ik²)).
    """
    import pymc as pm
    import pytensor.tensor as pt

    i, j = pairs_of(size).T
    shape = beta_shapes(size, eta)
    u = pm.Beta(name, shape, shape)
    partial = np.eye(size) + placed(2 * u - 1, i, j, (size, size))
    left = placed(pt.log(4 * u * (1 - u)) / 2, i, j, (size, size))
    return partial * pt.exp(left @ np.triu(np.ones((size, size)), 1))


def _sparse_root(name: str, size: int, pairs: NDArray[np.int64], eta: float) -> tuple[Any, Any]:
    """Return the root and the correlations of ``pairs``, all others 0, with density ∝ |R|^(eta - 1)."""
    import pymc as pm
    import pytensor.tensor as pt

    i, j = pairs.T
    rho = pm.Uniform(name, -1, 1, shape=len(pairs))
    lower = placed(rho, i, j, (size, size))
    root = pt.linalg.cholesky(np.eye(size) + lower + lower.T, on_error="nan")
    logdet = 2 * pt.log(pt.diag(root)).sum()
    pm.Potential(f"{name}_prior", pt.switch(pt.isnan(logdet), -np.inf, (eta - 1) * logdet))
    return root, rho


def correlations(design: Design) -> tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]:
    """Return each block's roots of the correlations of residuals, of groups' and of units' deviations.

    None is the identity. Registers what is kept; to be called inside the PyMC model.
    """
    eta = design.residual_prior.parameters[0]
    residual, kept = [], []
    for b, block in enumerate(design.blocks):
        root, size, pairs = None, len(block.members), np.array(block.pairs)
        if block.pairs and block.complete:
            root = lkj_root(f"residual_partial_{b}", size, eta)
            kept.append((root @ root.T)[pairs[:, 0], pairs[:, 1]])
        elif block.pairs:
            root, rho = _sparse_root(f"residual_rho_{b}", size, pairs, eta)
            kept.append(rho)
        residual.append(root)
    _keep("residual_correlation", kept)
    return tuple(residual), _deviations(design, "between"), _deviations(design, "nested")


def _deviations(design: Design, level: str) -> tuple[Any, ...]:
    roots, kept = [], []
    for b, block in enumerate(design.blocks):
        size = len(block.varies if level == "between" else block.nested)
        root = None
        if design.between_prior is not None and size > 1:
            root = lkj_root(f"{level}_partial_{b}", size, design.between_prior.parameters[0])
            i, j = pairs_of(size).T
            kept.append((root @ root.T)[i, j])
        roots.append(root)
    _keep(f"{level}_correlation", kept)
    return tuple(roots)


def _keep(name: str, parts: list[Any]) -> None:
    import pymc as pm
    import pytensor.tensor as pt

    if parts:
        pm.Deterministic(name, pt.concatenate(parts))

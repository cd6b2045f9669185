"""Correlations of residuals and of deviations: their priors and what is kept of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.design import Design

__all__ = ["correlations", "lkj_root", "pairs_of"]


def pairs_of(size: int) -> NDArray[np.int64]:
    """Return (size (size - 1) / 2, 2) the pairs below the diagonal, later member first, row by row.

    >>> pairs_of(3).tolist()
    [[1, 0], [2, 0], [2, 1]]
    """
    return np.stack(np.tril_indices(size, -1), axis=1)


def lkj_root(name: str, size: int, eta: float) -> Any:
    """Return L (size, size) lower triangular, L L' a correlation matrix of density ∝ |L L'|^(eta - 1).

    By partial correlations given the variables before: that of variables j < i, counted from 0, is
    2 u - 1 with u ~ Beta(b, b), b = eta + (size - 2 - j) / 2 (Lewandowski, Kurowicka and Joe, 2009), and
    L_ij = partial_ij sqrt(prod_{k < j} (1 - partial_ik²)).
    """
    import pymc as pm
    import pytensor.tensor as pt

    i, j = pairs_of(size).T
    shape = eta + (size - 2 - j) / 2
    u = pm.Beta(name, shape, shape)
    partial = pt.eye(size)[i, j].set(2 * u - 1)
    left = pt.zeros((size, size))[i, j].set(pt.log(4 * u * (1 - u)) / 2)
    return partial * pt.exp(left @ np.triu(np.ones((size, size)), 1))


def _sparse_root(name: str, size: int, pairs: NDArray[np.int64], eta: float) -> tuple[Any, Any]:
    """Return the root and the correlations of ``pairs``, all others 0, with density ∝ |R|^(eta - 1)."""
    import pymc as pm
    import pytensor.tensor as pt

    i, j = pairs.T
    rho = pm.Uniform(name, -1, 1, shape=len(pairs))
    root = pt.linalg.cholesky(pt.eye(size)[i, j].set(rho)[j, i].set(rho), on_error="nan")
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

"""Surveys by their moments: what a study's sizes and predictors would have answered, without rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.block import Block
from werksem.bayes.design import Design

__all__ = ["drawn_cross", "squares", "with_both", "without_answers"]

Array = NDArray[np.float64]
RANK = 1e-9  # of the largest eigenvalue: what lies below is a predictor that recurs


def squares(df: float, size: int, rng: np.random.Generator) -> Array:
    """Return one draw of a Wishart matrix (size, size) of identity scale; 0 without degrees of freedom.

    By Bartlett's factor (1933), which takes any ``df`` > size - 1; below it the sum of so many squares.

    >>> squares(0.0, 2, np.random.default_rng(1)).tolist()
    [[0.0, 0.0], [0.0, 0.0]]
    """
    if df <= size - 1:
        z = rng.standard_normal((max(round(df), 0), size))
        return np.asarray(z.T @ z)
    L = np.tril(rng.standard_normal((size, size)), -1)
    L[np.diag_indices(size)] = np.sqrt(rng.chisquare(df - np.arange(size)))
    return np.asarray(L @ L.T)


def drawn_cross(
    design: Design, b: int, coefficients: Array, root: Array, rng: np.random.Generator
) -> Array:  # fmt: skip
    """Return (units, K + E, K + E) cross-products of a block with outcomes drawn anew.

    Unit u has ``coefficients`` (units, K), in the model's units; residuals are normal with covariance root
    root'. What no regression of the block explains stays as it was answered; an outcome that predicts
    another is drawn first. With X'X = V D V' of rank r, X'e = V D^(1/2) Z root' and e'e = root (Z'Z + W)
    root', Z (r, E) standard normal, W Wishart with n - r degrees of freedom: the distribution of n rows, at
    the cost of none.
    """
    block = design.blocks[b]
    K, E = len(block.e), len(block.members)
    inside = _explained(design, block)
    base = np.array([i for i in range(K) if i not in inside])
    out = np.empty_like(block.cross)
    for u, cross in enumerate(block.cross):
        gram = cross[np.ix_(base, base)]
        values, vectors = np.linalg.eigh(gram)
        there = values > RANK * max(values[-1], 1e-300)
        z = rng.standard_normal((int(there.sum()), E))
        W = squares(cross[0, 0] - there.sum(), E, rng) if cross[0, 0] > 0 else np.zeros((E, E))
        mixed = (vectors[:, there] * np.sqrt(values[there])) @ z @ root.T
        whole = np.block([[gram, mixed], [mixed.T, root @ (z.T @ z + W) @ root.T]])
        T = _from_base(block, base, inside, coefficients[u])
        out[u] = T @ whole @ T.T
    return out


def _explained(design: Design, block: Block) -> dict[int, tuple[int, float, float]]:
    """Return which coefficients belong to outcomes of the block: the outcome's place, a factor, a constant.

    The predictor in its units is factor x the outcome in its own + constant.
    """
    place = {design.outcomes[e]: i for i, e in enumerate(block.members)}
    found = {}
    for i, (e, k) in enumerate(zip(block.e.tolist(), block.k.tolist(), strict=True)):
        name = design.statistics[e].equation.predictors[k - 1] if k else ""
        if name in place:
            own, unit = block.members[place[name]], design.scale_x[e, k - 1]
            away = (design.mean_y[own] - design.mean_x[e, k - 1]) / unit
            found[i] = place[name], float(design.scale_y[own] / unit), float(away)
    return found


def _from_base(
    block: Block, base: NDArray[np.int64], inside: dict[int, tuple[int, float, float]], coefficients: Array
) -> Array:
    """Return T (K + E, base + E): the block's columns from those that stay and the residuals.

    y = X g + e over the coefficients of the outcome's own regression, outcomes that predict first.
    """
    K, E, B = len(block.e), len(block.members), len(base)
    T = np.zeros((K + E, B + E))
    T[base, np.arange(B)] = 1.0
    for i in _first_causes(block, inside):
        own = np.arange(block.at[i], block.at[i + 1])
        T[K + i] = coefficients[own] @ T[own]
        T[K + i, B + i] += 1.0
        for at, (outcome, factor, away) in inside.items():
            if outcome == i:
                T[at] = factor * T[K + i]
                T[at, 0] += away  # column 0 is the constant of the first regression
    return T


def _first_causes(block: Block, inside: dict[int, tuple[int, float, float]]) -> Sequence[int]:
    """Return the block's regressions by place, outcomes before those that they predict."""
    causes = {
        i: {inside[at][0] for at in range(block.at[i], block.at[i + 1]) if at in inside}
        for i in range(len(block.members))
    }
    order: list[int] = []
    while len(order) < len(causes):
        order += [i for i, needs in causes.items() if i not in order and needs <= set(order)]
    return order


def with_both(design: Design, other: Sequence[Array], *, observed: bool) -> Design:
    """Return the design with the cross-products of new respondents, beside the observed ones or alone.

    The new respondents are as many per group, with the same predictors.
    """
    times = 2.0 if observed else 1.0
    blocks = [
        replace(block, n=times * block.n, cross=np.ascontiguousarray(new + block.cross * observed))
        for block, new in zip(design.blocks, other, strict=True)
    ]
    return replace(design, blocks=tuple(blocks))


def without_answers(design: Design) -> Design:
    """Return the design without respondents: what is drawn of its groups is their distribution."""
    blocks = [replace(block, cross=np.zeros_like(block.cross)) for block in design.blocks]
    return replace(design, blocks=tuple(blocks))

"""Scaling factors of FIML chi-squares: expectations as traces, for a model and for its baseline.

MLR (Yuan & Bentler, 2000; Mplus' variant): df c = tr(A1^-1 B1) - tr(A0^-1 B0), with A the information
and B the mean outer product of scores, 1 of the saturated model at its own moments, 0 of the model.

Robust CFI, TLI and RMSEA with missing data (Zhang & Savalei, 2023) take the complete-data chi-square
at the FIML estimates against the saturated moments; its expectation is tr(Wc R G R'), R = I - D E^-1
D'W, with W and Wc the saturated information with and without the blanks, D the moments' derivatives,
E = D'W D and G = W^-1 under normality (their FIML-C version 6), W^-1 J W^-1 under MLR (version 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.fiml import FimlProblem
from werksem.estimators.pattern_curvature import complete_information, moment_curvature
from werksem.inference.cluster_sums import over_groups
from werksem.inference.fiml_scores import cluster_sums, saturated_outer_product

__all__ = ["SaturatedTraces", "complete_data_trace", "mlr_trace", "saturated_traces"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SaturatedTraces:
    """Per group, over the moments that fixed x leave to be estimated (k of p + p*).

    ``kept`` their places; ``W`` the saturated information, ``expected`` its expectation, ``inverse``
    W^-1, ``complete`` Wc, ``J`` the mean outer product of saturated scores, W where MLR is not asked.
    ``sums`` are the saturated scores of each group's clusters (C_g, k), and ``labels`` their codes, the
    same in every group; empty without clusters. ``n`` counts all respondents.
    """

    kept: tuple[Index, ...]
    shares: tuple[float, ...]
    W: tuple[Array, ...]
    expected: tuple[Array, ...]
    inverse: tuple[Array, ...]
    complete: tuple[Array, ...]
    J: tuple[Array, ...]
    robust: bool
    n: float
    sums: tuple[Array, ...] = ()
    labels: tuple[Index, ...] = ()


def saturated_traces(
    problem: FimlProblem, given: Sequence[int], exogenous: Sequence[int], robust: bool,
    clusters: Sequence[Index] | None,
) -> SaturatedTraces:  # fmt: skip
    """Return what all traces share; ``given`` are the places of fixed x among the variables.

    Moments of ``exogenous`` columns alone do not count in the complete-data information: lavaan
    takes x as fixed there even where the model does not. Raises ``numpy.linalg.LinAlgError`` where
    some pair of variables was never observed together.
    """
    at = _kept(problem.base.n_observed, given)
    cut = np.ix_(at, at)
    counted = np.isin(at, _kept(problem.base.n_observed, exogenous)).astype(float)
    found: list[tuple[Array, ...]] = []
    sums: list[Array] = []
    labels: list[Index] = []
    for g, group in enumerate(problem.base.groups):
        curvature = moment_curvature(problem.parts[g], group.mean, group.cov)
        W = curvature.observed[cut]
        J = W
        if clusters is not None:
            codes, scores = cluster_sums(problem, g, group.mean, group.cov, clusters[g])
            sums.append(scores[:, at])
            labels.append(codes)
            whole = over_groups(sums[-1:], None)
            J = whole.T @ whole / problem.data[g].n
        elif robust:
            J = saturated_outer_product(problem, g)[cut]
        inverse = np.asarray(np.linalg.inv(W), dtype=float)
        complete = complete_information(group.cov)[cut] * np.outer(counted, counted)
        found.append((W, curvature.expected[cut], inverse, complete, J))
    W_all, expected, inverse_all, complete_all, J_all = zip(*found, strict=True)
    shares = tuple(group.weight for group in problem.base.groups)
    return SaturatedTraces(
        (at,) * len(found), shares, W_all, expected, inverse_all, complete_all, J_all, robust, problem.base.n,
        tuple(sums), tuple(labels),
    )  # fmt: skip


def _kept(p: int, given: Sequence[int]) -> Index:
    """Return the moments, of p + p*, that are not moments of fixed x alone."""
    row, col = np.tril_indices(p)
    is_given = np.isin(np.arange(p), given)
    return np.flatnonzero(~np.concatenate([is_given, is_given[row] & is_given[col]]))


def mlr_trace(saturated: SaturatedTraces, information: str) -> tuple[float, int]:
    """Return tr(A1^-1 B1) summed over groups, and the number of saturated parameters."""
    if information == "expected":
        parts = zip(saturated.expected, saturated.J, strict=True)
        total = sum(float(np.trace(np.linalg.solve(W, J))) for W, J in parts)
    else:
        total = sum(
            float(np.einsum("ij,ji->", V, J)) for V, J in zip(saturated.inverse, saturated.J, strict=True)
        )
    return total, sum(len(at) for at in saturated.kept)


def complete_data_trace(
    saturated: SaturatedTraces, jacobians: Sequence[Array], information: str, null_space: Array
) -> float:
    """Return the expectation of the complete-data chi-square of a model with these derivatives.

    ``jacobians`` (p + p*, k) per group in the free parameters, ``null_space`` (k, f) the directions
    that constraints leave. Raises ``numpy.linalg.LinAlgError`` where the model is not identified.
    """
    k = null_space.shape[1]
    E, C, total, directions, turned = np.zeros((k, k)), np.zeros((k, k)), 0.0, [], []
    for g, (at, share) in enumerate(zip(saturated.kept, saturated.shares, strict=True)):
        D = jacobians[g][at] @ null_space
        W = saturated.expected[g] if information == "expected" else saturated.W[g]
        inverse, J, complete = saturated.inverse[g], saturated.J[g], saturated.complete[g]
        G = inverse @ J @ inverse if saturated.robust else inverse
        total += float(np.einsum("ij,ji->", complete, G))
        E += share * (D.T @ W @ D)
        C += share * (D.T @ complete @ D)
        directions.append(D)
        turned.append(inverse @ (complete @ D))
    bread = np.linalg.inv(E)
    if not saturated.robust:
        return total - float(np.einsum("ij,ji->", bread, C))
    meat, cross = _products(saturated, directions, directions), _products(saturated, directions, turned)
    return total - 2 * float(np.einsum("ij,ji->", bread, cross)) + float(np.trace(bread @ meat @ bread @ C))


def _products(saturated: SaturatedTraces, left: Sequence[Array], right: Sequence[Array]) -> Array:
    """Return L'J R (k, k) over all groups, J with what groups share through their clusters.

    ``left`` and ``right`` are (moments, k) per group.
    """
    if not saturated.sums:
        parts = zip(saturated.shares, saturated.J, left, right, strict=True)
        return np.asarray(sum(share * (L.T @ J @ R) for share, J, L, R in parts))
    L, R = (
        over_groups([S @ D for S, D in zip(saturated.sums, side, strict=True)], saturated.labels)
        for side in (left, right)
    )
    return np.asarray(L.T @ R / saturated.n)

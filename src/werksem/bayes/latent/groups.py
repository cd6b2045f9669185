"""The groups' moments: all that a latent-variable posterior needs of the respondents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.latent.units import Units
from werksem.moments import effective_n

__all__ = ["GroupMoments", "group_moments", "pooled_within", "total"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GroupMoments:
    """``rows`` (G,) complete rows; ``n`` (G,) what the likelihood counts with, Kish's effective size where
    there are weights; ``share`` (G,) each group's part of the population; ``mean`` (G, p) and ``cov``
    (G, p, p) with divisor n; ``units`` within the groups, where there is a third level.
    """

    groups: tuple[str, ...]
    rows: NDArray[np.int64]
    n: Array
    share: Array
    mean: Array
    cov: Array
    units: Units | None = None


def group_moments(
    values: Array, groups: Sequence[str], code: NDArray[np.int64], weights: Array | None = None
) -> GroupMoments:
    """Return the moments of complete rows (N, p) whose group is ``code`` (N,); groups without rows drop out.

    >>> found = group_moments(np.array([[1.0], [3.0], [9.0]]), ["a", "b"], np.array([0, 0, 1]))
    >>> found.mean.ravel().tolist(), found.cov.ravel().tolist()
    ([2.0, 9.0], [1.0, 0.0])
    """
    weight = np.ones(len(values)) if weights is None else weights
    here = [g for g in range(len(groups)) if (code == g).any()]
    mean, cov = np.empty((len(here), values.shape[1])), np.empty((len(here), *values.shape[1:] * 2))
    rows, n, total = (np.empty(len(here)) for _ in range(3))
    for at, g in enumerate(here):
        w = weight[code == g]
        total[at], n[at], rows[at] = w.sum(), effective_n(w), len(w)
        mean[at] = w @ values[code == g] / total[at]
        centred = values[code == g] - mean[at]
        cov[at] = (centred * (w / total[at])[:, None]).T @ centred
    labels = tuple(groups[g] for g in here)
    return GroupMoments(labels, rows.astype(np.int64), n, total / total.sum(), mean, cov)


def pooled_within(found: GroupMoments) -> Array:
    """Return (p, p) covariances within the groups, pooled by size, divisor n."""
    return np.asarray(np.einsum("g,gij->ij", found.n, found.cov) / found.n.sum())


def total(found: GroupMoments) -> tuple[Array, Array]:
    """Return means (p,) and covariances (p, p) of all respondents together, divisor n."""
    share = found.n / found.n.sum()
    mean = share @ found.mean
    off = found.mean - mean
    return mean, pooled_within(found) + np.einsum("g,gi,gj->ij", share, off, off)

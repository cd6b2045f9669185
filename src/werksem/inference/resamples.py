"""The nonparametric bootstrap of anything that is a function of covariances, without refitting a model.

Cases are drawn within groups; where respondents come in clusters, whole clusters. Resamples are
counts from the same streams as the bootstrap of the model (``kernels/resample.py``); their
covariances come from one matrix product per block.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.resample import case_counts
from werksem.resampling.products import block_moments, cluster_products, products
from werksem.resampling.table_sums import padded

__all__ = ["Answers", "resampled", "pairwise_covariances"]

Array = NDArray[np.float64]
Counts = NDArray[np.uint8]
BLOCK = 256
CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Answers:
    """One group's answers (n, p), NaN where blank, with weights of mean 1 and cluster codes 0 … C - 1."""

    rows: Array
    weights: Array | None = None
    cluster: NDArray[np.int64] | None = None

    @property
    def units(self) -> int:
        """How many cases or clusters are drawn."""
        return len(self.rows) if self.cluster is None else int(self.cluster.max()) + 1


def resampled(
    groups: Sequence[Answers], quantities: Callable[[Array], Array], *, replicates: int, seed: int,
    jobs: int = 1,
) -> list[Array]:  # fmt: skip
    """Return, per group, the quantities (replicates, K) of the covariances (…, p, p) of resamples.

    Rows with blanks enter pairwise. The result does not depend on ``jobs``.
    """
    prepared = [_prepared(group) for group in groups]

    def one_block(first: int) -> list[Array]:
        size, found = min(BLOCK, replicates - first), []
        for number, (group, covariances) in enumerate(zip(groups, prepared, strict=True)):
            counts = np.empty((BLOCK, padded(group.units)), dtype=np.uint8)
            case_counts(seed, first, number, np.array([0, group.units]), counts)
            found.append(quantities(covariances(counts)[:size]))
        return found

    with ThreadPoolExecutor(max_workers=max(jobs, 1)) as pool:
        blocks = list(pool.map(one_block, range(0, replicates, BLOCK)))
    return [np.concatenate([block[g] for block in blocks]) for g in range(len(groups))]


def _prepared(group: Answers) -> Callable[[Counts], Array]:
    """Return what turns counts of units (R, units) into covariances (R, p, p)."""
    if np.isnan(group.rows).any():
        return lambda counts: pairwise_covariances(group.rows, _of_rows(group, counts[:, : group.units]))
    source = (
        products(group.rows, group.weights)
        if group.cluster is None
        else cluster_products(group.rows, group.cluster, group.weights)
    )
    return lambda counts: block_moments(source, counts)[1]


def _of_rows(group: Answers, counts: Counts) -> NDArray[np.float32]:
    """Return how much each row counts (R, n): drawn as often as its cluster, times its weight."""
    drawn = (counts if group.cluster is None else counts[:, group.cluster]).astype(np.float32)
    return drawn if group.weights is None else drawn * group.weights.astype(np.float32)


def pairwise_covariances(rows: Array, counts: NDArray[np.float32]) -> Array:
    """Return covariances (R, p, p), divisor n, of whoever answered both, for row counts (R, n).

    Deviations are from the mean of everyone who answered an item, so a replicate costs p² products.

    >>> rows = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [2.0, np.nan]])
    >>> pairwise_covariances(rows, np.ones((1, 4), dtype=np.float32)).round(4).tolist()
    [[[0.5, 1.3333], [1.3333, 2.6667]]]
    """
    p = rows.shape[1]
    known = ~np.isnan(rows)
    size = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, rows, 0.0).sum(axis=0) / size
    centred = np.where(known, rows - mean, 0.0)
    unit = np.sqrt((centred**2).sum(axis=0) / size)
    centred = (centred / np.where(unit > 0, unit, 1.0)).astype(np.float32)
    i, j = np.tril_indices(p)
    sums = np.zeros((len(counts), p + 2 * len(i)))
    for begin in range(0, len(rows), CHUNK):
        x, seen = centred[begin : begin + CHUNK], known[begin : begin + CHUNK].astype(np.float32)
        Z = np.concatenate([x, x[:, i] * x[:, j], seen[:, i] * seen[:, j]], axis=1)
        sums += counts[:, begin : begin + CHUNK] @ Z
    answered = sums[:, p + len(i) :]
    cov = np.empty((len(counts), p, p))
    with np.errstate(divide="ignore", invalid="ignore"):
        means = sums[:, :p] / answered[:, i == j]
        flat = sums[:, p : p + len(i)] / answered - means[:, i] * means[:, j]
    cov[:, i, j] = flat * unit[i] * unit[j]
    cov[:, j, i] = cov[:, i, j]
    return cov

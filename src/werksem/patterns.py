"""Missing-data patterns: what full-information maximum likelihood needs of rows with blanks.

Respondents who answered the same items share one covariance matrix, so of each pattern its size,
mean and covariances are sufficient. Rows stay beside them, sorted by pattern, for casewise scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from werksem.errors import DataError

__all__ = ["Patterns", "available_moments", "coverage", "patterns", "select_patterns"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Patterns:
    """One group's missing-data patterns (P of them, the most frequent first) of p variables.

    ``observed`` (P, p) which variables a pattern has; ``size`` (P,) respondents (sum of weights);
    ``mean`` (P, p), 0 where blank; ``cov`` (C, p, p) with divisor n of the first C patterns, zero
    where blank; the patterns after those are single respondents, without variance. ``rows``
    (R, p) sorted by pattern, 0 where blank; ``first`` (P + 1,) where each pattern begins among
    them; ``order`` (R,) each row's place in the data given; ``weights`` (R,). ``empty`` rows
    without any answer and ``without_given`` rows lacking a fixed x were left out.
    """

    names: tuple[str, ...]
    n: float
    observed: NDArray[np.bool_]
    size: Array
    mean: Array
    cov: Array
    rows: Array
    first: Index
    order: Index
    weights: Array
    empty: int
    without_given: int
    group: str = "all"


def patterns(
    data: Array, names: Sequence[str], *, given: Sequence[str] = (),
    weights: Array | None = None, group: str = "all",
) -> Patterns:  # fmt: skip
    """Return the patterns of rows (R, p) with NaN for blanks.

    Rows without any answer are dropped, and rows that lack one of ``given`` (fixed x have no
    distribution here, as in lavaan); both are counted. ``weights`` are taken as they are: make
    them sum to the number of respondents of all groups together first, as lavaan does. Raises
    ``DataError`` where nothing is left.

    >>> found = patterns(np.array([[1.0, 2.0], [3.0, np.nan], [2.0, 1.0], [np.nan, np.nan]]), ["a", "b"])
    >>> found.observed.tolist(), found.size.tolist(), found.empty
    ([[True, True], [True, False]], [2.0, 1.0], 1)
    """
    rows = np.asarray(data, dtype=float)
    answered = ~np.isnan(rows)
    some = answered.any(axis=1)
    complete = answered[:, [list(names).index(name) for name in given]].all(axis=1)
    kept = np.flatnonzero(some & complete)
    if not len(kept):
        raise DataError(f"no respondent of group {group!r} answered any of {', '.join(names)}")
    weight = np.ones(len(rows)) if weights is None else np.asarray(weights, dtype=float)
    observed, code = _codes(answered[kept])
    by_pattern = np.argsort(code, kind="stable")
    order = kept[by_pattern]
    counts = np.bincount(code, minlength=len(observed))
    first = np.concatenate([[0], np.cumsum(counts)])
    sorted_rows = np.nan_to_num(rows[order])
    size, mean, cov = _statistics(sorted_rows, weight[order], first, observed)
    return Patterns(
        tuple(names), float(size.sum()), observed, size, mean, cov, sorted_rows, first, order, weight[order],
        int((~some).sum()), int((some & ~complete).sum()), group,
    )  # fmt: skip


def _codes(answered: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], Index]:
    """Return the patterns (P, p), most frequent first, and each row's pattern (R,)."""
    packed = np.packbits(answered, axis=1)
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, at, code, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    rank = np.lexsort((at, -counts))
    place = np.empty(len(rank), dtype=np.int64)
    place[rank] = np.arange(len(rank))
    return answered[at[rank]], place[code.ravel()]


def _statistics(
    rows: Array, weights: Array, first: Index, observed: NDArray[np.bool_]
) -> tuple[Array, Array, Array]:
    """Return sizes (P,), means (P, p) and the covariances (C, p, p) of patterns with several rows."""
    size = np.add.reduceat(weights, first[:-1])
    mean = np.add.reduceat(rows * weights[:, None], first[:-1]) / size[:, None] * observed
    several = int((np.diff(first) > 1).sum())
    p = rows.shape[1]
    cov = np.zeros((several, p, p))
    for k in range(several):
        part = slice(first[k], first[k + 1])
        centred = (rows[part] - mean[k]) * observed[k]
        cov[k] = (centred * (weights[part] / size[k])[:, None]).T @ centred
    return size, mean, cov


def select_patterns(source: Patterns, names: Sequence[str]) -> Patterns:
    """Return the same patterns with their variables in the given order, which must be all of them."""
    if tuple(names) == source.names:
        return source
    if sorted(names) != sorted(source.names):
        raise DataError(f"patterns are of {', '.join(source.names)}, asked for {', '.join(names)}")
    at = [source.names.index(name) for name in names]
    return replace(
        source, names=tuple(names), observed=source.observed[:, at], mean=source.mean[:, at],
        cov=source.cov[:, at][:, :, at], rows=source.rows[:, at],
    )  # fmt: skip


def available_moments(source: Patterns) -> tuple[Array, Array]:
    """Return mean (p,) and variance (p,), divisor n, of whoever answered each variable.

    >>> mean, variance = available_moments(patterns(np.array([[1.0, 2.0], [3.0, np.nan]]), ["a", "b"]))
    >>> mean.tolist(), variance.tolist()
    ([2.0, 2.0], [1.0, 0.0])
    """
    weight = source.size[:, None] * source.observed
    total = weight.sum(axis=0)
    if not (total > 0).all():
        blank = [name for name, size in zip(source.names, total, strict=True) if not size > 0]
        raise DataError(f"nobody in group {source.group!r} answered {', '.join(blank)}")
    mean = (weight * source.mean).sum(axis=0) / total
    spread = (weight * (source.mean - mean) ** 2).sum(axis=0)
    within = np.einsum("k,kii->i", source.size[: len(source.cov)], source.cov)
    return mean, (spread + within) / total


def coverage(source: Patterns) -> Array:
    """Return the share (p, p) of respondents who answered both variables of each pair."""
    seen = source.observed.astype(float)
    return (seen * (source.size / source.n)[:, None]).T @ seen

"""How many subjects items speak of, and which item of which: parallel analysis and varimax."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["clusters", "covariances", "dimensions"]

Array = NDArray[np.float64]

ROWS = 20_000  # more respondents do not change what is found
RANDOM_ROWS, DRAWS = 2_000, 20
LOADING, LEAD = 0.4, 0.1
# a factor is worth a scale where its eigenvalue is this far above that of random answers
ABOVE = 0.05


def covariances(values: Array) -> tuple[Array, Array]:
    """Return the covariances (k, k) of answers (n, k) over pairs of answered items, and n of each pair.

    Pairs that nobody answered have covariance 0. At most 20,000 evenly spaced rows are used.

    >>> covariances(np.array([[1.0, 2], [2, 4], [3, np.nan]]))[0].round(3).tolist()
    [[0.667, 0.5], [0.5, 1.0]]
    """
    values = values[:: max(1, -(-len(values) // ROWS))]
    there = ~np.isnan(values)
    centred = np.where(there, values - np.nanmean(values, axis=0), 0.0)
    seen = there.T.astype(float) @ there
    of_pairs = np.maximum(seen, 1.0)
    sums = centred.T @ there
    return (centred.T @ centred - sums * sums.T / of_pairs) / of_pairs, seen


def dimensions(R: Array, n: int) -> int:
    """Return how many factors correlations (k, k) of n respondents have by parallel analysis (Horn, 1965).

    >>> R = np.kron(np.eye(2), np.full((4, 4), 0.5)); np.fill_diagonal(R, 1.0)
    >>> dimensions(R, 500)
    2
    """
    k, rows = len(R), max(min(n, RANDOM_ROWS), len(R) + 2)
    stream = np.random.default_rng(1965)
    drawn = [stream.standard_normal((rows, k)) for _ in range(DRAWS)]
    chance = np.mean([np.linalg.eigvalsh(np.corrcoef(x, rowvar=False))[::-1] for x in drawn], axis=0)
    above = np.linalg.eigvalsh(R)[::-1] > chance + ABOVE
    return int(np.argmin(above)) if not above.all() else k


def clusters(R: Array, m: int) -> list[list[int]]:
    """Return which items go together, by loadings on m principal components after varimax (Kaiser, 1958).

    An item goes with the factor that it loads on most: .4 at least, and .1 more than on any other.

    >>> R = np.kron(np.eye(2), np.full((3, 3), 0.5)); np.fill_diagonal(R, 1.0)
    >>> clusters(R, 2)
    [[0, 1, 2], [3, 4, 5]]
    """
    values, vectors = np.linalg.eigh(R)
    loadings = np.abs(_varimax(vectors[:, -m:] * np.sqrt(np.maximum(values[-m:], 0.0))))
    found: dict[int, list[int]] = {}
    for item, row in enumerate(loadings):
        first, second = np.sort(row)[::-1][:2] if m > 1 else (row[0], 0.0)
        if first >= LOADING and first - second >= LEAD:
            found.setdefault(int(np.argmax(row)), []).append(item)
    return sorted(found.values())


def _varimax(L: Array) -> Array:
    """Return loadings (k, m) rotated to varimax, by singular value decompositions, after Kaiser's weights."""
    h = np.sqrt((L**2).sum(axis=1, keepdims=True))
    A, T = L / np.maximum(h, 1e-12), np.eye(L.shape[1])
    before = 0.0
    for _ in range(500):
        B = A @ T
        u, s, v = np.linalg.svd(A.T @ (B**3 - B * (B**2).mean(axis=0)))
        T = u @ v
        if s.sum() < before * (1 + 1e-9):
            break
        before = s.sum()
    return (A @ T) * h

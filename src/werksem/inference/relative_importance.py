"""How R² divides over predictors: LMG, and which predictor dominates which.

LMG (Lindeman, Merenda & Gold, 1980; Grömping, 2006) is the rise of R² when a predictor enters, averaged
over all orders of entering: the Shapley value of R², equal to Budescu's (1993) general dominance. It
needs R² of every subset, which comes from moments alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from werksem.inference.shapley import gains, shapley, sizes

__all__ = ["conditional_gains", "dominance", "lmg", "ranks", "subset_r2"]

Array = NDArray[np.float64]
# R² of two subsets that differ by less are equal: rounding
EQUAL = 1e-12


def subset_r2(cov: Array, players: Sequence[Sequence[int]]) -> Array:
    """Return R² (…, 2^d) of the last variable on every subset of d players, as ``shapley`` orders them.

    ``cov`` (…, k + 1, k + 1) are covariances or correlations of predictors and outcome; a player is a
    predictor's number, or several that enter together. Each player is swept out once (Beaton, 1964),
    for all subsets at a time, so the whole costs little more than 2^d small outer products.

    >>> subset_r2(np.array([[1, 0, 0.6], [0, 1, 0.3], [0.6, 0.3, 1]]), [(0,), (1,)]).round(2).tolist()
    [0.0, 0.09, 0.36, 0.45]
    """
    order = [variable for player in players for variable in player] + [cov.shape[-1] - 1]
    left = cov[..., order, :][..., order][..., None, :, :]
    for player in players:
        entered = left
        for _ in player:
            entered = _swept(entered)
        stayed = left[..., len(player) :, len(player) :]
        both = np.stack([stayed, entered], axis=-3)
        left = both.reshape(*both.shape[:-4], -1, *both.shape[-2:])
    return 1 - left[..., 0, 0] / cov[..., -1, -1, None]


def _swept(cov: Array) -> Array:
    """Return the covariances of all other variables once the first is held constant."""
    first = cov[..., 1:, 0]
    return cov[..., 1:, 1:] - first[..., :, None] * (first / cov[..., :1, 0])[..., None, :]


def lmg(cov: Array, players: Sequence[Sequence[int]] | None = None) -> Array:
    """Return each player's part (…, d) of R²; without ``players`` each predictor is one.

    The parts sum to R². Uncorrelated predictors have their squared correlation.

    >>> lmg(np.array([[1, 0, 0.6], [0, 1, 0.3], [0.6, 0.3, 1]])).round(2).tolist()
    [0.36, 0.09]
    """
    each = [(k,) for k in range(cov.shape[-1] - 1)] if players is None else players
    return shapley(subset_r2(cov, each))


def ranks(values: Array) -> NDArray[np.int64]:
    """Return the place (…, d) of every value, 1 for the largest.

    >>> ranks(np.array([0.1, 0.3, 0.2])).tolist()
    [3, 1, 2]
    """
    return np.argsort(np.argsort(-values, axis=-1, kind="stable"), axis=-1, kind="stable") + 1


def conditional_gains(r2: Array) -> Array:
    """Return what each player adds on average to the subsets of each size (d, d), sizes along the rows.

    >>> conditional_gains(np.array([0.0, 0.09, 0.36, 0.45])).round(2).tolist()
    [[0.36, 0.36], [0.09, 0.09]]
    """
    d = r2.shape[-1].bit_length() - 1
    size = sizes(d - 1)
    return np.stack([np.bincount(size, gains(r2, k)) / np.bincount(size) for k in range(d)])


def dominance(r2: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many others each player dominates completely, and conditionally (d,), (d,).

    Completely: it adds more than the other to every subset without both (Budescu, 1993). Conditionally: it
    adds more on average to the subsets of every size (Azen & Budescu, 2003). ``r2`` is (2^d,).

    >>> [count.tolist() for count in dominance(np.array([0.0, 0.09, 0.36, 0.45]))]
    [[1, 0], [1, 0]]
    """
    d = r2.shape[-1].bit_length() - 1
    complete, conditional = np.zeros(d, dtype=np.int64), np.zeros(d, dtype=np.int64)
    at, by_size = np.arange(2**d), conditional_gains(r2)
    for i, j in combinations(range(d), 2):
        one, other = 1 << (d - 1 - i), 1 << (d - 1 - j)
        without = at[(at & (one | other)) == 0]
        for counts, more in (
            (complete, r2[without | one] - r2[without | other]),
            (conditional, by_size[i] - by_size[j]),
        ):
            counts[i] += bool((more > EQUAL).all())
            counts[j] += bool((more < -EQUAL).all())
    return complete, conditional

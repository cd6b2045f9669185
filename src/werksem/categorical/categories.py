"""Category codes, thresholds and what is said about sparse categories and tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.errors import DataError, EstimationError

__all__ = ["FEW", "category_codes", "margin_influence", "shares", "thresholds_of"]

Array = NDArray[np.float64]
Codes = NDArray[np.uint8]
FEW = 5
MOST = 50


def category_codes(column: Sequence[Array], name: str, groups: Sequence[str]) -> tuple[list[Codes], int]:
    """Return each group's codes 0 … k - 1 of one ordered variable, and k.

    The categories are the values that occur in any group, in their order. Raises ``DataError`` for
    blanks or too many values, ``EstimationError`` for a category that a group does not use.
    """
    values = np.unique(np.concatenate(column))
    if np.isnan(values).any():
        raise DataError(f"ordered variable {name!r} has blanks; drop them first", where=name)
    if len(values) > MOST:
        raise DataError(f"ordered variable {name!r} has {len(values)} categories (most {MOST})", where=name)
    if len(values) < 2:
        raise EstimationError(f"ordered variable {name!r} has one category only, {values[0]:g}")
    codes = [np.searchsorted(values, part).astype(np.uint8) for part in column]
    for part, group in zip(codes, groups, strict=True):
        empty = values[np.bincount(part, minlength=len(values)) == 0]
        if len(empty):
            listed = ", ".join(f"{value:g}" for value in empty)
            raise EstimationError(
                f"ordered variable {name!r}: nobody in group {group!r} answers {listed}; "
                "merge categories so that every group uses all of them"
            )
    return codes, len(values)


def shares(codes: Codes, weights: Array, k: int) -> Array:
    """Return the weighted share (k,) of each category."""
    return np.bincount(codes, weights=weights, minlength=k) / weights.sum()


def thresholds_of(share: Array) -> Array:
    """Return the thresholds (k - 1,): normal quantiles of the cumulative shares.

    >>> thresholds_of(np.array([0.5, 0.5])).tolist()
    [0.0]
    """
    from scipy.special import ndtri

    return np.asarray(ndtri(np.cumsum(share)[:-1]))


def margin_influence(share: Array, thresholds: Array) -> Array:
    """Return the influence (k, k - 1) of an answer in each category on each threshold.

    d tau_t = (1[answer <= t] - P_t) / phi(tau_t).
    """
    below = np.triu(np.ones((len(share), len(share))))[:, :-1]
    density = np.exp(-0.5 * thresholds**2) / np.sqrt(2 * np.pi)
    return (below - np.cumsum(share)[:-1]) / density

"""Item-rest correlations: how each item goes with the sum of the others of its scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["item_rest"]

Array = NDArray[np.float64]


def item_rest(cov: Array) -> Array:
    """Return the correlation (…, k) of each item with the sum of the others, of covariances (…, k, k).

    (sum of an item's covariances with the others) / (sd of the item, sd of the sum of the others);
    psych calls it r.drop. NaN for one item.

    >>> item_rest(np.array([[1.0, 0.5], [0.5, 4.0]])).tolist()
    [0.25, 0.25]
    """
    variance = np.diagonal(cov, axis1=-2, axis2=-1)
    if cov.shape[-1] < 2:
        return np.full(variance.shape, np.nan)
    with_all = cov.sum(axis=-1)
    rest = cov.sum(axis=(-2, -1))[..., None] - 2 * with_all + variance
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((with_all - variance) / np.sqrt(variance * rest))

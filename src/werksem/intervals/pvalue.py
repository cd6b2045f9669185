"""Two-sided p-values that agree with the intervals: an interval turned inside out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.intervals.places import bend, kind_of, point, ranks, varies

__all__ = ["pvalues"]

Array = NDArray[np.float64]


def pvalues(
    kind: str, replicates: Array, estimate: Array, acceleration: Array, null: float | Array = 0.0,
    unit: Array | float = 1.0,
) -> Array:  # fmt: skip
    """Return p (k,): the interval of this kind at level 1 - p has ``null`` as one of its ends.

    Where null has rank r among the R replicates (interpolated as in ``quantiles``), z is the normal
    point that the interval's map sends to the share r / (R + 1), and p = 2 min(Phi(z), Phi(-z)); for
    the basic interval null is mirrored at the estimate first (inversion; Davison & Hinkley,
    1997, ch. 5). So p < 1 - level exactly where the interval at that level excludes null, as long as
    1 - level > 2 / (R + 1). Smaller p than 2 / (R + 1) are not given: R replicates cannot tell them
    apart. NaN replicates are left out. NaN for a column that does not vary
    (``places.varies``, with its ``unit``), and, with bc and bca,
    where the estimate lies outside its replicates or 1 - a z0 <= 0.

    >>> replicates = np.arange(-2.0, 97.0)[:, None]
    >>> pvalues("percentile", replicates, np.array([47.0]), np.zeros(1)).round(9)
    array([0.06])
    >>> pvalues("percentile", replicates, np.array([47.0]), np.zeros(1), null=-9.0)
    array([0.02])
    """
    from scipy.special import ndtr

    form = kind_of(kind)
    z0, a = bend(form, replicates, estimate, acceleration)
    value = 2 * estimate - null if form.mirrored else np.zeros(replicates.shape[1]) + null
    first, last, count = ranks(replicates, value)
    by_lower = ndtr(point(z0, a, last / (count + 1)))
    by_upper = ndtr(-point(z0, a, first / (count + 1)))
    p = np.clip(2 * np.minimum(by_lower, by_upper), np.minimum(2 / (count + 1), 1), 1)
    return np.where(varies(replicates, unit) & (1 - a * z0 > 0), p, np.nan)

"""Simultaneous bands of a family of quantities, and their family-wise p-values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.intervals.percentile import finite, quantiles
from werksem.intervals.places import ranks, varies

__all__ = ["band", "band_pvalues"]

Array = NDArray[np.float64]


def band(
    replicates: Array, estimate: Array, level: float, unit: Array | float = 1.0
) -> tuple[Array, Array, float]:
    """Return lower (k,), upper (k,) and the critical value of the sup-t band: estimate ± c se.

    se is the standard deviation of the replicates (R, k), c the ``level`` quantile of the largest
    |replicate - estimate| / se of each row (Romano & Wolf, 2005; Montiel Olea & Plagborg-Møller, 2019):
    all k quantities lie inside together with probability ``level``. Columns that do not vary or have
    no estimate are left out of the maximum and have no limits (NaN); a row that misses a value in
    one of the others is left out whole. NaN everywhere if nothing is left. ``unit`` (k,) as in
    ``places.varies``.

    >>> steps = np.array([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0])[:, None]
    >>> lower, upper, critical = band(steps, np.zeros(1), 5 / 7)
    >>> round(float(upper[0]), 9), round(critical * float(steps.std(ddof=1)), 9)
    (3.0, 3.0)
    """
    se, largest = _largest(replicates, estimate, unit)
    critical = quantiles(largest[:, None], np.array([level]))
    return estimate - critical * se, estimate + critical * se, float(critical[0])


def band_pvalues(
    replicates: Array, estimate: Array, null: float | Array = 0.0, unit: Array | float = 1.0
) -> Array:
    """Return the family-wise p (k,) of each quantity: the band at level 1 - p has ``null`` as an end.

    One step: the share of rows whose largest |t| reaches |estimate - null| / se (Westfall & Young,
    1993), interpolated as in ``quantiles``. So p < 1 - level exactly where the band at that
    level excludes null, as long as 1 - level > 1 / (R + 1), the smallest p given.

    >>> steps = np.array([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0])[:, None]
    >>> band_pvalues(steps + 3, np.array([3.0])).round(6)
    array([0.285714])
    """
    se, largest = _largest(replicates, estimate, unit)
    t = np.abs(estimate - null) / se
    first, _, count = ranks(np.broadcast_to(largest[:, None], (len(largest), len(t))), t)
    p = np.clip(1 - first / (count + 1), 1 / (count + 1), 1)
    return np.where(np.isfinite(t) & (count > 0), p, np.nan)


def _largest(replicates: Array, estimate: Array, unit: Array | float) -> tuple[Array, Array]:
    """Return se (k,), NaN where a column is left out, and the largest |t| of every complete row."""
    values, units = finite(replicates), np.broadcast_to(unit, len(estimate))
    used = varies(values, units) & np.isfinite(estimate)
    values = values[:, used] if not used.all() else values
    complete = np.isfinite(values).all(axis=1)
    values = values[complete] if not complete.all() else values
    se = np.full(len(estimate), np.nan)
    if len(values) < 2 or not used.any():
        return se, np.full(0, np.nan)
    # a column may vary in the rows that went only
    still = varies(values, units[used])
    spread = np.where(still, values.std(axis=0, ddof=1), np.nan)
    se[used] = spread
    t = values - estimate[used]
    t /= np.where(still, spread, np.inf)
    return se, np.abs(t, out=t).max(axis=1) if still.any() else np.full(0, np.nan)

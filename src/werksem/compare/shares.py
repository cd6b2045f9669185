"""Shares of respondents above a value, with the interval of their design."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["share_above"]

Array = NDArray[np.float64]


def share_above(
    values: Array, above: float, weights: Array | None, cluster: pd.Series | None, level: float
) -> tuple[float, float, float, int]:
    """Return the weighted share of values (n,) above a bound, its interval, and how many values there are.

    The variance is linearised (residuals w (1[x > bound] - share) / sum w, summed by cluster where there
    are any, with m / (m - 1)); the interval is normal on the logit, as R's ``svyciprop(method="logit",
    df=Inf)``. With a share of 0 or 1 it is the Wilson interval of the values as if simply
    drawn. NaN without values.

    >>> [round(v, 3) for v in share_above(np.array([1.0, 2, 3, 4]), 2, None, None, 0.95)]
    [0.5, 0.094, 0.906, 4]
    """
    keep = np.isfinite(values)
    w = np.ones(int(keep.sum())) if weights is None else weights[keep]
    n = len(w)
    if n == 0 or w.sum() <= 0:
        return np.nan, np.nan, np.nan, n
    indicator = (values[keep] > above).astype(float)
    share = float(w @ indicator / w.sum())
    z = NormalDist().inv_cdf((1 + level) / 2)
    if share in (0.0, 1.0) or n < 2:
        middle, half = (share + z**2 / (2 * n)) / (1 + z**2 / n), z**2 / (2 * n) / (1 + z**2 / n)
        return share, max(middle - half, 0.0), min(middle + half, 1.0), n
    parts = w * (indicator - share) / w.sum()
    if cluster is not None:
        parts = np.bincount(pd.factorize(cluster.to_numpy(dtype=object)[keep])[0], parts)
    m = len(parts)
    variance = float(parts @ parts) * m / (m - 1) if m > 1 else np.nan
    logit, half = np.log(share / (1 - share)), z * np.sqrt(variance) / (share * (1 - share))
    low, high = 1 / (1 + np.exp(-(logit - half))), 1 / (1 + np.exp(-(logit + half)))
    return share, float(low), float(high), n

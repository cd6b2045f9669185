"""Shares of respondents above a value, with the interval of their design."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.describe.intervals import limits
from werksem.describe.ratios import Design, ratios

__all__ = ["share_above"]

Array = NDArray[np.float64]


def share_above(
    values: Array, above: float, weights: Array | None, cluster: pd.Series | None, level: float
) -> tuple[float, float, float, int]:
    """Return the weighted share of values (n,) above a bound, its interval, and how many values there are.

    The variance is that of ``ratios`` among those with a value; the interval is normal on the logit, as R's
    ``svyciprop(method="logit", df=Inf)``. With a share of 0 or 1 it is the Wilson interval of the values as
    if simply drawn. NaN without values.

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
    codes = None if cluster is None else pd.factorize(cluster.to_numpy(dtype=object)[keep])[0]
    found = ratios(indicator[:, None], np.ones((n, 1), dtype=bool), Design(w, codes))
    se = float(found.se[0]) if codes is None or codes.max() > 0 else np.nan
    return share, *limits(share, se, np.inf, level, share=True), n

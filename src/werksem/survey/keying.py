"""Items that run against the others of their scale: keyed the other way, or recoded twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["against_the_rest"]

Array = NDArray[np.float64]
# beyond two standard errors of a correlation of zero
ERRORS = 2.0


def against_the_rest(cov: Array, n: float) -> dict[int, float]:
    """Return the items that look reversed, each with its correlation with the rest, from covariances (k, k).

    Those whose loading on the first principal component of the correlations has the sign of the
    minority (as psych::alpha finds them), if they also correlate below -2/sqrt(n) with the sum of
    the others, the other ones turned the way they run. Both items of two that correlate negatively.

    >>> R = np.full((4, 4), 0.3) * np.outer([1, 1, 1, -1], [1, 1, 1, -1])
    >>> np.fill_diagonal(R, 1.0)
    >>> {item: round(r, 4) for item, r in against_the_rest(R, 100).items()}
    {3: -0.4108}
    """
    k = len(cov)
    sd = np.sqrt(np.diag(cov))
    if k < 2 or not (sd > 0).all():
        return {}
    loading = np.linalg.eigh(cov / np.outer(sd, sd))[1][:, -1]
    sign = np.where(loading * np.sign(loading.sum() or 1.0) < 0, -1.0, 1.0)
    if k == 2:
        r = float(cov[0, 1] / (sd[0] * sd[1]))
        return {0: r, 1: r} if r < -ERRORS / np.sqrt(n) else {}
    found = {}
    for item in np.flatnonzero(sign < 0):
        others = np.where(np.arange(k) == item, 0.0, sign)
        r = float(others @ cov[:, item] / np.sqrt(others @ cov @ others) / sd[item])
        if r < -ERRORS / np.sqrt(n):
            found[int(item)] = r
    return found

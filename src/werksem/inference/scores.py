"""Casewise scores: how much each respondent pulls at each cell, in closed form."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.derivatives import Expansion, Terms, mean_factor

__all__ = ["casewise_scores"]

Array = NDArray[np.float64]


def casewise_scores(terms: Terms, x: Expansion, centred: Array) -> Array:
    """Return the scores (rows, K) of respondents' rescaled deviations from the mean mu (rows, p).

    With z = Sigma^-1 (x - mu), the score of one respondent in one cell is c [(z'u)(z'v) - u'Sigma^-1 v]
    + d z'u.
    """
    projected = centred @ (x.inverse @ x.basis)
    scores = projected[:, terms.u] * projected[:, terms.v]
    scores -= x.W[terms.u, terms.v]
    scores *= terms.c
    return scores + projected[:, terms.u] * mean_factor(terms, x)

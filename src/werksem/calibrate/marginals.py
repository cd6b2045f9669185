"""How the answers to one question are spread: its values, and the normal variable behind them.

A column shows the value ``v_c`` where a standard normal variable lies between two thresholds, so it has the
very shares that the data have, whatever it goes with. What has more than ``MOST`` values is cut into
``PARTS`` equally likely parts, each at its mean, stretched to the variance of the data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.errors import DataError
from werksem.survey.ordinal import hermite_coefficients

__all__ = ["TERMS", "Marginal", "coefficients", "marginal", "shown"]

Array = NDArray[np.float64]
# r^160 < 1e-7 for r = .9
TERMS = 160
MOST, PARTS = 60, 50


@dataclass(frozen=True, slots=True)
class Marginal:
    """One column: ascending ``values`` (T + 1,), ``thresholds`` (T,) between them, ``mean`` and ``sd``.

    ``ordered`` columns are categories of a normal variable, which is what the model speaks of.
    """

    values: Array
    thresholds: Array
    mean: float
    sd: float
    ordered: bool = False


def marginal(name: str, answers: Array, weights: Array | None = None, *, ordered: bool = False) -> Marginal:
    """Return how the answers (n,) to a question are spread, blanks left out; ``weights`` (n,) count them.

    Raises ``DataError`` where all answers are the same.

    >>> found = marginal("x", np.array([1.0, 1.0, 2.0, 2.0, np.nan]))
    >>> found.values.tolist(), found.thresholds.tolist(), found.mean, found.sd
    ([1.0, 2.0], [0.0], 1.5, 0.5)
    """
    from scipy.special import ndtri

    known = np.isfinite(answers)
    given, share = answers[known], np.ones(int(known.sum())) if weights is None else weights[known]
    values, place = np.unique(given, return_inverse=True)
    if len(values) < 2:
        raise DataError(f'"{name}" has one answer, {values}; a survey cannot be simulated from it')
    counts = np.bincount(place, share) / share.sum()
    mean = float(counts @ values)
    sd = float(np.sqrt(counts @ (values - mean) ** 2))
    if len(values) > MOST and not ordered:
        values, counts = _parts(values, counts, mean, sd)
    used = counts > 0
    values, counts = values[used], counts[used]
    return Marginal(values, ndtri(np.cumsum(counts)[:-1]), mean, sd, ordered)


def _parts(values: Array, counts: Array, mean: float, sd: float) -> tuple[Array, Array]:
    """Return the means of equally likely parts, stretched around the mean to the same variance."""
    part = np.minimum((PARTS * (np.cumsum(counts) - counts / 2)).astype(int), PARTS - 1)
    share: Array = np.bincount(part, counts, minlength=PARTS).astype(float)
    centre = np.bincount(part, counts * values, minlength=PARTS)[share > 0] / share[share > 0]
    share = share[share > 0]
    spread = np.sqrt(share @ (centre - mean) ** 2)
    return mean + (centre - mean) * sd / spread, share


def coefficients(columns: tuple[Marginal, ...], *, latent: bool = False) -> Array:
    """Return the Hermite coefficients (p, K) of columns; with ``latent`` ordered ones are their normals.

    >>> yes = marginal("x", np.array([0.0, 1.0]))
    >>> round(float(coefficients((yes,))[0, 0]), 4)  # phi(0)
    0.3989
    """
    found = np.zeros((len(columns), TERMS))
    for j, column in enumerate(columns):
        if latent and column.ordered:
            found[j, 0] = 1.0
        else:
            found[j] = hermite_coefficients(column.thresholds, column.values.tolist(), TERMS)
    return found


def shown(columns: tuple[Marginal, ...], normal: Array) -> Array:
    """Return the answers (n, p) that standard normal variables (n, p) show."""
    out = np.empty_like(normal)
    for j, column in enumerate(columns):
        out[:, j] = column.values[np.searchsorted(column.thresholds, normal[:, j], side="right")]
    return out

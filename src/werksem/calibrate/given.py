"""Answers given what is fixed: organisations keep their traits, and the others are drawn given those.

Behind an answer lies a normal variable of variance 1 about a mean that is linear in the traits. The slopes
and thresholds are those with which, over the respondents as they are, the column has the shares of the data
and the covariances with every trait that the model implies. Nothing is assumed of how traits are spread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from werksem.calibrate.copula import Link, link_of
from werksem.calibrate.marginals import Marginal, coefficients

__all__ = ["Given", "Told", "given_traits", "nothing_given"]

Array = NDArray[np.float64]
STEPS, HALVINGS = 60, 60
FARTHEST = 6.0  # of a mean of normals of variance 1: beyond it the share of an answer is 1 but for 1e-9
CLOSE = 1e-12  # of a covariance in standard deviations of the trait and the column


@dataclass(frozen=True, slots=True)
class Given:
    """Columns (p) given the traits of clusters: ``rest`` (p,) are those that are drawn.

    ``columns`` (r) are the drawn ones, whose thresholds are about their normals' means ``centre`` (J, r);
    ``expected`` (J, p) are the answers' means in each cluster, of traits the value itself, with the mean
    (p,) and the covariances ``apart`` (p, p) over the respondents. ``link`` says how the drawn columns covary
    (r, r) within a cluster when their normals do (r, r).
    """

    rest: NDArray[np.bool_]
    columns: tuple[Marginal, ...]
    centre: Array
    expected: Array
    mean: Array
    apart: Array
    link: Link


@dataclass(frozen=True, slots=True)
class Told:
    """Traits of clusters that are drawn, as they are in all groups: ``which`` (p,) of the columns they are.

    ``columns`` (t) have their thresholds about the means ``centre`` (J, t) of the normals behind them, which
    correlate ``correlation`` (t, t).
    """

    which: NDArray[np.bool_]
    columns: tuple[Marginal, ...]
    centre: Array
    correlation: Array


def nothing_given(columns: tuple[Marginal, ...], clusters: int) -> Given:
    """Return columns of which none is fixed."""
    p, mean = len(columns), np.array([column.mean for column in columns])
    level = np.broadcast_to(mean, (clusters, p))
    none = np.zeros((clusters, p))
    return Given(np.ones(p, dtype=bool), columns, none, level, mean, np.zeros((p, p)), link_of(columns))


def given_traits(
    columns: tuple[Marginal, ...], implied: Array, fixed: NDArray[np.bool_], values: Array, counts: Array,
    told: Told | None = None,
) -> Given:  # fmt: skip
    """Return columns given the traits ``fixed`` (p,) of clusters, ``values`` (J, q), NaN where unknown.

    ``implied`` (p, p) are correlations of answers, ``counts`` (J,) the weights of clusters' respondents. A
    cluster of unknown traits has the mean of those, and so has one without respondents, of whom nothing is
    drawn: however far off it lies, it says nothing. Where no slopes lead to the covariances those that come
    nearest are taken; ``apart`` has what was reached. What is ``told`` has the slopes and thresholds of that,
    and the mean and spread which these give it here.
    """
    known: NDArray[np.bool_] = np.asarray(np.isfinite(values).all(axis=1) & (counts > 0))
    share = np.where(known, counts, 0.0)
    share /= share.sum()
    mean = share @ np.where(known[:, None], values, 0.0)
    off = np.where(known[:, None], values - mean, 0.0)
    sd = np.sqrt(share @ off**2)
    drawn = [column for column, one in zip(columns, fixed, strict=True) if not one]
    wanted = implied[np.ix_(~fixed, fixed)] * np.array([column.sd for column in drawn])[:, None]
    which = np.zeros_like(fixed) if told is None else told.which
    levels = np.zeros((len(values), 0)) if told is None else told.centre
    unlike, place = np.unique(np.column_stack([off / sd, levels]), axis=0, return_inverse=True)
    patterns = unlike[:, : len(sd)]
    weight = np.bincount(place.ravel(), share, minlength=len(patterns)).astype(float)
    centre, found = np.zeros((len(patterns), len(drawn))), []
    centre[:, which[~fixed]] = unlike[:, len(sd) :]
    known_columns = iter(() if told is None else told.columns)
    for k, column in enumerate(drawn):
        if which[~fixed][k]:
            found.append(_seen(next(known_columns), centre[:, k], weight))
            continue
        slopes = _slopes(column, patterns, weight, wanted[k])
        centre[:, k] = patterns @ slopes
        found.append(replace(column, thresholds=_thresholds(column, centre[:, k], weight)))
    expected = np.empty((len(values), len(columns)))
    expected[:, fixed] = mean + off
    expected[:, ~fixed] = np.column_stack(
        [_expected(column, column.thresholds, centre[:, k]) for k, column in enumerate(found)]
    )[place.ravel()]
    level = share @ expected
    spread = expected - level
    link = partial(_series, _products(found, centre, weight))
    return Given(
        ~fixed,
        tuple(found),
        centre[place.ravel()],
        expected,
        level,
        spread.T @ (share[:, None] * spread),
        link,
    )


def _seen(column: Marginal, centre: Array, share: Array) -> Marginal:
    """Return a column with the mean and spread that normals about ``centre`` (U,) give it."""
    from scipy.special import ndtr

    below = share @ ndtr(column.thresholds - centre[:, None])
    shares = np.diff(below, prepend=0.0, append=share.sum())
    mean = float(shares @ column.values)
    return replace(column, mean=mean, sd=float(np.sqrt(shares @ (column.values - mean) ** 2)))


def _thresholds(column: Marginal, centre: Array, share: Array) -> Array:
    """Return thresholds (T,) at which normals about ``centre`` (U,) show the shares of the column."""
    from scipy.special import ndtr

    wanted = ndtr(column.thresholds)
    low, high = column.thresholds + centre.min(), column.thresholds + centre.max()
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = share @ ndtr(middle - centre[:, None]) > wanted
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.asarray((low + high) / 2)


def _expected(column: Marginal, thresholds: Array, centre: Array) -> Array:
    """Return the mean answers (U,) that normals about ``centre`` (U,) show."""
    from scipy.special import ndtr

    return np.asarray(column.values[-1] - ndtr(thresholds - centre[:, None]) @ np.diff(column.values))


def _slopes(column: Marginal, traits: Array, share: Array, wanted: Array) -> Array:
    """Return slopes (q,) of the normal on standardised ``traits`` (U, q) for covariances ``wanted`` (q,).

    Newton's steps, halved until they come nearer: the covariances are the gradient of a convex function.
    """
    slopes = np.zeros(len(wanted))
    miss, rise = _miss(column, traits, share, wanted, slopes)
    for _ in range(STEPS):
        if np.abs(miss).max() < CLOSE * column.sd:
            break
        step = np.linalg.pinv(rise, hermitian=True) @ miss
        for _ in range(STEPS):
            nearer = slopes + step
            if np.abs(traits @ nearer).max() <= FARTHEST:
                found, other = _miss(column, traits, share, wanted, nearer)
                if found @ found < miss @ miss:
                    break
            step = step / 2
        else:
            break
        slopes, miss, rise = nearer, found, other
    return slopes


def _miss(
    column: Marginal, traits: Array, share: Array, wanted: Array, slopes: Array
) -> tuple[Array, Array]:  # fmt: skip
    """Return what covariances (q,) with traits lack, and their derivatives (q, q) by the slopes."""
    centre = traits @ slopes
    thresholds = _thresholds(column, centre, share)
    lacks = wanted - traits.T @ (share * _expected(column, thresholds, centre))
    density = share[:, None] * np.exp(-((thresholds - centre[:, None]) ** 2) / 2) / np.sqrt(2 * np.pi)
    rise = np.zeros((len(slopes), len(slopes)))
    for weight, size in zip(density.T, np.diff(column.values), strict=True):
        mean = weight @ traits / max(weight.sum(), np.finfo(float).tiny)  # the threshold moves with it
        off = traits - mean
        rise += size * off.T @ (weight[:, None] * off)
    return lacks, rise


def _products(columns: Sequence[Marginal], centre: Array, share: Array) -> Array:
    """Return the mean over traits of products of Hermite coefficients (K, r, r)."""
    total: Array | float = 0.0
    for middle, weight in zip(centre, share, strict=True):
        moved = (
            replace(column, thresholds=column.thresholds - middle[k]) for k, column in enumerate(columns)
        )
        terms = coefficients(tuple(moved)).T
        total = total + weight * terms[:, :, None] * terms[:, None, :]
    return np.asarray(total)


def _series(products: Array, correlation: Array) -> Array:
    """Return the sum over k of P[k, a, b] r[a, b]^k, from k = 1 (``survey/ordinal.py``, ``series``)."""
    total = np.zeros_like(correlation)
    for product in products[::-1]:
        total = (total + product) * correlation
    return total

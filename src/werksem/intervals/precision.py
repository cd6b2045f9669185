"""The Monte-Carlo error of interval limits: how far they would move with other replicates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.intervals.percentile import quantiles
from werksem.intervals.places import Kind, bend, kind_of, share, varies

__all__ = ["limit_errors"]

Array = NDArray[np.float64]
# half the width, in standard errors of the share, over which the density is taken: narrower is
# noisier, wider is too large in heavy tails. Estimated / true error at 95 % (test_precision.py): 0.97
# to 1.11 over most shapes from R = 500 on; 0.91 where replicates end abruptly (uniform), 1.15 for bc
# and bca where z0 leaves only a few replicates beyond the limit (there one estimate varies by 75 %)
WIDTH = 2.0
# nor over more than this part of the tail: without it t replicates (5 df) at R = 500 gave 1.3 times
# the true error of a bca limit, with it 1.1
TAIL = 0.5


def limit_errors(
    kind: str, replicates: Array, estimate: Array, level: float, acceleration: Array,
    unit: Array | float = 1.0,
) -> tuple[Array, Array]:  # fmt: skip
    """Return the standard errors (k,) of the lower and the upper limit over sets of R replicates.

    By the delta method: a limit at share s moves by (c d0 - ds) / f, where ds and d0 are the errors
    of the shares below the limit and below the estimate (covariance (min(s, p0) - s p0) / R), f is
    the density at the limit, and c is what the limit's share owes to the share below the estimate
    through z0: phi(Phi^-1(s)) / phi(z0) (1 + 1 / (1 - a (z0 + z))^2) for bc and bca, 0 for the
    others. The density is a difference quotient of order statistics on the scale of normal scores,
    exact for normal replicates. NaN where there is no limit or the column does not vary
    (``places.varies``, with its ``unit``).

    >>> replicates = np.arange(1.0, 10000.0)[:, None]
    >>> lower, upper = limit_errors("percentile", replicates, np.array([5000.0]), 0.5, np.zeros(1))
    >>> expected = 10000 * (0.25 * 0.75 / 9999) ** 0.5          # uniform: f = 1 / 10000
    >>> bool(abs(lower[0] / expected - 1) < 0.001), bool(abs(upper[0] / expected - 1) < 0.001)
    (True, True)
    """
    from scipy.special import ndtri

    form = kind_of(kind)
    z0, a = bend(form, replicates, estimate, acceleration)
    count = np.count_nonzero(np.isfinite(replicates), axis=0)
    # (2, k): the lower and the upper limit
    z = ndtri(np.array([[1 - level], [1 + level]]) / 2)
    shares = np.stack([share(z0, a, float(side)) for side in z[:, 0]])
    slopes = _slopes(replicates, shares, count)
    error = np.where(varies(replicates, unit), slopes * _share_errors(form, z0, a, z, shares, count), np.nan)
    return (error[1], error[0]) if form.mirrored else (error[0], error[1])


def _share_errors(form: Kind, z0: Array, a: Array, z: Array, shares: Array, count: Array) -> Array:
    """Return the standard error (2, k) of c d0 - ds in normal scores: divided by phi(Phi^-1(s))."""
    from scipy.special import ndtr, ndtri

    s, p0 = _inside(shares, count), ndtr(z0)
    density = _phi(ndtri(s))
    # where there is no limit the denominator may be zero
    bent = np.where(np.isfinite(shares), 1 - a * (z0 + z), np.nan)
    c = density * (1 + bent**-2.0) / _phi(z0) if form.centred else np.zeros_like(s)
    variance = s * (1 - s) + c**2 * p0 * (1 - p0) - 2 * c * (np.minimum(s, p0) - s * p0)
    return np.sqrt(np.maximum(variance, 0) / np.maximum(count, 1)) / density


def _slopes(replicates: Array, shares: Array, count: Array) -> Array:
    """Return the slope (2, k) of the replicates' quantiles on normal scores around each share."""
    from scipy.special import ndtri

    s = _inside(shares, count)
    half = np.minimum(WIDTH * np.sqrt(s * (1 - s) / np.maximum(count, 1)), TAIL * np.minimum(s, 1 - s))
    ends = np.stack([_inside(s - half, count), _inside(s + half, count)])
    found = quantiles(replicates, ends.reshape(4, -1)).reshape(ends.shape)
    run = ndtri(ends[1]) - ndtri(ends[0])
    return np.where(run > 0, found[1] - found[0], np.nan) / np.where(run > 0, run, 1)


def _inside(shares: Array, count: Array) -> Array:
    """Return the shares, moved to those of the smallest and largest replicate where they lie beyond."""
    edge = 1 / (np.maximum(count, 1) + 1)
    return np.clip(shares, edge, 1 - edge)


def _phi(z: Array) -> Array:
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)

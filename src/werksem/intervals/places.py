"""Where the limits of each kind of interval lie among the replicates, and the way back.

One map serves all kinds (Efron, 1987): the limit at the standard normal point z is the quantile of
the replicates at the share Phi(z0 + x / (1 - a x)), with x = z0 + z. The percentile interval has
z0 = a = 0, bc has a = 0; the basic interval is the percentile interval mirrored at the estimate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.errors import SpecError, did_you_mean
from werksem.intervals.percentile import finite

__all__ = ["KINDS", "ROUNDING", "Kind", "bend", "kind_of", "median_bias", "point", "ranks", "share", "varies"]

Array = NDArray[np.float64]
# a spread that rounding alone can leave, relative to the size of the values (at least their unit)
ROUNDING = 1e-12
# stands for infinity where w / (1 + a w) must still have its limit 1/a
FAR = 1e300


@dataclass(frozen=True, slots=True)
class Kind:
    """What an interval does to the percentile interval: mirror it, centre it (z0), bend it (a)."""

    mirrored: bool = False
    centred: bool = False
    accelerated: bool = False


KINDS: dict[str, Kind] = {
    "percentile": Kind(),
    "monte_carlo": Kind(),
    "basic": Kind(mirrored=True),
    "bc": Kind(centred=True),
    "bca": Kind(centred=True, accelerated=True),
}


def kind_of(name: str) -> Kind:
    """Return the kind of this name; an unknown name is an error that tells the known ones.

    >>> kind_of("bc")
    Kind(mirrored=False, centred=True, accelerated=False)
    """
    if name not in KINDS:
        known = ", ".join(KINDS)
        raise SpecError(f'there is no interval "{name}"{did_you_mean(name, KINDS)}; there are {known}')
    return KINDS[name]


def median_bias(replicates: Array, estimate: Array) -> Array:
    """Return z0 (k,), the normal quantile of the share of replicates below the estimate.

    Ties count half. NaN where the estimate lies outside all its replicates.

    >>> median_bias(np.arange(1.0, 100.0)[:, None], np.array([50.0]))
    array([0.])
    """
    from scipy.special import ndtri

    values = finite(replicates)
    count = np.maximum(np.count_nonzero(np.isfinite(values), axis=0), 1)
    below = np.count_nonzero(values < estimate, axis=0) + 0.5 * np.count_nonzero(values == estimate, axis=0)
    part = below / count
    return np.where((part > 0) & (part < 1), ndtri(np.clip(part, 1e-300, 1 - 1e-16)), np.nan)


def bend(kind: Kind, replicates: Array, estimate: Array, acceleration: Array) -> tuple[Array, Array]:
    """Return z0 and a (k,) of the map that this kind of interval uses; zero where it has none.

    >>> bend(kind_of("percentile"), np.arange(9.0)[:, None], np.array([2.0]), np.array([0.1]))
    (array([0.]), array([0.]))
    """
    zero = np.zeros(replicates.shape[1])
    z0 = median_bias(replicates, estimate) if kind.centred else zero
    return z0, zero + acceleration if kind.accelerated else zero


def share(z0: Array, a: Array, z: float) -> Array:
    """Return the share of replicates (k,) that lies below the limit at the standard normal point z.

    NaN where 1 - a (z0 + z) <= 0: beyond that the map no longer increases and no quantile is meant.

    >>> share(np.array([0.0, 0.5]), np.zeros(2), -1.0).round(4)
    array([0.1587, 0.5   ])
    """
    from scipy.special import ndtr

    denominator = 1 - a * (z0 + z)
    meant = denominator > 0
    return np.where(meant, ndtr(z0 + (z0 + z) / np.where(meant, denominator, 1)), np.nan)


def point(z0: Array, a: Array, below: Array) -> Array:
    """Return the standard normal point z (k,) whose limit lies at this share: the inverse of ``share``.

    With w = Phi^-1(share) - z0, z = w / (1 + a w) - z0. Shares that no point reaches give ±1e300.

    >>> z0, a = np.array([0.2]), np.array([0.05])
    >>> point(z0, a, share(z0, a, -1.96)).round(9)
    array([-1.96])
    """
    from scipy.special import ndtri

    w = np.clip(ndtri(below), -FAR, FAR) - z0
    denominator = 1 + a * w
    reached = denominator > 0
    return np.where(reached, w / np.where(reached, denominator, 1), np.copysign(FAR, w)) - z0


def ranks(replicates: Array, value: Array) -> tuple[Array, Array, Array]:
    """Return the first and the last rank (k,) that a value has among its column, and the column's count.

    The inverse of ``quantiles``, interpolated as it does; first and last differ where the value
    ties with several replicates. The upper limit lies below the value exactly where its rank is
    smaller than the first, the lower limit above it exactly where its rank is larger than the last.
    No limit lies below the smallest replicate (first 0) or above the largest (last count + 1).

    >>> ranks(np.array([[1.0], [2.0], [2.0], [4.0]]), np.array([2.0]))
    (array([2.]), array([3.]), array([4.]))
    >>> ranks(np.array([[1.0], [2.0], [2.0], [4.0]]), np.array([2.5]))
    (array([3.25]), array([3.25]), array([4.]))
    """
    values = finite(replicates)
    count = np.count_nonzero(np.isfinite(values), axis=0).astype(float)
    less, more = values < value, values > value
    below, beyond = np.count_nonzero(less, axis=0), np.count_nonzero(more, axis=0)
    ties = count - below - beyond
    low = np.max(values, axis=0, where=less, initial=-np.inf)
    high = np.min(values, axis=0, where=more, initial=np.inf)
    between = (below > 0) & (beyond > 0)
    part = np.where(between, value - low, 0) / np.where(between, high - low, 1)
    first = np.where(ties > 0, below + 1, below + part)
    last = np.where(ties > 0, below + ties, below + part)
    first = np.where(below == 0, 0, np.where((beyond == 0) & (ties == 0), count + 1, first))
    last = np.where(beyond == 0, count + 1, np.where((below == 0) & (ties == 0), 0, last))
    return first, last, count


def varies(replicates: Array, unit: Array | float = 1.0) -> NDArray[np.bool_]:
    """Return which columns (k,) vary: by more than 1e-12 of their size, or of ``unit`` if they are smaller.

    ``unit`` (k,) is how small a column may be (``effects.units``); zero where nothing but its size counts.

    >>> varies(np.array([[1.0, 2.0, np.nan], [1.0 + 1e-15, 3.0, np.nan]]))
    array([False,  True, False])
    >>> varies(np.array([[0.0, 0.0], [1e-15, 1e-15]]), np.array([1.0, 1e-14]))
    array([False,  True])
    """
    values = finite(replicates)
    largest = np.fmax.reduce(values, axis=0, initial=-np.inf)
    smallest = np.fmin.reduce(values, axis=0, initial=np.inf)
    size = np.maximum(unit, np.fmax(np.abs(largest), np.abs(smallest)))
    return (largest > smallest) & np.isfinite(size) & (largest - smallest > ROUNDING * size)

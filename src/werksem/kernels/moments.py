"""From sums to means and covariances of resamples, and their arrangement for refits in lanes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel
from werksem.kernels.lanes import LANES

__all__ = ["fill_lanes", "sums_to_moments"]

Array = NDArray[np.float64]


@kernel
def sums_to_moments(sums: Array, size: Array, unit: Array, centre: Array, means: Array, flat: Array) -> None:
    """Write means (R, p) and lower triangles (R, p (p + 1) / 2) of covariances, divisor ``size`` (R,).

    ``sums`` (R, p + p (p + 1) / 2) are of z and z z', x = z unit + centre.
    """
    p = len(unit)
    z = np.empty(p)
    for r in range(len(sums)):
        part = 1.0 / size[r]
        for i in range(p):
            z[i] = sums[r, i] * part
            means[r, i] = z[i] * unit[i] + centre[i]
        at = 0
        for i in range(p):
            row = sums[r, p + at : p + at + i + 1]
            out = flat[r, at : at + i + 1]
            for j in range(i + 1):
                out[j] = (row[j] * part - z[i] * z[j]) * (unit[i] * unit[j])
            at += i + 1


@kernel
def fill_lanes(flat: Array, first: int, factor: Array, S: Array) -> None:
    """Write S (groups, cells, lanes) = factor (groups, cells) × flat (R, groups, cells) from ``first`` on.

    Lanes beyond the last replicate hold it once more.
    """
    for g in range(S.shape[0]):
        for lane in range(LANES):
            r = min(first + lane, flat.shape[0] - 1)
            for k in range(S.shape[1]):
                S[g, k, lane] = flat[r, g, k] * factor[g, k]

"""The rescaling bootstrap of a stratified sample: real multipliers of its units (PSUs).

Of the n_h units of stratum h, m_h = n_h - 1 are drawn with replacement, and unit i that was drawn t_i
times counts

    w_i = 1 - lambda_h + lambda_h (n_h / m_h) t_i,  lambda_h = sqrt(m_h (1 - f_h) / (n_h - 1)) = sqrt(1 - f_h)

(Rao & Wu, 1988; Rao, Wu & Yue, 1992). E(w_i) = 1, var(w_i) = 1 - f_h and cov(w_i, w_j) = -(1 - f_h) /
(n_h - 1), so the replicates of a weighted total have the variance of its design. Without f_h this is
R's ``as.svrepdesign(type = "subbootstrap")``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.kernels.resample import coins, stratum_counts

__all__ = ["rao_wu_multipliers"]

Array = NDArray[np.float64]


def rao_wu_multipliers(
    seed: int, first: int, replicates: int, starts: NDArray[np.int64],
    sampling_fraction: Array | None = None, lonely: str = "fail", stratum: int = 0,
) -> Array:  # fmt: skip
    """Return the multipliers (R, units) of replicates ``first`` … ``first + replicates - 1``.

    Units ``starts[h] … starts[h + 1]`` form the stratum numbered ``stratum + h``, sampled at the rate
    ``sampling_fraction[h]`` (None: with replacement). What a stratum with one unit contributes is
    ``lonely``, named as in R's ``survey.lonely.psu``: ``fail`` raises ``EstimationError``; ``certainty``
    and ``remove`` leave it at 1, no variance, as in R's replicate weights; ``adjust`` makes it
    1 ± sqrt(1 - f_h) by a fair coin: its variance is around the mean of all. A stratum of which
    everything was sampled stays at 1.

    >>> rao_wu_multipliers(1, 0, 2, np.array([0, 3, 5])).sum(axis=1).round(12).tolist()
    [5.0, 5.0]
    """
    size = np.diff(starts)
    fraction = np.zeros(len(size)) if sampling_fraction is None else np.asarray(sampling_fraction, float)
    alone = np.flatnonzero((size == 1) & (fraction < 1))
    if lonely == "fail" and len(alone):
        raise EstimationError(f"{len(alone)} strata have one unit: bootstrap.lonely_psu says what they add")
    multipliers = np.empty((replicates, int(starts[-1])))
    stratum_counts(seed, first, stratum, starts, size - 1, multipliers)
    root = np.sqrt(1 - fraction)
    multipliers *= np.repeat(root * size / np.maximum(size - 1, 1), size)
    multipliers += np.repeat(np.where(size == 1, 1.0, 1 - root), size)
    if lonely == "adjust" and len(alone):
        side = np.empty((replicates, len(alone)))
        coins(seed, first, stratum + alone, side)
        multipliers[:, starts[alone]] = 1 + root[alone] * side
    return multipliers

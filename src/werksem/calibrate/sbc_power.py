"""What ranks would have shown: the power to see that one quantity of a posterior is wrong.

That ranks look uniform says little where few surveys would show nothing else. With z the truth less the
right posterior's mean, in its SDs, a posterior that lies ``shift`` SDs off or whose SD is ``ratio`` times
the right one puts the truth at u = Phi((z - shift) / ratio), z ~ N(0, 1), and its rank among L draws is
binomial(L, u). The chance that such ranks leave the band is exact (``sbc_uniform.ecdf_power``), at the level
that one of many quantities is judged by.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from werksem.calibrate.sbc_uniform import ecdf_power

__all__ = ["ENOUGH", "least_seen", "rank_law"]

Array = NDArray[np.float64]
ENOUGH = 0.80
POINTS, REACH = 2001, 8.0
FARTHEST, NARROWEST, STEPS = 6.0, 0.02, 14


def rank_law(kept: int, shift: float = 0.0, ratio: float = 1.0) -> Array:
    """Return (kept + 1,) the probabilities of the truth's rank among the draws of such a posterior.

    >>> bool(np.allclose(rank_law(3), 0.25)), rank_law(3, shift=0.5).round(3).tolist()
    (True, [0.393, 0.268, 0.199, 0.14])
    """
    from scipy import stats

    z = np.linspace(-REACH, REACH, POINTS)
    weight = stats.norm.pdf(z)
    u = stats.norm.cdf((z - shift) / ratio)
    law = stats.binom.pmf(np.arange(kept + 1)[:, None], kept, u) @ (weight / weight.sum())
    return np.asarray(law / law.sum(), dtype=float)


@cache
def least_seen(surveys: int, kept: int, level: float) -> tuple[float, float]:
    """Return the shift, and the ratio below 1, of one quantity that are seen in 80 % of calibrations.

    ``level`` is that of the band that one quantity is judged by.
    """

    def seen(shift: float, ratio: float) -> bool:
        return ecdf_power(rank_law(kept, shift, ratio), surveys, level) >= ENOUGH

    return _between(lambda x: seen(x, 1.0), 0.0, FARTHEST), _between(lambda x: seen(0.0, x), 1.0, NARROWEST)


def _between(seen: Callable[[float], bool], hidden: float, clear: float) -> float:
    """Return where a departure between one that is hidden and one that is clear begins to be seen."""
    for _ in range(STEPS):
        middle = (hidden + clear) / 2
        hidden, clear = (hidden, middle) if seen(middle) else (middle, clear)
    return clear

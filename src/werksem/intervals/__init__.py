"""Intervals from replicates: one short file each, registered by name here.

Every interval is a function (replicates (R, k), estimate (k,), level, acceleration (k,)) →
(lower (k,), upper (k,)). ``places`` says where each kind's limits lie among the replicates; p-values
(``pvalue``), Monte-Carlo errors (``precision``) and the stopping rule (``enough``) follow from it.
The replicates of ``monte_carlo`` are quantities of normal draws, those of the others of resamples.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from werksem.intervals.basic import basic
from werksem.intervals.bc import bc
from werksem.intervals.bca import bca
from werksem.intervals.monte_carlo import monte_carlo
from werksem.intervals.percentile import percentile

__all__ = ["INTERVALS", "Interval"]

Array = NDArray[np.float64]
Interval = Callable[[Array, Array, float, Array], tuple[Array, Array]]

INTERVALS: dict[str, Interval] = {
    "percentile": percentile,
    "basic": basic,
    "bc": bc,
    "bca": bca,
    "monte_carlo": monte_carlo,
}

"""The complete rows of one group, with the survey's design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Respondents"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Respondents:
    """One group's complete rows (n_g, p); weights have mean 1 over all groups, clusters are codes.

    ``stratum`` are codes into ``stratum_names``. ``fraction`` (n_g,) is the sampling fraction of the
    row's stratum, ``replicate_weights`` (n_g, R) are full weights per replicate. ``place`` (n_g,) numbers
    the rows among those used of all groups.
    """

    rows: Array
    weights: Array | None = None
    cluster: NDArray[np.int64] | None = None
    stratum: NDArray[np.int64] | None = None
    stratum_names: tuple[str, ...] = ()
    fraction: Array | None = None
    replicate_weights: Array | None = None
    place: NDArray[np.int64] | None = None

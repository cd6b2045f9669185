"""What an engine found together: standardised values with their joint covariance, or draws of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Joint"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Joint:
    """Standardised values ``est`` (k,) of one engine, with ``cov`` (k, k), or ``draws`` (S, k) of replicates.

    ``names`` are ``y ~ x`` for a path, ``a ~~ b`` (in alphabetical order) for the correlation of two
    variables, else a defined effect's name; ``groups`` (k labels) those they are of, ``all`` where there
    is one. Intervals take Student's t with ``degrees``, the normal where infinite; ``n`` counts respondents.
    ``exact`` values are a population's own.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    est: Array
    cov: Array
    n: float
    degrees: float = np.inf
    draws: Array | None = None
    exact: bool = False

"""What is held to its promise: every interval of an engine, as one function of a survey."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.inputs import Inputs

__all__ = ["KEYS", "Method", "Result", "quantity_keys"]

Array = NDArray[np.float64]
KEYS = ("engine", "interval", "own", "group", "lhs", "op", "rhs", "quantity", "truth", "level")
# what a table of coverage speaks of: loadings, paths, covariances, effects
SPOKEN = ("=~", "~", "~~", ":=")


@dataclass(frozen=True, slots=True)
class Result:
    """What one survey gave: ``values`` (K, 4) are estimate, standard error, lower and upper limit.

    NaN where there is none; ``status`` is that of the fit, ``why`` the sentence of what refused the survey.
    """

    values: Array
    status: str = "ok"
    why: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """An engine's intervals: ``keys`` (K rows of ``KEYS``) and what computes them from inputs and a seed."""

    keys: pd.DataFrame
    estimate: Callable[[Inputs, int], Result]


def quantity_keys(estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table of estimates that coverage is asked of, twice: raw (b), then standardised.

    ``place`` is the row in ``estimates``, ``varies`` says whether there is an interval at all.
    """
    spoken = estimates["op"].isin(SPOKEN) & ~(
        (estimates["op"] == "~~") & (estimates["lhs"] == estimates["rhs"])
    )
    chosen = estimates.loc[spoken, ["engine", "group", "lhs", "op", "rhs"]]
    parts = [
        chosen.assign(quantity=name, place=np.flatnonzero(spoken), varies=estimates.loc[spoken, se].notna())
        for name, se in (("b", "se"), ("std", "std_se"))
    ]
    both = pd.concat(parts, ignore_index=True)
    return both[both["varies"]].drop(columns="varies").reset_index(drop=True)

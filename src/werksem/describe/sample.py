"""The respondents that tables describe: answers, scale means, how they were drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from werksem.describe.ratios import Design

__all__ = ["Sample"]


@dataclass(frozen=True, slots=True)
class Sample:
    """Raw columns ``frame`` and scale means ``scores`` (n rows each), ``items`` as keyed, and the design.

    ``group`` and ``wave`` (n,) are the study's, None where it has none; ``level`` is that of intervals.
    ``limits`` are the lowest and highest answer of scales and items that have them.
    """

    frame: pd.DataFrame
    scores: pd.DataFrame
    items: pd.DataFrame
    design: Design
    group: pd.Series | None
    wave: pd.Series | None
    level: float
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)

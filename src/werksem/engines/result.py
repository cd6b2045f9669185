"""What every engine hands to the result folder: tables, counts, warnings and times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from werksem.estimators.joint import Joint

__all__ = ["EngineResult", "diagnostic_rows", "fit_rows"]


@dataclass(frozen=True, slots=True)
class EngineResult:
    """One engine's part of the result folder.

    ``n`` maps each outcome (``ols``) or ``all`` to the respondents used; ``timings`` are seconds;
    ``tables`` are tables of the result folder beside these, by name. ``joint`` makes the standardised
    values with what they share, for those who ask: contrasts of paths need it.
    """

    engine: str
    estimates: pd.DataFrame
    fit: pd.DataFrame
    diagnostics: pd.DataFrame
    n: Mapping[str, int]
    warnings: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    joint: Callable[[], Joint] | None = None


def fit_rows(engine: str, values: Mapping[str, float], group: str = "all") -> pd.DataFrame:
    """Return fit measures as rows of ``fit.csv``.

    >>> fit_rows("sem", {"df": 24.0})["measure"].tolist()
    ['df']
    """
    rows = [(engine, group, name, value) for name, value in values.items()]
    return pd.DataFrame(rows, columns=["engine", "group", "measure", "value"])


def diagnostic_rows(engine: str, values: Iterable[tuple[str, float, bool]]) -> pd.DataFrame:
    """Return diagnostics as rows of ``diagnostics.csv``: measure, value, whether it is in order."""
    rows = [(engine, measure, float(value), bool(ok)) for measure, value, ok in values]
    return pd.DataFrame(rows, columns=["engine", "measure", "value", "ok"])

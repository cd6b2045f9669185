"""The simultaneous band of the effects, and the sentences below their table."""

from __future__ import annotations

import pandas as pd

from werksem.compare.cells import records
from werksem.report.folder import Result
from werksem.report.numbers import count, level_percent
from werksem.report.replicates import counts_of, intervals_of, kind_name, kind_of, precision, share_note
from werksem.report.words import word

__all__ = ["band_notes", "bands_of", "verdict_of"]

BAND = "band"
STUDENT = "t"


def family_of(result: Result, metric: str) -> pd.DataFrame:
    """Return the band's rows of one metric (``std`` or ``raw``), all groups; empty below two effects.

    Around replicate weights no band is shown: their spread is no standard error.
    """
    rows = intervals_of(result)
    if not len(rows) or kind_of(result) == STUDENT:
        return rows.iloc[:0]
    rows = rows[(rows["interval"] == BAND) & (rows["metric"] == metric)]
    return rows if len(rows) > 1 else rows.iloc[:0]


def bands_of(result: Result, metric: str) -> dict[str, tuple[float, float]]:
    """Return the band of each effect of all respondents together by its name."""
    rows = family_of(result, metric)
    return {
        str(row["lhs"]): (float(row["lower"]), float(row["upper"]))
        for row in records(rows[rows["group"] == "all"])
    }


def verdict_of(interval_clear: bool, band_clear: bool | None) -> str:
    """Return the word for an interval and (None: there is none) a band, each clear of 0 or not.

    >>> verdict_of(True, None), verdict_of(True, True), verdict_of(True, False), verdict_of(False, True)
    ('yes', 'yes', 'interval_only', 'band_only')
    """
    if band_clear is None or interval_clear == band_clear:
        return "yes" if interval_clear else "no"
    return "interval_only" if interval_clear else "band_only"


def band_notes(result: Result, metric: str) -> tuple[str, ...]:
    """Return which interval is printed, what the band is over, how sharp limits are, whose share is shown."""
    language, rows = result.language, result.estimates[result.estimates["engine"] == "bootstrap"]
    kind, levels = kind_of(result), rows["level"].dropna()
    if kind in ("", "none") or not len(levels):
        return ()
    level = level_percent(float(levels.iloc[0]), language)
    said = [word("effects_kind", language, kind=kind_name(kind, language), level=level)]
    family = len(family_of(result, metric))
    if family:
        said.append(word("band_note", language, count=count(family, language), level=level))
    sharp = precision(result)
    if sharp:
        replicates = count(counts_of(result).total, language)
        said.append(word("precision_note", language, replicates=replicates, error=sharp))
    return (*said, *share_note(result))

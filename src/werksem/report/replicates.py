"""The bootstrap's replicates in words: how many, how many are in order, how drawn, how sharp the limits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from werksem.intervals.enough import SHARP
from werksem.report.folder import Result, optional_table
from werksem.report.numbers import beta, count, percent
from werksem.report.resampling_words import RESAMPLING
from werksem.report.words import word

__all__ = [
    "INTERVAL_TEXT", "Counts", "bootstrap_places", "counts_of", "good_share", "intervals_of", "kind_name",
    "kind_of", "precision", "share_mark", "share_note",
]  # fmt: skip

INTERVAL_TEXT = ("group", "lhs", "op", "rhs", "label", "metric", "interval")
# the design draws whole or not at all in these: nothing is rescaled
UNSCALED = ("bollen-stine", "parametric", "replicate_weights")
# its replicates are normal draws, which cannot fail
DRAWN_NORMAL = "monte_carlo"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many replicates there are, have no solution, and have one that is inadmissible."""

    total: int
    failed: int
    inadmissible: int

    @property
    def good(self) -> int:
        """How many have an admissible solution."""
        return self.total - self.failed - self.inadmissible


def counts_of(result: Result) -> Counts:
    """Return the counts of ``diagnostics.csv``; zeros where nothing was resampled."""
    found = (_measure(result, f"replicates{end}") for end in ("", "_failed", "_inadmissible"))
    return Counts(*(0 if math.isnan(value) else int(value) for value in found))


def _measure(result: Result, measure: str) -> float:
    rows = result.diagnostics
    chosen = rows.loc[(rows["engine"] == "bootstrap") & (rows["measure"] == measure), "value"]
    return float(chosen.iloc[0]) if len(chosen) else math.nan


def kind_of(result: Result) -> str:
    """Return the study's interval as ``intervals.csv`` names it; empty without a bootstrap."""
    rows = result.estimates
    found = rows.loc[rows["engine"] == "bootstrap", "method"].astype(str)
    return str(found.iloc[0]).removeprefix("one-step ") if len(found) else ""


def kind_name(kind: str, language: str) -> str:
    """Return what a kind of interval is called; one we have no word for keeps its name.

    >>> kind_name("bca", "nl"), kind_name("monte_carlo", "en"), kind_name("t", "en")
    ('BCa', 'Monte Carlo', "Student's t")
    """
    key = f"interval_{kind}"
    return word(key, language) if key in RESAMPLING else kind


def good_share(counts: Counts, language: str) -> str:
    """Return the share of replicates in order, rounded down so that 100% means all of them.

    >>> good_share(Counts(5000, 0, 1), "nl"), good_share(Counts(8, 1, 1), "en")
    ('99,9%', '75.0%')
    """
    return percent(counts.good * 1000 // counts.total / 1000, language) if counts.total else ""


def share_mark(result: Result) -> str:
    """Return `` (68,1%)`` to stand after an interval that replicates not in order touch, else nothing."""
    counts = counts_of(result)
    if not counts.total or counts.good == counts.total or kind_of(result) == DRAWN_NORMAL:
        return ""
    return f" ({good_share(counts, result.language)})"


def share_note(result: Result) -> tuple[str, ...]:
    """Return what the share after an interval is; nothing where no interval has one."""
    section = word("diagnostics", result.language)
    return (word("share_note", result.language, section=section),) if share_mark(result) else ()


def precision(result: Result) -> str:
    """Return the largest Monte-Carlo error of a printed limit as ``± ,002``; empty where unknown."""
    error = _measure(result, "limit_error_max")
    if math.isnan(error):
        return ""
    # rounded up: what is promised holds
    return f"± {beta(max(math.ceil(error * 1000 - 1e-9), 1) / 1000, result.language, 3)}"


def intervals_of(result: Result) -> pd.DataFrame:
    """Return ``intervals.csv``, empty where an older folder lacks it."""
    return optional_table(result, "intervals.csv", INTERVAL_TEXT)


def bootstrap_places(result: Result) -> dict[str, str]:
    """Return how many replicates, what was drawn and which interval, for the sentence on the bootstrap."""
    language, study = result.language, result.study.get("bootstrap") or {}
    wanted, counts = study.get("replicates") or 0, counts_of(result)
    total = counts.total or (0 if wanted == "auto" else int(wanted))
    kind = kind_of(result)
    kind = kind if kind not in ("", "none") else str(study.get("interval") or "bca")
    return {
        "replicates": count(total, language), "auto": _auto(result) if wanted == "auto" else "",
        "scheme": _scheme(result, study), "interval": kind_name(kind, language),
    }  # fmt: skip


def _auto(result: Result) -> str:
    """Return why ``replicates: auto`` stopped where it did; nothing where no error is known."""
    error = _measure(result, "limit_error_max")
    if math.isnan(error):
        return ""
    key = "auto_enough" if error <= SHARP * (1 + 1e-9) else "auto_capped"
    return word(key, result.language, error=beta(SHARP, result.language, 3))


def _scheme(result: Result, study: Any) -> str:
    """Return what is drawn, of which survey weights, and whether resamples are rescaled."""
    language, data = result.language, result.study.get("data") or {}
    scheme = "given" if study.get("indices") else str(study.get("scheme") or "cases")
    said = word(f"scheme_{scheme}", language)
    if scheme == "replicate_weights":
        kind = (data.get("replicate_weights") or {}).get("type")
        return f"{said} ({word(f'weights_{kind}', language)})" if kind else said
    if scheme == "cluster" and data.get("strata"):
        said = word("scheme_cluster_strata", language)
        return word("scheme_fpc" if data.get("fpc") else "scheme_rescaled", language, scheme=said)
    if data.get("fpc") and scheme not in (*UNSCALED, "given"):
        return word("scheme_fpc", language, scheme=said)
    return said

"""What the calibration page says in sentences: its verdict, how it was made, and how to read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import fmean
from typing import Any

import pandas as pd

from werksem.calibrate.coverage import FAILED, LEAST, MARGIN, Z95
from werksem.calibrate.summary import Kept, per_kind, standing
from werksem.calibrate.words import said
from werksem.report.messages import messages
from werksem.report.numbers import beta, count, level_percent, number, percent

__all__ = ["elsewhere_said", "made_of", "verdict_more", "verdict_said"]

# of a correlation of answers, beyond which the page says that the population is not quite the model's
FAR = 0.0005
# beyond which it says so beside the verdict: what the comparison of engines calls a difference of betas
ELSEWHERE = 0.05


def verdict_said(manifest: Mapping[str, Any], kept: Kept | None, language: str) -> str:
    """Return the first sentence: whether the study keeps its word, and how often its intervals are right."""
    if kept is None:
        return said("none_own", language)
    key = {
        "broken": "broken" if kept.off else "broken_posterior", "undecided": "undecided_study",
        "kept": "kept",
    }[standing(kept)]  # fmt: skip
    return said(
        key, language, n=count(manifest["n"], language), covers=_covers(kept, language),
        count=count(kept.off, language), total=count(kept.total, language),
        are=said("are_one" if kept.off == 1 else "are", language),
    )  # fmt: skip


def verdict_more(kept: Kept | None, language: str) -> str:
    """Return what could have been missed, how many surveys would tell, and of what nothing is said."""
    if kept is None:
        return ""
    unjudged = _unjudged(kept, language)
    if not kept.undecided:
        return unjudged
    found = said(
        "undecided_more", language, count=count(kept.undecided, language), total=count(kept.total, language),
        margin=number(100 * MARGIN, language, 0), short=number(100 * kept.short, language, 1),
    )  # fmt: skip
    more = said("enough", language, more=_asked(kept.more, language)) if kept.more else ""
    doubtful = said("doubtful", language, count=count(kept.doubtful, language)) if kept.doubtful else ""
    return " ".join(filter(None, (found, more, doubtful, unjudged)))


def elsewhere_said(manifest: Mapping[str, Any], language: str) -> str:
    """Return that surveys were drawn from another population than the model's; empty where hardly so."""
    found = float(manifest.get("distance") or 0.0)
    return said("elsewhere", language, distance=beta(found, language, 2)) if found > ELSEWHERE else ""


def _unjudged(kept: Kept, language: str) -> str:
    """Return of how many intervals there is nothing to say, and why; empty without such."""
    if not kept.unjudged:
        return ""
    few = _asked(kept.few, language)
    return said("unjudged", language, count=count(kept.unjudged, language), few=few, least=LEAST)


def _covers(kept: Kept, language: str) -> str:
    """Return how often intervals of each level are right."""
    parts = [
        said("covers", language, level=level_percent(level, language), share=percent(share, language, 1))
        for level, share in kept.shares
        if share == share
    ]
    return said("and", language).join(parts) or percent(0.0, language, 0)


def _asked(surveys: tuple[tuple[str, int], ...], language: str) -> str:
    """Return how many surveys, by the keys that ask for them."""
    parts = [f"{key}: {count(number, language)}" for key, number in surveys]
    return said("and", language).join(parts)


def made_of(
    manifest: Mapping[str, Any], table: pd.DataFrame, powers: pd.DataFrame, language: str
) -> tuple[str, ...]:
    """Return how the surveys were made, and how to read what came of them."""
    return (
        *_population(manifest, table, language), *_power(manifest, powers, language),
        *([said("weights", language)] if manifest.get("weights") else []), _rule(manifest, language),
        *messages((*manifest.get("warnings", ()), *manifest.get("notes", ())), language),
    )  # fmt: skip


def _population(manifest: Mapping[str, Any], table: pd.DataFrame, language: str) -> Iterator[str]:
    surveys, n = (count(number, language) for number in (manifest["calibrate"]["surveys"], manifest["n"]))
    clusters = manifest.get("clusters")
    organisations = (
        said("clusters", language, count=count(clusters, language))
        if clusters
        else said("no_clusters", language)
    )
    rest = f"{organisations} {said('blanks' if manifest.get('blanks') else 'no_blanks', language)}"
    key = "made_of" if manifest.get("data") else "of_moments"
    yield said(key, language, surveys=surveys, n=n, rest=rest)
    if FAR < manifest["distance"] <= ELSEWHERE:
        yield said("distance", language, distance=beta(manifest["distance"], language, 3))
    yield from (
        *_sizes(table, language),
        *_alike(manifest, language),
        *_traits(manifest, language),
        *_of_groups(table, language),
    )
    kinds = per_kind(table)
    if len(kinds) and (kinds["failed"].max() or kinds["heywood"].max()):
        counts = {key: count(kinds[key].max(), language) for key in ("failed", "heywood")}
        yield said("failed", language, surveys=surveys, **counts)


def _sizes(table: pd.DataFrame, language: str) -> Iterator[str]:
    """Yield that respondents differ in number by outcome, where they do."""
    if table["n"].nunique() > 1:
        ends = {"low": count(table["n"].min(), language), "high": count(table["n"].max(), language)}
        yield said("n_differs", language, **ends)


def _alike(manifest: Mapping[str, Any], language: str) -> Iterator[str]:
    """Yield how alike the answers of an organisation are, in the data and in the simulation."""
    rows = [row for row in manifest.get("icc") or [] if row["data"] is not None]
    if rows:
        values = {
            f"{name}{end}": beta(found([row[name] for row in rows]), language, 3)
            for name in ("data", "drawn")
            for end, found in (("", fmean), ("_low", min), ("_high", max))
        }
        yield said("icc", language, **values)


def _traits(manifest: Mapping[str, Any], language: str) -> Iterator[str]:
    """Yield which traits of organisations are as in the data, and which are drawn anew."""
    for key in ("kept_traits", "drawn_traits"):
        if names := manifest.get(key):
            yield said(key, language, names=", ".join(names))


def _of_groups(table: pd.DataFrame, language: str) -> Iterator[str]:
    """Yield that intervals of a posterior's groups are not judged, where there are any."""
    if ((table["engine"] == "bayes") & (table["group"] != "all")).any():
        yield said("groups_alike", language)


def _power(manifest: Mapping[str, Any], powers: pd.DataFrame, language: str) -> Iterator[str]:
    if len(powers):
        units = said("power_units", language) if manifest.get("clusters") else ""
        size = beta(manifest["calibrate"]["difference"], language)
        yield said("power_note", language, size=size, units=units)


def _rule(manifest: Mapping[str, Any], language: str) -> str:
    """Return when an interval is in order, and how far simulation alone moves a coverage."""
    surveys = manifest["calibrate"]["surveys"]
    error = Z95 * (0.95 * 0.05 / surveys) ** 0.5
    return said(
        "margin", language, margin=number(100 * MARGIN, language, 0), error=percent(error, language),
        surveys=count(surveys, language), least=LEAST, failed=percent(FAILED, language, 0),
    )  # fmt: skip

"""``calibration.html`` and ``badge.svg`` of a calibration's folder, from the files in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import fmean
from typing import Any

import pandas as pd

from werksem.calibrate.badge import badge
from werksem.calibrate.coverage import MARGIN
from werksem.calibrate.figure import coverage_picture
from werksem.calibrate.folder import Calibration, read_calibration
from werksem.calibrate.posterior_shown import (
    ranks_said,
    ranks_table,
    sectors_said,
    sectors_table,
    sizes_table,
)
from werksem.calibrate.ranks_figure import ranks_picture
from werksem.calibrate.summary import Kept, kept_of, per_kind
from werksem.calibrate.tables_shown import kinds_table, paths_table, power_said, power_tables
from werksem.calibrate.words import said
from werksem.report.numbers import beta, count, level_percent, percent
from werksem.report.pages import made, page
from werksem.report.reading import running
from werksem.report.words import word

__all__ = ["PAGE", "make_calibration_page", "verdict_said"]

PAGE, BADGE = "calibration.html", "badge.svg"
# of a correlation of answers, beyond which the page says that the population is not quite the model's
FAR = 0.0005


def make_calibration_page(folder: Path) -> Path:
    """Write the page and the badge of a folder, and return the page's path."""
    found = read_calibration(folder)
    manifest, language, table, powers = found.manifest, found.language, found.coverage, found.power
    kept = kept_of(table)
    content = _content(manifest, table, powers, kept, language) | _posterior(found)
    if kept is not None:
        (folder / BADGE).write_text(badge(kept, language) + "\n", encoding="utf-8", newline="\n")
    (folder / PAGE).write_text(page("calibration.html.j2", content), encoding="utf-8", newline="\n")
    return folder / PAGE


def _content(
    manifest: Mapping[str, Any], table: pd.DataFrame, powers: pd.DataFrame, kept: Kept | None, language: str
) -> dict[str, Any]:
    return {
        "language": language, "version": manifest.get("werksem", ""), "running": running(manifest, language),
        "title": said("title", language, title=manifest.get("title") or manifest.get("study") or "werksem"),
        "source": manifest.get("source") or "", "made": made(manifest, language),
        "banner": word("banner", language) if manifest.get("synthetic") else "",
        "badge": "" if kept is None else badge(kept, language),
        "verdict": verdict_said(manifest, kept, language), "tone": "good" if not manifest["off"] else "bad",
        "limits": said("limits", language), "made_of": made_of(manifest, table, language),
        "headings": {key: said(key, language) for key in ("coverage", "paths", "power_heading", "reading")},
        "figure": coverage_picture(table, language),
        "figure_note": _figure_note(manifest, table, language),
        "kinds": kinds_table(table, language), "paths": paths_table(table, powers, manifest, language),
        "power_said": power_said(powers, manifest, language),
        "powers": power_tables(powers, manifest, language),
    }  # fmt: skip


def _posterior(found: Calibration) -> dict[str, Any]:
    """Return what the page says of the posterior."""
    language = found.language
    return {
        "posterior": said("posterior", language), "ranks_said": ranks_said(found.sbc, language),
        "ranks": ranks_table(found.sbc, found.manifest, language),
        "ranks_figure": ranks_picture(found.ranks, language), "ranks_note": said("ranks_note", language),
        "smallest": said("smallest", language), "smallest_said": sectors_said(found.sectors, language),
        "sectors": sectors_table(found.sectors, found.manifest, language),
        "sizes": sizes_table(found.sectors, language),
    }  # fmt: skip


def _figure_note(manifest: Mapping[str, Any], table: pd.DataFrame, language: str) -> str:
    """Return how to read the figure; of the posterior there are fewer surveys."""
    note = said("coverage_note", language, surveys=_surveys(manifest, language))
    if "bayes" not in set(table["engine"]):
        return note
    posteriors = count(manifest["calibrate"]["posteriors"], language)
    return f"{note} {said('coverage_posterior', language, posteriors=posteriors)}"


def _surveys(manifest: Mapping[str, Any], language: str) -> str:
    return count(manifest["calibrate"]["surveys"], language)


def verdict_said(manifest: Mapping[str, Any], kept: Kept | None, language: str) -> str:
    """Return the first sentence: whether the study keeps its word, and how often its intervals are right."""
    if kept is None:
        return said("none_own", language)
    values = {
        "n": count(manifest["n"], language), "level": level_percent(kept.level, language),
        "share": percent(kept.share, language, 1), "count": count(kept.off, language),
        "total": count(kept.total, language),
    }  # fmt: skip
    return said("broken" if kept.off else "kept", language, **values)


def made_of(manifest: Mapping[str, Any], table: pd.DataFrame, language: str) -> tuple[str, ...]:
    """Return how the surveys were made, and how to read what came of them."""
    values = {"surveys": _surveys(manifest, language), "n": count(manifest["n"], language)}
    clusters = manifest.get("clusters")
    rest = [
        said("clusters", language, count=count(clusters, language))
        if clusters
        else said("no_clusters", language),
        said("blanks" if manifest.get("blanks") else "no_blanks", language),
    ]
    from_file = bool(manifest.get("data"))
    lines = [said("made_of" if from_file else "of_moments", language, **values, rest=" ".join(rest))]
    if manifest["distance"] > FAR:
        lines.append(said("distance", language, distance=beta(manifest["distance"], language, 3)))
    lines += [*_sizes(table, language), *_alike(manifest, language), *_of_groups(table, language)]
    kinds = per_kind(table)
    if len(kinds) and (kinds["failed"].max() or kinds["heywood"].max()):
        counts = {key: count(kinds[key].max(), language) for key in ("failed", "heywood")}
        lines.append(said("failed", language, surveys=values["surveys"], **counts))
    error = (0.95 * 0.05 / manifest["calibrate"]["surveys"]) ** 0.5
    return (
        *lines,
        said(
            "margin", language, margin=percent(MARGIN, language, 0), error=percent(error, language),
            surveys=values["surveys"],
        ),
    )  # fmt: skip


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


def _of_groups(table: pd.DataFrame, language: str) -> Iterator[str]:
    """Yield that intervals of a posterior's groups are not judged, where there are any."""
    if ((table["engine"] == "bayes") & (table["group"] != "all")).any():
        yield said("groups_alike", language)

"""``calibration.html`` and ``badge.svg`` of a calibration's folder, from the files in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from werksem.calibrate.badge import badge
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
from werksem.calibrate.sentences import elsewhere_said, made_of, verdict_more, verdict_said
from werksem.calibrate.summary import Kept, kept_of, posterior_off, standing
from werksem.calibrate.tables_shown import kinds_table, paths_table, power_said, power_tables
from werksem.calibrate.words import said
from werksem.report.numbers import count
from werksem.report.pages import made, page
from werksem.report.reading import running
from werksem.report.words import word

__all__ = ["PAGE", "make_calibration_page"]

PAGE, BADGE = "calibration.html", "badge.svg"
TONES = {"kept": "good", "undecided": "warn", "broken": "bad"}


def make_calibration_page(folder: Path) -> Path:
    """Write the page and the badge of a folder, and return the page's path."""
    found = read_calibration(folder)
    manifest, language, table, powers = found.manifest, found.language, found.coverage, found.power
    kept = kept_of(table, found.sbc)
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
        "verdict": verdict_said(manifest, kept, language), "tone": TONES.get(standing(kept), ""),
        "verdict_more": verdict_more(kept, language), "limits": said("limits", language),
        "elsewhere": elsewhere_said(manifest, language),
        "made_of": made_of(manifest, table, powers, language),
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
        "tone_posterior": "bad" if posterior_off(found.sbc) else "",
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

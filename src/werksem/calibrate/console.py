"""What a calibration says on the terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from werksem.calibrate.coverage import off
from werksem.calibrate.folder import Calibration, read_calibration
from werksem.calibrate.names import kind_name, path_name
from werksem.calibrate.page import PAGE
from werksem.calibrate.posterior_shown import ranks_said, sectors_said
from werksem.calibrate.sentences import elsewhere_said, verdict_more, verdict_said
from werksem.calibrate.summary import kept_of, per_kind, standing
from werksem.calibrate.tables_shown import ends, power_said
from werksem.calibrate.words import said
from werksem.compare.cells import records
from werksem.report.numbers import percent

__all__ = ["calibration_document", "calibration_lines"]

# of intervals that are off; the rest is in the table
MOST = 10


def calibration_lines(folder: Path) -> tuple[str, ...]:
    """Return the verdict, coverage per kind of interval, power, what is off, and where the rest is."""
    found = read_calibration(folder)
    language, kinds = found.language, per_kind(found.coverage)
    names = [kind_name(row["engine"], row["interval"], language) for row in records(kinds)]
    width = max(map(len, names), default=0)
    lines = [
        f"  {name:<{width}}  {_covers(row, language)}{'  ← ' + said('own', language) if row['own'] else ''}"
        for name, row in zip(names, records(kinds), strict=True)
    ]
    if lines:
        lines.insert(0, said("coverage_line", language))
    wrong = [_off(found, row) for row in records(off(found.coverage))]
    power = power_said(found.power, found.manifest, language)
    kept = kept_of(found.coverage, found.sbc)
    verdict = f"{verdict_said(found.manifest, kept, language)} {verdict_more(kept, language)}".rstrip()
    more = (f"  … + {len(wrong) - MOST}",) if len(wrong) > MOST else ()
    beside = filter(None, (ranks_said(found.sbc, language), sectors_said(found.sectors, language)))
    elsewhere = filter(None, (elsewhere_said(found.manifest, language),))
    return (verdict, *elsewhere, *wrong[:MOST], *more, *lines, *power, *beside, str(folder / PAGE))


def _covers(row: Mapping[str, Any], language: str) -> str:
    """Return the mean coverage of a kind of interval and its ends; in words where there is none."""
    if pd.isna(row["coverage"]):
        return said("coverage_none", language)
    mean, span = (
        percent(row["coverage"], language),
        ends(pd.Series([row["lowest"], row["highest"]]), language, 1),
    )
    return f"{mean:>6}" if span == mean else f"{mean:>6}  ({span})"


def _off(found: Calibration, row: dict[str, Any]) -> str:
    """Return a line on an interval that breaks its promise, with its coverage or the surveys that failed."""
    language, verdict = found.language, row["verdict"]
    name = kind_name(row["engine"], row["interval"], language)
    word = said(verdict, language)
    path = path_name(found.manifest, row, language)
    share = row["failed"] / row["surveys"] if verdict == "not in order" else row["coverage"]
    return f"  {name}: {path} ({row['quantity']}): {word} ({percent(share, language)})"


def calibration_document(folder: Path, code: int) -> dict[str, Any]:
    """Return the verdict, coverage per kind of interval and what is off, for ``--json``."""
    found = read_calibration(folder)
    kept = kept_of(found.coverage, found.sbc)
    return {
        "ok": code == 0, "exit_code": code, "folder": str(folder), "study": found.manifest.get("study", ""),
        "n": found.manifest.get("n"), "verdict": verdict_said(found.manifest, kept, found.language),
        "standing": standing(kept), "distance": found.manifest.get("distance"),
        "coverage": {} if kept is None else {
            f"{level:g}": share if share == share else None for level, share in kept.shares
        },
        "kinds": records(per_kind(found.coverage)),
        "off": records(off(found.coverage)), "power": records(found.power),
        "sbc": records(found.sbc), "smallest_sector": records(found.sectors),
    }  # fmt: skip

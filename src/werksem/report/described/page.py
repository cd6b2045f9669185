"""``tables.html`` from a folder with descriptive tables: one file that opens offline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from werksem.compare.cells import records
from werksem.report.claims_pages import evidence_said
from werksem.report.described.folder import Described, label_of, read_described
from werksem.report.described.layout import Shown, shown_tables
from werksem.report.described.words import said
from werksem.report.messages import messages
from werksem.report.numbers import count, level_percent
from werksem.report.pages import made, page
from werksem.report.reading import running
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import word
from werksem.survey.formulas import undone_table

__all__ = ["claims_shown", "make_page", "method_said"]

TONES = {"bevestigd": "good", "weerlegd": "bad"}


def make_page(folder: Path) -> Path:
    """Write ``tables.html`` into a folder with tables, from the files in it, and return its path."""
    found = read_described(folder)
    path = folder / "tables.html"
    text = page("tables.html.j2", _content(found))
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _content(found: Described) -> dict[str, Any]:
    language, manifest, tables = found.language, found.manifest, shown_tables(found)
    return {
        "language": language,
        "title": manifest.get("title") or manifest.get("study") or "werksem",
        "source": manifest.get("source") or "",
        "source_word": word("source", language),
        "made": made(manifest, language),
        "banner": word("banner", language) if manifest.get("synthetic") else "",
        "contents": word("contents", language),
        "scrollable": word("scrollable", language),
        "bar": said("bar", language),
        "method": method_said(found),
        "tables": tables,
        "links": _links(tables),
        "claims": claims_shown(found),
        "version": manifest.get("werksem", ""),
        "running": running(manifest, language),
    }


def _links(tables: Sequence[Shown]) -> list[str]:
    """Return what the link to each table says: its title, and its name where others have that title too."""
    times = Counter(shown.title for shown in tables)
    return [f"{t.title} ({t.name})" if times[t.title] > 1 else t.title for t in tables]


def method_said(found: Described, key: str = "made") -> tuple[str, ...]:
    """Return how the numbers were made: rows, weights, design, intervals, and what may be shown."""
    language, data = found.language, found.manifest["data"]
    waves = [data, *data.get("waves", {}).values()]
    rows = [
        said("rows", language, file=wave["file"], read=count(wave["rows_read"], language),
             used=count(wave["rows_used"], language))
        for wave in waves
    ]  # fmt: skip
    design = found.manifest.get("design", {})
    parts = [said(f"design_{key}", language, name=name) for key, name in design.items() if key != "weights"]
    how = ", ".join(parts) or said("design_simple", language)
    level = level_percent(found.manifest["level"], language)
    weights = design.get("weights")
    weighed = said("weighted", language, name=weights) if weights else said("unweighted", language)
    told = [*found.manifest.get("warnings", ()), *found.manifest.get("notes", ())]
    return (*rows, f"{weighed} {said(key, language, design=how, level=level)}", *messages(told, language))


def claims_shown(found: Described) -> Table | None:
    """Return the claims that were tested, with verdict and evidence, None where there are none."""
    path = found.folder / "claims.csv"
    if not path.is_file():
        return None
    language = found.language
    rows = records(undone_table(pd.read_csv(path, dtype=str, keep_default_na=False)))
    labels = {name: label_of(found, name) for name in found.manifest.get("model", {}).get("labels", {})}
    prefix = "synthetic " if found.manifest.get("synthetic") else ""
    lines = tuple(
        (Cell(row["statement"], row["id"]),
         Cell(word(prefix + row["verdict"], language), tone=TONES.get(row["verdict"], "quiet")),
         Cell(evidence_said(row["evidence"], labels, language)))
        for row in rows
    )  # fmt: skip
    heads = (said("claim", language), word("verdict", language), said("evidence", language))
    columns = tuple(Column(head) for head in heads)
    return Table(said("claims", language), columns, (Body("", lines),), wide=True)

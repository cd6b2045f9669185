"""How results look in a notebook and in a terminal: what the command line prints."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

from werksem.report.described.folder import is_described
from werksem.results import read_manifest

__all__ = ["as_html", "as_text"]

WIDTH = 100
# more rows of effects than this show their sums only; the report has them all
MOST_EFFECTS = 12


def as_text(folder: Path) -> str:
    """Return the summary that ``fit`` or ``describe`` prints, without colours; the name of a folder gone."""
    from rich.console import Console

    from werksem.report.console import print_summary
    from werksem.report.described.console import print_tables

    if not (folder / "manifest.json").is_file():
        return f"results in {folder}, which is gone"
    screen = StringIO()
    show = print_tables if is_described(read_manifest(folder)) else print_summary
    show(folder, Console(file=screen, width=WIDTH))
    return screen.getvalue().rstrip()


def as_html(folder: Path) -> str:
    """Return the summary as HTML for a notebook: banner, n, warnings, comparison, indirect effects."""
    from werksem.report.pages import page

    found = _tables(folder) if is_described(read_manifest(folder)) else _summary(folder)
    return page("notebook.html.j2", found).removesuffix("\n")


def _summary(folder: Path) -> dict[str, Any]:
    from werksem.report.advice import attention
    from werksem.report.answer import brief, comparison_tables, sizes, warnings_of
    from werksem.report.effects import effects_table
    from werksem.report.folder import read_result
    from werksem.report.words import word

    result = read_result(folder)
    effects = effects_table(result)
    few = sum(len(body.rows) for body in effects.bodies) <= MOST_EFFECTS
    return {
        **_head(result.manifest, result.language),
        "sizes": [f"{engine} n = {n}" for engine, n in sizes(result)],
        "warnings_word": word("warnings", result.language),
        "warnings": (*warnings_of(result), *attention(result)),
        "brief": brief(result)[:1],
        "tables": [table for table in (*comparison_tables(result), effects if few else None) if table],
        "page": _page(folder / "report.html", word("report_at", result.language)),
    }


def _tables(folder: Path) -> dict[str, Any]:
    from werksem.report.described.folder import read_described
    from werksem.report.described.layout import shown_tables
    from werksem.report.described.page import method_said
    from werksem.report.words import word

    found = read_described(folder)
    return {
        **_head(found.manifest, found.language),
        "sizes": (), "warnings_word": "", "warnings": (), "brief": method_said(found),
        "tables": [shown.table for shown in shown_tables(found)],
        "page": _page(folder / "tables.html", word("report_at", found.language)),
    }  # fmt: skip


def _head(manifest: Any, language: str) -> dict[str, Any]:
    from werksem.report.words import word

    return {
        "language": language,
        "title": manifest.get("title") or manifest.get("study") or "werksem",
        "banner": word("banner", language) if manifest.get("synthetic") else "",
    }


def _page(path: Path, said: str) -> str:
    return f"{said}: {path}" if path.is_file() else ""

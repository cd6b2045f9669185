"""``tables.tex``, which compiles by itself, and ``tables/NAME.tex`` to put into a paper with ``\\input``.

The rows are drawn by a template and not by pandas' ``Styler.to_latex``: it has no headings across columns,
no second lines, no columns of numbers with stars hanging after them, and says "Continued on next page" in
English only.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from werksem.report.publish.latex_text import escaped
from werksem.report.publish.layout import MARGIN, Laid, fits_a_page, laid_out
from werksem.report.publish.publication import Named, Publication
from werksem.report.publish.words import said
from werksem.report.table import Cell, Column, column_cells

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["document", "fragment", "write_latex"]

# LaTeX's own type beside Times
WIDER = 1.08


def write_latex(found: Publication, folder: Path) -> Path:
    """Write ``tables.tex`` and a file per table; return the path of the first."""
    place = folder / "tables"
    place.mkdir(exist_ok=True)
    for one in found.tables:
        (place / f"{one.name}.tex").write_text(fragment(found, one), encoding="utf-8", newline="\n")
    path = folder / "tables.tex"
    path.write_text(document(found), encoding="utf-8", newline="\n")
    return path


def document(found: Publication) -> str:
    """Return all tables as one document for pdfLaTeX, XeLaTeX or LuaLaTeX."""
    language = found.language
    return _templates().get_template("tables.tex.j2").render(
        babel="dutch" if language == "nl" else "british",
        title=escaped(found.title),
        banner=escaped(found.banner),
        source=escaped(said("source", language, source=found.source)) if found.source else "",
        method=escaped(said("method", language)),
        methods=[escaped(text) for text in found.methods],
        tables=[fragment(found, one) for one in found.tables],
    )  # fmt: skip


def fragment(found: Publication, one: Named) -> str:
    """Return one table (its parts, where it is too wide for a page) with caption, label and notes."""
    template = _templates().get_template("table.tex.j2")
    return "".join(
        template.render(_content(found, one, laid)) for laid in laid_out(one.table, found.language, WIDER)
    )


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("werksem.report"), autoescape=False, undefined=StrictUndefined,
        block_start_string="<%", block_end_string="%>", variable_start_string="<<", variable_end_string=">>",
        comment_start_string="<#", comment_end_string="#>", trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip


def _content(found: Publication, one: Named, laid: Laid) -> dict[str, object]:
    """Return everything that the template of a table shows, escaped."""
    language, table = found.language, laid.table
    caption = table.caption + (f" ({said('synthetic', language)})" if found.banner else "")
    if laid.parts > 1:
        caption += f" ({said('part', language, part=laid.part, parts=laid.parts)})"
    return {
        "landscape": laid.landscape,
        "size": r"\small" if laid.scale == 1 else r"\footnotesize",
        "again": laid.part > 1,
        "columns": "".join(_column(*pair) for pair in _pairs(laid)),
        "caption": escaped(caption),
        "label": one.name if laid.part == 1 else f"{one.name}-{laid.part}",
        "head": " & ".join(_head(*pair) for pair in _pairs(laid)),
        "table": said("table", language),
        "continued": said("continued", language),
        "span": len(table.columns),
        "bodies": [(escaped(body.heading), list(_lines(laid, body.rows))) for body in table.bodies],
        "kept": fits_a_page(laid),
        "note": escaped(said("note", language)),
        "notes": " ".join(escaped(note) for note in table.notes),
    }


def _pairs(laid: Laid) -> Iterator[tuple[Column, float]]:
    return zip(laid.table.columns, laid.widths, strict=True)


def _column(column: Column, width: float) -> str:
    """Return a column's format: text of a width, or numbers to the right."""
    return "r" if column.numeric else rf">{{\raggedright\arraybackslash}}p{{{width - MARGIN:.2f}cm}}"


def _head(column: Column, width: float) -> str:
    text = escaped(column.header)
    if not column.numeric:
        return text
    return rf"\multicolumn{{1}}{{>{{\centering\arraybackslash}}b{{{width - MARGIN:.2f}cm}}}}{{{text}}}"


def _lines(laid: Laid, rows: tuple[tuple[Cell, ...], ...]) -> Iterator[str]:
    r"""Yield each row; one that begins with [ or * would be read as an option of the \\ before it."""
    longest = [
        max((cell.mark for cell in column_cells(laid.table, at)), key=len, default="")
        for at in range(len(laid.widths))
    ]
    for row in rows:
        columns = zip(row, laid.table.columns, longest, strict=True)
        cells = [_cell(cell, column, mark) for cell, column, mark in columns]
        yield ("{}" if cells[0].startswith(("[", "*")) else "") + " & ".join(cells)


def _cell(cell: Cell, column: Column, longest: str) -> str:
    """Return a cell: its number with room for the longest mark, and below it what stands in smaller type."""
    text = escaped(cell.text)
    text = rf"\textbf{{{text}}}" if cell.tone == "strong" and text else text
    if column.numeric and text:
        absent = longest[len(cell.mark) :]
        text += escaped(cell.mark) + (rf"\phantom{{{escaped(absent)}}}" if absent else "")
    if not cell.sub:
        return text
    below = rf"{{\scriptsize {escaped(cell.sub)}}}"
    if not column.numeric:
        return rf"{text}\newline {below}"
    return rf"\begin{{tabular}}[t]{{@{{}}r@{{}}}}{text}\\{below}\end{{tabular}}"

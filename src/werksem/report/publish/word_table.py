"""One table in Word: three rules, numbers on their decimal sign, rows that are never broken.

Numbers are aligned by indents from the right, computed from the type's own widths. Word's decimal tab
takes the decimal sign of the computer's settings: a Dutch table would fall apart on an English computer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werksem.report.publish.layout import BELOW, MARGIN, SIZE, Laid, fits_a_page
from werksem.report.publish.text_width import DECIMAL, aligned
from werksem.report.publish.word_parts import kept_whole, margins, repeated, ruled
from werksem.report.table import Body, Cell, column_cells

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table as WordTable
    from docx.table import _Cell, _Row
    from docx.text.paragraph import Paragraph

__all__ = ["add_table"]


def add_table(document: Document, laid: Laid, language: str) -> None:
    """Add a table: header, headings of bodies across it, rows; lines around the header and at the end."""
    table = _empty(document, laid)
    _header(table.rows[0], laid)
    indents = [_indents(laid, at, DECIMAL[language]) for at in range(len(laid.widths))]
    for number, body in enumerate(laid.table.bodies):
        if body.heading:
            _heading(table, laid, body)
        for line, row in enumerate(body.rows):
            cells = _row(table, laid).cells
            parted = number > 0 and line == 0 and not body.heading
            for at, cell in enumerate(row):
                _filled(cells[at], cell, indents[at], laid.scale)
                if parted:
                    ruled(cells[at], "top")
    _ended(table, laid)


def _empty(document: Document, laid: Laid) -> WordTable:
    """Return a table of one row with the columns' widths."""
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Cm

    table = document.add_table(rows=1, cols=len(laid.widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    margins(table, MARGIN / 2 - 0.03)
    for column, size in zip(table.columns, laid.widths, strict=True):
        column.width = Cm(size)
    return table


def _row(table: WordTable, laid: Laid) -> _Row:
    """Add a row, of which every cell has its width."""
    from docx.shared import Cm

    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    for cell, size in zip(row.cells, laid.widths, strict=True):
        cell.width = Cm(size)
    kept_whole(row)
    return row


def _header(row: _Row, laid: Laid) -> None:
    """Fill the header, which is repeated on every page."""
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    for cell, column, size in zip(row.cells, laid.table.columns, laid.widths, strict=True):
        cell.width = Cm(size)
        paragraph = _paragraph(cell, column.header, laid.scale)
        if column.numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        ruled(cell, "top", "bottom")
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
    kept_whole(row)
    repeated(row)


def _heading(table: WordTable, laid: Laid, body: Body) -> None:
    """Add a heading across all columns, in italics, on the page of what follows."""
    cells = _row(table, laid).cells
    cell = cells[0].merge(cells[-1]) if len(cells) > 1 else cells[0]
    for empty in cell.paragraphs[1:]:
        empty._p.getparent().remove(empty._p)
    paragraph = _paragraph(cell, body.heading, laid.scale)
    paragraph.runs[0].italic = True
    paragraph.paragraph_format.keep_with_next = True


def _paragraph(cell: _Cell, text: str, scale: float) -> Paragraph:
    """Return the first paragraph of a cell, filled, without room around it."""
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    _tight(paragraph)
    paragraph.add_run(text).font.size = Pt(SIZE * scale)
    return paragraph


def _tight(paragraph: Paragraph) -> None:
    from docx.shared import Pt

    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(1), Pt(1), 1.0


def _filled(place: _Cell, cell: Cell, indents: dict[str, float] | None, scale: float) -> None:
    """Fill a cell: its number on the decimal sign, and its second line below in smaller type."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    text = cell.text + cell.mark
    paragraph = _paragraph(place, text, scale)
    paragraph.runs[0].bold = True if cell.tone == "strong" else None
    if indents is not None:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Cm(indents[text])
    if cell.sub:
        below = place.add_paragraph()
        _tight(below)
        below.add_run(cell.sub).font.size = Pt(BELOW * scale)
        if indents is not None:
            below.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _indents(laid: Laid, at: int, sign: str) -> dict[str, float] | None:
    """Return how far each number of a column ends from its right side (cm), None for a column of text.

    Their decimal signs stand below one another, and they all together in the column's middle.
    """
    if not laid.table.columns[at].numeric:
        return None
    total, ends = aligned(column_cells(laid.table, at), SIZE * laid.scale, sign)
    side = max(laid.widths[at] - MARGIN - total, 0.0) / 2
    return {text: round(side + end, 3) for text, end in ends.items()}


def _ended(table: WordTable, laid: Laid) -> None:
    """Draw the line at the end; keep a table that fits a page on one, and the notes with its last row."""
    for cell in dict.fromkeys(table.rows[-1].cells):
        ruled(cell, "bottom")
    rows = list(table.rows)
    noted = rows[-1:] if laid.table.notes else []
    for row in [*(rows[:-1] if fits_a_page(laid) else ()), *noted]:
        for cell in dict.fromkeys(row.cells):
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True

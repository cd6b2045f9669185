"""A figure that stands alone: title, panels, how to read them, and where they come from, as SVG and PNG."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from io import StringIO
from pathlib import Path
from typing import Any

from werksem.report.legible import legible
from werksem.report.palette import INK, NEGATIVE, QUIET
from werksem.report.sketch import Sketch
from werksem.report.style import FONT, FONTS, RC, SMALL, canvas, wrapped
from werksem.report.svg import METADATA, clean_svg

__all__ = ["Sheet", "write_sheet"]

MARGIN, GAP = 16.0, 22.0
TITLE, LINE = 13.0, 14.0
DPI = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's name without ending, its heading and the study's title, a banner, panels and notes.

    ``named`` writes each panel's title above it.
    """

    name: str
    title: str
    study: str
    banner: str
    sketches: tuple[Sketch, ...]
    notes: tuple[str, ...]
    source: str
    columns: int = 1
    named: bool = True


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text: its height on the sheet, size, colour and weight."""

    text: str
    y: float
    size: float
    colour: str
    bold: bool = False


def write_sheet(folder: Path, sheet: Sheet) -> tuple[Path, Path]:
    """Write ``NAME.svg`` (text as text) and ``NAME.png`` (200 dpi, white), drawn once; return their paths."""
    from matplotlib import rc_context

    vector, image = folder / f"{sheet.name}.svg", folder / f"{sheet.name}.png"
    with rc_context(RC):
        figure = _drawn(sheet)
        stream = StringIO()
        figure.savefig(stream, format="svg", metadata=METADATA, transparent=True)
        alt = " ".join(filter(None, (sheet.banner, *(sketch.alt for sketch in sheet.sketches))))
        vector.write_text(_alone(stream.getvalue(), sheet.title, alt), encoding="utf-8", newline="\n")
        figure.savefig(
            image, format="png", dpi=DPI, facecolor="white", metadata={"Software": None},
            pil_kwargs={"compress_level": 1},
        )  # fmt: skip
    return vector, image


def _alone(text: str, title: str, alt: str) -> str:
    """Return SVG text as a file: a white ground, fonts to choose from, a title, and nothing to fetch."""
    inside = clean_svg(text, "f", alt)
    head, _, rest = inside.partition(">")
    root = head.replace(
        '<svg class="figure"', f'<svg xmlns="http://www.w3.org/2000/svg" style="font-family: {FONTS}"'
    )
    ground = '<rect width="100%" height="100%" fill="#ffffff"/>'
    return f"{root}>\n<title>{escape(legible(title))}</title>\n{ground}{rest}\n"


def _drawn(sheet: Sheet) -> Any:
    """Return the matplotlib figure of a sheet."""
    widths = [sketch.width for sketch in sheet.sketches]
    width = max(widths) * sheet.columns + GAP * (sheet.columns - 1) + 2 * MARGIN
    head = _head(sheet, width)
    rows = [sheet.sketches[at : at + sheet.columns] for at in range(0, len(sheet.sketches), sheet.columns)]
    label = LINE + 6 if sheet.named else 0.0
    top = head[-1].y + LINE + 4
    tops = [top]
    for row in rows:
        tops.append(tops[-1] + label + max(sketch.height for sketch in row) + GAP / 2)
    foot = _foot(sheet, width, tops[-1] + 8)
    figure = canvas(width, foot[-1].y + MARGIN)
    lines = [*head, *foot]
    for row, y in zip(rows, tops, strict=False):
        for at, sketch in enumerate(row):
            x = MARGIN + at * (max(widths) + GAP)
            if sheet.named:
                _text(figure, _Line(sketch.title, y + 7, FONT, INK, True), x)
            sketch.draw(figure, x, y + label)
    for line in lines:
        _text(figure, line, MARGIN)
    return figure


def _head(sheet: Sheet, width: float) -> list[_Line]:
    room = width - 2 * MARGIN
    y, lines = MARGIN + 4, []
    for text, size, colour, bold in (
        (sheet.title, TITLE, INK, True),
        (sheet.study, SMALL, QUIET, False),
        (sheet.banner, SMALL, NEGATIVE, True),
    ):
        for part in wrapped(text, room * (0.9 if bold else 1), size, 3):
            lines.append(_Line(part, y, size, colour, bold))
            y += LINE + (3 if size == TITLE else 0)
    return lines


def _foot(sheet: Sheet, width: float, top: float) -> list[_Line]:
    lines, y = [], top
    for text in (*sheet.notes, sheet.source):
        for part in wrapped(text, width - 2 * MARGIN, SMALL, 30):
            lines.append(_Line(part, y, SMALL, QUIET))
            y += LINE
        y += 3
    return lines


def _text(figure: Any, line: _Line, x: float) -> None:
    wide, high = (72 * size for size in figure.get_size_inches())
    figure.text(
        x / wide, 1 - line.y / high, line.text, fontsize=line.size, color=line.colour, va="center_baseline",
        ha="left", fontweight="bold" if line.bold else "normal",
    )  # fmt: skip

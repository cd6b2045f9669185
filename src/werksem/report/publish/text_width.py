"""How wide text is in Times, the type of the tables, and where numbers of a column stand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from werksem.report.table import Cell

__all__ = ["DECIMAL", "aligned", "width"]

DECIMAL = {"nl": ",", "en": "."}
NUMBER = re.compile(r"[−<+ ]*[\d.,]*\d%?")

# widths in thousandths of the type's size (Adobe's metrics of Times-Roman, which its likes share)
NARROW = {
    **dict.fromkeys("0123456789*–$", 500), **dict.fromkeys(".,  ", 250), **dict.fromkeys("()-[]", 333),
    **dict.fromkeys(";:/tlijI!'’‘|", 300), **dict.fromkeys("fr", 333), **dict.fromkeys("<>=+−±≤≥", 564),
    **dict.fromkeys("acesz", 444), **dict.fromkeys("mwM%", 833), "W": 944, "@": 921, "—": 1000, "▪": 354,
}  # fmt: skip
SMALL, CAPITAL = 500, 722
CENTIMETRES = 2.54 / 72


def width(text: str, size: float) -> float:
    """Return the width of a line of text in cm at a size in points; of rarer characters about.

    >>> round(width(",15***", 10), 3), round(width("17.641", 10), 3)
    (0.97, 0.97)
    """
    thousandths = sum(NARROW.get(char, CAPITAL if char.isupper() else SMALL) for char in text)
    return thousandths / 1000 * size * CENTIMETRES


def aligned(cells: Sequence[Cell], size: float, sign: str) -> tuple[float, dict[str, float]]:
    """Return the width (cm) that numbers take with their decimal signs in line, and where each ends.

    Where: how far from the right side of that width, by text and mark together. Whole numbers end where
    the others' decimals end, marks hang after them, and what is no number stands in the middle.

    >>> cells = [Cell(",15", mark="***"), Cell(",02"), Cell("17.641")]
    >>> total, ends = aligned(cells, 10, ",")
    >>> round(total, 2), [round(ends[text], 2) for text in (",15***", ",02", "17.641")]
    (1.5, [0.0, 0.53, 0.53])
    """
    found = {cell.text + cell.mark: _split(cell, sign) for cell in cells}
    numbers = [parts for parts in found.values() if parts]
    decimals = max((width(tail, size) for _, tail, _ in numbers), default=0.0)
    before, after = {}, {}
    for text, parts in found.items():
        if parts:
            whole, tail, mark = parts
            after[text] = (width(tail, size) if tail else decimals) + width(mark, size)
            before[text] = max(width(whole + tail + mark, size) - after[text], 0.0)
    right = max(after.values(), default=0.0)
    total = max(
        max(before.values(), default=0.0) + right,
        max((width(text, size) for text, parts in found.items() if not parts), default=0.0),
    )
    slack = (total - max(before.values(), default=0.0) - right) / 2
    ends = {text: slack + right - after[text] for text in after}
    ends |= {text: (total - width(text, size)) / 2 for text, parts in found.items() if not parts}
    return total, ends


def _split(cell: Cell, sign: str) -> tuple[str, str, str] | None:
    """Return a number's part before the decimal sign, the rest of it, and what hangs after it; None for text.

    >>> _split(Cell("−1,02", mark="*"), ","), _split(Cell("17.635–17.687"), ",")
    (('−1', ',02', '*'), None)
    """
    found = NUMBER.match(cell.text)
    if not found:
        return None
    tail = cell.text[found.end() :]
    if any(char.isdigit() for char in tail) and not tail.startswith(" ("):
        return None
    whole, at, rest = found.group().rpartition(sign)
    return (whole, at + rest, tail + cell.mark) if at else (rest, "", tail + cell.mark)

"""The one style of every figure: fonts, sizes, line widths, and how large text becomes.

Lengths are pixels of 1/72 inch, y grows downwards. matplotlib is imported only where a figure is made.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

__all__ = ["FONT", "FONTS", "RC", "SMALL", "axes_at", "canvas", "text_width", "wrapped"]

FONT = 11
SMALL = 10
# what a browser or editor may use in place of the font the figure was measured with
FONTS = "'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
RC = {
    "svg.fonttype": "none",
    "svg.hashsalt": "werksem",
    "font.family": "DejaVu Sans",
    "font.size": FONT,
    # hinting costs more than everything else together and changes nothing at 200 dpi
    "text.hinting": "none",
}


def canvas(width: float, height: float) -> Any:
    """Return an empty matplotlib figure of so many pixels; draw and save it inside ``rc_context(RC)``."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width / 72, height / 72), dpi=72)


def axes_at(figure: Any, left: float, top: float, width: float, height: float) -> Any:
    """Return new axes at a place in pixels, counted from the figure's left upper corner."""
    wide, high = (72 * size for size in figure.get_size_inches())
    return figure.add_axes((left / wide, 1 - (top + height) / high, width / wide, height / high))


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = FONT, bold: bool = False) -> float:
    """Return how wide a text is in pixels, in DejaVu Sans; other fonts of ``FONTS`` are narrower.

    >>> text_width("", 11.0), text_width("wijd", 11.0) > text_width("wij", 11.0)
    (0.0, True)
    """
    from matplotlib.font_manager import FontProperties, findfont, get_font
    from matplotlib.ft2font import LoadFlags

    font = get_font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")))
    font.set_size(size, 72)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64


def wrapped(text: str, width: float, size: float = FONT, lines: int = 4) -> tuple[str, ...]:
    """Return a text in lines of at most ``width`` pixels; what does not fit ``lines`` ends in an ellipsis.

    A single word that is wider keeps a line of its own.

    >>> wrapped("een twee drie", 40.0, 11.0), wrapped("een twee drie", 30.0, 11.0, 2)
    (('een', 'twee', 'drie'), ('een', 'twee …'))
    """
    found: list[str] = []
    for part in text.split():
        if found and text_width(f"{found[-1]} {part}", size) <= width:
            found[-1] += f" {part}"
        else:
            found.append(part)
    return tuple(found) if len(found) <= lines else (*found[: lines - 1], f"{found[lines - 1]} …")

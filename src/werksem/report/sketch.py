"""A picture before it is drawn: once for the page, and once more on a sheet of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werksem.report.style import RC, canvas
from werksem.report.svg import inline_svg

__all__ = ["Picture", "Sketch", "picture"]


@dataclass(frozen=True, slots=True)
class Sketch:
    """A picture's title, size in pixels, and text for those who hear it; ``draw`` puts it on a figure.

    ``draw(figure, left, top)`` draws into a matplotlib figure, inside ``rc_context(RC)``. Sketches of one
    ``name`` stand on one sheet.
    """

    title: str
    width: float
    height: float
    alt: str
    draw: Callable[[Any, float, float], None]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A title and its SVG, and the sketch it was drawn from."""

    title: str
    svg: str
    sketch: Sketch


def picture(sketch: Sketch, key: str) -> Picture:
    """Return a sketch drawn as inline SVG; ``key`` makes its ids unique in the page."""
    from matplotlib import rc_context

    with rc_context(RC):
        figure = canvas(sketch.width, sketch.height)
        sketch.draw(figure, 0.0, 0.0)
        return Picture(sketch.title, inline_svg(figure, key, sketch.alt), sketch)

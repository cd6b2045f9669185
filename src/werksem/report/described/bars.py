"""Small pictures for tables: stacked bars, points with intervals, histograms. SVG written out by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from werksem.report.palette import GRID, INK, QUIET

__all__ = ["histogram", "point", "shades", "stacked"]

WIDTH, HEIGHT = 200, 16
LOW, MIDDLE, HIGH = (193, 74, 0), (214, 220, 226), (11, 95, 165)
ACCENT, BELOW = "#0b5fa5", "#c14a00"


def shades(size: int) -> list[str]:
    """Return colours from low (orange) by grey to high (blue), apart in lightness too.

    >>> shades(3)
    ['#c14a00', '#d6dce2', '#0b5fa5']
    """
    found = []
    for at in range(size):
        place = 2 * at / (size - 1) - 1 if size > 1 else 1.0
        end = HIGH if place >= 0 else LOW
        mixed = (round(m + (e - m) * abs(place)) for m, e in zip(MIDDLE, end, strict=True))
        found.append("#" + "".join(f"{part:02x}" for part in mixed))
    return found


def stacked(parts: Sequence[tuple[float, str]], alt: str) -> str:
    """Return shares with their colours as one bar; empty where one of them is unknown."""
    if not parts or any(math.isnan(share) for share, _ in parts):
        return ""
    at, drawn = 0.0, []
    for share, colour in parts:
        wide = share * WIDTH
        drawn.append(_rect(at, 1, wide, HEIGHT - 2, colour))
        at += wide
    return _svg("bar", WIDTH, HEIGHT, alt, drawn)


def point(value: float, low: float, high: float, ends: tuple[float, float], alt: str) -> str:
    """Return a point with its interval on an axis from one end to the other; empty where it is unknown."""
    if math.isnan(value) or ends[1] <= ends[0]:
        return ""

    def place(x: float) -> float:
        return 6 + (WIDTH - 12) * (x - ends[0]) / (ends[1] - ends[0])

    middle = HEIGHT / 2
    drawn = [f'<line x1="0" x2="{WIDTH}" y1="{middle}" y2="{middle}" stroke="{GRID}"/>']
    if not math.isnan(low):
        drawn.append(
            f'<line x1="{place(low):.1f}" x2="{place(high):.1f}" y1="{middle}" y2="{middle}" '
            f'stroke="{ACCENT}" stroke-width="2"/>'
        )
    drawn.append(f'<circle cx="{place(value):.1f}" cy="{middle}" r="4" fill="{ACCENT}"/>')
    return _svg("bar", WIDTH, HEIGHT, alt, drawn)


def histogram(
    shares: Sequence[float], labels: Sequence[str], edges: Sequence[str], below: Sequence[bool], alt: str
) -> str:
    """Return bars (k) with their shares above and their k + 1 edges below; those ``below`` are orange."""
    width, top, tall, foot = 340, 18, 120, 22
    known = [share for share in shares if not math.isnan(share)]
    if not known:
        return ""
    step, highest = (width - 20) / len(shares), max(known)
    drawn = []
    for at, (share, label, low) in enumerate(zip(shares, labels, below, strict=True)):
        left = 10 + at * step
        size = 0.0 if math.isnan(share) else tall * share / highest
        drawn.append(_rect(left + 1, top + tall - size, step - 2, size, BELOW if low else ACCENT))
        drawn.append(_text(left + step / 2, top + tall - size - 4, label, INK))
    drawn.append(f'<line x1="6" x2="{width - 6}" y1="{top + tall}" y2="{top + tall}" stroke="{QUIET}"/>')
    every = 1 if len(edges) <= 11 else 2
    named = [(at, edge) for at, edge in enumerate(edges) if at % every == 0]
    drawn += [_text(10 + at * step, top + tall + 15, edge, QUIET) for at, edge in named]
    return _svg("figure", width, top + tall + foot, alt, drawn)


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    size = f'width="{max(width, 0):.1f}" height="{height:.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} fill="{colour}"/>'


def _text(x: float, y: float, text: str, colour: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="11"'
    return f'<text {place} fill="{colour}">{escape(text)}</text>'


def _svg(kind: str, width: float, height: float, alt: str, drawn: Sequence[str]) -> str:
    head = f'<svg class="{kind}" role="img" aria-label="{escape(alt)}" width="{width}" height="{height}"'
    return f'{head} viewBox="0 0 {width} {height}">{"".join(drawn)}</svg>'

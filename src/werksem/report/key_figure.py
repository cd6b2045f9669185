"""The figure of the first screen: every path a point on one axis, in a table that is read aloud as one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from werksem.compare.verdicts import THRESHOLDS
from werksem.report.findings import titled
from werksem.report.folder import Result, label_of
from werksem.report.numbers import beta, level_percent
from werksem.report.palette import BAND, QUIET, STYLES
from werksem.report.sized import OutcomePaths, SizedPath, outcomes_of
from werksem.report.words import engine_name, word

__all__ = ["KeyFigure", "KeyOutcome", "KeyRow", "axis_ends", "key_figure"]

# rows that fit a screen; where there are more, each outcome shows its largest paths
MOST_ROWS = 20
LEAST = 3
MOST_OUTCOMES = 5


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A predictor, its strip as SVG, and its β in words."""

    label: str
    strip: str
    value: str


@dataclass(frozen=True, slots=True)
class KeyOutcome:
    """An outcome and its rows."""

    title: str
    rows: tuple[KeyRow, ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """Outcomes over one axis (SVG), and the sentences below it; empty without paths."""

    outcomes: tuple[KeyOutcome, ...]
    axis: str
    notes: tuple[str, ...]


def key_figure(result: Result) -> KeyFigure:
    """Return the paths of the first outcomes, the largest of each where there are many."""
    language = result.language
    found = [one for one in outcomes_of(result) if one.paths][:MOST_OUTCOMES]
    if not found:
        return KeyFigure((), "", ())
    most = _most(found)
    shown = [one.paths[:most] for one in found]
    ends = axis_ends([path for paths in shown for path in paths])
    outcomes = tuple(
        KeyOutcome(titled(result, one), tuple(_row(result, one, path, ends) for path in paths))
        for one, paths in zip(found, shown, strict=True)
    )
    engines = {one.engine for one in found}
    engine = engine_name(found[0].engine, language) if len(engines) == 1 else word("key_engine", language)
    places = {"level": level_percent(found[0].level, language), "rope": beta(THRESHOLDS.rope, language)}
    notes = [word("key_said", language, engine=engine, **places)]
    if any(len(one.paths) > most for one in found):
        notes.append(word("key_more", language, shown=most))
    return KeyFigure(outcomes, _axis(ends, language), tuple(notes))


def _most(found: Sequence[OutcomePaths]) -> int:
    """Return how many paths each outcome shows, so that all of them fit a screen."""
    longest = max(len(one.paths) for one in found)
    fitting = (n for n in range(longest, 0, -1) if sum(min(n, len(o.paths)) for o in found) <= MOST_ROWS)
    return max(next(fitting, LEAST), LEAST)


def axis_ends(paths: Sequence[SizedPath]) -> tuple[float, float]:
    """Return the ends of the axis: tenths that hold every interval, 0 and what is negligible.

    >>> axis_ends([SizedPath("x", 0.28, 0.26, 0.29, "strong")])
    (-0.1, 0.3)
    """
    values = [v for p in paths for v in (p.value, p.low, p.high) if not math.isnan(v)]
    low, high = min([-THRESHOLDS.rope, *values]), max([THRESHOLDS.rope, *values])
    return math.floor(10 * low - 1e-9) / 10, math.ceil(10 * high + 1e-9) / 10


def _row(result: Result, one: OutcomePaths, path: SizedPath, ends: tuple[float, float]) -> KeyRow:
    strip = _strip(path, ends, STYLES[one.engine].colour)
    return KeyRow(label_of(result, path.predictor), strip, beta(path.value, result.language))


def _place(value: float, ends: tuple[float, float]) -> str:
    """Return where a value lies, in per cent of the strip, with room for a point at either end."""
    return f"{3 + 94 * (value - ends[0]) / (ends[1] - ends[0]):.2f}%"


def _ground(ends: tuple[float, float]) -> str:
    rope = THRESHOLDS.rope
    wide = f"{94 * 2 * rope / (ends[1] - ends[0]):.2f}%"
    zero = _place(0.0, ends)
    return (
        f'<rect x="{_place(-rope, ends)}" width="{wide}" y="0" height="100%" fill="{BAND}"/>'
        f'<line x1="{zero}" x2="{zero}" y1="0" y2="100%" stroke="{QUIET}"/>'
    )


def _strip(path: SizedPath, ends: tuple[float, float], colour: str) -> str:
    drawn = _ground(ends)
    if not math.isnan(path.low):
        low, high = _place(path.low, ends), _place(path.high, ends)
        drawn += f'<line x1="{low}" x2="{high}" y1="50%" y2="50%" stroke="{colour}" stroke-width="2"/>'
    face = colour if path.matters else "#fff"
    at = _place(path.value, ends)
    drawn += f'<circle cx="{at}" cy="50%" r="4.5" fill="{face}" stroke="{colour}" stroke-width="1.5"/>'
    return f'<svg class="strip" aria-hidden="true" focusable="false">{drawn}</svg>'


def _axis(ends: tuple[float, float], language: str) -> str:
    steps = round((ends[1] - ends[0]) * 10)
    every = 1 if steps <= 6 else 2 if steps <= 12 else 5
    first, last = round(ends[0] * 10), round(ends[1] * 10)
    ticks = [tick for tick in range(first, last + 1) if tick % every == 0]
    drawn = "".join(
        f'<text x="{_place(tick / 10, ends)}" y="12" text-anchor="middle">'
        f"{beta(tick / 10, language, 1) if tick else '0'}</text>"
        for tick in ticks
    )
    return f'<svg class="strip axis" aria-hidden="true" focusable="false">{drawn}</svg>'

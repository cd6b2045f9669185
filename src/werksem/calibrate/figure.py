"""Coverage drawn: a strip of points per kind of interval, the promise as a line, chance as a band."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from werksem.calibrate.coverage import exact_limits
from werksem.calibrate.names import kind_name
from werksem.calibrate.summary import judged
from werksem.calibrate.words import said
from werksem.report.numbers import level_percent, percent
from werksem.report.palette import BAND, GRID, INK, QUIET, STYLES
from werksem.report.sketch import Picture, Sketch, picture
from werksem.report.style import SMALL, axes_at, text_width

__all__ = ["coverage_picture"]

ROW, TOP, BOTTOM, PLOT = 19.0, 8.0, 30.0, 430.0
# points of one strip beside each other, as parts of a row
SPREAD = 0.28


def coverage_picture(table: pd.DataFrame, language: str, key: str = "coverage") -> Picture | None:
    """Return the figure of a table of coverage, None where no path or effect has an interval."""
    shown = judged(table).dropna(subset=["coverage"])
    if shown.empty:
        return None
    parts = list(shown.groupby(["engine", "interval"], sort=False))
    names = [kind_name(str(engine), str(kind), language) for (engine, kind), _ in parts]
    left = max(text_width(name, SMALL, bold=True) for name in names) + 14

    def draw(figure: Any, x: float, y: float) -> None:
        axes = axes_at(figure, x + left, y + TOP, PLOT, ROW * len(parts))
        _frame(axes, shown, len(parts), language)
        for place, ((engine, _), part) in enumerate(parts):
            own = bool(part["own"].any())
            _strip(axes, part["coverage"].to_numpy(), place, str(engine), own=own)
            axes.text(
                -8 / PLOT, place, names[place], transform=axes.get_yaxis_transform(), ha="right", va="center",
                fontsize=SMALL, color=INK, fontweight="bold" if own else "normal",
            )  # fmt: skip

    height = TOP + ROW * len(parts) + BOTTOM
    title = said("coverage_caption", language)
    alt = "; ".join(
        f"{name}: {percent(float(part['coverage'].mean()), language)}"
        for name, (_, part) in zip(names, parts, strict=True)
    )
    return picture(Sketch(title, left + PLOT + 16, height, f"{title}. {alt}", draw, "coverage"), key)


def _frame(axes: Any, shown: pd.DataFrame, rows: int, language: str) -> None:
    """Draw the promise, the band of chance, and an axis that ends at 100 %."""
    parts = [part for _, part in shown.groupby(["engine", "interval"], sort=False)]
    levels = [float(part["level"].iloc[0]) for part in parts]
    bands = [
        exact_limits(round(level * int(part["used"].max())), int(part["used"].max()))
        for level, part in zip(levels, parts, strict=True)
    ]
    least = float(min(shown["coverage"].min(), *(low for low, _ in bands)))
    axes.set_xlim(max(0.0, np.floor((least - 0.005) * 50) / 50), 1.002)
    axes.set_ylim(rows - 0.5, -0.5)
    for place, (level, (low, high)) in enumerate(zip(levels, bands, strict=True)):
        axes.barh(place, high - low, 1.0, left=low, color=BAND, lw=0, zorder=0)
        axes.plot([level] * 2, [place - 0.5, place + 0.5], color=INK, lw=1, zorder=1)
    for place in range(rows):
        axes.axhline(place, color=GRID, lw=0.8, zorder=0.5)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(QUIET)
    axes.set_yticks([])
    promised = sorted(set(levels))
    free = [end for end in (axes.get_xlim()[0], 1.0) if min(abs(end - level) for level in promised) > 0.02]
    ends = sorted((*promised, *free))
    shares = [level_percent(round(tick, 3), language) for tick in ends]
    axes.set_xticks(ends, shares, fontsize=SMALL, color=QUIET)
    axes.tick_params(length=3, color=QUIET)


def _strip(axes: Any, coverage: np.ndarray, place: int, engine: str, *, own: bool) -> None:
    """Draw one kind's points, those of equal coverage above one another, and their mean."""
    style = STYLES[engine]
    values, times = np.unique(coverage, return_counts=True)
    for value, count in zip(values, times, strict=True):
        off = np.linspace(-SPREAD, SPREAD, count) if count > 1 else np.zeros(1)
        axes.plot(
            np.full(count, value), place + off, style.marker, ms=4, mec=style.colour, mew=0.9,
            mfc=style.colour if own else "white", ls="none", zorder=3, clip_on=False,
        )  # fmt: skip
    axes.plot([coverage.mean()] * 2, [place - 0.42, place + 0.42], color=INK, lw=2, zorder=4)

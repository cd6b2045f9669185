"""Ranks drawn: how far their distribution is from uniform, a line per quantity, chance as a band."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from werksem.calibrate.sbc_table import KEPT
from werksem.calibrate.sbc_uniform import band, ecdf_difference
from werksem.calibrate.words import said
from werksem.report.palette import BAND, INK, NEGATIVE, QUIET
from werksem.report.sketch import Picture, Sketch, picture
from werksem.report.style import SMALL, axes_at

__all__ = ["ranks_picture"]

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 430.0, 190.0, 52.0, 8.0, 40.0
LEVEL = 0.95


def ranks_picture(ranks: pd.DataFrame, language: str, key: str = "ranks") -> Picture | None:
    """Return the figure of ``sbc_ranks.csv``, None where it is empty.

    The band is that of one quantity at 95 % (Säilynoja, Bürkner and Vehtari 2022): of many, one in twenty
    leaves it somewhere. Those that do are drawn darker.
    """
    if ranks.empty:
        return None
    surveys = int(ranks["survey"].nunique())
    limits = band(surveys, KEPT, LEVEL)
    lines = [
        ecdf_difference(part["rank"].to_numpy(dtype=np.int64), KEPT)
        for _, part in ranks.groupby(["quantity", "group"], sort=False)
    ]
    outside = [bool(((line < limits[0]) | (line > limits[1])).any()) for line in lines]

    def draw(figure: Any, x: float, y: float) -> None:
        _draw(axes_at(figure, x + LEFT, y + TOP, WIDTH, HEIGHT), lines, outside, limits, language)

    title = said("ranks_title", language)
    alt = f"{title}. {said('ranks_alt', language, out=sum(outside), count=len(lines))}"
    sketch = Sketch(title, LEFT + WIDTH + 12, TOP + HEIGHT + BOTTOM, alt, draw, "ranks")
    return picture(sketch, key)


def _draw(axes: Any, lines: list[Any], outside: list[bool], limits: tuple[Any, Any], language: str) -> None:
    at = np.arange(1, KEPT + 2) / (KEPT + 1)
    axes.fill_between(at, limits[0], limits[1], color=BAND, lw=0, zorder=0)
    axes.axhline(0, color=INK, lw=1, zorder=1)
    for line, out in zip(lines, outside, strict=True):
        axes.plot(
            at,
            line,
            color=NEGATIVE if out else QUIET,
            lw=1.1 if out else 0.6,
            alpha=1 if out else 0.5,
            zorder=2 + out,
        )
    most = 1.15 * max(float(np.abs(limits[1]).max()), *(float(np.abs(line).max()) for line in lines))
    axes.set_xlim(0, 1)
    axes.set_ylim(-most, most)
    for side in ("right", "top"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(QUIET)
    ticks = [-round(most * 0.7, 2), 0.0, round(most * 0.7, 2)]
    sign = "," if language == "nl" else "."
    axes.set_yticks(
        ticks, [f"{tick:+.2f}".replace(".", sign).replace("-", "−") if tick else "0" for tick in ticks]
    )
    axes.set_xticks([0, 0.5, 1], [said(name, language) for name in ("rank_low", "rank_middle", "rank_high")])
    axes.tick_params(length=3, color=QUIET, labelsize=SMALL, labelcolor=QUIET)
    for text, side in zip(axes.get_xticklabels(), ("left", "center", "right"), strict=True):
        text.set_horizontalalignment(side)

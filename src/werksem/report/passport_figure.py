"""What each step of the passport does to beta, drawn: a row per cause, a point per path."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from werksem.compare.passport.records import LEVEL
from werksem.compare.table import DIFFERENCE
from werksem.report.folder import Result, label_of
from werksem.report.numbers import beta, level_percent
from werksem.report.palette import BAND, GRID, INK, QUIET, STYLES
from werksem.report.passport import outcomes, passport_rows
from werksem.report.sketch import Picture, Sketch, picture
from werksem.report.style import SMALL, axes_at
from werksem.report.words import word

__all__ = ["passport_figures", "passport_key"]

Row = dict[str, Any]
WIDTH, AXIS, MARGIN = 340, 26, 8
HEAD, STEP, GAP = 17, 7, 7
# a change that is named beside its point
NAMED = 0.01


def passport_key(result: Result) -> str:
    """Return how to read the figures."""
    language = result.language
    places = {"level": level_percent(LEVEL, language), "limit": beta(DIFFERENCE, language)}
    return word("passport_figure_key", language, **places)


def passport_figures(result: Result) -> tuple[Picture, ...]:
    """Return a picture per outcome with every step's change of every path, all on one scale."""
    rows = passport_rows(result)
    if "delta" not in rows or rows["delta"].isna().all():
        return ()
    found = [(outcome, _causes(paths)) for outcome, paths in outcomes(rows)]
    ends = [v for _, causes in found for part in causes.values() for row in part for v in _values(row)]
    reach = 1.08 * max(DIFFERENCE, *(abs(value) for value in ends))
    return tuple(
        picture(_sketch(result, outcome, causes, reach), f"passport-{number}")
        for number, (outcome, causes) in enumerate(found, start=1)
        if causes
    )


def _causes(paths: Sequence[Sequence[Row]]) -> dict[str, list[Row]]:
    """Return the steps by what they explain, in the order of the ladder."""
    found: dict[str, list[Row]] = {}
    for path in paths:
        for row in path:
            if row["base"]:
                found.setdefault(str(row["explains"]), []).append(row)
    return found


def _values(row: Row) -> list[float]:
    return [v for v in (row["delta"], row["delta_ci_lower"], row["delta_ci_upper"]) if not math.isnan(v)]


def _sketch(result: Result, outcome: str, causes: Mapping[str, Sequence[Row]], reach: float) -> Sketch:
    title = label_of(result, outcome)
    said = word("passport_alt", result.language, title=title, rows=_said(causes, result))
    height = sum(HEAD + STEP * len(part) + GAP for part in causes.values()) + AXIS
    return Sketch(title, WIDTH, height, said, partial(_draw, result, causes, reach, height), outcome)


def _draw(
    result: Result, causes: Mapping[str, Sequence[Row]], reach: float, height: float,
    figure: Any, left: float, top: float,
) -> None:  # fmt: skip
    axes = axes_at(figure, left + MARGIN, top, WIDTH - 2 * MARGIN, height - AXIS)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(height - AXIS, 0)
    _dress(axes, reach, result.language)
    y = 2.0
    for cause, part in causes.items():
        axes.text(
            0, y + HEAD / 2, _named(cause, result.language), transform=axes.get_yaxis_transform(),
            va="center", color=INK, weight="bold", fontsize=SMALL,
        )  # fmt: skip
        for at, row in enumerate(part):
            _point(axes, row, y + HEAD + STEP * (at + 0.5))
        _most(axes, result, part, y + HEAD)
        y += HEAD + STEP * len(part) + GAP


def _named(cause: str, language: str) -> str:
    text = " + ".join(word(f"explains_{part}", language) for part in cause.split("+"))
    return text[0].upper() + text[1:]


def _dress(axes: Any, reach: float, language: str) -> None:
    """Draw a quiet axis with the band of changes that do not matter."""
    from matplotlib.ticker import FixedLocator, MaxNLocator

    ticks = [t for t in MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(-reach, reach) if abs(t) <= reach]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.set_xticklabels([beta(t, language, 2) if abs(t) > 1e-12 else "0" for t in ticks])
    axes.tick_params(axis="x", length=0, labelcolor=QUIET, labelsize=SMALL, pad=4)
    axes.yaxis.set_visible(False)
    axes.axvspan(-DIFFERENCE, DIFFERENCE, color=BAND, alpha=0.45, linewidth=0, zorder=0)
    axes.grid(axis="x", color=GRID, linewidth=1)
    axes.set_axisbelow(True)
    axes.axvline(0, color=QUIET, linewidth=1, zorder=1)
    for side in axes.spines.values():
        side.set_visible(False)


def _point(axes: Any, row: Row, y: float) -> None:
    low, high = row["delta_ci_lower"], row["delta_ci_upper"]
    colour = STYLES["sem"].colour
    if not math.isnan(low):
        axes.plot(
            [low, high], [y, y], color=colour, linewidth=1.2, alpha=0.55, solid_capstyle="butt", zorder=3
        )
    clear = low > 0 or high < 0
    axes.plot(
        [row["delta"]], [y], marker="o", markersize=4.6, markerfacecolor=colour if clear else "white",
        markeredgecolor=colour, markeredgewidth=1.1, linestyle="none", zorder=4,
    )  # fmt: skip


def _most(axes: Any, result: Result, part: Sequence[Row], top: float) -> None:
    """Write which path a cause changes most, where that is worth a name."""
    at = max(range(len(part)), key=lambda k: abs(part[k]["delta"]))
    row, y = part[at], top + STEP * (at + 0.5)
    if abs(row["delta"]) < NAMED:
        return
    name = label_of(result, str(row["rhs"]))
    right = row["delta"] < 0
    end = max(_values(row)) if right else min(_values(row))
    # on the side of 0, where the room is
    axes.annotate(
        name, (max(end, 0.0) if right else min(end, 0.0), y), xytext=(6 if right else -6, 0),
        textcoords="offset points", ha="left" if right else "right", va="center", fontsize=SMALL - 1,
        color=QUIET,
    )  # fmt: skip


def _said(causes: Mapping[str, Sequence[Row]], result: Result) -> str:
    """Return the changes as text, for those who hear them."""
    language = result.language
    return "; ".join(
        f"{_named(cause, language)}: "
        + ", ".join(f"{label_of(result, str(row['rhs']))} {beta(row['delta'], language, 3)}" for row in part)
        for cause, part in causes.items()
    )

"""The passport drawn: a line per path over the rungs, so that one sees which step moves which beta."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from werksem.compare.passport.records import ORDER
from werksem.report.folder import Result, label_of
from werksem.report.numbers import beta
from werksem.report.palette import GRID, INK, QUIET, STYLES
from werksem.report.passport import STILL, chain, outcomes, passport_rows, rung_name
from werksem.report.scatter import label_heights
from werksem.report.sketch import Picture, Sketch, picture
from werksem.report.style import SMALL, axes_at, wrapped
from werksem.report.words import word

__all__ = ["passport_figures", "passport_key"]

Row = dict[str, Any]
WIDTH, HEIGHT, LEFT, NAMES, TOP, BOTTOM = 480, 250, 34, 178, 8, 34
LINE = 13.0


@dataclass(frozen=True, slots=True)
class _Plot:
    """One outcome: its rungs from left to right, its paths, and the ends of the axis of betas."""

    rungs: tuple[str, ...]
    paths: Sequence[Sequence[Row]]
    ends: tuple[float, float]


def passport_key(result: Result) -> str:
    """Return how to read the figures."""
    return word("passport_figure_key", result.language, limit=beta(STILL, result.language))


def passport_figures(result: Result) -> tuple[Picture, ...]:
    """Return a picture per outcome: a column per rung, a line per path from the first rung to the SEM."""
    rows = passport_rows(result)
    if "delta" not in rows or rows["delta"].isna().all():
        return ()
    return tuple(
        picture(_sketch(result, outcome, paths), f"passport-{number}")
        for number, (outcome, paths) in enumerate(outcomes(rows), start=1)
        if any(len(path) > 1 for path in paths)
    )


def _sketch(result: Result, outcome: str, paths: Sequence[Sequence[Row]]) -> Sketch:
    present = {str(row["rung"]) for path in paths for row in path}
    rungs = tuple(name for name in ORDER if name in present)
    values = [float(row["std"]) for path in paths for row in path]
    room = 0.06 * max(max(values) - min(values), 0.1)
    plot = _Plot(rungs, paths, (min(values) - room, max(values) + room))
    title = label_of(result, outcome)
    said = word("passport_alt", result.language, title=title, rows=_said(result, plot))
    return Sketch(title, WIDTH, HEIGHT, said, partial(_draw, result, plot), outcome)


def _said(result: Result, plot: _Plot) -> str:
    """Return the betas as text, for those who hear them."""
    return "; ".join(
        f"{label_of(result, str(path[0]['rhs']))}: "
        + ", ".join(
            f"{_named(str(row['rung']), plot, result.language)} {beta(row['std'], result.language)}"
            for row in path
        )
        for path in plot.paths
    )


def _named(rung: str, plot: _Plot, language: str) -> str:
    return rung_name(rung, plot.rungs, language).replace("\xad", "")


def _draw(result: Result, plot: _Plot, figure: Any, left: float, top: float) -> None:
    wide, high = WIDTH - LEFT - NAMES, HEIGHT - TOP - BOTTOM
    axes = axes_at(figure, left + LEFT, top + TOP, wide, high)
    axes.set_xlim(-0.4, len(plot.rungs) - 0.6)
    axes.set_ylim(*plot.ends)
    _dress(axes, plot, result.language, wide)
    for path in plot.paths:
        _line(axes, plot, path)
    _names(axes, result, plot, high)


def _dress(axes: Any, plot: _Plot, language: str, wide: float) -> None:
    """Draw the columns with the rungs' names below, and a quiet scale of betas."""
    from matplotlib.ticker import FixedLocator, MaxNLocator

    low, high = plot.ends
    ticks = [t for t in MaxNLocator(5, steps=[1, 2, 5, 10]).tick_values(low, high) if low <= t <= high]
    axes.yaxis.set_major_locator(FixedLocator(ticks))
    axes.set_yticklabels([beta(t, language, 2) if abs(t) > 1e-12 else "0" for t in ticks])
    axes.set_xticks(range(len(plot.rungs)))
    column = wide / len(plot.rungs)
    names = ("\n".join(wrapped(_named(rung, plot, language), column, SMALL, 2)) for rung in plot.rungs)
    axes.set_xticklabels(list(names))
    axes.tick_params(axis="both", length=0, labelcolor=QUIET, labelsize=SMALL - 0.5, pad=4)
    axes.grid(axis="both", color=GRID, linewidth=1)
    axes.set_axisbelow(True)
    if low < 0 < high:
        axes.axhline(0, color=QUIET, linewidth=1, zorder=1)
    for side in axes.spines.values():
        side.set_visible(False)


def _moved(path: Sequence[Row]) -> bool:
    found = chain(path)
    return abs(found[-1]["std"] - found[0]["std"]) >= STILL


def _line(axes: Any, plot: _Plot, path: Sequence[Row]) -> None:
    """Draw a path: a line along the ladder, dots for the rungs aside, dotted to the rung they start from."""
    place = {rung: at for at, rung in enumerate(plot.rungs)}
    colour = STYLES["sem"].colour if _moved(path) else STYLES["ols"].colour
    along = chain(path)
    xs, ys = [place[row["rung"]] for row in along], [row["std"] for row in along]
    axes.plot(xs, ys, color=colour, linewidth=1.6, marker="o", markersize=4, zorder=3)
    known = {str(row["rung"]): row for row in path}
    for row in path:
        if row in along:
            continue
        base, at = known.get(str(row["base"])), place[row["rung"]]
        style = STYLES["bayes" if row["rung"] == "pooled" else "sem"]
        axes.plot([at], [row["std"]], color=style.colour, marker=style.marker, markersize=4, zorder=4)
        if base is not None and at == place[base["rung"]] + 1:
            axes.plot([at - 1, at], [base["std"], row["std"]], color=style.colour, linewidth=1, linestyle=":")


def _names(axes: Any, result: Result, plot: _Plot, high: float) -> None:
    """Write the predictors at the right, moved apart where their lines end close together."""
    low, top = plot.ends
    ends = [high * (top - path[-1]["std"]) / (top - low) for path in plot.paths]
    for path, y in zip(plot.paths, label_heights(ends, LINE), strict=True):
        name = wrapped(label_of(result, str(path[0]["rhs"])), NAMES - 8.0, SMALL, 1)[0]
        axes.annotate(
            name, (1, 1 - y / high), xycoords="axes fraction", xytext=(4, 0), textcoords="offset points",
            va="center", fontsize=SMALL, color=INK if _moved(path) else QUIET, annotation_clip=False,
        )  # fmt: skip

"""The curves of docs/vertrouwen.md: CPU seconds of every stage by size, one figure per axis."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from trust.load.axes import AXES, Axis
from trust.load.measure import TOTAL
from werksem.report.palette import GRID, INK, NEGATIVE, POSITIVE, QUIET
from werksem.report.sheet import Sheet, write_sheet
from werksem.report.sketch import Sketch
from werksem.report.style import SMALL, axes_at

__all__ = ["curve_names", "write_curves"]

WIDTH, HEIGHT = 620.0, 330.0
LEFT, BELOW, BESIDE = 52.0, 44.0, 150.0
# stages with a curve of their own, the most expensive at the largest size
SHOWN = 5
COLOURS = (POSITIVE, NEGATIVE, "#2f7d4f", "#7a4fa3", "#8a6d00")
MARKERS = ("s", "D", "^", "v", "P")
# names of curves stand at least so far apart, in shares of the height
APART = 0.062


def curve_names(found: pd.DataFrame) -> list[str]:
    """Return the axes that have a figure: those of three sizes or more."""
    return [axis.name for axis in AXES if found.loc[found["axis"] == axis.name, "size"].nunique() > 2]


def write_curves(found: pd.DataFrame, folder: Path) -> None:
    """Write ``load_AXIS.svg`` into the folder, of every axis that has a figure."""
    folder.mkdir(parents=True, exist_ok=True)
    for axis in AXES:
        if axis.name in curve_names(found):
            _, image = write_sheet(folder, _sheet(found[found["axis"] == axis.name], axis))
            image.unlink()


def _sheet(part: pd.DataFrame, axis: Axis) -> Sheet:
    whole = part[part["stage"] == TOTAL].sort_values("size")
    last = whole.iloc[-1]
    alt = (
        f"CPU seconds by {axis.grows}, both on log scales: {last['cpu_seconds']:,.0f} s and "
        f"{last['peak_gb']:.1f} GB at {last['size']:,}."
    )
    sketch = Sketch("", WIDTH, HEIGHT, alt, partial(_draw, part, axis))
    return Sheet(
        f"load_{axis.name}", f"CPU seconds by number of {axis.grows}", axis.stays, "", (sketch,),
        ("Both scales logarithmic; a dashed line has slope 1 (twice as many, twice as long).",),
        "trust/figures/load.csv", named=False,
    )  # fmt: skip


def _draw(part: pd.DataFrame, axis: Axis, figure: Any, left: float, top: float) -> None:
    axes = axes_at(figure, left + LEFT, top, WIDTH - LEFT - BESIDE, HEIGHT - BELOW)
    curves = _curves(part)
    _dress(axes, curves, axis)
    ends = []
    for at, (stage, curve) in enumerate(curves.items()):
        colour, marker = (INK, "o") if stage == TOTAL else (COLOURS[at - 1], MARKERS[at - 1])
        axes.plot(
            curve.index, curve, color=colour, marker=marker, markersize=5, linewidth=2.2 if at == 0 else 1.4,
            zorder=3,
        )  # fmt: skip
        ends.append((float(curve.iloc[-1]), f"{stage}  {curve.iloc[-1]:,.3g} s", colour))
    _named(axes, ends)


def _curves(part: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the total and the most expensive stages, seconds by size."""
    wide = part.pivot(index="size", columns="stage", values="cpu_seconds").fillna(0.0).clip(lower=0.01)
    stages = wide.iloc[-1].drop([TOTAL, "start", "other"], errors="ignore").sort_values(ascending=False)
    return {str(name): wide[name] for name in (TOTAL, *stages.index[:SHOWN])}


def _dress(axes: Any, curves: dict[str, pd.Series], axis: Axis) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    sizes = list(next(iter(curves.values())).index)
    low = max(0.02, min(float(curve.min()) for curve in curves.values()) / 1.8)
    high = max(float(curve.max()) for curve in curves.values()) * 1.6
    axes.set(xscale="log", yscale="log", xlim=(sizes[0] / 1.15, sizes[-1] * 1.15), ylim=(low, high))
    axes.xaxis.set_major_locator(FixedLocator(sizes))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axes.set_xlabel(axis.grows, color=QUIET, fontsize=SMALL)
    axes.set_ylabel("CPU seconds", color=QUIET, fontsize=SMALL)
    axes.tick_params(length=0, labelcolor=QUIET, labelsize=SMALL, pad=6)
    axes.grid(axis="y", color=GRID, linewidth=1)
    axes.set_axisbelow(True)
    whole = curves[TOTAL]
    slope = [float(whole.iloc[-1]) * size / sizes[-1] for size in sizes]
    axes.plot(sizes, slope, color=QUIET, linewidth=1, linestyle=(0, (4, 4)), zorder=1)
    for side in axes.spines.values():
        side.set_visible(False)


def _named(axes: Any, ends: list[tuple[float, str, str]]) -> None:
    """Write every curve's name right of its end, moved apart where they would touch."""
    low = axes.get_ylim()[0]
    taken = 2.0
    for value, text, colour in sorted(ends, reverse=True):
        share = axes.transAxes.inverted().transform(axes.transData.transform((1.0, max(value, low))))[1]
        taken = min(float(share), taken - APART)
        axes.text(
            1.02, taken, text, transform=axes.transAxes, color=colour, fontsize=SMALL, va="center", ha="left"
        )

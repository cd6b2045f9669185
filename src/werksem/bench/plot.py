"""The plot: how many times the CPU time of werksem each peer takes for one replicate, by n."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import Any

from werksem.bench.rounds import OWN, Line
from werksem.report.palette import GRID, INK, QUIET, STYLES, Style
from werksem.report.svg import METADATA

__all__ = ["ratio_plot"]

PEER_STYLES = {"semopy": STYLES["sem"], "lavaan": STYLES["bayes"]}
OTHER = STYLES["ols"]
FONT = 11


def ratio_plot(lines: Sequence[Line]) -> str:
    """Return the SVG of a file of its own: ratio of CPU time by n, both on log scales, range over rounds."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    settings = {"svg.fonttype": "none", "svg.hashsalt": "werksem", "font.family": "DejaVu Sans"}
    with rc_context({**settings, "font.size": FONT}):
        figure = Figure(figsize=(6.4, 4.0), dpi=72, facecolor="white")
        axes = figure.add_axes((0.1, 0.15, 0.72, 0.66))
        _dress(axes, lines)
        for peer in dict.fromkeys(line.peer for line in lines if line.peer != OWN):
            curve = [line for line in lines if line.peer == peer]
            above = [line.ratio_cpu == max(x.ratio_cpu for x in lines if x.n == line.n) for line in curve]
            _curve(axes, curve, above, PEER_STYLES.get(peer, OTHER))
        first = lines[0]
        figure.text(
            0.02, 0.93, "Bootstrap: CPU time of a peer ÷ CPU time of werksem, per replicate", color=INK,
            weight="bold",
        )  # fmt: skip
        said = f"{first.items} items, {first.parameters} parameters, one thread each; "
        figure.text(0.02, 0.87, said + "median, and range over the rounds", color=QUIET, fontsize=FONT - 1)
        stream = StringIO()
        figure.savefig(stream, format="svg", metadata=METADATA)
    return stream.getvalue()


def _dress(axes: Any, lines: Sequence[Line]) -> None:
    """Draw log axes with plain numbers: the n that were measured, and 1, 3, 10, 30 … for ratios."""
    from matplotlib.ticker import FixedLocator, NullLocator

    sizes = sorted({line.n for line in lines})
    highest = max(ratio for line in lines for ratio in (line.ratio_cpu, *line.ratios))
    ticks = [1.0]
    while ticks[-1] < highest:
        ticks.append(ticks[-1] * (3 if len(ticks) % 2 else 10 / 3))
    lowest = min(ratio for line in lines for ratio in line.ratios)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(sizes[0] / 1.3, sizes[-1] * 1.3)
    axes.set_ylim(min(0.8, lowest / 1.2), ticks[-1] * 1.1)
    axes.xaxis.set_major_locator(FixedLocator(sizes))
    axes.yaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([f"{n:,}" for n in sizes])
    axes.set_yticklabels([f"{tick:,.0f}×" for tick in ticks])
    axes.set_xlabel("respondents", color=QUIET)
    axes.tick_params(length=0, labelcolor=QUIET, labelsize=FONT - 1, pad=5)
    axes.grid(axis="y", color=GRID, linewidth=1)
    axes.set_axisbelow(True)
    axes.axhline(1, color=QUIET, linewidth=1, zorder=1)
    axes.annotate(
        "werksem", (1, 1), xycoords=axes.get_yaxis_transform(), xytext=(8, 0), textcoords="offset points",
        va="center", color=QUIET,
    )  # fmt: skip
    for side in axes.spines.values():
        side.set_visible(False)


def _curve(axes: Any, lines: Sequence[Line], above: Sequence[bool], style: Style) -> None:
    """Draw one peer: a line through the medians, a bar for the range, its numbers and its name.

    Texts stand above the marks of the slowest peer at an n, below those of others.
    """
    x, y = [line.n for line in lines], [line.ratio_cpu for line in lines]
    axes.plot(x, y, color=style.colour, marker=style.marker, markersize=6, linewidth=1.6, zorder=3)
    for line, up in zip(lines, above, strict=True):
        ends = [min(line.ratios), max(line.ratios)]
        axes.plot([line.n, line.n], ends, color=style.colour, linewidth=4, alpha=0.3, zorder=2)
        axes.annotate(
            f"{line.ratio_cpu:,.3g}×", (line.n, line.ratio_cpu), xytext=(0, 8 if up else -8),
            textcoords="offset points", ha="center", va="bottom" if up else "top", fontsize=FONT - 1,
            color=style.colour, zorder=4,
        )  # fmt: skip
    axes.annotate(
        f"{lines[-1].peer} {lines[-1].version}", (x[-1], y[-1]), xytext=(24, 0),
        textcoords="offset points", va="bottom" if above[-1] else "top", color=style.colour,
    )  # fmt: skip

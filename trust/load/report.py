"""The part "Load" of docs/vertrouwen.md: what the largest studies took, and how every stage grows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from trust.load.axes import AXES, CASES
from trust.load.curves import curve_names, write_curves
from trust.load.measure import TOTAL, growth, measured, warmed
from trust.part import ROOT, Part, table

__all__ = ["PART"]

FIGURES = ROOT / "docs" / "figures"
INTRO = """\
Studies drawn from a factor model in closed form, of growing size, each run as `werksem fit` in a process
of its own with one thread: CPU seconds by stage as the command names them, and the peak memory of the
process. The slope is that of a straight line through the last three sizes on log scales: 1 is twice as
long for twice as many. Beside it stands what the arithmetic of the stage allows; stages below a second
are not judged."""


def _measure(folder: Path) -> pd.DataFrame:
    warmed(folder)
    return measured(CASES, folder)


def _page(found: pd.DataFrame) -> str:
    write_curves(found, FIGURES)
    parts = [INTRO, table(_largest(found))]
    for axis in AXES:
        part = growth(found, axis)
        if not (found["axis"] == axis.name).any():
            continue
        parts.append(f"### {axis.title}\n\nWhat stays: {axis.stays}.")
        if axis.name in curve_names(found):
            parts.append(f"![CPU seconds by number of {axis.grows}](figures/load_{axis.name}.svg)")
        if len(part):
            parts.append(table(_said(part)))
    return "\n\n".join(parts)


def _largest(found: pd.DataFrame) -> pd.DataFrame:
    """Return the largest study of every axis: seconds in all and of its dearest stages, memory, page."""
    rows = []
    for axis in AXES:
        part = found[found["axis"] == axis.name]
        if not len(part):
            continue
        part = part[part["size"] == part["size"].max()].sort_values("cpu_seconds", ascending=False)
        whole = part[part["stage"] == TOTAL].iloc[0]
        stages = part[~part["stage"].isin([TOTAL, "start"])].head(5)
        each = ", ".join(f"{row.stage} {row.cpu_seconds:.0f}" for row in stages.itertuples())
        rows.append({
            "what grows": axis.title, "to": f"{whole['size']:,}", "what stays": axis.stays,
            "CPU s": f"{whole['cpu_seconds']:.0f}", "of which": each, "peak GB": f"{whole['peak_gb']:.1f}",
            "report.html MB": f"{whole['page_mb']:.1f}", "exit": f"{whole['exit_code']:.0f}",
        })  # fmt: skip
    return pd.DataFrame(rows)


def _said(part: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({
        "stage": part["stage"], "CPU s at the largest": part["cpu_seconds"].map("{:.1f}".format),
        "slope": part["slope"].map("{:.2f}".format), "arithmetic": part["allowed"].map("{:g}".format),
        "why": part["arithmetic"], "held": part["held"].map({True: "yes", False: "no"}),
    })  # fmt: skip


def _summary(found: pd.DataFrame) -> tuple[str, int, int]:
    runs = found[found["stage"] == TOTAL]
    slopes = [held for axis in AXES for held in growth(found, axis)["held"]]
    held = int((runs["exit_code"] == 0).sum()) + sum(map(bool, slopes))
    said = "runs of growing size that end well, and stages that grow no faster than their arithmetic"
    return said, len(runs) + len(slopes), held


PART = Part("load", "Load", _measure, _page, _summary)

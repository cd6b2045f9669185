"""Every case made, run and timed; how each stage grows along its axis."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from trust.load.axes import POOLED, Axis, Case
from trust.load.made import Shape, write_answers, write_study
from trust.load.watch import Watched, watched

__all__ = ["COLUMNS", "TOTAL", "growth", "measured", "warmed"]

COLUMNS = ["axis", "size", "stage", "cpu_seconds", "peak_gb", "page_mb", "exit_code", "runs"]
TOTAL = "total"
# a run below this is measured three times, and the median is kept
SHORT = 6.0
# a stage below this at the largest size is not judged
WORTH = 1.0
# sizes at the end of an axis through which the slope is drawn
LAST = 3
# by so much a slope may lie above the arithmetic: two runs of one study differ by 15 % in CPU seconds
MARGIN = 0.2


def measured(cases: Iterable[Case], folder: Path) -> pd.DataFrame:
    """Return a row per case and stage (``COLUMNS``), with a row ``total`` for the whole run."""
    return pd.concat([_rows(case, folder) for case in cases], ignore_index=True)


def warmed(folder: Path) -> None:
    """Run small studies, so that what is compiled once per machine is not counted."""
    sections: dict[str, object] = {"ols": {}, "sem": {}, "bootstrap": {"replicates": 200}}
    for per in (3, 1):
        _run(Case("warm", per, Shape(2_000, (2, 2, 2), per), sections), folder)
    _run(Case("warm", 10, Shape(2_000, (4, 2), 3, 10), POOLED), folder)


def _rows(case: Case, folder: Path) -> pd.DataFrame:
    runs = [_run(case, folder)]
    while runs[0][0].total < SHORT and len(runs) < 3:
        runs.append(_run(case, folder))
    stages = list(dict.fromkeys(stage for run, _ in runs for stage in run.cpu))
    cpu = {stage: float(np.median([run.cpu.get(stage, 0.0) for run, _ in runs])) for stage in stages}
    cpu[TOTAL] = float(np.median([run.total for run, _ in runs]))
    peak, page = max(run.peak for run, _ in runs), runs[0][1]
    code = max(run.code for run, _ in runs)
    rows = [
        (case.axis, case.size, stage, round(seconds, 2), round(peak, 2), page, code, len(runs))
        for stage, seconds in cpu.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _run(case: Case, folder: Path) -> tuple[Watched, float]:
    """Return what a run of the case took, and the size of its report.html in MB."""
    here = folder / case.axis
    here.mkdir(parents=True)
    write_answers(case.shape, here / case.file)
    write_study(case.shape, here, dict(case.sections), case.file)
    run = watched(["fit", "study.yaml", "--out", "out", "--jobs", "1"], here)
    page = here / "out" / "report.html"
    size = round(page.stat().st_size / 1e6, 1) if page.is_file() else float("nan")
    shutil.rmtree(here)
    return run, size


def growth(found: pd.DataFrame, axis: Axis) -> pd.DataFrame:
    """Return a row per stage worth judging: its slope on log scales, the arithmetic's, and ``held``.

    The slope is of least squares through the last three sizes.

    >>> from trust.load.axes import AXES
    >>> sizes = [(s, "SEM", s * s / 100.0) for s in (10, 20, 40)]
    >>> found = pd.DataFrame(sizes, columns=["size", "stage", "cpu_seconds"]).assign(axis="ladder")
    >>> growth(found, next(axis for axis in AXES if axis.name == "ladder"))[["slope", "held"]].values.tolist()
    [[2.0, False]]
    """
    rows = []
    here = found[found["axis"] == axis.name]
    largest = here["size"].max()
    for stage, part in here.groupby("stage", sort=False):
        part = part.sort_values("size").tail(LAST)
        if part["size"].max() < largest or part["cpu_seconds"].iloc[-1] < WORTH or len(part) < 2:
            continue
        if stage in ("start", "other", TOTAL):
            continue
        exponent, why = _allowed(axis.allowed, str(stage))
        x, y = np.log(part["size"].to_numpy(float)), np.log(part["cpu_seconds"].clip(lower=0.01).to_numpy())
        slope = round(float(np.polyfit(x, y, 1)[0]), 2)
        rows.append((stage, part["cpu_seconds"].iloc[-1], slope, exponent, why, slope <= exponent + MARGIN))
    return pd.DataFrame(rows, columns=["stage", "cpu_seconds", "slope", "allowed", "arithmetic", "held"])


def _allowed(allowed: Mapping[str, tuple[float, str]], stage: str) -> tuple[float, str]:
    return allowed.get(stage, (1.0, "linear"))

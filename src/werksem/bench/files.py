"""The benchmark as files: FILE with the ratios, beside it every round, the starts, and the plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median

import pandas as pd

from werksem.bench.plot import ratio_plot
from werksem.bench.rounds import Line
from werksem.bench.start import Start
from werksem.errors import DataError
from werksem.files import together

__all__ = ["COLUMNS", "check_place", "ratio_table", "write_bench"]

COLUMNS = (
    "peer", "version", "n", "items", "parameters", "replicates", "jobs", "cpu_per_replicate",
    "wall_per_replicate", "ratio_cpu", "ratio_wall", "max_abs_difference",
)  # fmt: skip


def check_place(out: Path) -> None:
    """Raise ``DataError`` where FILE cannot be written, before minutes are spent."""
    if out.suffix == ".svg" or not out.name:
        raise DataError("--out names the CSV file; the plot stands beside it as .svg", where=str(out))
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise DataError("--out is a file in a folder that exists", where=str(out))


def ratio_table(lines: Sequence[Line]) -> pd.DataFrame:
    """Return the table of FILE: medians over rounds, seconds per replicate, ratios peer ÷ werksem."""
    rows = [
        (
            line.peer, line.version, line.n, line.items, line.parameters, line.replicates, line.jobs,
            median(line.cpu), median(line.wall), line.ratio_cpu, line.ratio_wall, line.difference,
        )
        for line in lines
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def write_bench(lines: Sequence[Line], starts: Sequence[Start], out: Path) -> tuple[Path, ...]:
    """Write ``FILE``, ``*_rounds.csv``, ``*_start.csv`` and ``*.svg``; return their paths."""
    rounds = [
        {"peer": line.peer, "n": line.n, "round": turn, "cpu_per_replicate": cpu, "wall_per_replicate": wall}
        for line in lines
        for turn, (cpu, wall) in enumerate(zip(line.cpu, line.wall, strict=True), start=1)
    ]
    tables = {
        out: ratio_table(lines),
        out.with_name(f"{out.stem}_rounds.csv"): pd.DataFrame(rounds),
        out.with_name(f"{out.stem}_start.csv"): pd.DataFrame([asdict(start) for start in starts]),
    }
    paths = (*tables, out.with_suffix(".svg"))
    with together(paths) as places:
        for place, table in zip(places, tables.values(), strict=False):
            table.to_csv(place, index=False, lineterminator="\n")
        places[-1].write_text(ratio_plot(lines), encoding="utf-8")
    return paths

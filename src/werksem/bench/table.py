"""What ``bench`` prints: model and machine, ratios with their spread, starts, and who was skipped."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from math import isnan
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from werksem.bench.chain import indirect_effects
from werksem.bench.rounds import OWN, Line
from werksem.bench.start import Start
from werksem.bootstrap.run import available_jobs
from werksem.manifest import versions
from werksem.report.console import empty_table

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["print_bench"]


def print_bench(
    lines: Sequence[Line], starts: Sequence[Start], absent: Mapping[str, str], console: Console
) -> None:
    """Print the benchmark: model and machine, ratios, starts, who was skipped."""
    _head(lines, console)
    _ratios(lines, console)
    _starts(starts, console)
    for name, reason in absent.items():
        console.print(f"{name} is skipped: {reason}", style="yellow", markup=False, highlight=False)
    for line in lines:
        if line.failed:
            said = f"{line.peer}, n = {line.n}: {line.failed} refits found no solution and are left out"
            console.print(f"! {said}", style="yellow", markup=False, highlight=False)


def _head(lines: Sequence[Line], console: Console) -> None:
    first, used = lines[0], versions()
    size = f"{first.parameters} free parameters, {indirect_effects()} indirect effects"
    for text in (
        f"Bootstrap of the binding chain: {first.items} items of five points, 11 latents, {size}.",
        f"{machine()}; Python {used['python']}, NumPy {used['numpy']}, numba {used['numba']}.",
        "One BLAS thread and one job for all; the same resamples; programs in turn. Draws, moments and "
        "refits count; start, compilation and the first fit stand apart below.",
    ):
        console.print(text, markup=False, highlight=False)


def _ratios(lines: Sequence[Line], console: Console) -> None:
    own, rounds = lines[0].replicates, len(lines[0].cpu)
    few = min((line.replicates for line in lines if line.peer != OWN), default=0)
    count = f"{own:,} refits a round, {few} of a peer" if few else f"{own:,} refits a round"
    table = empty_table(f"\nPer refit: medians of {rounds} rounds (range), {count}")
    table.add_column("", no_wrap=True)
    for header in ("CPU ms", "wall ms", "ratio CPU", "wall", "max diff"):
        table.add_column(header, justify="right", no_wrap=True)
    for line in lines:
        cells = [_milli(line.cpu), f"{1e3 * median(line.wall):.3g}", "1", "1", ""]
        if line.peer != OWN:
            ratio = f"{line.ratio_cpu:.3g} {_range(line.ratios)}"
            cells[2:] = [ratio, f"{line.ratio_wall:.3g}", f"{line.difference:.0e}"]
        else:
            table.add_row(f"n = {line.n:,}", style="bold")
        table.add_row(f"{line.peer} {line.version}", *cells)
    console.print(table)


def _milli(seconds: Sequence[float]) -> str:
    scaled = [1e3 * second for second in seconds]
    return f"{median(scaled):.3g} {_range(scaled)}"


def _range(values: Sequence[float]) -> str:
    return f"({min(values):.3g}–{max(values):.3g})"


def _starts(starts: Sequence[Start], console: Console) -> None:
    table = empty_table("\nBefore the first replicate, seconds of wall time")
    table.add_column("n", justify="right")
    table.add_column("program", no_wrap=True)
    for header in ("start", "first fit", "first refits", "process", "peak MB"):
        table.add_column(header, justify="right", no_wrap=True)
    for one in starts:
        steps = (one.start, one.first_fit, one.first_replicates, one.process)
        table.add_row(
            f"{one.n:,}", f"{one.peer} {one.version}, {one.state}",
            *("" if isnan(step) else f"{step:.2f}" for step in steps),
            "" if isnan(one.peak_mb) else f"{one.peak_mb:.0f}",
        )  # fmt: skip
    console.print(table)


def machine() -> str:
    """Return the processor's name, how many of it this process may use, and the system."""
    listed = Path("/proc/cpuinfo")
    text = listed.read_text(errors="replace") if listed.is_file() else ""
    names = [line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("model name")]
    name = (names or [platform.processor() or platform.machine()])[0]
    return f"{name}, {available_jobs()} processors, {platform.system()}"

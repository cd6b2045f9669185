"""A run of the command line from outside: CPU seconds of every stage it names, and its peak of memory."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from trust.part import ROOT

__all__ = ["Watched", "watched"]

# what werksem writes on a terminal when a stage begins, and when its line is emptied; a bar begins at its
# own line's start, or after anything that is no letter
STAGE = re.compile(
    r"\r\x1b\[2K(?:(?P<name>[\w ]+) …)?|(?P<bar>(?:\b|(?<=\x1b\[2K))[A-Za-z]\w*)\s+(?:\x1b\[[0-9;]*m)*[━╸╺]"
)
START, OTHER = "start", "other"
# its sampler empties the line and draws a bar of its own
SAMPLED = "posterior"


@dataclass(frozen=True, slots=True)
class Watched:
    """What a command took: its exit code, CPU seconds by stage (all threads), and peak memory in GB.

    ``start`` is loading the program; ``other`` is whatever runs between stages.
    """

    code: int
    cpu: dict[str, float]
    peak: float

    @property
    def total(self) -> float:
        """CPU seconds of the whole command."""
        return sum(self.cpu.values())


def watched(arguments: list[str], folder: Path) -> Watched:
    """Run ``werksem ARGUMENTS`` in a folder as a process of its own, with a terminal for its progress.

    One thread for matrix products, so that CPU seconds do not depend on the machine's load.
    """
    ours, theirs = pty.openpty()
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    path = os.pathsep.join((str(ROOT / "src"), os.environ.get("PYTHONPATH", "")))
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "werksem", *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=said,
            stderr=theirs, env={**os.environ, **threads, "PYTHONPATH": path, "TERM": "xterm"},
        )  # fmt: skip
    os.close(theirs)
    cpu = _listened(ours, process.pid)
    os.close(ours)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    # what the last reading missed
    cpu[OTHER] = cpu.get(OTHER, 0.0) + used.ru_utime + used.ru_stime - sum(cpu.values())
    return Watched(process.returncode, cpu, used.ru_maxrss * 1024 / 1e9)


def _listened(terminal: int, pid: int) -> dict[str, float]:
    """Return CPU seconds by stage until the terminal is closed."""
    cpu: dict[str, float] = {}
    stage, before = START, 0.0
    while heard := _read(terminal):
        now = max(_cpu_seconds(pid), before)
        cpu[stage] = cpu.get(stage, 0.0) + now - before
        before = now
        for found in STAGE.finditer(heard):
            stage = found["name"] or found["bar"] or (SAMPLED if stage == SAMPLED else OTHER)
    return cpu


def _read(terminal: int) -> str:
    """Return what was written since, empty where the other side is closed."""
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:
        return ""


def _cpu_seconds(pid: int) -> float:
    """Return the CPU seconds of a process so far, 0 where it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

"""A case put to the real command line, in a process of its own."""

from __future__ import annotations

import csv
import importlib
import io
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from trust.bad_data.case import Case, lay_out
from werksem.results import read_manifest

__all__ = ["Outcome", "put"]

PATIENCE = 120.0  # seconds; what takes longer hangs


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command answered: its exit code, what it said, whether a result lies there, what held."""

    code: int
    said: str
    result: bool
    held: bool


def put(case: Case, verb: str, folder: Path) -> Outcome:
    """Return what ``werksem VERB`` says of a case laid out in an empty folder.

    It held where the exit code and every word are as the case says, no traceback is shown, nothing lies in
    the place of a result after a refusal, and after a fit the warning stands in manifest.json. No cell of a
    CSV may be one that a spreadsheet runs.
    """
    config = lay_out(case, folder)
    out = folder / "out"
    asked = [verb, str(config), *([] if verb == "check" else ["--out", str(out), "--quiet"])]
    code = _run(asked, folder)
    said = _text(folder / "stderr")
    if not case.code:
        said += _text(folder / "stdout") if verb == "check" else "\n".join(_warnings(out))
    whole = all(word in said for word in case.words) and "Traceback" not in said
    left = out.exists() if case.code else verb != "check" and not out.exists()
    runs = [cell for cell in _cells(out) if _runs(cell)]
    strays = [entry.name for entry in folder.iterdir() if entry.name.startswith(".out-")]
    return Outcome(code, said, out.exists(), code == case.code and whole and not (left or strays or runs))


def _cells(folder: Path) -> Iterator[str]:
    """Yield every cell of every CSV of a result, as a spreadsheet would read it."""
    for path in sorted(folder.rglob("*.csv")):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))):
            yield from row


def _runs(cell: str) -> bool:
    """Tell whether a spreadsheet may run a cell: operators of lavaan and numbers are none."""
    if not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or cell in ("=~", "-", "+"):
        return False
    try:
        return bool(float(cell) != float(cell))
    except ValueError:
        return True


def _warnings(out: Path) -> list[str]:
    found = read_manifest(out)
    return [str(said) for key in ("warnings", "notes") for said in found.get(key, ())]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _run(arguments: Sequence[str], folder: Path) -> int:
    """Return the exit code of a fork of this process that runs the command line; 255 where it hangs."""
    _ready()
    child = os.fork()
    if child == 0:
        _become(arguments, folder)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return 255


@cache
def _ready() -> None:
    """Import once, before forks, what every command line imports."""
    for name in ("werksem.cli", "werksem.check", "werksem.run", "werksem.describing.run", "pyreadstat"):
        importlib.import_module(name)


def _become(arguments: Sequence[str], folder: Path) -> None:
    """Be the command line: never returns."""
    code = 254
    try:
        for stream, name in ((1, "stdout"), (2, "stderr")):
            os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8")
        sys.stderr = os.fdopen(2, "w", encoding="utf-8")
        sys.argv = ["werksem", *arguments]
        from werksem.cli import main

        main()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)

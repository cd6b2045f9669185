"""lavaan: one R process that stays alive, spoken to line by line, its numbers in binary files."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import numpy as np

from werksem.bench.case import Case, Index, Timed
from werksem.bench.peer import Peer, PeerAbsentError
from werksem.bench.threads import BLAS
from werksem.estimators.semopy_adapter import model_text

__all__ = ["lavaan_peer"]

SCRIPT = Path(__file__).with_name("refit.R")


@contextmanager
def lavaan_peer(case: Case) -> Iterator[Peer]:
    """Yield lavaan; raises ``PeerAbsentError`` without R, without the package, or where it fails."""
    program = shutil.which("Rscript")
    if program is None:
        raise PeerAbsentError("there is no Rscript on the path")
    with tempfile.TemporaryDirectory(prefix="werksem-bench-") as place:
        folder = Path(place)
        _write(case, folder)
        began = perf_counter()
        with _process(program, folder) as process:
            _answer(process, folder, "loaded")
            start = perf_counter() - began
            version, first = _answer(process, folder, "ready")
            order = _order(case, folder)

            def refit(drawn: Index) -> Timed:
                (drawn + 1).astype(np.int32).tofile(folder / "draws.bin")
                _ask(process, folder, len(drawn))
                cpu, wall = map(float, _answer(process, folder, "done"))
                theta = np.fromfile(folder / "theta.bin").reshape(len(drawn), -1)
                return Timed(theta[:, order], cpu, wall)

            yield Peer(version, start, float(first), refit)


def _write(case: Case, folder: Path) -> None:
    """Write what the script reads: rows column by column, and the whole parameter table as syntax."""
    case.rows.T.astype(float).tofile(folder / "rows.bin")
    (folder / "size.txt").write_text(f"{case.rows.shape[0]} {case.rows.shape[1]}\n")
    (folder / "names.txt").write_text("\n".join(case.model.observed) + "\n")
    (folder / "model.txt").write_text(model_text(case.model) + "\n")


@contextmanager
def _process(program: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield R with one BLAS thread; what it says on stderr is kept in a file."""
    environment = {**os.environ, **dict.fromkeys(BLAS, "1")}
    with (folder / "errors.txt").open("w") as errors:
        process = subprocess.Popen(
            [program, str(SCRIPT), str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=errors, text=True, env=environment,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


def _ask(process: subprocess.Popen[str], folder: Path, count: int) -> None:
    if process.stdin is None:
        raise PeerAbsentError(_reason(folder))
    try:
        process.stdin.write(f"{count}\n")
        process.stdin.flush()
    except BrokenPipeError:
        raise PeerAbsentError(_reason(folder)) from None


def _answer(process: subprocess.Popen[str], folder: Path, expected: str) -> list[str]:
    """Return what follows the expected word; raises ``PeerAbsentError`` for any other."""
    words = process.stdout.readline().split() if process.stdout is not None else []
    if words[:1] == ["absent"]:
        raise PeerAbsentError("R is here, the package is not: install.packages('lavaan')")
    if words[:1] != [expected]:
        process.wait()
        raise PeerAbsentError(_reason(folder))
    return words[1:]


def _reason(folder: Path) -> str:
    said = (folder / "errors.txt").read_text(errors="replace").split()
    return f"R stopped: {' '.join(said)[-300:] or 'it gave no reason'}"


def _order(case: Case, folder: Path) -> list[int]:
    """Return where our parameters stand among lavaan's; it may write a covariance the other way round."""
    theirs = (folder / "parameters.txt").read_text().split()
    place = {"~~".join(reversed(name.split("~~"))): at for at, name in enumerate(theirs)}
    place |= {name: at for at, name in enumerate(theirs)}
    if unknown := [name for name in case.model.parameters if name not in place]:
        raise PeerAbsentError(f"it has no parameter named {unknown[0]}")
    return [place[name] for name in case.model.parameters]

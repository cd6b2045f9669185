"""A process that has read in all libraries, and forks a process of its own for every command.

Reading them in takes most of a small command's time. Each line on stdin asks for one command; the answer, its
exit code (below 0: the signal that ended it), is a line on stdout.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

__all__ = ["Forker", "asked", "forker"]

READ_IN = (
    "scipy.stats", "scipy.optimize", "matplotlib.figure", "pyarrow.parquet", "semopy", "werksem.cli",
    "werksem.run", "werksem.describing.run", "werksem.release.again", "werksem.report.html",
    "werksem.engines.latent", "werksem.engines.bootstrap", "werksem.replay", "werksem.lock.verb",
    "werksem.audit.run", "werksem.survey.synthetic", "werksem.starting.run", "werksem.report.change",
    "werksem.bayes.run",
)  # fmt: skip
Forker = subprocess.Popen[str]


def main() -> None:
    """Read in the libraries; then fork a process for every line."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.environ.setdefault("PYTENSOR_FLAGS", "mode=NUMBA")
    for name in READ_IN:
        importlib.import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _command(json.loads(line))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(status, file=answers, flush=True)


def _command(wanted: Mapping[str, Any]) -> None:
    """Be the command: its folder, environment and streams; never return."""
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    for number, place in enumerate((os.devnull, wanted["stdout"], wanted["stderr"])):
        os.dup2(os.open(place, os.O_RDWR | os.O_CREAT), number)
    sys.argv = ["inject", *wanted["arguments"]]
    from trust.faults.inject import main as run

    code = 1
    try:
        run()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
        os._exit(code % 256)


@contextmanager
def forker(environment: Mapping[str, str]) -> Iterator[Forker]:
    """Yield a process that forks; it ends with the block."""
    with subprocess.Popen(
        [sys.executable, "-m", "trust.faults.forked"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, env=dict(environment),
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def asked(
    process: Forker, folder: Path, arguments: Sequence[str], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Return what a command answers that is run in a fork of ``process``."""
    assert process.stdin is not None
    assert process.stdout is not None
    with tempfile.TemporaryDirectory() as place:
        streams = {name: str(Path(place) / name) for name in ("stdout", "stderr")}
        wanted = {
            "folder": str(folder), "arguments": list(arguments), "environment": dict(environment), **streams,
        }  # fmt: skip
        print(json.dumps(wanted), file=process.stdin, flush=True)
        code = int(_line(process.stdout))
        out, err = (Path(path).read_text(encoding="utf-8", errors="replace") for path in streams.values())
    return subprocess.CompletedProcess(list(arguments), code, out, err)


def _line(stream: IO[str]) -> str:
    line = stream.readline()
    if not line:
        raise RuntimeError("the process that forks has ended")
    return line


if __name__ == "__main__":
    main()

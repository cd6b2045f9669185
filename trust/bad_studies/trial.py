"""Lays out one bad study in an empty folder, and meets it with the real command line."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from trust.bad_studies.case import DATA, MODEL, STUDY, Case
from trust.part import ROOT
from werksem.cli import main

__all__ = ["Found", "finished", "laid_out", "run", "what_is_wrong"]

SECONDS = 60
BYTES = 4_000_000_000
INTERNAL = 70
FITTED = STUDY + "bootstrap: {replicates: 40, interval: percentile, scheme: cases}\n"


@dataclass(frozen=True, slots=True)
class Found:
    """What came back: exit code, what was said, seconds of processor time, what lies where nothing may."""

    code: int
    said: str
    seconds: float = 0.0
    left: tuple[str, ...] = ()


def laid_out(case: Case, folder: Path, result: Path | None = None) -> None:
    """Write the files of a case into an empty folder, beside a sound study, model and data."""
    sound = {"study.yaml": STUDY, "model.yaml": MODEL, "data.csv": DATA}
    if result is not None and case.folder:
        shutil.copytree(result, folder / "result")
    for name, content in {**sound, **case.files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    for name, target in case.links.items():
        (folder / name).unlink(missing_ok=True)
        if target == "FIFO":
            os.mkfifo(folder / name)
        else:
            (folder / name).symlink_to(target)


def what_is_left(case: Case, folder: Path) -> tuple[str, ...]:
    """Return what lies there although nothing may: outputs of a refused study, marks of code that ran."""
    never = (*case.left, "pwned", "../pwned", "/pwned")
    return tuple(name for name in never if (folder / name).exists())


def finished(folder: Path) -> Path:
    """Return the result folder of a sound study, made in an empty folder."""
    for name, text in (("study.yaml", FITTED), ("model.yaml", MODEL), ("data.csv", DATA)):
        (folder / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "werksem", "fit", "study.yaml", "--out", "result", "--quiet"]
    subprocess.run(command, cwd=folder, env=_surroundings(), check=True, stdin=subprocess.DEVNULL)
    return folder / "result"


def run(case: Case, result: Path | None = None) -> Found:
    """Return what the command line made of a case, in a process of its own, within a minute and 4 GB.

    The process is forked from this one, which has the libraries loaded: a tenth of a second instead of two.
    """
    with tempfile.TemporaryDirectory(prefix="bad-study-") as place:
        folder, said = Path(place) / "here", Path(place) / "said"
        folder.mkdir()
        laid_out(case, folder, result)
        process = os.fork()
        if process == 0:
            _child(case, folder, said)
        _, status, used = os.wait4(process, 0)
        code = os.waitstatus_to_exitcode(status)
        text = said.read_bytes().decode("utf-8", "replace").strip()
        return Found(code, text, used.ru_utime + used.ru_stime, what_is_left(case, folder))


def _child(case: Case, folder: Path, said: Path) -> NoReturn:
    """Be the command line, and end."""
    out = os.open(said, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(out, stream)
    os.chdir(folder)
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    signal.alarm(SECONDS * 5)
    sys.argv = ["werksem", *case.command]
    code: object = INTERNAL
    try:
        main()
    except SystemExit as stop:
        code = stop.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else INTERNAL)


def _surroundings() -> dict[str, str]:
    path = os.pathsep.join((str(ROOT / "src"), os.environ.get("PYTHONPATH", "")))
    return {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}


def what_is_wrong(case: Case, found: Found) -> str:
    """Return in what the answer differs from what has to be said, empty where it holds."""
    if found.code != case.code:
        return f"exit code {found.code}, expected {case.code}"
    for words in (case.place, *case.said):
        if words not in found.said:
            return f"does not say {words!r}"
    if case.code == 2 and len(_sentences(found.said)) != 1:
        return "is not one sentence"
    return f"leaves {', '.join(found.left)} behind" if found.left else ""


def _sentences(said: str) -> list[str]:
    """Return the lines that say what is wrong."""
    return [line for line in said.splitlines() if line.startswith("werksem: ")]

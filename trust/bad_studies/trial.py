"""Runs one bad study through the real command line, in a folder of its own."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from trust.bad_studies.case import DATA, MODEL, STUDY, Case

__all__ = ["Found", "laid_out", "run", "what_is_wrong"]

SECONDS = 60
BYTES = 4_000_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """What came back: exit code, what was said, seconds of processor time."""

    code: int
    said: str
    seconds: float = 0.0


def laid_out(case: Case, folder: Path, result: Path | None = None) -> None:
    """Write the files of a case into an empty folder."""
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


def run(case: Case, result: Path | None = None) -> Found:
    """Return what the command line made of a case, within a minute and 4 GB."""
    with tempfile.TemporaryDirectory(prefix="bad-study-") as place:
        laid_out(case, Path(place), result)
        started = time.process_time()
        before = _spent()
        try:
            done = subprocess.run(
                [sys.executable, "-m", "werksem", *case.command], cwd=place, capture_output=True,
                timeout=SECONDS, preexec_fn=_bounded, check=False, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Found(-1, f"nothing within {SECONDS} seconds", SECONDS)
        del started
        said = (done.stderr + done.stdout).decode("utf-8", "replace")
        return Found(done.returncode, said.strip(), _spent() - before)


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


def what_is_wrong(case: Case, found: Found) -> str:
    """Return in what the answer differs from what has to be said, empty where it holds."""
    if found.code != case.code:
        return f"exit code {found.code}, expected {case.code}"
    missing = [words for words in (case.place, *case.said) if words not in found.said]
    return f"does not say {missing[0]!r}" if missing else ""

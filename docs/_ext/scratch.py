"""A scratch copy of the project, in which the examples of the pages are run."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_text import without_ansi

__all__ = ["Done", "data_of_others", "make_scratch", "run"]

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("configs", "models", "data")
# where data of others lie, if they do: beside the project, as its studies name them
BESIDE = ROOT.parent / "shared" / "data"


@dataclass(frozen=True)
class Done:
    """A command that was run: what it printed, and its exit code."""

    printed: str
    code: int


def data_of_others(name: str) -> Path:
    """Return where a data file that is not shipped would be."""
    return BESIDE / name


def make_scratch(build: Path) -> Path:
    """Return the scratch copy under ``build``; it is made anew when the code or a study changed."""
    scratch = build / f"scratch-{_digest()}" / "werksem"
    if scratch.is_dir():
        return scratch
    for old in build.glob("scratch-*"):
        shutil.rmtree(old, ignore_errors=True)
    scratch.mkdir(parents=True)
    for name in COPIED:
        shutil.copytree(ROOT / name, scratch / name)
    (scratch / ".runs").mkdir()
    if BESIDE.is_dir():
        (scratch.parent / "shared").symlink_to(BESIDE.parent)
    return scratch


@cache
def _digest() -> str:
    """Return the state of what is copied and of the code, which no build changes."""
    found = hashlib.sha256(sys.version.encode())
    for folder in ("src", *COPIED):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()[:12]


def run(scratch: Path, command: str) -> Done:
    """Run a command in the scratch copy, once per state of the files that it names."""
    words = shlex.split(command)
    kept = scratch / ".runs" / f"{_key(scratch, words)}.json"
    if kept.is_file():
        return Done(**json.loads(kept.read_text(encoding="utf-8")))
    program = [sys.executable, "-m", "werksem"] if words[0] == "werksem" else [words[0]]
    ended = subprocess.run(
        [*program, *words[1:]], cwd=scratch, env=_environment(), text=True, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    done = Done(without_ansi(ended.stdout).replace(f"{scratch}/", ""), ended.returncode)
    kept.write_text(json.dumps(done.__dict__), encoding="utf-8")
    return done


def _key(scratch: Path, words: list[str]) -> str:
    found = hashlib.sha256("\0".join(words).encode())
    for word in words:
        path = scratch / word
        if path.is_file():
            found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _environment() -> dict[str, str]:
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    source = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH", ""))))
    plain = {"COLUMNS": "84", "NO_COLOR": "1", "TERM": "dumb", "PYTHONPATH": source, "PYTHONUTF8": "1"}
    return os.environ | single | plain

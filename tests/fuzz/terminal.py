"""The command line, run here and not in a process of its own: its exit code and what it said."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from werksem.cli import app, guarded

DEBUG = "WERKSEM_DEBUG"
PREFIX = "werksem-fuzz-"


@dataclass(frozen=True)
class Said:
    """What a command left behind: exit code, stdout, stderr."""

    code: int
    out: str
    err: str


def werksem(*arguments: object) -> Said:
    """Run one command; a fault of ours is raised with its traceback, not turned into exit code 70."""
    out, err = io.StringIO(), io.StringIO()
    before = os.environ.get(DEBUG)
    os.environ[DEBUG] = "1"
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = guarded(lambda: app([str(argument) for argument in arguments]))
    finally:
        os.environ.pop(DEBUG) if before is None else os.environ.update({DEBUG: before})
    return Said(code, out.getvalue(), err.getvalue())


@contextmanager
def folder_with(files: Mapping[str, str | bytes]) -> Iterator[Path]:
    """Stand in an empty folder with these files until the block ends."""
    home = Path.cwd()
    place = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        for name, content in files.items():
            raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
            (place / name).write_bytes(raw)
        os.chdir(place)
        yield place
    finally:
        os.chdir(home)
        shutil.rmtree(place, ignore_errors=True)


def a_sentence(said: Said, *names: str) -> None:
    """Assert that a command ended as promised: done, or one message that names one of these places.

    Exit code 2 names a file, a flag or a column; 3 speaks of the model.
    """
    assert said.code in (0, 1, 2, 3), said
    assert "Traceback" not in said.err, said
    assert "internal error" not in said.err, said
    if said.code < 2:
        return
    told = [line for line in said.err.splitlines() if line.startswith("werksem: ")]
    assert len(told) == 1, said
    assert said.err.startswith("werksem: "), said
    if said.code == 2 and names:
        assert any(name in said.err for name in (*names, PREFIX)), said

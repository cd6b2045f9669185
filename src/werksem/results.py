"""The result folder: written beside its place, checked, and only then put there."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from werksem.errors import SpecError
from werksem.survey.formulas import inert_table

__all__ = [
    "is_result_folder", "new_folder", "read_manifest", "relative", "run_record", "write_json", "write_table",
]  # fmt: skip

MANIFEST = "manifest.json"


def is_result_folder(folder: Path) -> bool:
    """Return whether a folder was written by werksem."""
    return (folder / MANIFEST).is_file() and "werksem" in read_manifest(folder)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return a folder's manifest, empty where it has none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """Yield a temporary folder beside ``out``; after the block it takes the place of ``out``.

    When the block fails nothing is left and an earlier result stays as it was. Raises
    ``SpecError`` where ``out`` exists and is not a werksem result folder, or cannot be made.
    """
    if out.exists() and not (out.is_dir() and (is_result_folder(out) or not any(out.iterdir()))):
        raise SpecError(f"{out} exists and is not a werksem result folder: name another with --out")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise SpecError(f"cannot write results into {out.parent}: {error.strerror}") from None
    try:
        yield work
        _replace(work, out)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _replace(work: Path, out: Path) -> None:
    """Put the finished folder in its place; the old one is moved aside first and then removed."""
    os.chmod(work, 0o755)
    if not out.exists():
        work.rename(out)
        return
    aside = out.with_name(f".{out.name}-old-{os.getpid()}")
    out.rename(aside)
    work.rename(out)
    shutil.rmtree(aside, ignore_errors=True)


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV: UTF-8, a point in numbers, empty where undefined, 10 digits.

    Text that a spreadsheet would run as a formula gets an apostrophe before it (``survey.formulas``).
    """
    inert_table(table).to_csv(path, index=False, lineterminator="\n", float_format="%.10g")


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write JSON, readable, with keys in the given order."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def relative(path: Path, folder: Path) -> str:
    """Return a path as seen from a folder, with forward slashes; absolute where no way leads there."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return path.resolve().as_posix()


def run_record(
    config: object, out: Path, overrides: Sequence[str], only: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what was asked: the study file as seen from the result folder, and what was typed after it.

    ``config`` is empty for a study that was made in Python and is no file.
    """
    file = relative(config, out) if isinstance(config, Path) else ""
    return {"config": file, "set": list(overrides), "only": list(only)}

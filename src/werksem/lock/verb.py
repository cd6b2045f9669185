"""What the command line asks of locks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from werksem.lock.run import lock_folder, verify
from werksem.lock.said import as_json, lines

__all__ = ["verify_lines", "write_lines"]


def write_lines(path: Path, folder: Path, plain: bool = False) -> list[str]:
    """Write a lock of a result folder; return what is printed of it, with ``plain`` one JSON object."""
    lock = lock_folder(folder, path)
    count = sum(len(values) for values in lock.values.values())
    if plain:
        return [json.dumps({"lock": str(path), "values": count, "files": len(lock.files)})]
    return [f"{path}: {count} published numbers and {len(lock.files)} files locked"]


def verify_lines(path: Path, only: Sequence[str] = (), plain: bool = False) -> tuple[list[str], int]:
    """Check a lock; return what is printed of it, with ``plain`` one JSON object, and the exit code."""
    found = verify(path, only, quiet=plain)
    said = [json.dumps(as_json(found), ensure_ascii=False)] if plain else list(lines(found))
    return said, found.exit_code

"""What a place holds, as bytes, and what may differ between two runs of one study."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

__all__ = ["MAY_DIFFER", "content", "differing", "hidden", "raw", "visible"]

# what of a result depends on the clock, and is left out where bytes are compared
MAY_DIFFER = {
    "manifest.json": "`created` and `timings`",
    "diagnostics.csv": "the row `cpu_seconds` of the posterior",
    "report.html": "seconds per stage, and the row `cpu_seconds`",
    "*.lock.yaml": "`made`",
    "speed*.csv": "of `bench`: all of it, as it measures time",
}


def _files(place: Path, names: Sequence[str]) -> Iterator[Path]:
    for name in names:
        inside = place / name
        yield from (path for path in sorted(inside.rglob("*")) if path.is_file())
        if inside.is_file():
            yield inside


def raw(place: Path, names: Sequence[str]) -> dict[str, bytes]:
    """Return every byte of files and folders, by name."""
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in _files(place, names)}


def content(place: Path, names: Sequence[str]) -> dict[str, bytes]:
    """Return what files and folders hold, by name, without what depends on the clock."""
    return {name: _timeless(Path(name), found) for name, found in raw(place, names).items()}


def _timeless(path: Path, found: bytes) -> bytes:
    if path.name == "manifest.json":
        whole = json.loads(found)
        return json.dumps({k: v for k, v in whole.items() if k not in ("created", "timings")}).encode()
    if path.name == "diagnostics.csv":
        return re.sub(rb"bayes,cpu_seconds,.*\n", b"", found)
    if path.name == "report.html":
        return re.sub(rb'<td class="">OLS [\d.]+ s.*?</td>', b"", found)
    if path.name.endswith(".lock.yaml"):
        return re.sub(rb"(?m)^made: .*$", b"", found)
    return b"" if path.name.startswith("speed") else found


def differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """Return the names of files that are not the same in both."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def hidden(place: Path) -> list[str]:
    """Return the names of what begins with a dot."""
    return sorted(path.name for path in place.iterdir() if path.name[0] == ".") if place.exists() else []


def visible(place: Path) -> set[str]:
    """Return the names of everything else."""
    return {path.name for path in place.iterdir() if path.name[0] != "."} if place.exists() else set()

"""Faults of what is around a command: streams, environment, limits, disks that are full or read-only."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["AROUND", "Around", "disk", "may_mount"]


@dataclass(frozen=True, slots=True)
class Around:
    """What a command finds around it.

    ``environment`` is changed (None: removed), ``limits`` are of the process, ``shell`` is what follows
    the command in a shell. ``before`` changes the place before it runs. ``disk`` is the size of a disk of
    its own that the place lies on, ``read_only`` whether that cannot be written.
    """

    environment: Mapping[str, str | None] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    shell: str = ""
    before: Callable[[Path], None] = lambda place: None
    disk: str = ""
    read_only: bool = False


def may_mount() -> bool:
    """Return whether disks can be made here, which takes the rights of an administrator and Linux."""
    if os.name != "posix" or os.geteuid() != 0 or not Path("/proc/mounts").exists():
        return False
    return subprocess.run(["mount", "--version"], capture_output=True, check=False).returncode == 0


@contextmanager
def disk(place: Path, around: Around) -> Iterator[Callable[[], None]]:
    """Lay a place on a disk of its own where its surroundings ask for one; yield what makes room on it."""
    if not around.disk:
        yield lambda: None
        return
    options = f"size={around.disk}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=True)
    try:
        yield lambda: _remount(place, "rw,size=200m")
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def _remount(place: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True)


def read_only(place: Path) -> None:
    """Make the disk of a place read-only."""
    _remount(place, "ro,size=200m")


def _kept_files(place: Path, pattern: str) -> list[Path]:
    return sorted((place / ".out-kept").glob(pattern))


def _flipped(pattern: str) -> Callable[[Path], None]:
    """Return what changes one bit in the middle of kept files."""

    def flip(place: Path) -> None:
        for path in _kept_files(place, pattern):
            content = bytearray(path.read_bytes())
            content[len(content) // 2] ^= 4
            path.write_bytes(content)

    return flip


def _cut(pattern: str) -> Callable[[Path], None]:
    def cut(place: Path) -> None:
        for path in _kept_files(place, pattern):
            path.write_bytes(path.read_bytes()[:-50])

    return cut


def _other_version(place: Path) -> None:
    (place / ".out-kept" / "block-fingerprint").write_text("0.0.9 " + 64 * "0", encoding="ascii")


def _tomorrow(place: Path) -> None:
    for path in (place / ".out-kept", *_kept_files(place, "*")):
        os.utime(path, (4e9, 4e9))


def _file_there(place: Path) -> None:
    (place / "out").write_text("all of it", encoding="utf-8")


def _foreign_there(place: Path) -> None:
    (place / "out").mkdir()
    (place / "out" / "thesis.txt").write_text("all of it", encoding="utf-8")


def _linked(place: Path) -> None:
    """Move the earlier result elsewhere, with a symbolic link in its place."""
    (place / "out").rename(place / "elsewhere")
    (place / "out").symlink_to(place / "elsewhere")


def _dead_lock(place: Path) -> None:
    (place / ".out-kept").mkdir()
    (place / ".out-kept" / "lock").touch()
    (place / ".out-kept" / "pid").write_text("999999", encoding="ascii")


def _set(**environment: str | None) -> Around:
    return Around(environment=environment)


NOWHERE = "/dev/null/nowhere"  # no user can make a folder there
AROUND: Mapping[str, Around] = {
    "": Around(),
    "files of 8 kB": Around(limits={"RLIMIT_FSIZE": 8 << 10}),
    "disk of 60 kB": Around(disk="60k"),
    "disk of 300 kB": Around(disk="300k"),
    "read-only disk": Around(disk="200m", read_only=True),
    "memory of 3 GB": Around(limits={"RLIMIT_AS": 3 << 30}),
    "stdout closed": Around(shell=">&-"),
    "stdout and stderr closed": Around(shell=">&- 2>&-"),
    "stdin closed": Around(shell="<&-"),
    "stdout full": Around(shell=">/dev/full"),
    "a reader that stops": Around(shell="| head -c 1 >/dev/null"),
    "no HOME": _set(HOME=None, XDG_CACHE_HOME=None, XDG_CONFIG_HOME=None),
    "HOME nowhere": _set(HOME=NOWHERE, XDG_CACHE_HOME=None, XDG_CONFIG_HOME=None),
    "numba cache nowhere": _set(NUMBA_CACHE_DIR=NOWHERE),
    "matplotlib folder nowhere": _set(MPLCONFIGDIR=NOWHERE),
    "temporary folder nowhere": _set(TMPDIR=NOWHERE, TMP=NOWHERE, TEMP=NOWHERE),
    "LC_ALL=C": _set(LC_ALL="C", LANG="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"),
    "stdout of ASCII": _set(PYTHONIOENCODING="ascii"),
    "a bit of a block flipped": Around(before=_flipped("block-*.npz")),
    "blocks cut off": Around(before=_cut("block-*.npz")),
    "a bit of the posterior flipped": Around(before=_flipped("posterior-*.npz")),
    "the posterior cut off": Around(before=_cut("posterior-*.npz")),
    "blocks of werksem 0.0.9": Around(before=_other_version),
    "the clock set back": Around(before=_tomorrow),
    "a file in the place": Around(before=_file_there),
    "a foreign folder in the place": Around(before=_foreign_there),
    "a symbolic link in the place": Around(before=_linked),
    "a lock of a dead process": Around(before=_dead_lock),
    "another run": Around(),
}


def changed(environment: Mapping[str, str | None], **more: Any) -> dict[str, str]:
    """Return the environment of this process with some of it changed."""
    found: dict[str, str | None] = {**os.environ, **more, **environment}
    return {name: value for name, value in found.items() if value is not None}

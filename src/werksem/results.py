"""The result folder: written beside its place, checked, and only then put there."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd

from werksem.errors import OutputError, WerksemError, visible
from werksem.own_files import files_in, flush, left_behind, own_files, take_along
from werksem.survey.formulas import inert_table
from werksem.swap import swap

__all__ = [
    "is_result_folder", "new_folder", "placed", "read_manifest", "real", "relative", "renewed",
    "run_record", "write_json", "write_table",
]  # fmt: skip

MANIFEST = "manifest.json"
LARGE = (".nc", ".parquet")
FILES = "files"  # in the manifest: what werksem wrote
SHOWN = 3


def is_result_folder(folder: Path) -> bool:
    """Return whether a folder was written by werksem."""
    return (folder / MANIFEST).is_file() and "werksem" in read_manifest(folder)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return a folder's manifest, empty where it has none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def real(folder: Path) -> Path:
    """Return the folder that is meant: behind a symbolic link, or by ``.``."""
    folder = folder.expanduser()  # of --out=~/x no shell makes a home
    return folder.resolve() if folder.is_symlink() or folder.name in ("", "..") else folder


def placed(out: Path) -> Path:
    """Return where a result is to lie; raises ``OutputError`` where no result may replace what is there."""
    place = real(out)
    if place.exists() and not (place.is_dir() and (is_result_folder(place) or not any(place.iterdir()))):
        raise OutputError(f"{out} exists and is not a werksem result folder: name another with --out")
    return place


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """Yield an empty folder beside ``out``, whose place is held; after the block it is ``out``.

    Files of the user's own in an earlier result are in the new one too, and a sentence names them.
    When the block fails nothing is left and an earlier result stays as it was. Raises ``OutputError`` where
    something that is no result has come into the place since, the folder cannot be made or went away, or,
    before the block, where a file of the user's own could not be taken along.
    """
    work, above = _beside(out, "new"), out.parent.absolute()
    settle(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        work.mkdir(mode=0o700)
    except OSError as error:
        raise OutputError(f"cannot write results into {out.parent}: {error.strerror}") from None
    try:
        left_behind(_own(out), out, work)
        yield work
        placed(out)
        _list(work, files_in(work))
        for path in work.rglob("*"):  # so that after a power cut the folder in its place is whole
            flush(path)
        kept = take_along(_own(out), out, work)
        work.chmod(0o755 & ~_umask())
        swap(work, out, _beside(out, "old"))
        _say(kept, out)
    except OSError as error:
        if not work.is_dir():
            raise OutputError(f"{above} went away while results were written into it") from None
        error.filename = error.filename or str(out)
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _list(folder: Path, names: Sequence[str]) -> None:
    """Write into a folder's manifest which files are werksem's."""
    found = read_manifest(folder)
    if found:
        write_json(found | {FILES: list(names)}, folder / MANIFEST)


def _own(out: Path) -> list[str]:
    """Return the files of an earlier result that werksem did not write; none without a list of these."""
    written = read_manifest(out).get(FILES)
    return own_files(out, set(map(str, written))) if isinstance(written, list) else []


def _say(kept: Mapping[str, str], out: Path) -> None:
    """Say which files of the user's own the result has, and which of them elsewhere: all of those."""
    stay = [name for name, place in kept.items() if name == place]
    if stay:
        shown = ", ".join(stay[:SHOWN]) + (f" and {len(stay) - SHOWN} more" if len(stay) > SHOWN else "")
        verb = "is not of werksem and stays" if len(stay) == 1 else "are not of werksem and stay"
        print(f"werksem: {visible(shown)} {verb} in {out}", file=sys.stderr)
    for name, place in kept.items():
        if name != place:
            said = f"{name} was not of werksem, which now writes a file of that name: yours is {place}"
            print(f"werksem: {visible(said)} in {out}", file=sys.stderr)


@contextmanager
def renewed(folder: Path) -> Iterator[Path]:
    """Yield a copy of a result folder to write into; after the block what it has new is in the folder.

    The folder stays the same one, so that whoever stands in it sees the new files. Large files are not
    copied: the block must not write them (``LARGE``). A file of the user's own that it writes over stays
    under another name, and a sentence says so. Raises ``OutputError`` where something cannot be copied.
    """
    work, ready = _beside(folder, "new"), _beside(folder, "ready")
    settle(folder)
    try:
        _copy(folder, work)
        before = files_in(work)
        own = {name: _stamp(work / name) for name in _own(work)}
        yield work
        taken = [name for name, stamp in own.items() if _stamp(work / name) not in (stamp, None)]
        listed = read_manifest(work).get(FILES)
        if isinstance(listed, list) and (more := set(files_in(work)) - {*before, *listed} | set(taken)):
            _list(work, sorted({*listed, *more}))
        kept = take_along(taken, folder, work)
        work.rename(ready)
        _moved(ready, folder)
        _say(kept, folder)
    except WerksemError as error:
        error.args = (str(error).replace(str(work), str(folder)),)
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def settle(out: Path) -> None:
    """Bring a place whose lock is held in order after a run that was killed.

    What it had not finished is removed, the result that it was moving is put back or moved on.
    """
    new, old, ready = (_beside(out, name) for name in ("new", "old", "ready"))
    if old.exists() and not out.exists():
        old.rename(out)
    if ready.exists() and out.is_dir():
        _moved(ready, out)
    for left in (new, old, ready):
        shutil.rmtree(left, ignore_errors=True)


def _beside(out: Path, name: str) -> Path:
    return out.with_name(f".{out.name}-{name}")


def _copy(folder: Path, work: Path) -> None:
    try:
        shutil.copytree(folder, work, symlinks=True, copy_function=_copied)
    except shutil.Error as error:
        (source, _, why), more = error.args[0][0], len(error.args[0]) - 1
        why = str(why).partition("] ")[2].partition(":")[0] or str(why)
        others = f" (and {more} more)" if more else ""
        raise OutputError(
            f"{source}{others} cannot be copied ({why}), as the files of a result are before it is renewed: "
            f"make it readable, or move it out of {folder}"
        ) from None


def _copied(source: str, target: str) -> str:
    """Copy a file; what nobody writes (large, or not to be read) gets a second name where the disk can."""
    if source.endswith(LARGE):
        with suppress(OSError):
            os.link(source, target)
            return target
    try:
        return shutil.copy2(source, target)
    except OSError:
        with suppress(OSError):
            os.link(source, target)
            return target
        raise


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file is written; None where there is none."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _moved(ready: Path, folder: Path) -> None:
    """Move the files of one folder over those of another."""
    for path in sorted(ready.rglob("*")):
        target = folder / path.relative_to(ready)
        if path.is_dir() and not path.is_symlink():
            target.mkdir(exist_ok=True)
        elif not (target.is_file() and path.samefile(target)):
            os.replace(path, target)
    shutil.rmtree(ready)


def _umask() -> int:
    """Return which permissions the user takes from new files."""
    found = os.umask(0o077)
    os.umask(found)
    return found


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

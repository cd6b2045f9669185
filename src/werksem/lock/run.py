"""``werksem verify``: write a lock of a result folder, and compute a lock's numbers again."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werksem import manifest
from werksem.describing.run import Request as DescribeRequest
from werksem.describing.run import describe_study
from werksem.errors import SpecError
from werksem.lock.described import described_numbers
from werksem.lock.file import Lock, Value, read_lock, write_lock
from werksem.lock.moved import Moved, moved
from werksem.lock.numbers import Found, numbers
from werksem.lock.sources import changed, files_read, sources
from werksem.lock.stages import stages
from werksem.lock.stale import refuse_stale
from werksem.report.described.folder import is_described
from werksem.results import is_result_folder, read_manifest, relative
from werksem.run import Request, run_study

__all__ = ["Verified", "lock_folder", "verify"]

WITHOUT_REPORT = "report.formats=[]"


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check found: values looked at, values left out, what is printed otherwise, other versions.

    ``versions`` maps a name to its version then and now, where these differ.
    """

    looked: int
    left_out: int
    moved: tuple[Moved, ...]
    versions: Mapping[str, tuple[str, str]]

    @property
    def exit_code(self) -> int:
        """1 where a number moved by more than its own noise."""
        return int(any(change.kind == "moved" for change in self.moved))


def lock_folder(folder: Path, path: Path) -> Lock:
    """Write a lock of a finished result folder and return it.

    Raises ``SpecError`` for a folder that is none, that does not say which study file made it, or whose
    files have changed since.
    """
    if not is_result_folder(folder):
        raise SpecError("this is no finished werksem result folder", where=str(folder))
    found = read_manifest(folder)
    asked = found.get("run") or {}
    config = folder / str(asked.get("config", ""))
    if not asked.get("config") or not config.is_file():
        raise SpecError(
            "it does not say which study file made it, or that is not there; run that, then lock the results",
            where=str(folder),
        )
    here = path.parent.resolve()
    files = sources(config, asked.get("set", ()), here)
    refuse_stale(folder, config, asked.get("set", ()), files, found)
    lock = Lock(
        lock=1, verb="describe" if is_described(found) else "fit", study=relative(config, here),
        set=tuple(asked.get("set", ())), only=tuple(asked.get("only", ())), made=manifest.now(), files=files,
        seeds=found.get("seed", {}), versions=found.get("versions", {}), platform=_platform(),
        values=_values(_numbers(folder)), stages=stages(folder),
    )  # fmt: skip
    write_lock(lock, path)
    return lock


def _platform() -> dict[str, str]:
    return {"system": platform.system(), "machine": platform.machine(), "release": platform.release()}


def _numbers(folder: Path) -> dict[str, dict[str, Found]]:
    described = is_described(read_manifest(folder))
    return described_numbers(folder) if described else numbers(folder)


def _values(found: Mapping[str, Mapping[str, Found]]) -> dict[str, dict[str, Value]]:
    """Return what a publication prints of what was found."""
    chosen = {
        engine: {
            name: Value(value=_digits(number.value), rounding=number.rounding, mcse=_digits(number.mcse))
            for name, number in values.items()
            if number.printed
        }
        for engine, values in found.items()
    }
    return {engine: values for engine, values in chosen.items() if values}


def _digits(value: Any) -> Any:
    """Return a number as the tables have it, ten digits; anything else as it is."""
    return float(f"{value:.10g}") if isinstance(value, float) else value


def verify(path: Path, only: Sequence[str] = (), quiet: bool = False) -> Verified:
    """Compute a lock's numbers again in a temporary folder and return what is printed otherwise.

    ``only`` names the engines to run, all of the lock's where it is empty. Raises ``SpecError`` where a
    file of the study is not what it was: then other numbers would say nothing of versions.
    """
    lock, here = read_lock(path), path.parent
    other = changed(lock.files, here)
    if other:
        raise SpecError(f"{'; '.join(other)}; nothing was computed", where=str(path))
    config = here / lock.study
    known = {source.file for source in lock.files}
    read = [(what, relative(file, here)) for what, file in files_read(config, lock.set)]
    new = [f"{what} {file}" for what, file in read if file not in known]
    if new:
        listed = ", ".join(new)
        raise SpecError(f"the study also reads what the lock does not have: {listed}", where=str(path))
    for engine in only:
        if engine not in lock.only:
            raise SpecError(
                f"--only: the lock has no {engine}, it has {', '.join(lock.only)}", where=str(path)
            )
    wanted = [engine for engine in lock.only if engine in only or not only]
    with tempfile.TemporaryDirectory(prefix="werksem-verify-") as place:
        out = Path(place) / "result"
        if lock.verb == "describe":
            describe_study(DescribeRequest(config, out, lock.set))
        else:
            run_study(Request(config, out, tuple(wanted), (*lock.set, WITHOUT_REPORT), quiet=quiet))
        engines = [engine for engine in lock.values if engine in wanted or engine not in lock.only]
        looked, found = moved(lock, _numbers(out), stages(out), engines)
    total = sum(len(values) for values in lock.values.values())
    return Verified(looked, total - looked, tuple(found), _other_versions(lock.versions))


def _other_versions(then: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return the versions that differ from those of a lock."""
    now = manifest.versions()
    names = dict.fromkeys((*then, *now))
    pairs = {name: (then.get(name, "absent"), now.get(name, "absent")) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

"""The diagnosis: facts, versions, what is wrong and what is worth knowing; lines for people or plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from werksem import __version__
from werksem.doctor.facts import Facts, facts, gigabytes
from werksem.doctor.known_bad import KNOWN_BAD, SLOW, said_of
from werksem.doctor.versions import Installed, installed_versions, missing_extras, quarrels

__all__ = ["Diagnosis", "as_json", "diagnosis", "lines"]


# extras for who works on werksem itself
DEVELOPING = ("dev", "docs")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found: ``wrong`` makes the exit code 1, ``notes`` do not."""

    facts: Facts
    versions: tuple[Installed, ...]
    missing: dict[str, list[str]]
    wrong: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """1 where something is known not to work, else 0."""
        return int(bool(self.wrong))


def diagnosis(found: Facts | None = None) -> Diagnosis:
    """Return the diagnosis of this computer, or of ``found``."""
    found = facts() if found is None else found
    versions = tuple(installed_versions())
    wrong = [f"{one.name}: {_wrong(one)}" for one in versions if not one.ok]
    if not versions:
        wrong.append("werksem itself is not installed: what it requires cannot be checked")
    return Diagnosis(
        found,
        versions,
        {extra: names for extra, names in missing_extras().items() if extra not in DEVELOPING},
        (*wrong, *quarrels(found.libraries), *said_of(KNOWN_BAD, found)),
        tuple(said_of(SLOW, found)),
    )


def _wrong(one: Installed) -> str:
    right = f"right is pip install '{one.name}{one.allowed}'"
    return f"found {one.version}, {right}" if one.version else f"not installed, {right}"


def lines(found: Diagnosis) -> Iterator[str]:
    """Yield the diagnosis as lines."""
    seen = found.facts
    yield f"werksem {__version__}, Python {seen.python} ({seen.executable})"
    yield f"platform    {seen.platform}"
    limit = "" if seen.quota is None else f", container's limit {seen.quota:g}"
    yield f"processors  {seen.processors}, usable {seen.usable}{limit}"
    yield f"memory      {gigabytes(seen.memory)}, free {gigabytes(seen.available)}"
    threads = ", ".join(f"{name}={value or 'unset'}" for name, value in seen.threads.items())
    yield f"BLAS        {seen.blas}; {threads}"
    yield from (f"            {pool}" for pool in seen.pools)
    yield f"compilers   {', '.join(seen.compilers.values()) or 'none (none is needed)'}"
    yield f"PyTensor    PYTENSOR_FLAGS={seen.pytensor_flags or 'unset (werksem sets mode=NUMBA)'}"
    for place in seen.places:
        yield f"folder      {place.folder}: {place.what}, {'writable' if place.writable else 'NOT writable'}"
    yield "libraries"
    width = max((len(one.name) for one in found.versions), default=0)
    for one in found.versions:
        mark = "" if one.ok else "  <- not in range"
        yield f"  {one.name:<{width}}  {one.version or 'absent':<12}  {one.allowed or 'any'}{mark}"
    for extra, names in found.missing.items():
        yield f"extra {extra}: without {', '.join(names)}; pip install 'werksem[{extra}]'"
    yield from (f"note: {said}" for said in found.notes)
    yield from (f"WRONG: {said}" for said in found.wrong)
    yield "nothing is known to be wrong" if not found.wrong else f"{len(found.wrong)} wrong"


def as_json(found: Diagnosis) -> dict[str, Any]:
    """Return the diagnosis as plain data."""
    return {"werksem": __version__, **asdict(found), "exit_code": found.exit_code}

"""The lock file: what a publication's numbers came from, the numbers, and marks of every stage between."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from werksem.errors import SpecError
from werksem.files import whole
from werksem.spec.dump import dump_mapping
from werksem.spec.problems import validated
from werksem.spec.section import Name, Number, Section
from werksem.spec.yaml import Document, load

__all__ = ["Lock", "Source", "Value", "read_lock", "write_lock"]

HEADER = """\
# Lock of published numbers: `werksem verify {name}` computes them again and says which one moved.
# Under `values`, lines may be deleted, `rounding` (decimals as printed) changed, and lines added:
# any number of estimates.csv or fit.csv by its name, with the value as it was printed.
# A YAML file's sha256 is of its content: comments and layout do not count.
"""


class Source(Section):
    """A file that the numbers came from; ``file`` is seen from the lock's folder."""

    what: Name
    file: Name
    sha256: Name


class Value(Section):
    """A published number (or verdict, which has no ``rounding``); ``mcse`` is its Monte-Carlo error."""

    value: Number | str
    rounding: int | None = Field(default=None, ge=0, le=12)
    mcse: Annotated[Number, Field(ge=0)] | None = None


class Lock(Section):
    """What a lock file says; ``values`` and ``stages`` are by engine and by stage, then by name."""

    lock: Literal[1]
    verb: Literal["fit", "describe"]
    study: Name
    set: tuple[str, ...] = ()
    only: tuple[Literal["ols", "sem", "bootstrap", "bayes"], ...] = ()
    made: str = ""
    files: tuple[Source, ...]
    seeds: dict[str, int] = Field(default_factory=dict)
    versions: dict[str, str] = Field(default_factory=dict)
    platform: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, Value]]
    stages: dict[str, dict[str, Number]] = Field(default_factory=dict)


def read_lock(path: Path) -> Lock:
    """Return a lock file; raises ``SpecError`` with line and column for what is not right in it."""
    document = load(path)
    if "lock" not in document.data:
        raise SpecError("this is no lock file of werksem (it has no key lock)", where=str(path))
    found = validated(Lock, document)
    _refuse_hollow(found, document)
    for engine, values in found.values.items():
        for name, value in values.items():
            if isinstance(value.value, float) and value.rounding is None:
                where = document.where(("values", engine, name))
                message = f'"{name}": a number needs its rounding, the decimals as printed'
                raise SpecError(message, where=where)
    return found


def _refuse_hollow(lock: Lock, document: Document) -> None:
    """Raise ``SpecError`` for a lock that would pass whatever today's numbers are."""
    if not any(lock.values.values()):
        raise SpecError(
            "values: there are none, so nothing would be verified", where=document.where(("values",))
        )
    if lock.study not in {source.file for source in lock.files}:
        message = f"files: the study {lock.study} is not among them, so no one would see that it changed"
        raise SpecError(message, where=document.where(("files",)))
    if lock.verb == "fit" and not lock.only:
        raise SpecError(
            "only: right is the engines to run, such as [ols, sem]", where=document.where(("only",))
        )


def write_lock(lock: Lock, path: Path) -> None:
    """Write a lock file whole or not at all; raises ``SpecError`` over a file that is no lock."""
    if path.exists():
        _refuse_other(path)
    content = _whole(lock.model_dump(mode="json", exclude_none=True, exclude_defaults=True))
    text = HEADER.format(name=path.name) + dump_mapping(content)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as partial:
            partial.write_text(text, encoding="utf-8", newline="\n")
    except OSError as problem:
        raise SpecError(f"cannot write the lock: {problem.strerror or problem}", where=str(path)) from None


def _whole(content: Any) -> Any:
    """Return plain data with whole numbers written as such."""
    if isinstance(content, dict):
        return {key: _whole(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_whole(value) for value in content]
    return int(content) if isinstance(content, float) and content.is_integer() else content


def _refuse_other(path: Path) -> None:
    try:
        read_lock(path)
    except SpecError:
        raise SpecError("exists and is not a lock file: name another", where=str(path)) from None

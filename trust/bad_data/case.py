"""A case: what is wrong with the data, in which file, and what werksem has to say of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trust.bad_data.respondents import Change, respondents, write

__all__ = ["TEXT", "ALL", "Case", "changed", "lay_out", "raw", "study"]

TEXT = (".csv", ".csv.gz", ".tsv")
ALL = (*TEXT, ".sav", ".parquet")
MODEL: dict[str, Any] = {
    "model": "small",
    "measurement": {
        "f": {"items": ["x1", "x2", "x3"], "scale": [1, 5]},
        "g": {"items": ["x4", "x5", "x6"], "scale": [1, 5], "reversed": ["x6"]},
    },
    "structural": {"g": ["f", "age"]},
}
SECTIONS: dict[str, Any] = {"ols": {}, "sem": {"engine": "werksem"}}
# what is warned of is told by every engine alike, so the quickest will do
QUICK: dict[str, Any] = {"ols": {}}


@dataclass(frozen=True, slots=True)
class Case:
    """One thing wrong with the data.

    ``make`` writes the data file; ``study`` are the study's other sections, ``data`` keys of its section
    ``data``. All ``words`` stand in what is said: on stderr with exit ``code`` 2, or, where the code is 0, in
    a warning of ``check`` and in manifest.json. ``verbs`` are the commands that must say it.
    """

    name: str
    kind: str
    suffix: str
    make: Callable[[Path], None]
    words: tuple[str, ...]
    code: int = 2
    data: Mapping[str, Any] = field(default_factory=dict)
    study: Mapping[str, Any] = field(default_factory=dict)
    verbs: tuple[str, ...] = ("check", "fit")


def changed(
    kind: str, name: str, change: Change, *words: str, formats: Sequence[str] = (".csv",), **more: Any
) -> Iterator[Case]:
    """Yield a case per format of respondents that were changed."""
    for suffix in formats:
        label = f"{name}{suffix}" if len(formats) > 1 else name

        def make(file: Path, change: Change = change) -> None:
            write(change(respondents()), file)

        yield Case(label, kind, suffix, make, words, **more)


def raw(
    kind: str, name: str, bytes_of: Callable[[], bytes], *words: str, suffix: str = ".csv", **more: Any
) -> Iterator[Case]:
    """Yield a case of a file with exactly these bytes."""

    def make(file: Path) -> None:
        file.write_bytes(bytes_of())

    yield Case(name, kind, suffix, make, words, **more)


def study(case: Case) -> dict[str, Any]:
    """Return the study of a case, beside its data file."""
    sections = (SECTIONS if case.code else QUICK) | dict(case.study)
    source = {} if "moments" in case.data else {"file": f"data{case.suffix}"}
    found = {"study": "bad", "language": "en", "model": MODEL, "data": source | dict(case.data)} | sections
    return {key: value for key, value in found.items() if value is not None}


def lay_out(case: Case, folder: Path) -> Path:
    """Write a case's data and study into a folder; return the study file."""
    case.make(folder / f"data{case.suffix}")
    config = folder / "study.yaml"
    config.write_text(json.dumps(study(case), indent=1), encoding="utf-8")
    return config

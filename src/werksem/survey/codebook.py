"""The codebook beside a data file: what the columns mean, and whether the data are synthetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from werksem.errors import SpecError
from werksem.spec.types import Label
from werksem.spec.yaml import Document, load
from werksem.survey.read import stem

__all__ = ["Codebook", "Variable", "codebook_path", "read_codebook"]


@dataclass(frozen=True, slots=True)
class Variable:
    """A column in words: its label, and what its answers mean."""

    label: Label = field(default_factory=Label)
    values: Mapping[str, Label] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Codebook:
    """What a data file says of itself; without a codebook all of it is empty."""

    synthetic: bool = False
    about: str = ""
    made_from: str = ""
    variables: Mapping[str, Variable] = field(default_factory=dict)


def codebook_path(data: Path) -> Path:
    """Return where the codebook of a data file stands.

    >>> codebook_path(Path("data/wave.csv.gz")).as_posix()
    'data/wave.codebook.yaml'
    """
    return data.with_name(f"{stem(data)}.codebook.yaml")


def read_codebook(data: Path) -> Codebook:
    """Return the codebook beside a data file, an empty one where there is none.

    Raises ``SpecError`` where ``synthetic`` is neither true nor false, or a variable is no mapping.
    """
    path = codebook_path(data)
    if not path.exists():
        return Codebook()
    document = load(path)
    found = document.data
    synthetic = found.get("synthetic", False)
    if not isinstance(synthetic, bool):
        raise SpecError(
            f"synthetic: found {synthetic!r}, right are true and false", where=document.where(("synthetic",))
        )
    return Codebook(synthetic, _text(found, "about"), _text(found, "made_from"), _variables(document))


def _text(found: Mapping[str, Any], key: str) -> str:
    value = found.get(key) or ""
    return "\n".join(str(line) for line in value) if isinstance(value, list) else str(value)


def _variables(document: Document) -> dict[str, Variable]:
    variables = document.data.get("variables") or {}
    if not isinstance(variables, dict):
        raise SpecError("variables: right is a mapping of column names", where=document.where(("variables",)))
    for name, entry in variables.items():
        if not isinstance(entry, dict):
            where = document.where(("variables", name))
            raise SpecError(f"variables.{name}: right is {{label: .., values: ..}}", where=where)
    return {name: _variable(entry) for name, entry in variables.items()}


def _variable(entry: Mapping[str, Any]) -> Variable:
    values = entry.get("values") or {}
    known = values.items() if isinstance(values, dict) else ()
    return Variable(_label(entry.get("label")), {code: _label(text) for code, text in known})


def _label(found: Any) -> Label:
    if isinstance(found, dict):
        return Label(nl=str(found.get("nl", "")), en=str(found.get("en", "")))
    text = "" if found is None else str(found)
    return Label(nl=text, en=text)

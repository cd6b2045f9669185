"""``--set section.key=value``: one key of the study file replaced or added from the command line."""

from __future__ import annotations

from collections.abc import Sequence

from werksem.errors import SpecError
from werksem.spec.yaml import Document, loads, scalar

__all__ = ["with_overrides"]


def with_overrides(document: Document, overrides: Sequence[str]) -> Document:
    """Return the document with each ``key=value`` set; values are YAML 1.2, missing sections are made.

    A key with nothing behind ``=`` is an empty section (its defaults), ``null`` takes a section away.
    Raises ``SpecError`` for text without ``=`` or a path through something that has no keys.

    >>> from werksem.spec.yaml import loads
    >>> with_overrides(loads("study: a"), ["bootstrap.replicates=200"]).data
    {'study': 'a', 'bootstrap': {'replicates': 200}}
    """
    for override in overrides:
        document = _with_one(document, override)
    return document


def _with_one(document: Document, override: str) -> Document:
    path, equals, text = override.partition("=")
    where = f"--set {path.strip()}"
    loc = tuple(part.strip() for part in path.split("."))
    if not equals or not all(loc):
        message = f"found {override!r}, right is KEY=VALUE, such as bootstrap.replicates=200"
        raise SpecError(message, where="--set")
    for end in range(1, len(loc)):
        document = _with_section(document, loc[:end], where)
    return document.with_value(loc, _value(text, where), where)


def _with_section(document: Document, loc: tuple[str, ...], where: str) -> Document:
    at = document.data
    for step in loc[:-1]:
        at = at[step]
    found = at.get(loc[-1])
    if found is None:
        return document.with_value(loc, {}, where)
    if not isinstance(found, dict):
        hint = "; set it in the model file itself" if loc == ("model",) else ""
        raise SpecError(f'"{".".join(loc)}" is {found!r} here and has no keys inside{hint}', where=where)
    return document


def _value(text: str, where: str) -> object:
    """Return a list, mapping or quoted text as YAML reads it, anything else as one scalar."""
    text = text.strip()
    if not text:
        return {}
    if text[0] not in "[{\"'":
        return scalar(text)
    try:
        return loads(f"value: {text}").data["value"]
    except SpecError as problem:
        if text[0] in "\"'":
            return text
        raise SpecError(f"cannot read the value {text!r}: {problem.message}", where=where) from None

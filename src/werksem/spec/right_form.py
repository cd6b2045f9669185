"""What should have been written instead: the right form of a value that is of the wrong kind."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["decimal_comma", "right_form"]

LISTS = ("tuple_type", "list_type")
MAPPINGS = ("model_type", "model_attributes_type")
WORD = re.compile(r"[^\s,;+\[\]]+")


def right_form(code: str, found: object, loc: tuple[str | int, ...], keys: Iterable[str]) -> str:
    """Return what to write in place of a value, empty where its kind says enough.

    ``code`` is pydantic's of the mistake, ``keys`` are those valid in the mapping that was expected.

    >>> right_form("model_type", ["a", "b"], ("measurement", "trust"), ["items", "scale"])
    ': {items: [a, b]}'
    >>> right_form("tuple_type", "x1 x2", ("items",), []), right_form("tuple_type", 9, ("missing_codes",), [])
    (': [x1, x2]', ': [9]')
    """
    if code in LISTS:
        return _listed(found, loc)
    if code in MAPPINGS and loc[:1] == ("measurement",) and len(loc) == 2:
        words = [str(entry) for entry in found] if isinstance(found, list) else WORD.findall(str(found))
        return f": {{items: [{', '.join(words)}]}}"
    if code == "dict_type" and loc == ("structural",):
        return "; regressions are outcome: [predictors], lavaan's lines stand under syntax: |"
    if code == "dict_type" and loc[:2] == ("data", "codes"):
        return ", each text with its number: {yes: 1, no: 0}"
    if code in MAPPINGS:
        return f"; its keys are {', '.join(sorted(keys))}"
    return ""


def _listed(found: object, loc: tuple[str | int, ...]) -> str:
    if loc and loc[0] == "covariances":
        return ": covariances are pairs, [[a, b], [c, d]]"
    if loc[-1:] == ("scale",):
        numbers = re.findall(r"\d+(?:\.\d+)?", str(found))
        return f": [{', '.join(numbers)}]" if len(numbers) == 2 else ": [lowest, highest]"
    if isinstance(found, bool | dict) or found is None:
        return ""
    words = WORD.findall(found) if isinstance(found, str) else [str(found)]
    return f": [{', '.join(words)}]" if words else ""


def decimal_comma(key: object, before: object) -> str:
    """Return the number that was meant where ``{level: 0,95}`` became a number and a key, else empty.

    >>> decimal_comma("95", 0), decimal_comma("level", 0)
    ('0.95', '')
    """
    whole = not isinstance(before, bool) and str(before).removeprefix("-").isdigit()
    return f"{before}.{key}" if whole and str(key).isdigit() else ""

"""Whether a document is as a JSON Schema of ours says: the part of JSON Schema that our schemas use.

Types, properties, required and further keys, items and their number, bounds, ``allOf``, ``anyOf`` of required
keys, references (https://json-schema.org/draft/2020-12/json-schema-validation).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from werksem.errors import SpecError, did_you_mean, shortened
from werksem.spec.yaml import Document, Loc

__all__ = ["check_by_schema"]

Schema = Mapping[str, Any]
KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "boolean": (bool,), "integer": (int,),
    "number": (int, float), "null": (type(None),),
}  # fmt: skip
WORDS = {
    "object": "keys with values (key: value)", "array": "a list [..]", "string": "text",
    "boolean": "true or false", "integer": "a whole number", "number": "a number", "null": "nothing",
}  # fmt: skip
BOUNDS: dict[str, tuple[str, Callable[[float, float], bool]]] = {
    "minimum": ("at least", lambda value, bound: value >= bound),
    "maximum": ("at most", lambda value, bound: value <= bound),
    "exclusiveMinimum": ("above", lambda value, bound: value > bound),
}


def check_by_schema(document: Document, schema: Schema, what: str) -> None:
    """Raise ``SpecError`` for the first place in a document that its schema does not allow.

    ``what`` says what the file should be, such as ``population file``.
    """
    for loc, message in _wrong((), document.data, schema, schema):
        place = ".".join(map(str, loc)) or f"this is not a complete {what}"
        raise SpecError(f"{place}: {message}", where=document.where(loc))


def _wrong(loc: Loc, value: Any, schema: Schema, whole: Schema) -> Iterator[tuple[Loc, str]]:
    if "$ref" in schema:
        yield from _wrong(loc, value, whole["$defs"][schema["$ref"].rsplit("/", 1)[1]], whole)
        return
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(value, kind) for kind in kinds):
        right = " or ".join(WORDS[kind] for kind in kinds if kind != "null")
        yield loc, f"found {shortened(_shown(value))}, right is {right}"
        return
    for part in schema.get("allOf", ()):
        yield from _wrong(loc, value, part, whole)
    if isinstance(value, dict):
        yield from _keys(loc, value, schema, whole)
    elif isinstance(value, list):
        yield from _entries(loc, value, schema, whole)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        for key, (words, holds) in BOUNDS.items():
            if key in schema and not holds(value, schema[key]):
                yield loc, f"found {value}, right is {words} {schema[key]}"


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, KINDS[kind]) and isinstance(value, bool) == (kind == "boolean")


def _shown(value: Any) -> str:
    return "nothing" if value is None else f'"{value}"' if isinstance(value, str) else str(value)


def _keys(loc: Loc, value: dict[str, Any], schema: Schema, whole: Schema) -> Iterator[tuple[Loc, str]]:
    known, further = schema.get("properties", {}), schema.get("additionalProperties", True)
    ways = [part["required"] for part in schema.get("anyOf", ())]
    needed = [*schema.get("required", ()), *_nearest_way(ways, value)]
    for key in needed:
        if key not in value:
            yield loc, f'the key "{key}" is missing'
    for key, inner in value.items():
        if key in known:
            yield from _wrong((*loc, key), inner, known[key], whole)
        elif further is False:
            yield (*loc, key), f'unknown key "{shortened(key)}"{did_you_mean(key, known)}'
        elif isinstance(further, dict):
            yield from _wrong((*loc, key), inner, further, whole)


def _nearest_way(ways: list[list[str]], value: dict[str, Any]) -> list[str]:
    """Return the keys of the last way where a mapping fits none of them."""
    if not ways or any(all(key in value for key in way) for way in ways):
        return []
    return ways[-1]


def _entries(loc: Loc, value: list[Any], schema: Schema, whole: Schema) -> Iterator[tuple[Loc, str]]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield loc, f"found {len(value)} entries, right are {schema.get('minItems', schema.get('maxItems'))}"
    for at, inner in enumerate(value):
        yield from _wrong((*loc, at), inner, schema.get("items", {}), whole)

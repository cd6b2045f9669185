"""Plain data that a JSON Schema of ours allows: every key of a file, in every combination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

Schema = Mapping[str, Any]
NUMBERS = (0, 1, 2, 3, 5, 10, 99, -1, 0.05, 0.1, 0.25, 0.5, 0.9, 0.95, 1.5, 2.5, 3.0, 100.0, 1e-9, 1e9, -0.3)


class Allowed:
    """Draws what a schema allows; text comes from ``texts``, by key where a key has texts of its own."""

    def __init__(self, schema: Schema, texts: Sequence[str], by_key: Mapping[str, Sequence[Any]]) -> None:
        self.defs: Schema = schema.get("$defs", {})
        self.texts, self.by_key = texts, by_key

    def value(self, draw: st.DrawFn, schema: Schema, key: str = "", depth: int = 0) -> Any:
        """Return one value of a schema; ``key`` is the one it stands under."""
        if key in self.by_key and draw(st.integers(0, 9)):
            return draw(st.sampled_from(self.by_key[key]))
        if "$ref" in schema:
            return self.value(draw, self.defs[schema["$ref"].rsplit("/", 1)[1]], key, depth)
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return self.value(draw, draw(st.sampled_from(schema[several])), key, depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return draw(st.sampled_from(schema["enum"]))
        return self.typed(draw, schema, key, depth)

    def typed(self, draw: st.DrawFn, schema: Schema, key: str, depth: int) -> Any:
        match schema.get("type"):
            case "object":
                return self.mapping(draw, schema, depth)
            case "array":
                return self.array(draw, schema, key, depth)
            case "string":
                return draw(st.sampled_from(self.texts))
            case "boolean":
                return draw(st.booleans())
            case "integer":
                return int(draw(st.sampled_from([n for n in self.numbers(schema) if n == int(n)] or [1])))
            case "number":
                return draw(st.sampled_from(self.numbers(schema) or [1.0]))
            case "null":
                return None
        return draw(st.sampled_from((*self.texts, *NUMBERS)))

    def numbers(self, schema: Schema) -> list[float]:
        low, high = schema.get("minimum", -1e300), schema.get("maximum", 1e300)
        above, below = schema.get("exclusiveMinimum", -1e301), schema.get("exclusiveMaximum", 1e301)
        return [n for n in NUMBERS if low <= n <= high and above < n < below]

    def mapping(self, draw: st.DrawFn, schema: Schema, depth: int) -> dict[str, Any]:
        known, needed = schema.get("properties", {}), set(schema.get("required", ()))
        often = 1 if depth < 1 else 2
        chosen = [name for name in known if name in needed or not draw(st.integers(0, often))]
        found = {name: self.value(draw, known[name], name, depth + 1) for name in chosen}
        more = schema.get("additionalProperties")
        if isinstance(more, Mapping):
            names = draw(st.lists(st.sampled_from(self.texts), max_size=3, unique=True))
            found |= {name: self.value(draw, more, "", depth + 1) for name in names}
        return found

    def array(self, draw: st.DrawFn, schema: Schema, key: str, depth: int) -> list[Any]:
        fixed = schema.get("prefixItems", ())
        found = [self.value(draw, part, "", depth + 1) for part in fixed]
        if isinstance(schema.get("items"), Mapping) and not fixed:
            least = schema.get("minItems", 0)
            size = draw(st.integers(least, min(schema.get("maxItems", 4), least + 3)))
            one = schema["items"]
            found = [self.value(draw, one, "", depth + 1) for _ in range(size)]
        return found


def allowed(
    schema: Schema, texts: Sequence[str], by_key: Mapping[str, Sequence[Any]] | None = None
) -> st.SearchStrategy[Any]:
    """Return a strategy of what a schema allows, with text from ``texts``."""
    maker = Allowed(schema, texts, by_key or {})

    @st.composite
    def one(draw: st.DrawFn) -> Any:
        return maker.value(draw, schema)

    return one()

"""JSON Schemas of the YAML files, for editors (``# yaml-language-server: $schema=…``)."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from pydantic import BaseModel

from werksem.spec.acceptance import Acceptance
from werksem.spec.claims import TYPES, Classes
from werksem.spec.model_file import ModelFile
from werksem.spec.published import Published
from werksem.spec.study import Study
from werksem.spec.yaml import loads

__all__ = [
    "acceptance_schema", "claims_schema", "described", "model_schema", "published_schema", "schema_of",
    "study_schema",
]  # fmt: skip

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(kind: type[BaseModel], title: str) -> dict[str, Any]:
    """Return the JSON Schema of files of one type, every key with what it means.

    >>> schema_of(ModelFile, "werksem model file")["properties"]["model"]["description"]
    "The model's name; may be left out in a study file."
    """
    return {"$schema": DIALECT, **described(kind.model_json_schema(by_alias=True)), "title": title}


def model_schema() -> dict[str, Any]:
    """Return the JSON Schema of model files.

    >>> sorted(model_schema()["properties"])[:3]
    ['constraints', 'covariances', 'cycles']
    """
    return schema_of(ModelFile, "werksem model file")


def study_schema() -> dict[str, Any]:
    """Return the JSON Schema of study files; a model is a file name or the keys of a model file.

    >>> study_schema()["required"]
    ['study', 'model', 'data']
    """
    schema = Study.model_json_schema()
    model = ModelFile.model_json_schema(by_alias=True)
    schema["$defs"] = {**schema.get("$defs", {}), **model.pop("$defs", {}), "ModelFile": model}
    schema["properties"]["model"] = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/ModelFile"}]}
    # `report:` with nothing behind it is a report with its defaults
    schema["properties"]["report"] = {"anyOf": [schema["properties"]["report"], {"type": "null"}]}
    return {"$schema": DIALECT, **described(schema), "title": "werksem study file"}


def published_schema() -> dict[str, Any]:
    """Return the JSON Schema of files of published numbers."""
    return schema_of(Published, "werksem published numbers")


def acceptance_schema() -> dict[str, Any]:
    """Return the JSON Schema of pages that set published numbers beside ours."""
    return schema_of(Acceptance, "werksem acceptance page")


def claims_schema() -> dict[str, Any]:
    """Return the JSON Schema of files with claims, one of the types per claim.

    >>> claims_schema()["required"]
    ['claims']
    """
    found = [_inlined(described(kind.model_json_schema())) for kind in TYPES.values()]
    sorted_by = {"type": "object", "additionalProperties": _inlined(described(Classes.model_json_schema()))}
    schema = {
        "title": "_File", "type": "object", "additionalProperties": False, "required": ["claims"],
        "properties": {
            "source": {"type": "string"}, "classes": sorted_by,
            "claims": {"type": "array", "minItems": 1, "items": {"oneOf": found}},
        },
    }  # fmt: skip
    return {"$schema": DIALECT, **described(schema), "title": "werksem claims file"}


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with what ``keys.yaml`` says of the keys of each of its parts."""
    words = loads((files("werksem.spec") / "keys.yaml").read_text(encoding="utf-8"), file="keys.yaml").data
    parts = {name: _part(name, part, words) for name, part in schema.get("$defs", {}).items()}
    whole = _part(str(schema.get("title", "")), schema, words)
    return {**whole, "$defs": parts} if parts else whole


def _part(name: str, part: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    own = words.get(name, {})
    properties = {
        key: _said(own.get(key, words["any"].get(key)), value)
        for key, value in part.get("properties", {}).items()
    }
    # a docstring's first paragraph is for whoever reads the file; its second for whoever reads the source
    text = {"description": _prose(part["description"])} if "description" in part else {}
    return {**part, **text, **({"properties": properties} if properties else {})}


def _said(words: Any, value: dict[str, Any]) -> dict[str, Any]:
    if words is None:
        return value
    found = words if isinstance(words, dict) else {"is": words}
    said = {"description": found["is"], **({"examples": found["examples"]} if "examples" in found else {})}
    return {**said, **{key: inside for key, inside in value.items() if key != "title"}}


def _prose(docstring: str) -> str:
    return " ".join(docstring.split("\n\n")[0].replace("``", "").split())


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with its definitions put where they are referred to."""
    known = schema.pop("$defs", {})

    def put(part: Any) -> Any:
        if isinstance(part, list):
            return [put(entry) for entry in part]
        if not isinstance(part, dict):
            return part
        name = str(part.get("$ref", "")).removeprefix("#/$defs/")
        rest = {key: put(value) for key, value in part.items() if key != "$ref" or name not in known}
        return {**put(known[name]), **rest} if name in known else rest

    return dict(put(schema))

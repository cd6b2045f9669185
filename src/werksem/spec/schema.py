"""JSON Schemas of the YAML files, for editors (``# yaml-language-server: $schema=…``)."""

from __future__ import annotations

import json
from typing import Any

from werksem.errors import SpecError, did_you_mean
from werksem.spec.claims import TYPES, Classes
from werksem.spec.model_file import ModelFile
from werksem.spec.study import Study

__all__ = ["claims_schema", "model_schema", "schema_text", "study_schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def model_schema() -> dict[str, Any]:
    """Return the JSON Schema of model files.

    >>> sorted(model_schema()["properties"])[:3]
    ['constraints', 'covariances', 'effects']
    """
    return {"$schema": DIALECT, **ModelFile.model_json_schema(by_alias=True), "title": "werksem model file"}


def study_schema() -> dict[str, Any]:
    """Return the JSON Schema of study files; a model is a file name or the keys of a model file.

    >>> study_schema()["required"]
    ['study', 'model', 'data']
    """
    schema = Study.model_json_schema()
    model = ModelFile.model_json_schema(by_alias=True)
    schema["$defs"] = {**schema.get("$defs", {}), **model.pop("$defs", {}), "ModelFile": model}
    schema["properties"]["model"] = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/ModelFile"}]}
    return {"$schema": DIALECT, **schema, "title": "werksem study file"}


def claims_schema() -> dict[str, Any]:
    """Return the JSON Schema of files with claims, one of the types per claim.

    >>> claims_schema()["required"]
    ['claims']
    """
    found = [_inlined(kind.model_json_schema()) for kind in TYPES.values()]
    classes = {"type": "object", "additionalProperties": _inlined(Classes.model_json_schema())}
    claims = {"type": "array", "minItems": 1, "items": {"oneOf": found}}
    return {
        "$schema": DIALECT, "type": "object", "additionalProperties": False, "required": ["claims"],
        "properties": {"source": {"type": "string"}, "classes": classes, "claims": claims},
        "title": "werksem claims file",
    }  # fmt: skip


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with its definitions put where they are referred to."""
    known = schema.pop("$defs", {})

    def put(part: Any) -> Any:
        if isinstance(part, list):
            return [put(entry) for entry in part]
        if not isinstance(part, dict):
            return part
        name = str(part.get("$ref", "")).removeprefix("#/$defs/")
        return put(known[name]) if name in known else {key: put(value) for key, value in part.items()}

    return dict(put(schema))


def schema_text(kind: str) -> str:
    """Return the schema of a ``study``, ``model`` or ``claims`` file as JSON; else raises ``SpecError``."""
    schemas = {"study": study_schema, "model": model_schema, "claims": claims_schema}
    if kind not in schemas:
        raise SpecError(
            f"there is no schema of {kind!r}; there are study, model and claims{did_you_mean(kind, schemas)}"
        )
    return json.dumps(schemas[kind](), indent=2, ensure_ascii=False)

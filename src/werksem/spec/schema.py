"""JSON Schemas of the YAML files, for editors (``# yaml-language-server: $schema=…``)."""

from __future__ import annotations

from typing import Any

from werksem.spec.model_file import ModelFile
from werksem.spec.study import Study

__all__ = ["model_schema", "study_schema"]

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

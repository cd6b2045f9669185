"""JSON Schemas name every key that the files may have, and nothing else."""

from __future__ import annotations

import json

from werksem.spec.claims import TYPES
from werksem.spec.model_file import ModelFile
from werksem.spec.schema import claims_schema, model_schema, study_schema
from werksem.spec.study import Study


def references(schema: object) -> set[str]:
    if isinstance(schema, dict):
        own = {schema["$ref"]} if isinstance(schema.get("$ref"), str) else set()
        return own.union(*(references(value) for value in schema.values()))
    if isinstance(schema, list):
        return set().union(*(references(value) for value in schema))
    return set()


def test_schemas_are_closed_and_complete() -> None:
    for schema, kind in ((study_schema(), Study), (model_schema(), ModelFile)):
        json.dumps(schema)
        assert set(schema["properties"]) == set(kind.model_fields)
        assert schema["additionalProperties"] is False
        assert {ref.removeprefix("#/$defs/") for ref in references(schema)} <= set(schema["$defs"])


def test_an_inline_model_is_part_of_the_study_schema() -> None:
    schema = study_schema()
    assert schema["properties"]["model"]["anyOf"][1] == {"$ref": "#/$defs/ModelFile"}
    assert "measurement" in schema["$defs"]["ModelFile"]["properties"]


def test_enumerate_is_written_with_from_and_to() -> None:
    assert set(model_schema()["$defs"]["Enumerate"]["properties"]) == {"from", "to"}


def test_claims_have_a_schema_per_type() -> None:
    kinds = claims_schema()["properties"]["claims"]["items"]["oneOf"]
    json.dumps(kinds)
    assert [kind["properties"]["type"]["const"] for kind in kinds] == list(TYPES)
    assert all(kind["additionalProperties"] is False for kind in kinds)
    assert not references(kinds)

"""``werksem schema``: the JSON Schema of every kind of YAML file, printed or written for editors."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from werksem.audit.file import TableFile
from werksem.errors import SpecError, did_you_mean
from werksem.files import together
from werksem.spec.schema import (
    DIALECT,
    acceptance_schema,
    claims_schema,
    model_schema,
    published_schema,
    schema_of,
    study_schema,
)
from werksem.spec.yaml import loads

__all__ = ["SCHEMAS", "schema_text", "write_schemas"]


def _audit_schema() -> dict[str, Any]:
    return schema_of(TableFile, "werksem audit table")


def _population_schema() -> dict[str, Any]:
    text = (files("werksem.survey") / "population.schema.yaml").read_text(encoding="utf-8")
    return {"$schema": DIALECT, **loads(text, file="population.schema.yaml").data}


SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "study": study_schema, "model": model_schema, "claims": claims_schema, "published": published_schema,
    "population": _population_schema, "audit": _audit_schema, "acceptance": acceptance_schema,
}  # fmt: skip


def schema_text(kind: str) -> str:
    """Return the schema of one kind of file as JSON; raises ``SpecError`` for a kind that there is not."""
    if kind not in SCHEMAS:
        near = did_you_mean(kind, SCHEMAS)
        raise SpecError(f"there is no schema of {kind!r}; there are {', '.join(SCHEMAS)}{near}")
    return json.dumps(SCHEMAS[kind](), indent=1, ensure_ascii=False)


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write the schema of every kind of file into a folder and return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = tuple(folder / f"{kind}.json" for kind in SCHEMAS)
    with together(paths) as places:
        for kind, place in zip(SCHEMAS, places, strict=True):
            place.write_text(schema_text(kind) + "\n", encoding="utf-8")
    return paths

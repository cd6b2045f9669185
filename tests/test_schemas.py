"""JSON Schemas: shipped ones are current, every key is explained, shipped files are valid."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from werksem.schemas import SCHEMAS, schema_text, write_schemas
from werksem.spec.yaml import load, loads

ROOT = Path(__file__).resolve().parents[1]
LINE = "# yaml-language-server: $schema="
KINDS = {
    "configs": "study", "models": "model", "models/meting": "model", "models/claims": "claims",
    "models/population": "population", "data/published": "published",
}  # fmt: skip
FILES = [
    *((path, kind) for folder, kind in KINDS.items() for path in sorted((ROOT / folder).glob("*.yaml"))
      if not path.name.startswith("design_")),
    *((path, "study") for path in sorted((ROOT / "docs").glob("acceptatie_*.yaml"))),
    (ROOT / "docs" / "acceptatie.yaml", "acceptance"),
]  # fmt: skip


@cache
def validator(kind: str) -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(SCHEMAS[kind]())


def mistakes(kind: str, data: object) -> list[str]:
    return [
        f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator(kind).iter_errors(data)
    ]


def test_shipped_schemas_are_current(tmp_path: Path) -> None:
    for path in write_schemas(tmp_path):
        shipped = ROOT / "schemas" / path.name
        assert shipped.read_text() == path.read_text(), "run: werksem schema --out schemas"
    assert {path.stem for path in (ROOT / "schemas").iterdir()} == set(SCHEMAS)


@pytest.mark.parametrize(("path", "kind"), FILES, ids=lambda part: getattr(part, "name", part))
def test_shipped_files_name_their_schema_and_are_valid(path: Path, kind: str) -> None:
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    assert first.startswith(LINE)
    assert (path.parent / first.removeprefix(LINE)).resolve() == ROOT / "schemas" / f"{kind}.json"
    assert not mistakes(kind, load(path).data)


def test_published_regressions_are_tables_to_audit() -> None:
    for path in sorted((ROOT / "data" / "published").glob("*tabel*.yaml")):
        assert not mistakes("audit", load(path).data), path.name


def keys(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for name, part in {"": schema, **schema.get("$defs", {})}.items():
        found += [(f"{name}.{key}", value) for key, value in part.get("properties", {}).items()]
    if "claims" in schema.get("properties", {}) and "items" in schema["properties"]["claims"]:
        for kind in schema["properties"]["claims"]["items"].get("oneOf", ()):
            found += [(f"{kind['title']}.{key}", value) for key, value in kind["properties"].items()]
    return found


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_key_is_explained(kind: str) -> None:
    import jsonschema

    jsonschema.Draft202012Validator.check_schema(SCHEMAS[kind]())
    silent = [name for name, value in keys(SCHEMAS[kind]()) if not value.get("description")]
    assert not silent, "say what they are in src/werksem/spec/keys.yaml"
    assert len(keys(SCHEMAS[kind]())) >= 8


STUDY = "study: s\nmodel: m.yaml\ndata: {file: a.csv}\n"
ACCEPTED = [
    ("study", STUDY),
    ("study", STUDY + "ols:\nsem:\nreport:\n"),
    ("study", STUDY + "published: a.yaml\n"),
    ("study", STUDY + "published: [a.yaml, b.yaml]\nsem: {group_equal: [residual.covariances, loadings]}\n"),
    (
        "study",
        STUDY + "bootstrap: {replicates: auto, level: 0.9}\nbayes: {priors: {paths: normal}}\n",
    ),
    ("study", STUDY + "describe: {wave: 2024, waves: {2022: b.csv}}\n"),
    ("study", STUDY.replace("m.yaml", "{syntax: 'y ~ x'}").replace("a.csv", "a.csv, ordered: all")),
    (
        "model",
        "model: m\nlabel: Een\ninclude: a.yaml\nstructural: {y: x, z: [x], w: {x: 0.5, y: null}}\n",
    ),
    ("model", "measurement: {f: {items: [a, b], label: {nl: F}, loadings: {a: [1, NA], b: c(l, m)}}}\n"),
    ("published", "betas: [{lhs: y, rhs: x, beta: 0.1, certainty: printed}]\n"),
    ("claims", "claims: [{id: A, statement: s, type: sign, positive: [y ~ x]}]\n"),
    ("population", "population: p\nextends: q.yaml\ncorrelation: [[], [0.2]]\n"),
]
REFUSED = [
    ("study", STUDY + "olz: {}\n", "olz"),
    ("study", "study: s\ndata: {file: a.csv}\n", "model"),
    ("study", STUDY + "sem: {estimator: MLZ}\n", "MLZ"),
    ("study", STUDY + "bootstrap: {replicates: -5}\n", "replicates"),
    ("study", STUDY + "bootstrap: {level: 1.5}\n", "level"),
    ("study", STUDY + "language: fr\n", "fr"),
    ("study", STUDY + "data_file: x\n", "data_file"),
    ("model", "measurement: {f: {items: [a, b], scale: [1]}}\n", "scale"),
    ("model", "structurel: {y: [x]}\n", "structurel"),
    ("claims", "claims: []\n", "claims"),
    ("claims", "claims: [{id: A, statement: s, type: sing, positive: [y ~ x]}]\n", "claims"),
    ("published", "betas: [{lhs: y, rhs: x, beta: 5}]\n", "beta"),
    ("population", "population: p\nseed: 1\n", "valid"),
    ("population", "population: p\nextends: q.yaml\ncorelation: []\n", "corelation"),
    ("audit", "betas: [{lhs: y, rhs: x, p: 2}]\n", "p"),
]


@pytest.mark.parametrize(("kind", "text"), ACCEPTED)
def test_what_the_reader_takes_is_valid(kind: str, text: str) -> None:
    assert not mistakes(kind, loads(text).data)


@pytest.mark.parametrize(("kind", "text", "said"), REFUSED)
def test_what_the_reader_refuses_is_not(kind: str, text: str, said: str) -> None:
    found = mistakes(kind, loads(text).data)
    assert found
    assert any(said in mistake for mistake in found)


def test_a_kind_that_there_is_not_is_named() -> None:
    from werksem.errors import SpecError

    with pytest.raises(SpecError, match=r'studi.*did you mean "study"'):
        schema_text("studi")

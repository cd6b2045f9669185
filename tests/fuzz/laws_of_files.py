"""No crash: whatever stands in a study, model, claims or table file, werksem does it or says why not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.budget import Law
from tests.fuzz.from_schema import allowed
from tests.fuzz.mutate import damaged, damaged_data
from tests.fuzz.seeds import (
    AUDIT,
    CLAIMS,
    FILES,
    LAVAAN,
    MODEL,
    MODEL_FILE,
    NAMES,
    R_SCRIPT,
    SEMOPY,
    STUDY,
    WORDS,
)
from tests.fuzz.terminal import a_sentence, folder_with, werksem
from werksem.schemas import SCHEMAS
from werksem.spec.yaml import loads

KEYS: dict[str, tuple[Any, ...]] = {
    "study": ("s",),
    "model": ("m.yaml", MODEL),
    "file": ("d.csv",),
    "group": ("sector", None, "org"),
    "weights": ("w", None),
    "cluster": ("org", None),
    "strata": ("sector", None),
    "fpc": (None, "w"),
    "where": (None, "age > 30", "sector in ['Rijk', 'GR']"),
    "moments": (None,),
    "codes": ({},),
    "derive": ({}, {"old": "age > 50"}),
    "claims": (None, "c.yaml"),
    "published": ([],),
    "indices": (None,),
    "items": (["x1", "x2", "x3"], ["x4", "x5"], ["x1"]),
    "reversed": ([], ["x1"]),
    "scale": ([1, 5], [1, 7]),
    "structural": ({"g": ["f"]}, {"g": {"f": "b1", "age": "b2"}}, {"x6": ["age"]}),
    "include": ([],),
    "constraints": ([], ["b1 == b2"]),
    "effects": ({}, {"e": "b1 * b2"}, {"enumerate": {"from": ["f"], "to": ["g"]}}),
    "blocks": ({}, {"a": ["f"], "controls": ["age"]}),
    "table": ("t", "u"),
    "covariances": ([], [["x1", "x4"]]),
    "syntax": (None, LAVAAN, "f =~ x1 + x2 + x3"),
    "of": ([], ["f"], ["g", "x1"]),
    "by": ("sector", None),
    "waves": ({}, {"2022": "d.csv"}),
    "measurement": (MODEL["measurement"],),
    "moments.n": (100,),
    "lhs": ("g", "f"),
    "rhs": ("f", "age"),
    "stars": (None, "*", "**"),
    "paths": (["g ~ f"], ["g ~ age"]),
    "path": ("g ~ f",),
    "than": (["g ~ age"],),
    "positive": (["g ~ f"], ["f ~~ g"]),
    "outcomes": (["g"],),
    "predictors": (["f"], ["age"]),
    "replicate_weights": (None,),
    "scheduler": (None,),
    "engine": ("threads",),
    "min_items": (1, 2, None),
    "missing_codes": ([], [9], [8, 9]),
}


def with_file(study: Any) -> Any:
    """Return a study that reads the table that is there."""
    return {**study, "data": {**study["data"], "file": "d.csv", "moments": None}}


def _text(data: Any) -> str:
    """Return plain data as JSON, which is YAML; numbers and keys that JSON has no words for as they come."""
    return json.dumps(data, ensure_ascii=False, default=str)


def _command(verb: tuple[str, ...], file: str, *names: str) -> Callable[[str], None]:
    """Return what tries one text as ``file`` of a whole study."""

    def holds(text: str) -> None:
        with folder_with({**FILES, file: text}):
            a_sentence(werksem(*verb), file, *names)

    return holds


CHECK = ("check", "s.yaml", "--quiet")
study_texts = damaged((STUDY,), WORDS)
study_data = damaged_data(st.just(loads(STUDY).data), NAMES).map(_text)
study_allowed = allowed(SCHEMAS["study"](), WORDS, KEYS).map(with_file).map(_text)
model_texts = damaged((MODEL_FILE,), WORDS)
model_data = damaged_data(st.just({"model": "m", **MODEL}), NAMES).map(_text)
model_allowed = (
    allowed(SCHEMAS["model"](), WORDS, {**KEYS, "model": ("m",)})
    .map(lambda data: {"model": "m", **data})
    .map(_text)
)
claims_texts = st.one_of(
    damaged((CLAIMS,), WORDS),
    damaged_data(st.just(loads(CLAIMS).data), (*NAMES, "g ~ f", "f ~~ g")).map(_text),
    allowed(SCHEMAS["claims"](), WORDS, KEYS).map(_text),
)
audit_texts = st.one_of(
    damaged((AUDIT,), WORDS),
    damaged_data(st.just(loads(AUDIT).data), NAMES).map(_text),
    allowed(SCHEMAS["audit"](), WORDS, KEYS).map(_text),
)
published_texts = st.one_of(damaged((AUDIT,), WORDS), allowed(SCHEMAS["published"](), WORDS, KEYS).map(_text))
PLAIN = STUDY.replace("claims: c.yaml\n", "published: p.yaml\n").replace("model:\n", "model:\n", 1)


def _published(text: str) -> None:
    with folder_with({**FILES, "s.yaml": PLAIN, "p.yaml": text}):
        a_sentence(werksem(*CHECK), "p.yaml")


def _model(text: str) -> None:
    study = "study: s\nmodel: m.yaml\ndata: {file: d.csv}\nols: {}\nsem: {}\n"
    with folder_with({**FILES, "s.yaml": study, "m.yaml": text}):
        a_sentence(werksem(*CHECK), "m.yaml", "s.yaml", "d.csv")
        a_sentence(werksem("convert", "m.yaml"), "m.yaml")


def _overrides(pairs: list[tuple[str, str]]) -> None:
    asked = [part for key, value in pairs for part in ("--set", f"{key}={value}")]
    with folder_with(FILES):
        a_sentence(werksem(*CHECK, *asked), "s.yaml", "--set", "d.csv", "c.yaml")


SECTIONS = SCHEMAS["study"]()["properties"]
SETTINGS = (
    "data.where",
    "data.group",
    "sem.estimator",
    "sem",
    "bootstrap.replicates",
    "x",
    "",
    "model.structural.g",
    "study",
    "data.file",
    "ols.se",
    "bayes.vary",
    "describe.tables",
    "data.derive.z",
    "data..x",
    "model.syntax",
    *SECTIONS,
)
VALUES = (
    "",
    "null",
    "[]",
    "{}",
    "[f]",
    "{a: 1}",
    "[1",
    "'",
    '"x',
    "MLR",
    "1",
    "true",
    "x1 > 2",
    "*a",
    "&a b",
    "!x y",
)

LAWS = (
    Law(
        "study_text",
        "no crash",
        "a study file with slips of the hand is done, or refused in one sentence",
        "study files",
        study_texts,
        _command(CHECK, "s.yaml", "d.csv", "c.yaml"),
        30,
        3000,
    ),
    Law(
        "study_data",
        "no crash",
        "a key dropped, renamed, doubled or of another type is refused with its place",
        "study files",
        study_data,
        _command(CHECK, "s.yaml", "d.csv", "c.yaml"),
        30,
        3000,
    ),
    Law(
        "study_allowed",
        "no crash",
        "every combination of keys that the schema allows is done or refused",
        "study files",
        study_allowed,
        _command(CHECK, "s.yaml", "m.yaml", "d.csv", "c.yaml"),
        30,
        3000,
    ),
    Law(
        "overrides",
        "no crash",
        "any --set is done or refused",
        "--set",
        st.lists(
            st.tuples(st.sampled_from(SETTINGS), st.sampled_from((*VALUES, *WORDS))), min_size=1, max_size=3
        ),
        _overrides,
        20,
        1500,
    ),
    Law(
        "model_text",
        "no crash",
        "a model file with slips is read or refused",
        "model files",
        model_texts,
        _model,
        20,
        2000,
    ),
    Law(
        "model_data",
        "no crash",
        "a key of a model dropped, renamed or of another type is refused with its place",
        "model files",
        model_data,
        _model,
        20,
        2000,
    ),
    Law(
        "model_allowed",
        "no crash",
        "every combination of keys of a model is read or refused",
        "model files",
        model_allowed,
        _model,
        20,
        2000,
    ),
    Law(
        "claims",
        "no crash",
        "claims with slips, or of any form that the schema allows, are read or refused",
        "claims files",
        claims_texts,
        _command(CHECK, "c.yaml"),
        20,
        2000,
    ),
    Law(
        "published",
        "no crash",
        "published numbers with slips are read or refused",
        "published files",
        published_texts,
        _published,
        15,
        1000,
    ),
    Law(
        "audit",
        "no crash",
        "a published table with slips is judged or refused",
        "audit tables",
        audit_texts,
        _command(("audit", "t.yaml", "--quiet"), "t.yaml"),
        15,
        1500,
    ),
)


def _converted(suffix: str) -> Callable[[str], None]:
    def holds(text: str) -> None:
        name = f"m{suffix}"
        with folder_with({name: text}):
            a_sentence(werksem("convert", name), name)

    return holds


LAWS += (
    Law(
        "lavaan_text",
        "no crash",
        "lavaan's syntax with slips is read or refused with line and column",
        "lavaan syntax",
        damaged((LAVAAN,), WORDS),
        _converted(".lavaan"),
        40,
        5000,
    ),
    Law(
        "semopy_text",
        "no crash",
        "semopy's syntax with slips is read or refused",
        "semopy syntax",
        damaged((SEMOPY,), WORDS),
        _converted(".semopy"),
        15,
        1500,
    ),
    Law(
        "r_script",
        "no crash",
        "an R script with slips is read or refused",
        "R scripts",
        damaged((R_SCRIPT,), WORDS),
        _converted(".R"),
        15,
        1000,
    ),
)

"""Round trips: YAML, lavaan's syntax, the resolved study, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from tests.fuzz.budget import Law
from tests.fuzz.from_schema import allowed
from tests.fuzz.laws_of_files import KEYS, with_file
from tests.fuzz.models import Made, models
from tests.fuzz.seeds import FILES, LAVAAN, MODEL, WORDS
from tests.fuzz.terminal import folder_with, werksem
from werksem.errors import SpecError
from werksem.schemas import SCHEMAS
from werksem.spec.load import dump_study, load_model, load_study
from werksem.spec.structured import model_of
from werksem.spec.types import ModelSpec
from werksem.spec.unparse import to_lavaan, to_mapping
from werksem.spec.yaml import Document

NAMES = st.sampled_from(("f", "g", "x1", "x2", "x3", "é.1", "a_b", "N1"))
VALUES = st.sampled_from(
    (
        "1*",
        "0*",
        "0.5*",
        "-2e3*",
        "a*",
        "b1*",
        "NA*",
        "start(0.7)*",
        "c(a, b)*",
        "c(1, NA)*",
        'label("l 1")*',
        "start(1)*b*",
        "c(NA, 0)*",
        "",
    )
)


@st.composite
def syntax(draw: st.DrawFn) -> str:
    """Return lavaan syntax of one to six statements, with modifiers, formulas and comments."""
    lines = []
    for _ in range(draw(st.integers(1, 6))):
        op = draw(st.sampled_from(("=~", "~", "~~", "~ 1")))
        lhs = draw(NAMES)
        if op == "~ 1":
            lines.append(f"{lhs} ~ {draw(VALUES)}1")
            continue
        terms = [
            f"{draw(VALUES)}{name}" for name in draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
        ]
        lines.append(f"{lhs} {op} {' + '.join(terms)}")
    lines += draw(
        st.lists(
            st.sampled_from(("e := a * b1^2", "a == b1", "b1 > 0.1", "# x", "", "a < 2 * b")), max_size=2
        )
    )
    return draw(st.sampled_from(("\n", " ; ", "\n\n"))).join(lines)


def _read(source: Any) -> ModelSpec:
    try:
        return load_model(source)
    except SpecError:
        assume(False)
        raise


def _same_model(first: ModelSpec, second: ModelSpec) -> None:
    assert first.statements == second.statements
    assert (first.effects, first.constraints) == (second.effects, second.constraints)


def _as_text(source: Mapping[str, Any]) -> None:
    """A model as lavaan syntax and read again is the model; the text is a fixed point."""
    model = _read(source)
    try:
        text = to_lavaan(model)
    except SpecError:
        return  # names that lavaan's syntax cannot hold
    again = load_model({"syntax": text})
    _same_model(model, again)
    assert to_lavaan(again).splitlines() == [line for line in text.splitlines() if not line.startswith("#")]


def _as_file(source: Mapping[str, Any]) -> None:
    """A model as the mapping of a model file, on disk and read again, is the model."""
    model = _read(source)
    content = to_mapping(model)
    assert model_of(Document(content), model.name) == model
    with folder_with({"m.yaml": json.dumps(content)}):
        _same_model(load_model(Path("m.yaml")), model)


def _resolved(text: str) -> None:
    """The resolved study, loaded and resolved again, is the same text, of the same study and model."""
    with folder_with({**FILES, "s.yaml": text}):
        try:
            study, model = load_study(Path("s.yaml"))
        except SpecError:
            return
        once = dump_study(study, model, Path.cwd())
        Path("again.yaml").write_text(once, encoding="utf-8")
        same, same_model = load_study(Path("again.yaml"))
        assert dump_study(same, same_model, Path.cwd()) == once
        assert same_model == model
        assert same.model_copy(update={"model": None}) == study.model_copy(update={"model": None})


def _converted(made: Made) -> None:
    """What convert prints of a model file is read by convert, and says the same model."""
    with folder_with({"m.yaml": json.dumps({"model": "m", **made.model}, ensure_ascii=False)}):
        text = werksem("convert", "m.yaml")
        assert text.code == 0, text
        Path("t.lavaan").write_text(text.out, encoding="utf-8")
        back = werksem("convert", "t.lavaan")
        assert back.code == 0, back
        Path("back.yaml").write_text(back.out, encoding="utf-8")
        first, second = load_model(Path("m.yaml")), load_model(Path("back.yaml"))
        _same_model(first, replace(second, name=first.name))


SOURCES = st.one_of(
    syntax().map(lambda text: {"syntax": text}),
    models().map(lambda made: made.model),
    allowed(SCHEMAS["model"](), WORDS, {**KEYS, "model": ("m",)}),
    st.sampled_from(({"syntax": LAVAAN}, MODEL)),
)
STUDIES = (
    allowed(SCHEMAS["study"](), WORDS, KEYS).map(with_file).map(lambda data: json.dumps(data, default=str))
)

LAWS = (
    Law("model_as_text", "round trip", "a model written as lavaan syntax and read again is the same model",
        "models in YAML and text", SOURCES, _as_text, 80, 5000),
    Law("model_as_file", "round trip", "a model written as a model file and read again is the same model",
        "models in YAML and text", SOURCES, _as_file, 60, 4000),
    Law("resolved_study", "round trip", "the study that a result folder keeps is loaded as the study it was",
        "study files", STUDIES, _resolved, 50, 3000),
    Law("converted", "round trip", "convert to lavaan and back changes nothing that lavaan has words for",
        "model files", models(), _converted, 15, 800),
)  # fmt: skip

"""Models back to text: reading what was written gives the same model, in either form."""

from __future__ import annotations

import pytest

from werksem.errors import SpecError
from werksem.spec.dump import dump_mapping
from werksem.spec.load import load_model
from werksem.spec.types import ModelSpec
from werksem.spec.unparse import to_lavaan, to_mapping, to_structured, to_text_form
from werksem.spec.yaml import loads

SYNTAX = {
    "factors": "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nvisual ~~ 0*textual",
    "democracy": "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + a*y2 + y3\ndem65 =~ y5 + a*y6 + y7\n"
    "dem60 ~ b*ind60\ndem65 ~ ind60 + dem60\ny1 ~~ y5\ny2 ~~ y6\nd := a*b\na > 0",
    "modifiers": "f =~ NA*x1 + start(0.8)*x2 + l*x2 + 0.25*x3 + c(1,NA)*x4 + c(1,b)*x5 + c(p,NA)*x6\n"
    "f ~~ 1*f\n"
    "y ~ start(c(0.1,NA))*f + 'a b'*z",
    "equal": 'f =~ x1 + x2 + equal("f=~x2")*x3',
    "means": "y ~ 1 + x\nx ~ 0*1\nf =~ a + b + c\nf ~ 1",
    "bifactor": "g =~ x1 + x2 + x3 + x4\nf1 =~ x1 + x2\nf2 =~ NA*x3 + x4\ng ~~ 0*f1",
    "second_order": "f1 =~ x1 + x2 + x3\nf2 =~ x4 + x5 + x6\nh =~ f1 + f2\ny ~ h",
    "scattered": "y ~ x\nf =~ a + b\nz ~~ y\nz ~ f\ny ~ z",
    "long": "f =~ " + " + ".join(f"quite_a_long_name_{i}" for i in range(30)),
}


@pytest.fixture(params=list(SYNTAX))
def model(request: pytest.FixtureRequest) -> ModelSpec:
    return load_model({"model": request.param, "syntax": SYNTAX[request.param]})


def test_lavaan_text_reads_back(model: ModelSpec) -> None:
    text = to_lavaan(model)
    assert load_model({"model": model.name, "syntax": text}) == model
    assert max(map(len, text.splitlines())) <= 130


def test_the_mapping_reads_back_exactly(model: ModelSpec) -> None:
    content = to_mapping(model)
    assert load_model(content) == model
    assert load_model(loads(dump_mapping(content)).data) == model


def test_text_form_reads_back_exactly(model: ModelSpec) -> None:
    assert load_model(to_text_form(model)) == model


def test_the_structured_form_has_the_same_lines(model: ModelSpec) -> None:
    again = load_model(to_structured(model))
    assert sorted(map(repr, again.statements)) == sorted(map(repr, model.statements))
    assert (again.effects, again.constraints) == (model.effects, model.constraints)


STRUCTURED = {
    "model": "m",
    "label": {"nl": "Een", "en": "One"},
    "measurement": {
        "f": {
            "items": ["a", "b", "c"],
            "reversed": ["b"],
            "scale": [1, 5],
            "loadings": {"b": "l", "d": 0.5},
            "cross_loadings": ["d"],
            "item_labels": {"a": {"nl": "Aa"}},
            "missing_codes": [9],
            "reliability": 0.9,
        },
        "g": {"label": {"nl": "Gee", "en": "Gee"}, "items": ["d", "e"], "min_items": 1},
    },
    "structural": {"y": ["f", "g"], "f": {"g": "b1", "z": None}},
    "covariances": [["a", "b"], ["b", "c", "r"]],
    "effects": {"enumerate": {"from": ["g"], "to": ["y"]}, "i": "b1 * l"},
    "constraints": ["b1 == l"],
    "labels": {"y": {"nl": "uitkomst", "en": "outcome"}},
    "syntax": "y ~ 1\n",
}


def test_the_structured_form_survives() -> None:
    assert to_structured(load_model(STRUCTURED)) == STRUCTURED
    assert to_mapping(load_model(STRUCTURED)) == STRUCTURED


def test_a_structured_model_as_text_keeps_its_scales() -> None:
    model = load_model(
        {key: value for key, value in STRUCTURED.items() if key != "measurement"}
        | {
            "measurement": {
                "f": {"items": ["a", "b", "c"], "reversed": ["b"], "scale": [1, 5], "loadings": {"b": "l"}},
                "g": {"items": ["d", "e"]},
            },
        }
    )
    content = to_text_form(model)
    assert content["measurement"] == {"f": {"reversed": ["b"], "scale": [1, 5]}}
    assert load_model(content) == model


def test_lavaan_text_tells_in_comments_what_it_cannot_hold() -> None:
    text = to_lavaan(load_model(STRUCTURED))
    assert text.startswith(
        "# reversed items of f: b\n# every directed route from g to y\nf =~ a + l*b + c + 0.5*d\n"
    )


def test_names_that_lavaan_cannot_hold_are_refused() -> None:
    model = load_model({"model": "m", "structural": {"y": ["Q 1"]}})
    with pytest.raises(SpecError, match='"Q 1" cannot be a name in lavaan syntax'):
        to_lavaan(model)
    assert load_model(to_mapping(model)) == model

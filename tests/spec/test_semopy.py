"""semopy's syntax: the converted model has the estimates, χ² and df that semopy itself finds."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import pytest

from tests.cases import data_of
from werksem.errors import SpecError
from werksem.estimators.ml import fit_ml
from werksem.estimators.semopy_adapter import table_theta
from werksem.model import build_model
from werksem.moments import moments
from werksem.spec.convert import convert_file
from werksem.spec.load import load_model, load_study
from werksem.spec.semopy import is_semopy, parse_semopy
from werksem.spec.yaml import loads

MODELS = {
    "plain": "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + y2 + y3 + y4\ndem60 ~ ind60",
    "labelled first loading": "f =~ a*x1 + x2 + x3\ng =~ y1 + b*y2 + y3\ng ~ f",
    "a fixed loading elsewhere": "f =~ x1 + 0.5*x2 + x3\ny1 ~ f",
    "outcomes do not covary": "f =~ x1 + x2 + x3\ny1 ~ f\ny2 ~ f # residuals uncorrelated in semopy",
    "outcomes that do": "f =~ x1 + x2 + x3\ny1, y2 ~ f\ny1 ~~ y2",
    "equal labels": "f =~ x1 + x2 + x3\ng =~ y1 + l*y2 + y3\nh =~ y5 + l*y6 + y7\nh ~ f\ng ~ f",
}


@pytest.mark.parametrize("name", MODELS)
def test_estimates_are_semopys(name: str) -> None:
    import semopy

    spec, _ = parse_semopy(MODELS[name], "m")
    model = build_model(spec)
    data = data_of("democracy")
    fit = fit_ml(model, [moments(data[list(model.observed)].to_numpy(dtype=float), model.observed)])
    logging.disable(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = semopy.Model(MODELS[name])
        theirs.fit(data)
        stats = semopy.calc_stats(theirs)
    logging.disable(logging.NOTSET)
    theta = table_theta(model, theirs.inspect(), {})
    assert theta is not None
    assert fit.theta == pytest.approx(theta, rel=1e-2, abs=2e-3)  # semopy stops short of it
    # semopy multiplies its minimum by n - 1, the maximum likelihood chi-square by n
    assert fit.discrepancy == pytest.approx(theirs.last_result.fun, abs=1e-5)
    if name in ("plain", "outcomes do not covary"):
        assert model.df == stats["DoF"].item()


def test_commands_that_go_by_label() -> None:
    spec, _ = parse_semopy("f =~ x1 + a*x2 + b*x3\nCONSTRAINT(a = 2*b)\nSTART(-0.5) a b", "m")
    assert [constraint.text for constraint in spec.constraints] == ["a == 2*b"]
    assert [statement.start for statement in spec.statements] == [(), (-0.5,), (-0.5,)]


def test_what_goes_beside_the_model() -> None:
    spec, beside = parse_semopy("f =~ x1 + a*x2 + x3\nDEFINE(ordinal) x1 x2\nordinal: x3\nBOUND(0, 2) a", "m")
    assert beside == ("data: {ordered: [x1, x2, x3]}",)
    assert [constraint.text for constraint in spec.constraints] == ["a > 0", "a < 2"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("f =~ x1 + x2\n\ny <- f", "m.txt:3:1: semopy's operator '<-' has no counterpart"),
        ("DEFINE(latent) f", "m.txt:1:1: .*write f =~"),
        ("f =~ x1 + x2 + x3\nSTART(0.5) b", "m.txt:2:1: START: no parameter has the label b"),
        ("f =~ START*x1 + x2", "m.txt:1:1: START.x1 fixes it at a value of"),
        ("y ~ x\nDEFIN(ordinal) y", 'm.txt:2:1: .*did you mean "DEFINE"'),
        ("y ~ a*x\nBOUND(0) a", "BOUND takes two numbers, found '0'"),
        ("y ~ a*x\nCONSTRAINT(exp) a", "cannot read the constraint 'exp'"),
        ("y ~ x +", "m.txt:1:1: cannot read ''"),
        ("FORCE(endo) y", "has no counterpart here; leave it out"),
        ("y ~ x\nCONSTRAINT(c = 1)", "m.txt:2:1: .*c"),
    ],
)
def test_what_cannot_be_carried_over_names_its_line(text: str, said: str) -> None:
    with pytest.raises(SpecError, match=said):
        parse_semopy(text, "m", "m.txt")


@pytest.mark.parametrize("name", MODELS)
def test_conversion_round_trips(name: str, tmp_path: Path) -> None:
    file = tmp_path / "m.semopy"
    file.write_text(MODELS[name])
    converted = load_model(loads(convert_file(file)).data)
    spec, _ = parse_semopy(MODELS[name], "m")
    assert sorted(map(repr, converted.statements)) == sorted(map(repr, spec.statements))
    assert converted.constraints == spec.constraints


def test_whose_syntax_a_text_is(tmp_path: Path) -> None:
    assert is_semopy("y1, y2 ~ x")
    assert not is_semopy("y ~ x # DEFINE(ordinal) y\nind := a*b")
    file = tmp_path / "m.txt"
    file.write_text("y1 ~ x\ny2 ~ x\n")
    assert "covariances" not in convert_file(file)
    assert "covariances" in convert_file(file, "semopy")
    with pytest.raises(SpecError, match=r'no syntax .semopi.*did you mean "semopy"'):
        convert_file(file, "semopi")


def test_a_study_and_its_results_give_lavaan_syntax(tmp_path: Path) -> None:
    text = "study: s\nmodel: {syntax: 'f =~ x1 + x2 + x3'}\ndata: {file: a.csv}\nsem: {}\n"
    (tmp_path / "study.yaml").write_text(text)
    assert convert_file(tmp_path / "study.yaml") == "f =~ x1 + x2 + x3\n"
    assert convert_file(tmp_path) == convert_file(tmp_path / "study.yaml")
    assert load_study(tmp_path / "study.yaml")[1].statements[0].lhs == "f"

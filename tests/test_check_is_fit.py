"""What ``check`` refuses ``fit`` refuses, in the same words, and what it passes ``fit`` does."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz.seeds import FILES, MODEL, respondents
from tests.fuzz.terminal import Said, folder_with, werksem

BIG = respondents(240).to_csv(index=False)
# 11 parameters, 10 moments
LOOSE = {
    "measurement": {"f": {"items": ["x1", "x2"], "scale": [1, 5]}, "g": {"items": ["x4"], "scale": [1, 5]}},
    "structural": {"age": ["f"], "g": ["age"]},
    "covariances": [["x1", "x4"], ["x2", "x4"], ["x1", "x2"]],
}
LATENT = {"bayes": {"level": "latent"}}


def both(model: Mapping[str, Any], study: Mapping[str, Any]) -> tuple[Said, Said]:
    """Return what check and fit say of a study."""
    settings = {"study": "s", "model": model, "data": {"file": "d.csv"}, "report": {"formats": []}, **study}
    with folder_with({**FILES, "d.csv": BIG, "s.yaml": json.dumps(settings)}):
        return werksem("check", "s.yaml"), werksem("fit", "s.yaml", "--quiet", "--out", "out", "--jobs", "1")


def test_a_model_that_no_latent_engine_estimates_is_no_reason_to_refuse() -> None:
    why = "model 's' is not identified: 11 parameters, 10 moments; fix or drop 1 of them"
    checked, fitted = both(LOOSE, {"ols": {}})
    assert (checked.code, fitted.code) == (0, 0)
    said = "warning: the study does not estimate the model with latents, which fails: "
    assert f"{said}{why}\n" in checked.out
    checked, fitted = both(LOOSE, {"ols": {}, "sem": {}})
    assert (checked.code, fitted.code) == (3, 3)
    assert checked.err == fitted.err == f"werksem: s.yaml: {why}\n"


@pytest.mark.parametrize("engines", [{"ols": {}}, {"ols": {}, "sem": {}}, {"bayes": {"level": "scores"}}])
def test_an_inequality_is_refused_whichever_engine_runs(engines: dict[str, Any]) -> None:
    checked, fitted = both({**MODEL, "constraints": ["b1 > 0"]}, engines)
    assert (checked.code, fitted.code) == (2, 2)
    assert checked.err == fitted.err
    said = "only == constraints are estimated, found 'b1 > 0'"
    assert re.fullmatch(rf"werksem: s.yaml:1:\d+: {said}\n", fitted.err)


@pytest.mark.parametrize("constraint", ["b1 == b2", "b1^2 == b2 + 1"])
def test_a_posterior_of_latents_takes_no_constraints(constraint: str) -> None:
    checked, fitted = both({**MODEL, "constraints": [constraint]}, {"ols": {}, **LATENT})
    assert (checked.code, fitted.code) == (2, 2)
    assert checked.err == fitted.err
    assert checked.err.startswith("werksem: s.yaml:1:")
    assert f"the posterior of level latent takes no constraints, found {constraint!r}" in checked.err


def test_a_derived_column_does_not_replace_one_of_the_data() -> None:
    data = {"data": {"file": "d.csv", "derive": {"age": "x1 > 3"}}}
    checked, fitted = both(MODEL, {"ols": {}, **data})
    assert (checked.code, fitted.code) == (2, 2)
    assert checked.err == fitted.err
    said = 'data.derive.age: d.csv has a column "age" already; choose another name'
    assert re.fullmatch(rf"werksem: s.yaml:1:\d+: {said}\n", fitted.err)
    tables = {"tables": [{"kind": "means", "table": "t", "of": ["f"]}]}
    with folder_with(
        {**FILES, "s.yaml": json.dumps({"study": "s", "model": MODEL, "describe": tables, **data})}
    ):
        described = werksem("describe", "s.yaml", "--out", "out")
    assert described.code == 2
    assert said in described.err


def test_a_published_path_that_the_model_lacks_is_a_warning_of_both() -> None:
    printed = {"published": "p", "betas": [{"lhs": "g", "rhs": "ff", "beta": 0.4}]}
    study = {"study": "s", "language": "en", "model": MODEL, "data": {"file": "d.csv"}, "ols": {}}
    files = {
        "d.csv": BIG,
        "s.yaml": json.dumps({**study, "published": "p.yaml"}),
        "p.yaml": json.dumps(printed),
    }
    with folder_with({**FILES, **files}):
        checked = werksem("check", "s.yaml")
        assert werksem("fit", "s.yaml", "--quiet", "--out", "out", "--jobs", "1").code == 0
        report = Path("out/report.html").read_text(encoding="utf-8")
    assert 'warning: published: g ~ ff is not in the model; did you mean "g ~ f"?\n' in checked.out
    assert "The published path g ~ ff is not in the model; it resembles g ~ f." in report

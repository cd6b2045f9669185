"""The priors in the report: before the data, and against them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from fake_result import make_result

from werksem.bayes.prior_predictive import PREDICTIVE
from werksem.bayes.prior_sensitivity import SENSITIVITY
from werksem.report.advice import attention
from werksem.report.appendix import method_sentences
from werksem.report.folder import Result, read_result
from werksem.report.html import render
from werksem.report.priors import prior_said, sensitivity_said

WEAK, CONFLICT = "strong prior / weak likelihood", "prior-data conflict"


def folder(path: Path, predictive: list, sensitivity: list, language: str = "nl") -> Result:
    make_result(path, language=language)
    pd.DataFrame(predictive, columns=list(PREDICTIVE)).to_csv(path / "prior_predictive.csv", index=False)
    pd.DataFrame(sensitivity, columns=list(SENSITIVITY)).to_csv(path / "prior_sensitivity.csv", index=False)
    return read_result(path)


BETAS = [
    ("betrokkenheid", "veilig", 0.0, 0.51, -1.0, 0.99, 0.051),
    ("betrokkenheid", "wendbaar", 0.0, 0.52, -1.02, 1.01, 0.055),
    ("vertrekintentie", "veilig", None, None, None, None, None),
]
MOVED = [
    ("betrokkenheid~veilig", 0.01, 0.2, "-", 0.3, 0.3, 0.3),
    ("vertrekintentie ~1", 0.09, 0.2, CONFLICT, 0.3, 0.3, 0.3),
    ("betrokkenheid~~betrokkenheid", 0.09, 0.2, CONFLICT, 0.3, 0.3, 0.3),
    ("between_sd of betrokkenheid~veilig", 0.2, 0.01, WEAK, 0.0876, 0.1216, 0.0596),
    ("between_sd of b1", 0.2, 0.2, CONFLICT, 0.12, None, None),
]


def test_before_the_data(tmp_path: Path) -> None:
    dutch = prior_said(folder(tmp_path / "a", BETAS, MOVED))
    assert "tussen −1,02 en 1,01; hoogstens 5,5% van hun massa" in dutch
    assert dutch.endswith("Een vlakke a-prioriverdeling zegt niets over de grootte van Sociaal veilig "
                          "werkklimaat → Vertrekintentie.")  # fmt: skip
    english = prior_said(folder(tmp_path / "b", BETAS[:2], MOVED, "en"))
    assert "between −1.02 and 1.01 with 95% probability; at most 5.5%" in english
    assert "flat" not in english


def test_against_the_data(tmp_path: Path) -> None:
    result = folder(tmp_path, BETAS, MOVED)
    said = sensitivity_said(result)
    size = len(json.loads((tmp_path / "manifest.json").read_text())["data"]["groups"])
    assert said[0] == (
        f"{size} groepen zeggen weinig over de SD tussen groepen van Sociaal veilig werkklimaat → "
        "Betrokkenheid: halveren of verdubbelen van het gewicht van de a-prioriverdeling verschuift haar "
        "van 0,122 naar 0,060 (nu 0,088)."
    )
    assert said[1].startswith("De SD tussen groepen van b1 is een compromis")
    assert said[1].endswith("niet te zeggen (nu 0,120).")
    assert said[2] == (
        "Ook gevoelig voor hun a-prioriverdeling: het intercept van Vertrekintentie, de residuele SD van "
        "Betrokkenheid."
    )
    assert said[0] in render(result)
    assert prior_said(result) in render(result)


def test_when_nothing_weighs_it_is_said_once(tmp_path: Path) -> None:
    assert sensitivity_said(folder(tmp_path, BETAS, MOVED[:1], "en")) == (
        "No prior weighs noticeably (power-scaling sensitivity below .05).",
    )


def test_a_folder_without_these_tables_says_nothing(tmp_path: Path) -> None:
    make_result(tmp_path)
    result = read_result(tmp_path)
    assert prior_said(result) == ""
    assert sensitivity_said(result) == ()


@pytest.mark.parametrize(
    ("language", "said"), [("nl", "kies bayes.method: nuts"), ("en", "choose bayes.method")]
)
def test_a_normal_approximation_that_fails_is_told(tmp_path: Path, language: str, said: str) -> None:
    make_result(tmp_path, language=language)
    row = {"engine": "bayes", "measure": "pareto_k", "value": 0.85, "ok": False}
    pd.DataFrame([row]).to_csv(tmp_path / "diagnostics.csv", index=False)
    assert said in " ".join(attention(read_result(tmp_path)))


def test_the_method_is_named(tmp_path: Path) -> None:
    make_result(tmp_path, language="en")
    study = tmp_path / "study.yaml"
    before = " ".join(method_sentences(read_result(tmp_path)))
    assert "chains of" in before
    study.write_text(study.read_text().replace("bayes:\n", "bayes:\n  method: laplace\n"))
    after = " ".join(method_sentences(read_result(tmp_path)))
    assert "normal approximation around the mode" in after
    assert "chains of" not in after

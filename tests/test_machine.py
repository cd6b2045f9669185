"""``--json``: one document per command, whatever happens; ``--quiet`` says nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.cases import data_of
from tests.test_cli import werksem

STUDY = """
study: small
language: en
model:
  measurement: {ind60: {items: [x1, x2, x3]}, dem60: {items: [y1, y2, y3, y4]}}
  structural: {dem60: [ind60]}
data: {file: democracy.csv}
ols: {}
sem: {}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("machine")
    data_of("democracy").to_csv(place / "democracy.csv", index=False)
    (place / "small.yaml").write_text(STUDY)
    (place / "wrong.yaml").write_text(STUDY.replace("x3]", "x9]"))
    return place


def test_check_counts_what_lavaan_counts(folder: Path) -> None:
    done = werksem("check", folder / "small.yaml", "--json")
    told = json.loads(done.stdout)
    # lavaan: 7 variables have 28 moments; 5 loadings, 1 path, 7 + 2 variances
    assert told["model"]["counts"] == {
        "loadings": 5, "paths": 1, "variances": 9, "parameters": 15, "moments": 28, "df": 13, "effects": 0,
    }  # fmt: skip
    assert (told["ok"], told["rows_used"], told["engines"]) == (True, 75, ["ols", "sem"])
    assert told["model"]["equations"][-1] == "dem60 = β·ind60 + ζ"


def test_an_error_is_in_the_document_and_on_stderr(folder: Path) -> None:
    done = werksem("check", folder / "wrong.yaml", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"], told["exit_code"]) == (2, False, 2)
    assert 'no column "x9"' in told["error"]["message"]
    assert told["error"]["message"] in done.stderr
    fitted = werksem("fit", folder / "wrong.yaml", "--json", "--out", folder / "none")
    assert fitted.returncode == 2
    assert json.loads(fitted.stdout)["error"]["message"] == told["error"]["message"]


def test_fit_and_compare_say_what_their_files_say(folder: Path) -> None:
    done = werksem("fit", folder / "small.yaml", "--json", "--out", folder / "out")
    told = json.loads(done.stdout)
    assert (told["exit_code"], told["folder"], done.returncode) == (0, str(folder / "out"), 0)
    written = pd.read_csv(folder / "out/comparison.csv")
    assert told["comparison"][0]["sem"] == pytest.approx(written["sem"].item())
    assert told["diagnostics_not_ok"] == []
    chisq = {row["measure"]: row["value"] for row in told["fit"] if row["engine"] == "sem"}["chisq"]
    assert chisq == pytest.approx(
        pd.read_csv(folder / "out/fit.csv").query("measure == 'chisq'").value.item()
    )
    compared = json.loads(werksem("compare", folder / "out", "--json").stdout)
    assert compared["comparison"] == told["comparison"]


def test_compare_refuses_before_it_prints(folder: Path) -> None:
    done = werksem("compare", folder / "out", "--out", folder / "change.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--out: changes are between two result folders or more" in done.stderr


def test_quiet_says_nothing(folder: Path) -> None:
    done = werksem("check", folder / "small.yaml", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert werksem("check", folder / "wrong.yaml", "--quiet").returncode == 2


def test_audit_gives_its_cells(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(
        "published: made\noutcomes: {y: {n: 100, r2: 0.2}}\n"
        "betas: [{lhs: y, rhs: a, beta: 0.3, stars: '***'}, {lhs: y, rhs: b, beta: 0.2, stars: '*'}]\n"
    )
    plain = werksem("audit", tmp_path / "t.yaml", "--out", tmp_path / "cells.csv")
    done = werksem("audit", tmp_path / "t.yaml", "--json")
    assert plain.returncode in (0, 1), plain.stderr
    cells = pd.read_csv(tmp_path / "cells.csv")
    told = json.loads(done.stdout)
    assert [cell["predictor"] for cell in told["cells"]] == cells["predictor"].tolist()
    assert told["exit_code"] == done.returncode == plain.returncode

"""No message gives the number of respondents of a named group, or of an answer, below the study's limit."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.release.test_check_few import written
from werksem.check import check_study
from werksem.errors import DataError
from werksem.run import Request, run_study

SMALL = {"Rijk": 180, "Gemeenten": 98, "Eiland": 5}


def changed(place: Path, sections: str, data: str = "", more: str = "") -> Path:
    """The study of ``written`` with other sections, none who leave, and five respondents of Eiland."""
    config = written(place, more, SMALL)
    text = config.read_text(encoding="utf-8").replace(", leaves: [mood]", "").replace("ols: {}\n", "")
    text = text.replace("sem: {}", sections).replace("group: sector", f"group: sector{data}")
    config.write_text(text, encoding="utf-8")
    return config


@pytest.mark.parametrize("sections", ["sem: {multigroup: true}", "sem: {}\ninvariance: [configural, metric]"])
def test_a_group_that_cannot_be_fitted_is_refused_without_its_size(tmp_path: Path, sections: str) -> None:
    config = changed(tmp_path, sections)
    with pytest.raises(DataError) as problem:
        list(check_study(config))
    assert "fewer than 10 of 283 rows of group 'Eiland' answer all 6 items" in str(problem.value)
    assert "5 of" not in problem.value.message


def test_a_loosened_rule_says_the_size(tmp_path: Path) -> None:
    config = changed(tmp_path, "sem: {multigroup: true}", more="disclosure: {smallest: 3}\n")
    with pytest.raises(DataError, match="5 of 283 rows of group 'Eiland' answer all 6 items"):
        list(check_study(config))


def test_who_answered_nothing_in_a_group_is_said_in_words(tmp_path: Path) -> None:
    config = changed(tmp_path, "sem: {multigroup: true}", ", missing: fiml")
    people = pd.read_csv(tmp_path / "people.csv")
    people = people[people["sector"] != "Eiland"]
    items = [name for name in people if name[0] in "mz"]
    people.loc[people.index[:4], items] = np.nan  # of Rijk
    people.to_csv(tmp_path / "people.csv", index=False)
    lines = [line for line in check_study(config) if line.startswith("blanks (")]
    assert [line.rpartition("; ")[2] for line in lines] == [
        "fewer than 10 respondents answered nothing", "0 respondents answered nothing",
    ]  # fmt: skip


@pytest.mark.parametrize(("more", "number"), [("", "fewer than 10"), ("disclosure: {smallest: 1}\n", "3")])
def test_an_answer_of_few_is_said_in_words(tmp_path: Path, more: str, number: str) -> None:
    config = changed(tmp_path, "sem: {estimator: WLSMV}", ", ordered: all", more)
    out, _ = run_study(Request(config, tmp_path / "out", quiet=True))
    warnings = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["warnings"]
    assert f"m1: {number} respondents in a category" in warnings
    assert f"to m1 was given by {number} respondents;" in (out / "report.html").read_text(encoding="utf-8")

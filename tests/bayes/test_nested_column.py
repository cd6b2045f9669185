"""A study's third level, from its file to the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.survey.studies import answers, small_model
from werksem.errors import DataError
from werksem.inputs import Inputs, read_inputs
from werksem.spec.study import Study


def inputs(folder: Path, **bayes: Any) -> Inputs:
    frame = answers().assign(unit=[" u1", "u2", ""] * 20)
    frame.to_csv(folder / "a.csv", index=False)
    study = {
        "study": "a",
        "model": None,
        "data": {"file": folder / "a.csv", "group": "sector"},
        "bayes": bayes,
    }
    return read_inputs(Study.model_validate(study), small_model())


def test_units_arrive_as_text_and_blanks_stay_in_the_survey(tmp_path: Path) -> None:
    found = inputs(tmp_path, nested="unit").nested
    assert found is not None
    assert found[:2].tolist() == ["u1", "u2"]
    assert found.isna().sum() == 20
    assert inputs(tmp_path).nested is None


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="unt"):
        inputs(tmp_path, nested="unt")

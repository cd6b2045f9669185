from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.survey.studies import answers, survey_of
from werksem.errors import DataError
from werksem.survey.dependence import exact_dependence

Change = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d.drop(columns="x2"), 'no column "x2"; the columns are "x1", "x3"'),
        (lambda d: d.assign(x2=3), 'column "x2" is constant: all 60 answers are 3'),
        (lambda d: d.assign(x2=np.nan), 'column "x2" has no answers in the 60 rows used'),
        (
            lambda d: d.assign(age=np.where(d.index != 4, d["age"], np.inf)),
            '"age" has 1 infinite value, first in line 6',
        ),
        (
            lambda d: d.assign(age=d["age"] * 1e200),
            '"age" has 60 values too large to be squared, first in line 2; right is at most 1e[+]40 in size',
        ),
        (
            lambda d: d.assign(age=np.where(d.index == 2, 1e-200, 0)),
            '"age" varies too little to be squared: its 60 answers lie within 1e-200 .*, right is 1e-40',
        ),
        (lambda d: d.assign(x3=d["x1"]), 'column "x3" is an exact copy of "x1"'),
        (lambda d: d.assign(age=d["x1"] + d["x4"]), 'column "age" is exactly x1 [+] x4'),
        (lambda d: d.assign(age=3 * d["x1"] - 0.5 * d["x5"] + 2), r"exactly 3\*x1 - 0\.5\*x5 [+] 2"),
        (lambda d: d.assign(x6=6 - d["x5"]), 'column "x6" is exactly - x5 [+] 6'),
        (
            lambda d: d.head(7),
            "7 of 7 rows are complete on the 7 variables of the model; at least 8 are needed",
        ),
        (
            lambda d: d.assign(x1=d["x1"].where(d.index < 30), x4=d["x4"].where(d.index >= 30)),
            '0 of 60 rows are complete .*; nobody answered both "x1" and "x4"',
        ),
    ],
)
def test_unfit_data_are_refused(change: Change, says: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=says) as problem:
        survey_of(change(answers()), tmp_path)
    assert problem.value.exit_code == 2


def test_scale_means_need_few_complete_rows_per_equation_only(tmp_path: Path) -> None:
    frame = answers().astype({"x1": float, "x4": float})
    frame.loc[:29, "x1"] = np.nan
    frame.loc[30:, "x4"] = np.nan
    assert survey_of(frame, tmp_path, sections={"ols": {}}).rows_used == 60
    frame["age"] = frame["age"].where(frame.index < 3)
    with pytest.raises(DataError, match="3 of 60 rows are complete for the regression of g; at least 4"):
        survey_of(frame, tmp_path, sections={"ols": {}})


def test_no_dependence_where_there_is_a_little_noise() -> None:
    rng = np.random.default_rng(3)
    rows = rng.standard_normal((200, 4))
    total = rows.sum(axis=1, keepdims=True)
    names = ["a", "b", "c", "d", "total"]
    assert exact_dependence(np.hstack([rows, total + 1e-3 * rng.standard_normal((200, 1))]), names) is None
    assert exact_dependence(np.hstack([rows, total]), names) == '"total" is exactly a + b + c + d'


def test_dummies_that_add_up_to_one_are_dependent() -> None:
    dummies = np.eye(3)[np.resize([0, 1, 2, 0, 1], 40)]
    assert exact_dependence(dummies, ["d1", "d2", "d3"]) == '"d3" is exactly - d1 - d2 + 1'


@pytest.mark.parametrize(
    ("change", "starts"),
    [
        (lambda d: d.assign(x2=6 - d["x2"]), "reversed keying: x2 correlates -0."),
        (lambda d: d.assign(x6=6 - d["x6"]), "reversed keying: x6 correlates -0."),
        (
            lambda d: d.assign(x1=d["x1"].where(d.index == 0, 3).where(d.index > 0, 4)),
            "near-constant: 98.3% of",
        ),
    ],
)
def test_doubtful_data_are_told(change: Change, starts: str, tmp_path: Path) -> None:
    notes = survey_of(change(answers()), tmp_path).notes
    assert any(note.startswith(starts) for note in notes), notes


def test_duplicate_rows_are_told_where_they_cannot_be_chance(tmp_path: Path) -> None:
    many, few = answers(300), answers(60)
    assert survey_of(pd.concat([many, many.head(10)]), tmp_path).notes == ()
    assert survey_of(few, tmp_path).notes == ()
    assert survey_of(pd.concat([few, few.head(2)]), tmp_path).notes == (
        "duplicate rows: 2 of 62 respondents gave exactly the answers of another one",
    )

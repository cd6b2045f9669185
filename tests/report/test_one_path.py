"""Sentences about one path speak of one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pandas as pd
import pytest

from werksem.report.answer import brief
from werksem.report.folder import Result
from werksem.report.passport import _lead


def result(paths: int, language: str) -> Result:
    rows = {"group": "all", "verdict": "", "published": None, "ols": None, "sem": 0.3, "bayes": None}
    return cast(Result, SimpleNamespace(language=language, comparison=pd.DataFrame([rows] * paths)))


@pytest.mark.parametrize(
    ("paths", "language", "said"),
    [
        (1, "nl", "Eén pad is geschat."),
        (1, "en", "One path was estimated."),
        (2, "nl", "2 paden zijn geschat."),
    ],
)
def test_paths_are_counted(paths: int, language: str, said: str) -> None:
    assert brief(result(paths, language)) == (said,)


@pytest.mark.parametrize(
    ("delta", "said"), [(0.2, "Hoeveel β verandert: "), (0.001, "Geen trede verandert β ")]
)
def test_the_passport_of_one_path_has_no_mean(delta: float, said: str) -> None:
    steps = {"lhs": ["y", "y"], "rhs": ["a", "b"], "delta": delta, "explains": "measurement", "note": ""}
    rows = pd.DataFrame(steps)
    assert _lead(result(1, "nl"), rows[:1]).startswith(said)
    assert "over 2 paden" in _lead(result(1, "nl"), rows)

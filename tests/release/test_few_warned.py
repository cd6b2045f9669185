"""Warnings in a manifest and on pages: no count below the limit, no exact largest weight; few are refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.check import check_study
from werksem.errors import DataError
from werksem.report.messages import message
from werksem.run import Request, run_study

STUDY = """\
study: warned
language: nl
model:
  measurement: {mood: {items: [m1, m2, m3], scale: [1, 5]}, zeal: {items: [z1, z2, z3], scale: [1, 5]}}
  structural: {zeal: [mood, age]}
data: {file: people.csv, weights: weight}
ols: {}
report: {formats: [html]}
"""


def written(place: Path, n: int, more: str = "") -> Path:
    """A study of n respondents: six have the age 99, and one weighs 33 times the mean."""
    rng = np.random.default_rng(8)
    level = rng.normal(size=n)
    frame = pd.DataFrame(
        {
            f"{name}{k}": np.clip(np.round(3 + level + rng.normal(size=n)), 1, 5)
            for name in "mz"
            for k in (1, 2, 3)
        }
    ).assign(age=rng.integers(20, 66, n), weight=1.0)
    frame.loc[:5, "age"] = 99
    frame.loc[10:10, "weight"] = 33 * (n - 1) / abs(n - 33)  # 33 means of all
    frame.to_csv(place / "people.csv", index=False)
    (place / "study.yaml").write_text(STUDY + more, encoding="utf-8")
    return place / "study.yaml"


def test_no_count_of_few_and_no_exact_largest_weight_is_said(tmp_path: Path) -> None:
    out, _ = run_study(Request(written(tmp_path, 430), tmp_path / "out", quiet=True))
    said = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["warnings"]
    assert any(line.startswith("leftover code: age has 99 (fewer than 10x)") for line in said)
    weight = "dominating weight: the largest in weight is over 20 times the mean, over 5% of the total"
    assert weight in said
    assert not any("33" in line or "7.7" in line or "6x" in line for line in said)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "meer dan 20 keer het gemiddelde, en meer dan 5% van het totaal" in page
    assert "minder dan 10 keer 99" in page
    assert not any(told in page for told in ("33 keer", "7,7%", "6 keer 99"))
    assert [line for line in check_study(tmp_path / "study.yaml") if "6x" in line or "33 times" in line] == []


@pytest.mark.parametrize(("n", "rule"), [(9, ""), (200, "disclosure: {smallest: 1000}\n")])
def test_fewer_respondents_than_the_limit_are_refused(tmp_path: Path, n: int, rule: str) -> None:
    config = written(tmp_path, n, rule)
    for run in (
        lambda: run_study(Request(config, tmp_path / "out", quiet=True)),
        lambda: list(check_study(config)),
    ):
        with pytest.raises(DataError, match=r"fewer than 10+ respondents \(disclosure.smallest\)"):
            run()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "dutch"),
    [
        ("weights: fewer than 10 of 420 respondents have a weight of zero in w", "minder dan 10 van de 420"),
        ("duplicate rows: fewer than 10 of 420 respondents gave", "minder dan 10 van de 420"),
        (
            "hardly together: fewer than 10 of 420 respondents answered both a and b; how",
            "minder dan 10 van de 420",
        ),
        (
            "between answers: x has fewer than 10 answers that are not whole, as 2.5",
            "heeft minder dan 10 antw",
        ),
    ],
)
def test_words_for_few_are_dutch_on_a_dutch_page(text: str, dutch: str) -> None:
    assert dutch in message(text, "nl")
    assert "fewer than 10" in message(text, "en")

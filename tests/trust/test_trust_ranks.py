"""The posteriors of docs/vertrouwen.md: right ones are calibrated, wrong ones are noticed."""

from __future__ import annotations

import pandas as pd
import pytest

from trust.part import FIGURES
from trust.ranks import CASES, PART, Case, held, ranks_of_case, ready_of
from werksem.calibrate.sbc_table import EVERY, calibrated


def kept() -> pd.DataFrame:
    return pd.read_csv(FIGURES / "ranks.csv", keep_default_na=False, na_values=[""])


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_right_posterior_is_calibrated_and_a_wrong_one_is_not(case: Case) -> None:
    found = calibrated(ranks_of_case(case, ready_of(case.study), case.posteriors))
    assert held(case, found), found.iloc[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_kept_says_how_each_case_came_out(case: Case) -> None:
    found = kept()
    own = found[found["case"] == case.name]
    assert own.iloc[0]["quantity"] == EVERY
    assert own.iloc[0]["posteriors"] == case.posteriors
    assert held(case, own)


def test_the_page_names_every_case_and_its_verdict() -> None:
    found = kept()
    page = PART.page(found)
    rows = [line for line in page.splitlines() if line.startswith("| ")][2:]
    assert len(rows) == len(CASES)
    for case, row in zip(CASES, rows, strict=True):
        assert row.startswith(f"| {case.name} |")
        assert f"- **{case.name}**: {case.says}\n" in page
        assert row.rstrip(" |").endswith("yes")
    assert PART.summary(found)[1:] == (len(CASES), len(CASES))

"""The figures of trust/coverage: there for every study, and what the page says of them is what they are."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from trust.coverage import SETTINGS, STUDIES, measure, page, summary
from trust.part import FIGURES

OWN = {
    "binding": {("ols", "cluster"), ("sem", "cluster"), ("bootstrap", "bca")},
    "mediatie_vertrek": {("ols", "cluster"), ("sem", "cluster"), ("bootstrap", "bca")},
    "cultuur_2022_tabellen": {("ols", "classical")},
}


def figures() -> pd.DataFrame:
    return pd.read_csv(FIGURES / "coverage.csv", keep_default_na=False, na_values=[""])


@pytest.mark.parametrize("study", STUDIES)
def test_what_a_study_prints_was_measured_and_keeps_its_promise(study: str) -> None:
    rows = figures().query("study == @study")
    own = rows[rows["own"]]
    assert set(own[["engine", "interval"]].itertuples(index=False, name=None)) == OWN[study]
    assert (rows["surveys"] == SETTINGS.surveys).all()
    assert (own["off"] == 0).all()
    assert (own["failed"] == 0).all()
    # the mean of many paths of the same surveys: chance leaves less than on one of them (.031 of 200)
    assert own["coverage"].between(0.93, 0.97).all()


def test_standard_errors_that_overlook_organisations_cover_less() -> None:
    rows = figures().query("study == 'binding'").set_index(["engine", "interval"])["coverage"]
    assert rows["ols", "classical"] < rows["ols", "cluster"]
    assert rows["sem", "standard"] < rows["sem", "cluster"]


def test_the_page_and_its_line_say_what_the_figures_say() -> None:
    found = figures()
    text = page(found)
    for study in STUDIES:
        assert f"configs/{study}.yaml" in text
    tried, total, held = summary(found)
    assert (total, held) == (found.loc[found["own"], "paths"].sum(),) * 2
    broken = found.assign(off=found["off"].where(~found["own"], 2))
    assert summary(broken) == (tried, total, total - 2 * int(found["own"].sum()))
    assert f"| **OLS, by cluster** | {100 * found.query('own').iloc[0]['coverage']:.1f}% |" in text


@pytest.mark.slow
def test_the_figures_are_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trust.coverage.STUDIES", {"cultuur_2022_tabellen": ""})
    again, kept = measure(tmp_path), figures().query("study == 'cultuur_2022_tabellen'")
    columns = ["coverage", "lowest", "highest", "bias"]
    assert again[columns].to_numpy() == pytest.approx(kept[columns].to_numpy(), abs=1e-9)

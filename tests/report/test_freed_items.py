"""The part of the report on comparability: the ladder under pooling, and what freeing items changes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.report.fake_result import make_result
from tests.report.test_misfit import LADDER
from werksem.report.comparable import freed_said, freed_table
from werksem.report.folder import read_result
from werksem.report.messages import message
from werksem.report.misfit import invariance_table

PARTIAL = "partial_metric,115.85,50,0,0.923,0.885,0.097,0.068,7706.8,0,2,1,0,0,ok\n"


def folder_of(tmp_path: Path, language: str, differences: list[float]) -> Path:
    make_result(tmp_path, "mediatie", language, True)
    table = pd.DataFrame({"lhs": "y", "rhs": "x", "group": [f"g{k}" for k in range(len(differences))]})
    table = table.assign(pooled=0.3, freed=[0.3 + d for d in differences], difference=differences)
    table = table.assign(listed=[abs(d) > 0.02 for d in differences], items="y1, f2")
    table.to_csv(tmp_path / "freed_items.csv", index=False)
    return tmp_path


@pytest.mark.parametrize(("differences", "said"), [
    ([0.001, -0.0102], "geen van de 2 gepoolde paden meer dan ,02; de grootste verandering is ,010."),
    ([0.001, -0.031], "1 van de 2 gepoolde paden meer dan ,02; de grootste verandering is ,031."),
    ([0.05, -0.031], "2 van de 2 gepoolde paden meer dan ,02; de grootste verandering is ,050."),
])  # fmt: skip
def test_the_sentence_counts_the_paths(tmp_path: Path, differences: list[float], said: str) -> None:
    result = read_result(folder_of(tmp_path, "nl", differences))
    assert freed_said(result) == f"Vrijgeven van y1, f2 (de items die het meest afwijken) verandert {said}"


def test_the_table_has_the_largest_first(tmp_path: Path) -> None:
    table = freed_table(read_result(folder_of(tmp_path, "en", [0.021, 0.0, -0.04])))
    assert [row[1].text for row in table.bodies[0].rows] == ["g2", "g0"]
    assert table.bodies[0].rows[0][4].text == "−.040"


def test_a_folder_without_a_second_fit_says_nothing(tmp_path: Path) -> None:
    make_result(tmp_path, "mediatie", "nl", True)
    result = read_result(tmp_path)
    assert freed_said(result) == ""
    assert not freed_table(result).bodies


def test_steps_with_items_freed_are_named_and_explained(tmp_path: Path) -> None:
    make_result(tmp_path, "mediatie", "en", True)
    (tmp_path / "invariance.csv").write_text(LADDER)
    assert len(invariance_table(read_result(tmp_path)).notes) == 1
    (tmp_path / "invariance.csv").write_text(LADDER + PARTIAL)
    table = invariance_table(read_result(tmp_path))
    assert table.bodies[0].rows[-1][0].text == "Metric, items freed"
    assert table.notes[1].startswith("Items freed: ")


@pytest.mark.parametrize(("text", "dutch"), [
    (
        "invariance: loadings differ between groups: CFI -0.012, RMSEA +0.016",
        "Ladingen verschillen tussen groepen (CFI -0,012, RMSEA +0,016): gepoolde paden",
    ),
    ("invariance: it holds with a, b freed; means", "Met A, b vrijgegeven houdt meetinvariantie"),
    ("invariance: it does not hold with b freed; means", "Ook met b vrijgegeven houdt meetinvariantie niet"),
    ("invariance: too few complete rows for the ladder in D", "Meetinvariantie is niet getoetst voor D"),
    ("freed items: a freed change 3 of 1200 pooled paths by", "Vrijgeven van A verandert 3 van de 1.200"),
])  # fmt: skip
def test_sentences_of_the_manifest_in_dutch(text: str, dutch: str) -> None:
    assert message(text, "nl", {"a": "A"}).startswith(dutch)

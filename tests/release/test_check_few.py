"""What ``werksem check`` says of few respondents: no size that the tables of ``fit`` hide."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.check import check_facts, check_study
from werksem.errors import DataError
from werksem.run import Request, run_study

STUDY = """\
study: few
language: en
model:
  measurement: {mood: {items: [m1, m2, m3], scale: [1, 5]}, zeal: {items: [z1, z2, z3], scale: [1, 5]}}
  structural: {zeal: [mood], leaves: [mood]}
data: {file: people.csv, group: sector}
ols: {}
sem: {}
"""
SIZES = {"Rijk": 180, "Gemeenten": 98, "Waterschap": 14, "Eiland": 7, "eiland": 1}


def written(place: Path, more: str = "", sizes: dict[str, int] = SIZES) -> Path:
    """A study of 300 respondents, of whom 4 leave and 3 gave the lowest answer to m1."""
    rng = np.random.default_rng(8)
    n = sum(sizes.values())
    level = rng.normal(size=n)
    frame = {
        f"{name}{k}": np.clip(np.round(3.5 + level + rng.normal(size=n)), 2, 5)
        for name in "mz"
        for k in (1, 2, 3)
    }
    frame["m1"][[5, 50, 150]] = 1
    sector = np.repeat(list(sizes), list(sizes.values()))
    pd.DataFrame(frame).assign(sector=sector, leaves=(np.arange(n) % 75 == 0).astype(int)).to_csv(
        place / "people.csv", index=False
    )
    (place / "study.yaml").write_text(STUDY + more, encoding="utf-8")
    return place / "study.yaml"


def said(config: Path) -> list[str]:
    return [line for line in check_study(config) if not line.startswith("  ")]


def test_sizes_below_the_limit_and_what_tells_them_are_not_said(tmp_path: Path) -> None:
    config = written(tmp_path)
    lines = said(config)
    groups = (
        "groups (sector): Rijk 180, Gemeenten 98, Waterschap 14, Eiland fewer than 10, eiland fewer than 10"
    )
    hidden = groups.replace("Waterschap 14", "Waterschap 10 or more")
    assert hidden in lines  # 8 of two groups: the next one is hidden with them
    assert "warning: groups of few: sector has fewer than 10 respondents in eiland" in lines
    spelled = '"Eiland" (< 10), "eiland" (< 10); they count as different groups'
    assert f"warning: group spellings: sector has {spelled}" in lines
    assert "warning: sparse: answer 1 to m1 was given by fewer than 10 respondents" in lines
    assert "warning: sparse: answer 1 to m2 was given by 0 respondents" in lines
    assert "warning: near-constant: nearly all of the answers to leaves are 0" in lines
    facts = {name: found for piece in check_facts(config) for name, found in piece.items()}
    assert facts["groups"] == {
        "Rijk": 180, "Gemeenten": 98, "Waterschap": "10 or more", "Eiland": "fewer than 10",
        "eiland": "fewer than 10",
    }  # fmt: skip


def test_a_loosened_rule_lets_check_say_them(tmp_path: Path) -> None:
    config = written(tmp_path, "disclosure: {smallest: 1}\n")
    lines = said(config)
    assert "groups (sector): Rijk 180, Gemeenten 98, Waterschap 14, Eiland 7, eiland 1" in lines
    assert "warning: groups of one: sector has one respondent in eiland" in lines
    assert "warning: sparse: answer 1 to m1 was given by 3 respondents" in lines
    facts = {name: found for piece in check_facts(config) for name, found in piece.items()}
    assert facts["groups"] == SIZES


@pytest.mark.parametrize(
    ("small", "told"),
    [
        (9, r"sem\.multigroup estimates every group of sector by itself, and 'Eiland' has fewer than 10"),
        (
            5,
            r"^(?!.*5 of).*fewer than 10 of 283 rows of group 'Eiland' answer all 6 items",
        ),  # that it cannot be fitted comes first
    ],
)
def test_check_and_fit_refuse_groups_of_few_alike(tmp_path: Path, small: int, told: str) -> None:
    config = written(tmp_path, "", {"Rijk": 180, "Gemeenten": 98, "Eiland": small})
    text = config.read_text(encoding="utf-8").replace("sem: {}", "sem: {multigroup: true}")
    config.write_text(text.replace(", leaves: [mood]", ""), encoding="utf-8")
    with pytest.raises(DataError, match=told):
        list(check_study(config))
    with pytest.raises(DataError, match=told):
        run_study(Request(config, tmp_path / "out", quiet=True))

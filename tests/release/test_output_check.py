"""The output check: dominated groups, small cells and small models are named, and hidden values never are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.bootstrap_runs import werksem
from werksem.describing.run import Request as DescribeRequest
from werksem.describing.run import describe_study
from werksem.release.rules import Output, concentration, failed, rule_output, units_of
from werksem.run import Request, run_study
from werksem.spec.disclosure import Disclosure

GROUPS = ("even", "heavy", "lone", "few")
TABLES = """
study: checked
title: Checked
language: en
model: {measurement: {mood: {items: [m1, m2], scale: [1, 5]}}}
data: {file: people.csv, weights: weight, cluster: firm}
describe:
  tables:
    - {table: by group, kind: means, of: [mood], by: group}
    - {table: all, kind: means, of: [mood]}
    - {table: even, kind: means, of: [mood], where: group == 'even'}
    - {table: heavy, kind: means, of: [mood], where: group == 'heavy'}
    - {table: lone, kind: means, of: [mood], where: group == 'lone'}
    - {table: yes, kind: share_below, of: [nearly], above: 0.5}
"""
MODEL = """
study: tiny
language: nl
report: {formats: []}
model:
  measurement: {mood: {items: [m1, m2, m3], scale: [1, 5]}, zeal: {items: [m4, m5, m6], scale: [1, 5]}}
  structural: {zeal: [mood]}
data: {file: FILE, group: group, cluster: firm}
ols: {}
sem: {}
"""


def people(n: int) -> pd.DataFrame:
    """Answers of respondents in four groups: even, with one heavy weight, of one firm, and of seven."""
    rng = np.random.default_rng(4)
    level = rng.normal(3, 0.8, n)
    answers = np.clip(np.round(level[:, None] + rng.normal(0, 0.6, (n, 6))), 1, 5).astype(int)
    group = np.array(["few"] * 7 + [GROUPS[k % 3] for k in range(n - 7)])
    firm = np.where(group == "lone", 99, rng.permutation(n) % 12)
    weight = np.ones(n)
    weight[np.flatnonzero(group == "heavy")[0]] = n
    frame = pd.DataFrame(answers, columns=[f"m{k}" for k in range(1, 7)])
    nearly = (np.arange(n) >= 20).astype(int)
    return frame.assign(group=group, firm=firm, weight=weight, nearly=nearly)


def rows_of(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    table = pd.read_csv(folder / "output_check.csv", dtype=str, keep_default_na=False)
    return {(row["section"], row["name"]): row for row in table.to_dict("records")}


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("check")
    people(307).to_csv(folder / "people.csv", index=False)
    (folder / "study.yaml").write_text(TABLES)
    return describe_study(DescribeRequest(folder / "study.yaml", folder / "out"))


def test_each_table_is_held_to_the_rules(described: Path) -> None:
    rows, data = rows_of(described), people(307)
    told = {name: row["failed"] for (section, name), row in rows.items() if section == "table"}
    assert told == {
        "by group": "dominance;unit",  # one respondent of heavy, the firm of lone
        "all": "dominance;unit",
        "even": "",
        "heavy": "dominance;unit",  # that respondent's firm weighs as much
        "lone": "unit",
        "yes": "dominance;unit;category",
    }
    heavy, own = rows["table", "heavy"], data[data.group == "heavy"].weight
    assert float(heavy["largest_respondent"]) == pytest.approx(own.max() / own.sum())
    even = data[data.group == "even"]
    assert float(rows["table", "even"]["largest_unit"]) == pytest.approx(
        even.groupby("firm").size().max() / len(even)
    )
    assert rows["table", "even"]["smallest"] == str(len(even))
    assert rows["table", "even"]["units"] == str(even.firm.nunique())
    assert rows["table", "lone"]["units"] == "1"


def test_what_was_hidden_is_counted_and_never_shown(described: Path) -> None:
    rows, tables = rows_of(described), pd.read_csv(described / "tables.csv")
    own = tables[tables.table == "by group"]
    row = rows["table", "by group"]
    assert row["hidden"] == str((own.status == "suppressed").sum()) == "2"
    assert row["hidden_also"] == str((own.status == "suppressed_complementary").sum())
    assert int(row["cells"]) == own.n.notna().sum()
    assert int(row["smallest"]) == own.n.min() >= 10
    few = people(307)[lambda frame: frame.group == "few"]
    page = (described / "output_check.html").read_text() + (described / "output_check.csv").read_text()
    assert "few" not in page.replace("fewer", "").replace("few respondents", "")
    assert f"{few[['m1', 'm2']].mean(axis=None):.3f}" not in page


def test_a_share_counts_on_either_side(described: Path) -> None:
    row = rows_of(described)["table", "yes"]
    assert row["smallest"] == "20"
    assert float(row["largest_category"]) == pytest.approx(287 / 307)


def test_the_sheet_says_so_and_is_made_again(described: Path) -> None:
    page = (described / "output_check.html").read_text()
    assert "2 of 7 outputs keep the rules of thumb; 5 need looking at." in page
    assert "one respondent above 50%; one cluster above 50%" in page
    assert "http" not in page
    (described / "output_check.html").unlink()
    assert werksem("report", described).returncode == 0
    assert (described / "output_check.html").read_text() == page


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty respondents and thirteen parameters: seven degrees of freedom are left."""
    folder = tmp_path_factory.mktemp("fit")
    data = people(40)[20:]
    data.to_csv(folder / "small.csv", index=False)
    (folder / "study.yaml").write_text(MODEL.replace("FILE", "small.csv").replace(", cluster: firm", ""))
    run_study(Request(folder / "study.yaml", folder / "out", quiet=True))
    return folder / "out"


def test_small_models_and_groups_fail(fitted: Path) -> None:
    rows, fit = rows_of(fitted), pd.read_csv(fitted / "fit.csv")
    parameters = fit[(fit.engine == "sem") & (fit.measure == "npar")].value.item()
    sem = rows["model", "SEM"]
    assert (sem["n"], float(sem["df"]), sem["failed"]) == ("20", 20 - parameters, "df")
    ols = rows["model", "OLS: zeal"]
    assert (ols["n"], ols["df"], ols["failed"]) == ("20", "18", "")
    groups = {name: row["failed"] for (section, name), row in rows.items() if section == "group"}
    assert groups == {"all": ""}  # the others have fewer than ten respondents each
    assert (rows["rule", "disclosure"]["hidden"], rows["rule", "disclosure"]["failed"]) == ("3", "")
    data, items = people(40)[20:], pd.read_csv(fitted / "items.csv").set_index("item")
    counts = [
        (data[item] == end).sum()
        for item, shown in items.iterrows()
        for end, share in ((1, shown.floor), (5, shown.ceiling))
        if share > 0
    ]
    assert rows.get(("cells", "items.csv"), {}).get("smallest", "") == (str(min(counts)) if counts else "")
    spread = pd.read_csv(fitted / "distributions.csv")
    row = rows["cells", "distributions.csv"]
    assert row["hidden"] == str((spread.status == "suppressed").sum())
    assert int(row["hidden"]) > 0
    shown = spread.n[spread.n > 0]
    assert row["smallest"] == (str(int(shown.min())) if len(shown) else "")
    assert rows["cells", "sample.csv"]["failed"] == ""
    assert "te weinig vrijheidsgraden" in (fitted / "output_check.html").read_text()


def test_every_file_is_named_and_some_are_held(fitted: Path) -> None:
    rows = rows_of(fitted)
    named = {name for section, name in rows if section == "file"}
    assert named == {path.relative_to(fitted).as_posix() for path in fitted.rglob("*") if path.is_file()}
    assert "lavaan/run.R" in named
    held = {name for section, name in rows if section == "file" and rows[section, name]["passes"] == "no"}
    # n, mean and SD of twenty answers tell how often each was given
    telling = {"estimates.csv", "modification.csv", "lavaan/moments.csv"}
    assert held == {"output_check.csv", "output_check.html", *telling}
    assert {rows["cells", name]["failed"] for name in telling} == {"rare"}
    assert {rows["file", name]["failed"] for name in telling} == {"rare"}


def test_concentration_by_hand() -> None:
    found = concentration(np.array([4.0, 3.0, 2.0, 1.0, 0.0]), np.array([0, 1, 1, 2, 3]))
    assert (found.n, found.units, found.p_percent) == (4, 3, False)
    assert found.respondent == pytest.approx(0.4)
    assert found.unit == pytest.approx(0.5)
    # the rest, .39, is less than a tenth of the largest: the second knows the largest within 10 %
    assert concentration(np.array([4.0, 3.0, 0.39]), None).p_percent
    assert not concentration(np.array([4.0, 3.0, 0.41]), None).p_percent
    assert concentration(np.zeros(3), None).n == 0


@pytest.mark.parametrize(
    ("rule", "at", "beyond"),
    [
        ("units", {"n": 10}, {"n": 9}),
        ("units", {"smallest": 10}, {"smallest": 9}),
        ("df", {"df": 10}, {"df": 9}),
        ("dominance", {"largest_respondent": 0.5}, {"largest_respondent": 0.51}),
        ("unit", {"largest_unit": 0.5}, {"largest_unit": 0.51}),
        ("category", {"largest_category": 0.9}, {"largest_category": 0.91}),
        ("p", {"p_percent": False}, {"p_percent": True}),
    ],
)
def test_rules_hold_to_the_limit(rule: str, at: dict[str, float], beyond: dict[str, float]) -> None:
    output = Output("table", "a")
    assert failed(output) == failed(replace(output, **at)) == ()
    assert failed(replace(output, **beyond)) == (rule,)


def test_a_stricter_rule_of_the_study_is_what_is_tested() -> None:
    strict, loose = (rule_output(Disclosure(smallest=smallest)) for smallest in (25, 5))
    output = Output("table", "a", n=200, smallest=24)
    assert failed(output, units_of([strict, output])) == ("units",)
    assert failed(replace(output, smallest=25), units_of([strict, output])) == ()
    assert (units_of([loose]), units_of([])) == (10, 10)

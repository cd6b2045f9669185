"""The kinds of table against R's survey, closed forms, and the rules of the published reports."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.describe.studies import REFERENCE, long_table
from werksem.errors import DataError

DESIGNS = {
    "simple": {}, "weights": {"weights": "w"}, "cluster": {"weights": "w", "cluster": "c"},
    "strata": {"weights": "w", "cluster": "c", "strata": "h"},
}  # fmt: skip
WANTED = [
    {"table": "means", "kind": "means", "of": ["f", "nps", "x3"], "by": "g"},
    {"table": "marks", "kind": "marks", "of": ["f"], "by": "g", "insufficient": True},
    {"table": "classes", "kind": "classes", "of": ["f"], "by": "g"},
    {"table": "enps", "kind": "enps", "of": ["nps"], "by": "g"},
    {"table": "top2", "kind": "top2", "of": ["x3"], "by": "g"},
]
# what a row of R's is called here: table, category, measure
NAMES = {
    "mean": ("means", "", "mean"), "sd": ("means", "", "sd"),
    "insufficient": ("marks", "insufficient", "share"),
    "low": ("classes", "<= 2.5", "share"), "middle": ("classes", "2.5 - 3.5", "share"),
    "high": ("classes", "> 3.5", "share"), "promoter": ("enps", "promoter", "share"),
    "top2": ("top2", "top2", "share"),
}  # fmt: skip


def reference(design: str) -> pd.DataFrame:
    rows = pd.read_csv(
        REFERENCE / "tables.csv", keep_default_na=False, na_values={"se": "", "low": "", "high": ""}
    )
    names = pd.DataFrame(
        [NAMES[m] for m in rows["measure"]], columns=["table", "category", "measure"], index=rows.index
    )
    return rows.drop(columns="measure").join(names)[rows["design"] == design]


@pytest.mark.parametrize("design", list(DESIGNS))
def test_numbers_and_intervals_equal_those_of_survey(design: str, tmp_path: Path) -> None:
    found = long_table(
        tmp_path, pd.read_csv(REFERENCE / "tables_data.csv"), WANTED, smallest=1, data=DESIGNS[design]
    )
    both = reference(design).merge(
        found, on=["table", "variable", "category", "measure", "group"], suffixes=("_r", "")
    )
    assert len(both) == len(reference(design)) == 4 * (3 * 2 + 6)
    for ours, theirs in (("value", "value_r"), ("se", "se_r"), ("ci_lower", "low"), ("ci_upper", "high")):
        np.testing.assert_allclose(both[ours], both[theirs], rtol=2e-7, atol=1e-10)


def test_marks_are_means_carried_over(tmp_path: Path) -> None:
    frame = pd.read_csv(REFERENCE / "tables_data.csv")
    wanted = [
        {"table": rule, "kind": "marks", "of": ["f"], "rule": rule}
        for rule in ("lineair", "knik36", "dubbel")
    ]
    wanted.append({"table": "means", "kind": "means", "of": ["f"]})
    found = long_table(tmp_path, frame, wanted).query("measure != 'sd'").set_index("table")
    mean = found.loc["means"]
    for column in ("value", "ci_lower", "ci_upper"):
        assert found.loc["lineair", column] == pytest.approx(2.25 * mean[column] - 1.25)
        assert found.loc["dubbel", column] == pytest.approx(2 * mean[column])
        low = mean[column] < 3
        kinked = 1 + 2.5 * (mean[column] - 1) if low else 6 + 2 * (mean[column] - 3)
        assert found.loc["knik36", column] == pytest.approx(kinked)
    assert found.loc["lineair", "se"] == pytest.approx(2.25 * mean["se"])


def frame_of(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns)


PLAIN = {"syntax": "a ~~ b"}


def test_classes_are_closed_on_the_right_and_insufficient_is_below_three(tmp_path: Path) -> None:
    score = [2.5] * 20 + [2.6] * 20 + [3.0] * 20 + [3.5] * 20 + [3.6] * 20
    frame = frame_of(a=score, b=range(100))
    wanted = [
        {"table": "classes", "kind": "classes", "of": ["a"]},
        {"table": "below", "kind": "share_below", "of": ["a"], "below": 3},
        {"table": "above", "kind": "share_below", "of": ["a"], "above": 3.5},
        {"table": "one", "kind": "one_in", "of": ["a"], "answers": [2.5]},
        {"table": "mark", "kind": "marks", "of": ["a"], "insufficient": True},
    ]  # fmt: skip
    found = long_table(tmp_path, frame, wanted, model=PLAIN).set_index(["table", "category", "measure"])[
        "value"
    ]
    assert found["classes"].tolist() == pytest.approx([0.2, 0.6, 0.2])
    assert found["below", "< 3", "share"] == pytest.approx(0.4)
    assert found["above", "> 3.5", "share"] == pytest.approx(0.2)
    assert found["one", "2.5", "one_in"] == pytest.approx(5)
    # marks below 6 would be a larger share: a 3 is a 5.5
    assert found["mark", "insufficient", "share"] == pytest.approx(0.4)


def test_answers_are_as_worded_and_dont_know_has_a_share_of_its_own(tmp_path: Path) -> None:
    a = [1] * 10 + [2] * 10 + [3] * 20 + [4] * 30 + [5] * 20 + [9] * 10
    model = {
        "measurement": {"s": {"items": ["a", "b"], "reversed": ["a"], "scale": [1, 5], "missing_codes": [9]}}
    }
    wanted = [
        {"table": "three", "kind": "three_way", "of": ["a"], "dont_know": [9]},
        {"table": "items", "kind": "items", "of": ["a"]},
        {"table": "means", "kind": "means", "of": ["s"]},
    ]  # fmt: skip
    found = long_table(tmp_path, frame_of(a=a, b=[3] * 100), wanted, model=model)
    shares = found.set_index(["table", "category", "measure"])["value"]
    assert shares["three"].tolist() == pytest.approx([0.5, 0.2, 0.2, 0.1])
    assert shares["items", "5", "share"] == pytest.approx(20 / 90)
    assert shares["items", "top2", "share"] == pytest.approx(50 / 90)
    reversed_mean = np.mean([(6 - x + 3) / 2 for x in a if x != 9] + [3.0] * 10)
    assert shares["means", "", "mean"] == pytest.approx(reversed_mean)
    assert found.query("table == 'three'")["n"].unique().tolist() == [100]


def test_both_schemes_of_the_enps(tmp_path: Path) -> None:
    nps = [5] * 20 + [6] * 20 + [7] * 10 + [8] * 30 + [9] * 20
    wanted = [
        {"table": scheme, "kind": "enps", "of": ["a"], "scheme": scheme}
        for scheme in ("werkonderzoek", "standaard")
    ]
    found = long_table(tmp_path, frame_of(a=nps, b=range(100)), wanted, model=PLAIN)
    value = found.set_index(["table", "category"])["value"]
    assert value["werkonderzoek"].tolist() == pytest.approx([0.5, 0.3, 0.2, 30.0])
    assert value["standaard"].tolist() == pytest.approx([0.2, 0.4, 0.4, -20.0])


def test_a_histogram_closes_its_last_bin(tmp_path: Path) -> None:
    score = [1.0] * 10 + [2.5] * 10 + [3.0] * 10 + [5.0] * 20
    wanted = [{"table": "h", "kind": "histogram", "of": ["a"], "width": 1}]
    found = long_table(tmp_path, frame_of(a=score, b=range(50)), wanted, model=PLAIN, smallest=1)
    shown = found.set_index("category")["value"]
    assert shown.index.tolist() == ["1 - 2", "2 - 3", "3 - 4", "4 - 5", "< 3"]
    assert shown.tolist() == pytest.approx([0.2, 0.2, 0.2, 0.4, 0.4])


def test_totals_are_weighted_and_filters_leave_the_design_whole(tmp_path: Path) -> None:
    frame = pd.read_csv(REFERENCE / "tables_data.csv")
    wanted = [
        {"table": "by", "kind": "means", "of": ["nps"], "by": "g"},
        {"table": "where", "kind": "means", "of": ["nps"], "where": "g == 'b'"},
    ]  # fmt: skip
    found = long_table(tmp_path, frame, wanted, data=DESIGNS["strata"]).query("measure == 'mean'")
    rows = found.set_index(["table", "group"])
    assert rows.loc[("by", ""), "value"] == pytest.approx(np.average(frame["nps"], weights=frame["w"]))
    numbers = ["value", "se", "ci_lower", "ci_upper"]
    assert rows.loc[("by", "b"), numbers].tolist() == pytest.approx(rows.loc[("where", ""), numbers].tolist())


def test_groups_are_classes_of_a_score_or_indicators(tmp_path: Path) -> None:
    a, b = np.repeat([1.0, 2.0, 3.0], 20), np.tile([0.0, 1.0], 30)
    frame = frame_of(a=a, b=b, c=1 - (a == 3), d=np.arange(60) % 4)
    wanted = [
        {"table": "classes", "kind": "means", "of": ["b"],
         "by": {"classes": "a", "at": [1, 2], "labels": list("xyz")}},
        {"table": "who", "kind": "means", "of": ["a"], "by": {"indicators": ["b", "c"]}},
    ]  # fmt: skip
    found = long_table(tmp_path, frame, wanted, model=PLAIN).query("measure == 'mean'")
    assert found.query("table == 'classes'")[["group", "n"]].values.tolist() == [
        ["", 60],
        ["x", 20],
        ["y", 20],
        ["z", 20],
    ]
    who = found.query("table == 'who'")
    assert who[["group", "value", "n"]].values.tolist() == [["b", 2.0, 30], ["c", 1.5, 40]]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"kind": "marks", "of": ["nps"]}, r"runs from 1 to 10; marks come from means of 1 to 5"),
        ({"kind": "top2", "of": ["g"]}, '"g" is text'),
        ({"kind": "items", "of": ["w"]}, "different answers, at most 11"),
        ({"kind": "enps", "of": ["nps"], "where": "g == 'z'"}, "none of the 600 respondents"),
    ],
)
def test_what_cannot_be_described_is_said_with_its_table(
    wanted: dict[str, object], message: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=message) as caught:
        long_table(tmp_path, pd.read_csv(REFERENCE / "tables_data.csv"), [{"table": "T", **wanted}])
    assert 'table "T"' in str(caught.value)

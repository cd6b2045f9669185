"""Numbers of small groups that comparisons, claims and other totals would tell."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from tests.describe.studies import MODEL, long_table, study_file
from werksem.describing.run import Request, describe_study
from werksem.errors import DataError, SpecError

SIZES = {"a": 200, "b": 170, "c - x": 31, "d": 5}
MEANS = {"table": "means", "kind": "means", "of": ["x1"], "by": "g"}


def survey() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    groups = np.repeat(list(SIZES), list(SIZES.values()))
    return pd.DataFrame({name: rng.integers(1, 6, len(groups)) for name in ("x1", "x2", "x3")}).assign(
        g=groups
    )


def compared(folder: Path, also: list[dict[str, Any]], **keys: Any) -> dict[str, str]:
    """Return the status of every difference, by its category."""
    wanted = {"table": "t", "kind": "difference", "of": ["x1"], "by": "g", **keys}
    found = long_table(folder, survey(), [*also, wanted]).query("table == 't' and measure == 'difference'")
    return dict(zip(found["category"], found["status"], strict=True))


def test_one_hidden_difference_with_the_rest_takes_another(tmp_path: Path) -> None:
    # n_g (m_g - m) add to 0 over the groups, so the other three would give the fourth
    assert compared(tmp_path, []) == {
        "a - rest": "ok", "b - rest": "ok",
        "c - x - rest": "suppressed_complementary", "d - rest": "suppressed",
    }  # fmt: skip


def test_comparisons_do_not_give_back_a_mean_that_another_table_hides(tmp_path: Path) -> None:
    contrasts = {"planned": {"a": 0.5, "b": 0.5, "c - x": -1}, "shown": {"a": 1, "b": -1}}
    found = compared(tmp_path, [MEANS], compare="contrasts", contrasts=contrasts)
    assert found == {"planned": "suppressed_complementary", "shown": "ok"}
    pairs = compared(tmp_path, [MEANS], compare="pairs")
    assert [name for name, status in pairs.items() if status == "ok"] == ["a - b"]


def test_a_correlation_of_few_respondents_is_not_told(tmp_path: Path) -> None:
    path = study_file(tmp_path, survey(), [MEANS], data={"group": "g"})
    claim = {"statement": "s", "type": "correlation", "positive": ["x1 ~~ x2"]}
    told = [{"id": "few", "group": "d", **claim}, {"id": "many", "group": "a", **claim}]
    (tmp_path / "claims.yaml").write_text(yaml.safe_dump({"claims": told}))
    path.write_text(path.read_text() + "claims: claims.yaml\n")
    found = pd.read_csv(describe_study(Request(path, tmp_path / "out")) / "claims.csv").set_index("id")
    assert "x1 ~~ x2" not in found["evidence"]["few"]
    assert "x1 ~~ x2" in found["evidence"]["many"]


def test_respondents_of_no_group_do_not_follow_from_two_totals(tmp_path: Path) -> None:
    frame = survey()
    frame.loc[:3, "g"] = None
    alone = {"table": "all", "kind": "means", "of": ["x1"]}
    found = long_table(tmp_path, frame, [MEANS, alone]).query("measure == 'mean' and group == ''")
    assert found["status"].tolist() == ["suppressed_complementary", "ok"]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"kind": "means", "by": {"classes": "x1", "at": [2], "labels": ["a", "a"]}}, "a name of its own"),
        ({"kind": "histogram", "width": 1e-9}, "makes 4000000000 bins; at most 200"),
        ({"kind": "means", "where": "g > 3"}, 'table "t": "g" is text'),
        ({"kind": "difference", "by": {"indicators": ["x1", "x2"]}}, "overlap"),
    ],
)  # fmt: skip
def test_groups_and_bins_that_cannot_be(keys: dict[str, Any], message: str, tmp_path: Path) -> None:
    path = study_file(tmp_path, survey(), [{"table": "t", "of": ["x1"], **keys}], model=MODEL)
    with pytest.raises((DataError, SpecError), match=message):
        describe_study(Request(path, tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_many_groups_of_one_respondent_take_no_time(tmp_path: Path) -> None:
    frame = survey().assign(g=[f"g{at}" for at in range(sum(SIZES.values()))])
    start = time.process_time()
    found = long_table(tmp_path, frame, [MEANS | {"kind": "items"}])
    assert time.process_time() - start < 10  # a programme per hidden number took minutes
    assert (found.query("group != ''")["status"] != "ok").all()
    assert (found.query("group == ''")["status"] == "ok").all()

"""Tables of columns with few answers: their means and SDs say how many gave each, so they are counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.describing.run import Request, describe_study
from werksem.errors import DataError

STUDY = """study: s
language: en
model: {measurement: {a/b: {items: [x1, x2], scale: [1, 5]}}}
data: {file: d.csv, group: sector%s}
describe: {tables: [{table: t, kind: means, of: [z], by: sector}]}
"""
SECTORS = ("a", "b", "c", "d")


def survey(given: dict[str, list[int]], n: int = 100) -> pd.DataFrame:
    """Return n respondents a sector; ``given`` has how many gave 1, 2, ... of z there, the others 0."""
    rng = np.random.default_rng(1)
    z = [[at + 1 for at, many in enumerate(given[name]) for _ in range(many)] for name in SECTORS]
    frame = pd.DataFrame({"z": [v for own in z for v in (*own, *[0] * (n - len(own)))]})
    frame["sector"] = np.repeat(SECTORS, n)
    return frame.assign(x1=rng.integers(1, 6, len(frame)), x2=rng.integers(1, 6, len(frame)), org="one")


def described(folder: Path, frame: pd.DataFrame, text: str = STUDY % "") -> pd.DataFrame:
    frame.to_csv(folder / "d.csv", index=False)
    (folder / "s.yaml").write_text(text)
    return pd.read_csv(describe_study(Request(folder / "s.yaml", folder / "out")) / "tables.csv")


@pytest.mark.parametrize(
    "given",
    [
        {"a": [4], "b": [40], "c": [36], "d": [45]},
        {"a": [97], "b": [40], "c": [36], "d": [45]},
        {"a": [4, 50], "b": [40, 20], "c": [30, 20], "d": [45, 20]},
    ],
    ids=["few", "all but few", "three answers"],
)
def test_a_mean_that_counts_few_is_hidden_with_another(tmp_path: Path, given: dict[str, list[int]]) -> None:
    found = described(tmp_path, survey(given)).pivot(index="group", columns="measure", values="status")
    for measure in ("mean", "sd"):
        assert found.loc["a", measure] == "suppressed"
        assert set(found.loc[["b", "c", "d"], measure]) == {"ok", "suppressed_complementary"}


def test_a_mean_of_many_answers_stays(tmp_path: Path) -> None:
    found = described(tmp_path, survey({name: [30, 30, 3] for name in SECTORS}))
    assert (found["status"] == "ok").all()


def test_tables_of_a_construct_whose_name_no_file_may_have(tmp_path: Path) -> None:
    found = described(tmp_path, survey({name: [30] for name in SECTORS}), STUDY.split("describe")[0] % "")
    assert "items a-b" in set(found["table"])


def test_what_check_refuses_of_groups_and_clusters_tables_refuse_too(tmp_path: Path) -> None:
    frame = survey({name: [30] for name in SECTORS})
    with pytest.raises(DataError, match='a group "all"; that name stands for all groups together'):
        described(tmp_path, frame.assign(sector=frame["sector"].replace("a", "all")))
    with pytest.raises(DataError, match="has one cluster"):
        described(tmp_path, frame, STUDY % ", cluster: org")

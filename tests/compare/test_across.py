from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from werksem.compare.across import across, names_of
from werksem.compare.cells import csv_text
from werksem.compare.table import comparison
from werksem.errors import DataError
from werksem.estimates import estimates_table


def folder(place: Path, study: str, ols: float, sem: float | None = None) -> Path:
    place.mkdir()
    path = {"group": "all", "lhs": "y", "op": "~", "rhs": "x", "status": "ok"}
    rows = [{**path, "engine": "ols", "std": ols}]
    rows += [] if sem is None else [{**path, "engine": "sem", "std": sem}]
    (place / "comparison.csv").write_text(csv_text(comparison(estimates_table(rows))), encoding="utf-8")
    (place / "manifest.json").write_text(json.dumps({"study": study}), encoding="utf-8")
    return place


def test_two_waves_side_by_side(tmp_path: Path) -> None:
    table = across([folder(tmp_path / "a", "golf_2022", 0.2, 0.5), folder(tmp_path / "b", "golf_2024", 0.31)])
    assert table.columns.tolist() == [
        "lhs", "rhs", "group", "golf_2022.ols", "golf_2022.sem", "golf_2024.ols", "difference", "verdict",
        "flags",
    ]  # fmt: skip
    only = table.iloc[0]
    assert only["difference"] == pytest.approx(0.11)
    assert only["verdict"] == "differ > .05"
    assert only["flags"] == "ols: differ > .05"


def test_one_folder_gives_its_own_comparison(tmp_path: Path) -> None:
    table = across([folder(tmp_path / "a", "s", 0.2, 0.21)])
    assert table["verdict"].tolist() == ["agree"]


def test_the_same_study_twice_is_told_apart_by_folder(tmp_path: Path) -> None:
    assert names_of([folder(tmp_path / "a", "s", 0.2), folder(tmp_path / "b", "s", 0.2)]) == ("a", "b")


def test_a_path_of_one_folder_only_has_no_verdict(tmp_path: Path) -> None:
    first, second = folder(tmp_path / "a", "s", 0.2), folder(tmp_path / "b", "t", 0.2)
    text = (second / "comparison.csv").read_text(encoding="utf-8").replace("\ny,x", "\ny,z")
    (second / "comparison.csv").write_text(text, encoding="utf-8")
    table = across([first, second])
    assert table["rhs"].tolist() == ["x", "z"]
    assert table["verdict"].tolist() == ["", ""]
    assert pd.isna(table["difference"]).all()


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"comparison\.csv is missing"):
        across([tmp_path])

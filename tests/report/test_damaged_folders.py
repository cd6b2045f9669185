"""Result folders that were edited, damaged or are of another version: a sentence, never an internal error."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_result import make_result

from werksem.errors import DataError, SpecError
from werksem.report.figure_files import _free, _plain
from werksem.report.folder import read_result, readable
from werksem.report.html import render
from werksem.report.passport_console import write_across
from werksem.spec.yaml import loads


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("fit.csv", b"", "damaged"),
        ("fit.csv", b"engine,group,measure\nsem,all,cfi\n", "'value'.*run fit again"),
        ("fit.csv", b"engine,group,measure,value\nsem,all,cfi,high\n", "run fit again"),
        ("sample.csv", b"", "sample.csv: this table is damaged"),
        ("sample.csv", b"group,n\nall,3\n", "cannot be shown"),
    ],
)
def test_a_damaged_table_is_said(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    folder = make_result(tmp_path / "r", "binding", "nl")
    (folder / name).write_bytes(content)
    with pytest.raises(DataError, match=said), readable(folder):
        render(read_result(folder))


def test_compare_writes_over_no_result(tmp_path: Path) -> None:
    folders = [make_result(tmp_path / name, "binding", "nl") for name in ("a", "b")]
    (folders[0] / "passport.csv").write_text("lhs,rhs\n")
    with pytest.raises(SpecError, match="has results of its own"):
        write_across(folders, folders[0])
    assert (folders[0] / "passport.csv").read_text() == "lhs,rhs\n"


def test_a_file_of_answers_is_not_printed() -> None:
    with pytest.raises(SpecError) as refused:
        loads("x1,x2\n" + "5,3\n" * 200, file="data.csv")
    assert len(str(refused.value)) < 120


def test_names_of_figures_differ_where_case_does_not_count() -> None:
    assert _free("forest_Y", {"forest_y"}) == "forest_Y_2"
    assert _free("forest_y", {"forest_y", "forest_y_2"}) == "forest_y_3"
    assert len(_plain("forest_" + "x" * 300)) <= 100

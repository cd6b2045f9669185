"""Result folders that were edited, damaged or are of another version: a sentence, never an internal error."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_result import make_result

from werksem.errors import DataError
from werksem.report.figure_files import _free, _plain
from werksem.report.folder import read_result, readable
from werksem.report.html import render


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


def test_names_of_figures_differ_where_case_does_not_count() -> None:
    assert _free("forest_Y", {"forest_y"}) == "forest_Y_2"
    assert _free("forest_y", {"forest_y", "forest_y_2"}) == "forest_y_3"
    assert len(_plain("forest_" + "x" * 300)) <= 100

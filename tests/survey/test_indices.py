from __future__ import annotations

from pathlib import Path

import pytest

from werksem.errors import DataError
from werksem.survey.indices import read_resamples


def test_given_resamples_are_read_after_a_header(tmp_path: Path) -> None:
    (tmp_path / "i.csv").write_text("r1,r2,r3\n0, 2,2\n\n1,1,0\r\n")
    assert read_resamples(tmp_path / "i.csv", 3).tolist() == [[0, 2, 2], [1, 1, 0]]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("h\n", "no resamples"),
        ("h\n0,1,2\n0,1\n", r"i\.csv:3: found 2 rows, right are 3"),
        ("h\n0,1,3\n", r"i\.csv:2: there is no row 3; rows are 0 to 2"),
        ("h\n0,-1,2\n", "there is no row -1"),
        ("h\n0,1.5,2\n", "a whole number"),
        ("h\n0,,2\n", "a whole number"),
        ("0,2,2\n1,1,0\n", r"i\.csv:1: the first line is a resample; right is a header line before it"),
        ("", "no resamples"),
    ],
)
def test_impossible_resamples_are_refused(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "i.csv").write_text(text)
    with pytest.raises(DataError, match=says):
        read_resamples(tmp_path / "i.csv", 3)


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        read_resamples(tmp_path / "i.csv", 3)


def test_a_header_may_be_numbers(tmp_path: Path) -> None:
    (tmp_path / "i.csv").write_text("0,1,2\n1,1,0\n")
    assert read_resamples(tmp_path / "i.csv", 3).tolist() == [[1, 1, 0]]

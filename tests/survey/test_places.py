"""Where in a file a respondent stands: the line of a text file, the row of others."""

from __future__ import annotations

from pathlib import Path

import pytest

from werksem.errors import DataError
from werksem.survey.delimited import line_of
from werksem.survey.read import kept, place_of, read_columns

PLAIN = b"a,b\n1,2\n3,4\n5,6\n"


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        (PLAIN, (2, 3, 4)),
        (PLAIN.replace(b"\n", b"\r\n"), (2, 3, 4)),
        (PLAIN.replace(b"\n", b"\r"), (2, 3, 4)),
        (PLAIN[:-1], (2, 3, 4)),
        (b"\xef\xbb\xbf" + PLAIN, (2, 3, 4)),
        (b"a,b\n\n1,2\n\n\n3,4\n5,6\n", (3, 6, 7)),
        (b"\na,b\n1,2\n3,4\n5,6\n", (3, 4, 5)),
        (b'a,b\n1,"x\ny"\n3,"z"\n5,6\n', (2, 4, 5)),
        (b'a;b\n1;"x;\r\ny"\n3;4\n5;6\n', (2, 4, 5)),
    ],
)
def test_the_line_of_every_respondent(raw: bytes, lines: tuple[int, ...], tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(raw)
    assert tuple(line_of(file, row) for row in range(3)) == lines
    table = read_columns(file, ["a"])
    assert [table.place(row) for row in range(3)] == [f"line {line}" for line in lines]
    last = kept(table, table.columns["a"].to_numpy() == "5")
    assert place_of(last)(0) == f"line {lines[2]}"


@pytest.mark.parametrize(("end", "line"), [("\n", 3), ("\r\n", 3), ("\r", 3)])
@pytest.mark.parametrize("bad", ["1\x00,2", "1,2,3", "caf\udce9,2"])
def test_damage_is_found_on_its_line_whatever_ends_lines(
    bad: str, end: str, line: int, tmp_path: Path
) -> None:
    text = end.join(["a,b", "1,2", bad, "3,4", ""])
    (tmp_path / "a.csv").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(DataError, match=f"line {line}"):
        read_columns(tmp_path / "a.csv", ["a"])

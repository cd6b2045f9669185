from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from tests.survey.studies import answers
from werksem.errors import DataError, SpecError
from werksem.survey.read import read_columns

GOOD = "a,b,c\n1,2,x\n3,,y z\n"


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.csv", GOOD.encode()),
        ("a.csv", GOOD.encode("utf-8-sig")),
        ("a.csv", GOOD.replace("\n", "\r\n").encode()),
        ("a.csv", GOOD.replace("y z", '"y z"').encode()),
        ("a.CSV", b"a, b ,c\n1,2,x\n\n3,NA,y z"),
        ("a.csv.gz", gzip.compress(GOOD.encode(), mtime=0)),
        ("a.tsv", GOOD.replace(",", "\t").encode()),
        ("a.tsv.gz", gzip.compress(GOOD.replace(",", "\t").encode(), mtime=0)),
    ],
)
def test_text_files_give_the_same_columns(name: str, raw: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(raw)
    found = read_columns(tmp_path / name, ["c", "b", "c"]).columns
    assert found.to_pydict() == {"c": ["x", "y z"], "b": ["2", None]}


def test_quoted_na_is_an_answer_and_quoted_line_ends_stay_inside_their_field(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('land,x\n"NA",1\nNA,2\n"two\nlines",3\n')
    found = read_columns(tmp_path / "a.csv", ["land", "x"]).columns.to_pydict()
    assert found == {"land": ["NA", None, "two\nlines"], "x": ["1", "2", "3"]}


def test_names_may_repeat_where_nobody_asks_for_them(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,a,b\n1,2,3\n")
    assert read_columns(tmp_path / "a.csv", ["b"]).columns.to_pydict() == {"b": ["3"]}


def test_semicolons_and_decimal_commas_of_a_spreadsheet_are_read(tmp_path: Path) -> None:
    text = '\ufeffa;b;naam;c\r\n1,5;0.873;x, y;\r\n -,25 ;1.234;"z;,5";3\r\n'
    (tmp_path / "a.csv").write_bytes(text.encode())
    read = read_columns(tmp_path / "a.csv", ["a", "b", "naam", "c"]).columns.to_pydict()
    assert read == {
        "a": ["1.5", "-.25"], "b": ["0.873", "1.234"], "naam": ["x, y", "z;,5"], "c": [None, "3"],
    }  # fmt: skip
    (tmp_path / "a.tsv").write_bytes(b"a;b;c\n1;2;3\n")
    with pytest.raises(DataError, match=r"separated by semicolons; a \.tsv file has tabs"):
        read_columns(tmp_path / "a.tsv", ["a"])


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "the file is empty"),
        (b"a,b\n", "no respondents"),
        (b"a,a\n1,2\n", '2 columns are named "a"'),
        (b"aa,b\n1,2\n", 'no column "a"; did you mean "aa"?'),
        (b"a;b\n1,5;2\n1,5;2;3\n", "line 3 has 3 fields, the header has 2$"),
        (b"a;b\n1.234;2\n12;2\n", 'column "a" has 1.234, which may have thousands apart or decimals'),
        (b"a;b\n1.234,5;2\n0,5;2\n", 'column "a" has 1.234,5, which may have thousands apart'),
        (b"a\tb\tc\n1\t2\t3\n", "separated by tabs"),
        (b"a,b\n1,2\n1\n", "line 3 has 1 fields, the header has 2"),
        (b"a,b\n1,2\n1\n2\n", r"line 3 has 1 fields, the header has 2 \(2 such lines\)"),
        (b"a,b\n1,2\n1,2,3\n", "line 3 has 3 fields, the header has 2; decimal commas must be points"),
        (b'a,b\n1,2\n3,"4\n5,6\n', r"a quote is opened and never closed \(perhaps in line 3\)"),
        (b"a,b\n1,2\n3,\0\n", "NUL byte in line 3"),
        ("a,b\n1,2\n3,é\n".encode("latin-1"), "line 3 is not UTF-8 .byte 0xe9"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04....", "spreadsheet"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), 'name it ".csv.gz"'),
        (b"PAR1....", 'a Parquet file; name it ".parquet"'),
        (b"$FL2@(#)", 'an SPSS file; name it ".sav"'),
    ],
)
def test_damaged_and_misnamed_text_files_are_refused(raw: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(raw)
    with pytest.raises(DataError, match=says) as problem:
        read_columns(tmp_path / "a.csv", ["a"])
    assert problem.value.where == str(tmp_path / "a.csv")


@pytest.mark.parametrize("name", ["a.sav", "a.parquet", "a.csv.gz"])
@pytest.mark.parametrize("raw", [b"", b"a,b\n1,2\n", b"PAR1PAR1", b"\x1f\x8b\x08\x00abc"])
def test_binary_files_that_are_none_are_refused(name: str, raw: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(DataError, match=r"damaged|empty"):
        read_columns(tmp_path / name, ["a"])


@pytest.mark.parametrize("suffix", [".parquet", ".sav", ".csv", ".csv.gz", ".tsv"])
def test_a_column_of_the_file_is_not_derived(suffix: str, tmp_path: Path) -> None:
    file, frame = tmp_path / f"a{suffix}", pd.DataFrame({"x": [1.0, 2.0], "old": [0.0, 1.0]})
    if suffix == ".sav":
        pyreadstat.write_sav(frame, file)
    elif suffix == ".parquet":
        frame.to_parquet(file)
    else:
        frame.to_csv(file, index=False, sep="\t" if suffix == ".tsv" else ",")
    assert read_columns(file, ["x"], derived={"new": "x > 1"}).rows == 2
    with pytest.raises(SpecError, match=f'a{suffix} has a column "old" already; choose another') as problem:
        read_columns(file, ["x"], derived={"new": "x > 1", "old": "x > 1"})
    assert problem.value.where == "data.derive.old"


@pytest.mark.parametrize("suffix", [".parquet", ".sav", ".csv.gz"])
def test_truncated_files_are_refused(suffix: str, tmp_path: Path) -> None:
    whole, cut = tmp_path / f"whole{suffix}", tmp_path / f"cut{suffix}"
    frame = answers()
    if suffix == ".sav":
        pyreadstat.write_sav(frame, whole)
    elif suffix == ".parquet":
        frame.to_parquet(whole)
    else:
        frame.to_csv(whole, index=False)
    cut.write_bytes(whole.read_bytes()[:-60])
    assert read_columns(whole, ["x1"]).rows == len(frame)
    with pytest.raises(DataError, match="damaged"):
        read_columns(cut, ["x1"])


def test_spss_codes_stay_codes_labels_stand_beside_and_user_missing_is_blank(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": [1.0, 5.0, 9.0, None], "naam": ["Rijk", "GR ", "", "GR"]})
    labels = {"x": {1: "helemaal oneens", 5: "helemaal eens", 9: "weet niet"}}
    pyreadstat.write_sav(frame, tmp_path / "a.sav", variable_value_labels=labels, missing_ranges={"x": [9]})
    table = read_columns(tmp_path / "a.sav", ["x", "naam"])
    assert table.columns["x"].to_pylist() == [1.0, 5.0, None, None]
    assert [text.strip() for text in table.columns["naam"].to_pylist()] == ["Rijk", "GR", "", "GR"]
    assert table.value_labels["x"] == {1.0: "helemaal oneens", 5.0: "helemaal eens", 9.0: "weet niet"}


@pytest.mark.parametrize("suffix", [".parquet", ".sav"])
def test_absent_columns_of_binary_files_name_the_nearest(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"a{suffix}"
    answers().to_parquet(file) if suffix == ".parquet" else pyreadstat.write_sav(answers(), file)
    with pytest.raises(DataError, match='no column "sectr"; did you mean "sector"'):
        read_columns(file, ["x1", "sectr"])


def test_an_absent_file_says_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"does not exist\. Ask OPM\.$"):
        read_columns(tmp_path / "a.csv", ["x"], obtain="Ask OPM.\n")
    (tmp_path / "b.csv").mkdir()
    with pytest.raises(DataError, match="a folder"):
        read_columns(tmp_path / "b.csv", ["x"])
    with pytest.raises(DataError, match=r'end in "\.xlsx"; right are \.csv'):
        read_columns(tmp_path / "a.xlsx", ["x"])


def test_a_link_that_leads_nowhere_is_no_suggestion_for_itself(tmp_path: Path) -> None:
    loop = tmp_path / "loop.csv"
    loop.symlink_to(loop)
    with pytest.raises(DataError, match=r"this is a symbolic link that leads to no file$"):
        read_columns(loop, ["x"])

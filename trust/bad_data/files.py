"""Files that are not what their name says, or not whole: encodings, damage, other kinds, special files."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from trust.bad_data.case import Case, raw
from trust.bad_data.respondents import respondents, write

__all__ = ["FILES"]

THREE = ("check", "fit", "describe")


def lines(at: int = 0, *put: str) -> list[str]:
    """Return the respondents as lines of CSV, with some in the place of line ``at`` (counted from 1)."""
    found = respondents().to_csv(index=False, lineterminator="\n").splitlines()
    return found[: at - 1] + list(put) + found[at:] if at else found


def csv(at: int = 0, *put: str, end: str = "\n") -> bytes:
    """Return the respondents as CSV, with other text in the place of a line."""
    return (end.join(lines(at, *put)) + end).encode()


def _bytes(suffix: str) -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"data{suffix}"
        write(respondents(), file)
        return file.read_bytes()


def _sheet() -> bytes:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


def _encodings(kind: str = "encoding") -> list[Case]:
    latin = "3,3,3,3,3,3,40,Financiën,o1,1"
    return [
        *raw(kind, "latin1", lambda: "\n".join(lines(6, latin)).encode("latin-1"),
             "line 6 is not UTF-8 (byte 0xeb", "save as CSV (UTF-8)", "data.csv", verbs=THREE),
        *raw(kind, "latin1_gz", lambda: gzip.compress("\n".join(lines(6, latin)).encode("latin-1")),
             "line 6 is not UTF-8", suffix=".csv.gz"),
        *raw(kind, "latin1_cr", lambda: "\r".join(lines(6, latin)).encode("latin-1"), "line 6 is not UTF-8"),
        *raw(kind, "utf16", lambda: csv().decode().encode("utf-16"), "UTF-16", verbs=THREE),
        *raw(kind, "utf16_without_mark", lambda: csv().decode().encode("utf-16-le"), "UTF-16"),
        *raw(kind, "utf32", lambda: csv().decode().encode("utf-32"), "UTF-32"),
        *raw(kind, "mojibake", lambda: csv(6, "3,3,3,3,3,3,40,FinanciÃ«n,o1,1"), "encoding", "FinanciÃ«n",
             data={"group": "sector"}, code=0, study={"sem": None}),
        *raw(kind, "replaced", lambda: csv(6, "3,3,3,3,3,3,40,Financi�n,o1,1"), "encoding", "Financi�n",
             data={"group": "sector"}, code=0, study={"sem": None}),
    ]  # fmt: skip


def _damaged(kind: str = "damaged file") -> list[Case]:
    def cut(suffix: str, keep: Callable[[bytes], bytes]) -> Callable[[], bytes]:
        return lambda: keep(_bytes(suffix))

    return [
        *raw(kind, "nul", lambda: csv(6, "3,3,\0,3,3,3,40,GR,o1,1"), "NUL byte in line 6", verbs=THREE),
        *raw(kind, "nul_tsv", lambda: csv(6, "3,\0,3,3,3,3,40,GR,o1,1").replace(b",", b"\t"),
             "NUL byte in line 6", suffix=".tsv"),
        *raw(kind, "short_line", lambda: csv(6, "3,3,3"), "line 6 has 3 fields, the header has 10",
             verbs=THREE),
        *raw(kind, "long_line", lambda: csv(6, "3,3,3,3,3,3,40,GR,o1,1,5"),
             "line 6 has 11 fields, the header has 10"),
        *raw(kind, "ragged_crlf", lambda: csv(6, "3,3,3", end="\r\n"), "line 6 has 3 fields"),
        *raw(kind, "ragged_cr", lambda: csv(6, "3,3,3", end="\r"), "line 6 has 3 fields"),
        *raw(kind, "ragged_again", lambda: csv(6, "3,3,3").replace(b"x1,", b"3,3,3\nx1,", 0),
             "line 6 has 3 fields"),
        *raw(kind, "open_quote", lambda: csv(6, '3,3,3,3,3,3,40,"GR,o1,1'),
             "a quote is opened and never closed (perhaps in line 6)"),
        *raw(kind, "cut_in_line", lambda: csv()[:-9], "line 121 has", "the header has 10"),
        *raw(kind, "gzip_cut", cut(".csv.gz", lambda b: b[:-40]), "gzip file", "damaged", suffix=".csv.gz"),
        *raw(kind, "gzip_flipped", cut(".csv.gz", lambda b: b[:60] + b"\0\0\0" + b[63:]), "damaged",
             suffix=".csv.gz"),
        *raw(kind, "gzip_none", csv, "not a gzip file", suffix=".csv.gz"),
        *raw(kind, "parquet_cut", cut(".parquet", lambda b: b[:-60]), "damaged", suffix=".parquet",
             verbs=THREE),
        *raw(kind, "parquet_start", cut(".parquet", lambda b: b[40:]), "damaged", suffix=".parquet"),
        *raw(kind, "parquet_flipped", cut(".parquet", lambda b: b[:30] + bytes(200) + b[230:]), "damaged",
             suffix=".parquet"),
        *raw(kind, "sav_cut", cut(".sav", lambda b: b[:-60]), "damaged", suffix=".sav", verbs=THREE),
        *raw(kind, "sav_header", cut(".sav", lambda b: b[:300]), "damaged", suffix=".sav"),
        *raw(kind, "sav_flipped", cut(".sav", lambda b: b[:200] + b"\xff" * 400 + b[600:]), "damaged",
             suffix=".sav"),
    ]  # fmt: skip


def _misnamed(kind: str = "another kind of file") -> list[Case]:
    page = b"<html><body><table><tr><td>x1</td></tr></table></body></html>"
    return [
        *raw(kind, "xlsx_as_csv", _sheet, "a spreadsheet or zip file", verbs=THREE),
        *raw(kind, "xls_as_csv", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Excel"),
        *raw(kind, "html_as_csv", lambda: page, "a web page", "data.csv", verbs=THREE),
        *raw(kind, "html_mark_as_csv", lambda: b"\xef\xbb\xbf  <!DOCTYPE html>" + page, "a web page"),
        *raw(kind, "json_as_csv", lambda: b'[{"x1": 1, "x2": 2}]', "JSON"),
        *raw(kind, "rds_as_csv", lambda: b"RDX3\nX\n" + bytes(40), "an R file"),
        *raw(kind, "stata_as_csv", lambda: b"<stata_dta><header>", "a Stata file"),
        *raw(kind, "parquet_as_csv", lambda: _bytes(".parquet"), 'a Parquet file; name it ".parquet"'),
        *raw(kind, "sav_as_csv", lambda: _bytes(".sav"), 'an SPSS file; name it ".sav"'),
        *raw(kind, "gzip_as_csv", lambda: _bytes(".csv.gz"), 'a gzipped file; name it ".csv.gz"'),
        *raw(kind, "parquet_in_gzip", lambda: gzip.compress(_bytes(".parquet")), "a Parquet file",
             suffix=".csv.gz"),
        *raw(kind, "csv_as_parquet", csv, "not a Parquet file", suffix=".parquet", verbs=THREE),
        *raw(kind, "csv_as_sav", csv, "not an SPSS file", suffix=".sav", verbs=THREE),
        *raw(kind, "zsav_as_parquet", lambda: _bytes(".sav"), "not a Parquet file", suffix=".parquet"),
        *raw(kind, "xlsx", _sheet, 'cannot read files that end in ".xlsx"', "CSV (UTF-8)", suffix=".xlsx"),
        *raw(kind, "dta", lambda: b"<stata_dta>", 'cannot read files that end in ".dta"', suffix=".dta"),
        *raw(kind, "no_suffix", csv, "cannot read files that end in", suffix=""),
        *raw(kind, "semicolons_in_tsv", lambda: csv().replace(b",", b";"), "separated by semicolons",
             suffix=".tsv"),
        *raw(kind, "tabs_in_csv", lambda: csv().replace(b",", b"\t"), "separated by tabs"),
        *raw(kind, "bars_in_csv", lambda: csv().replace(b",", b"|"), "separated by bars"),
        *raw(kind, "line_before_header", lambda: b"Werkonderzoek 2024\n" + csv(), "line 1", "1 field"),
        *raw(kind, "separator_line", lambda: b"sep=,\n" + csv(), "sep="),
    ]  # fmt: skip


def _nothing(kind: str = "nothing to read") -> list[Case]:
    def folder(file: Path) -> None:
        file.mkdir()

    def absent(file: Path) -> None:
        file.with_name("dota.csv").write_bytes(csv())

    def pipe(file: Path) -> None:
        os.mkfifo(file)

    def device(file: Path) -> None:
        file.symlink_to("/dev/zero")

    def nothing(file: Path) -> None:
        file.symlink_to("/dev/null")

    def dangling(file: Path) -> None:
        file.symlink_to("elsewhere.csv")

    def loop(file: Path) -> None:
        file.symlink_to(file.name)

    def of(name: str, make: Callable[[Path], None], *words: str, suffix: str = ".csv") -> Case:
        return Case(name, kind, suffix, make, words, verbs=THREE)

    return [
        *raw(kind, "empty", lambda: b"", "the file is empty", verbs=THREE),
        *raw(kind, "empty_mark", lambda: b"\xef\xbb\xbf\r\n \n", "the file is empty"),
        *raw(kind, "empty_gz", lambda: gzip.compress(b""), "the file is empty", suffix=".csv.gz"),
        *raw(kind, "empty_parquet", lambda: b"", "the file is empty", suffix=".parquet"),
        *raw(kind, "empty_sav", lambda: b"", "the file is empty", suffix=".sav"),
        *raw(kind, "header_only", lambda: csv().split(b"\n")[0] + b"\n", "a header but no respondents"),
        of("folder", folder, "this is a folder, not a data file"),
        of("folder_parquet", folder, "this is a folder, not a data file", suffix=".parquet"),
        of("absent_file", absent, "the data file does not exist", 'did you mean "dota.csv"?'),
        of("pipe", pipe, "not a file"),
        of("pipe_sav", pipe, "not a file", suffix=".sav"),
        of("endless_device", device, "not a file"),
        of("endless_device_parquet", device, "not a file", suffix=".parquet"),
        of("null_device", nothing, "not a file"),
        of("dangling_link", dangling, "leads to no file"),
        of("link_to_itself", loop, "data.csv"),
    ]  # fmt: skip


def _read_well(kind: str = "read as meant") -> list[Case]:
    """Return files that look odd and are read: nothing refused, nothing warned of but few answers."""

    def of(name: str, bytes_of: Callable[[], bytes], suffix: str = ".csv") -> list[Case]:
        return list(raw(kind, name, bytes_of, "data: ", "120 rows read, 120 used, 120 complete",
                        suffix=suffix, code=0, verbs=("check",)))  # fmt: skip

    def notes(text: str) -> bytes:
        frame = respondents().assign(notes=text)
        return frame[["notes", *frame.columns[:-1]]].to_csv(index=False).encode()

    return [
        *of("mark", lambda: b"\xef\xbb\xbf" + csv()),
        *of("crlf", lambda: csv(end="\r\n")),
        *of("cr", lambda: csv(end="\r")),
        *of("no_end", lambda: csv()[:-1]),
        *of("blank_lines", lambda: csv() + b"\n\n"),
        *of("semicolons", lambda: csv().replace(b",", b";").replace(b".", b",")),
        *of("quoted", lambda: respondents().to_csv(index=False, quoting=1).encode()),
        *of("quotes_with_lines", lambda: notes('eerste "regel"\ntweede, regel')),
        *of("spaces_in_header", lambda: csv().replace(b"x1,x2", b" x1 , x2 ")),
        *of("spaces_in_cells", lambda: csv().replace(b",", b" , ")),
        *of("decimals", lambda: respondents().astype({"x2": float}).to_csv(index=False).encode()),
        *of("exponents", lambda: csv().replace(b"\n3,", b"\n3e0,")),
        *of("upper_suffix", csv, ".CSV"),
        *of("gzip_parts", lambda: gzip.compress(csv()[:500]) + gzip.compress(csv()[500:]), ".csv.gz"),
    ]  # fmt: skip


FILES: tuple[Case, ...] = (*_encodings(), *_damaged(), *_misnamed(), *_nothing(), *_read_well())
_ = pd

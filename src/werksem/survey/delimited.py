"""Text files with one respondent per line: CSV and TSV, gzipped or not, every answer as text."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv

from werksem.errors import DataError
from werksem.survey.decimals import with_points
from werksem.survey.header import expanded, locate

__all__ = ["BLANKS", "line_of", "read_delimited"]

# What stands for "no answer" in files of R, pandas, SPSS and SAS. Quoted, it is an answer ("NA" is Namibia).
BLANKS = ("", "NA", "N/A", "NaN", "nan", "NULL", "null", ".", "#N/A", "#NULL!")

MAGIC = {
    b"PK\x03\x04": "a spreadsheet or zip file; save it as CSV (UTF-8)",
    b"\xff\xfe\0\0": "text in UTF-32; save it as CSV (UTF-8)",
    b"\0\0\xfe\xff": "text in UTF-32; save it as CSV (UTF-8)",
    b"\xd0\xcf\x11\xe0": "an old Excel file; save it as CSV (UTF-8)",
    b"PAR1": 'a Parquet file; name it ".parquet"',
    b"$FL2": 'an SPSS file; name it ".sav"',
    b"$FL3": 'an SPSS file; name it ".sav"',
    b"\x1f\x8b": 'a gzipped file; name it ".csv.gz"',
    b"\xff\xfe": "text in UTF-16; save it as CSV (UTF-8)",
    b"\xfe\xff": "text in UTF-16; save it as CSV (UTF-8)",
    b"RDX": "an R file; write it as CSV or Parquet in R",
    b"RDA": "an R file; write it as CSV or Parquet in R",
    b"<stata_dta": "a Stata file; export it as CSV",
    b"ARROW1": "an Arrow file; write it as Parquet",
    b"[{": "JSON; save it as CSV (UTF-8)",
    b"{": "JSON; save it as CSV (UTF-8)",
}
# as spreadsheets save a page, and as servers answer where a login has run out
MARKUP = re.compile(rb"\s*<(!doctype|html|head|body|table|meta|\?xml)", re.IGNORECASE)
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
SIGN = re.compile(rb'"|\r\n|\n|\r')
BLANK_LINE = re.compile(rb"^[\r\n]|\n\r?\n|\r\r")
BOM = b"\xef\xbb\xbf"


def read_delimited(path: Path, names: Sequence[str], separator: str, derived: Sequence[str] = ()) -> pa.Table:
    """Return the named columns as text, blank where there is no answer; one row per respondent.

    A .csv file whose header has more semicolons than commas is separated by them, and its decimal commas
    become points: so spreadsheets write where the comma is decimal.
    Raises ``DataError`` for what is not UTF-8, for NUL bytes, ragged lines, another separator,
    and for damaged gzip files.
    """
    raw = _bytes(path)
    _refuse_other_kinds(raw, path)
    if separator == "," and _by_semicolons(raw):
        separator = ";"
    header = _header(raw, separator, path)
    names = expanded(names, header)
    keep = [f"f{position}" for position in locate(names, header, path, derived)]
    table = _parse(raw, separator, keep, path).slice(1)
    found = table.select(keep).rename_columns(names)
    return with_points(found, path) if separator == ";" else found


def _by_semicolons(raw: bytes) -> bool:
    line = raw.lstrip().splitlines()[0]
    return line.count(b";") > line.count(b",")


def _bytes(path: Path) -> bytes:
    raw = path.read_bytes()
    if path.suffix == ".gz":
        try:
            raw = gzip.decompress(raw)
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise DataError("the gzip file is damaged, or not a gzip file", where=str(path)) from None
    return raw.removeprefix(BOM)


def _refuse_other_kinds(raw: bytes, path: Path) -> None:
    if not raw.strip():
        raise DataError("the file is empty", where=str(path))
    for magic, kind in MAGIC.items():
        if raw.startswith(magic):
            raise DataError(f"this is {kind}", where=str(path))
    if MARKUP.match(raw):
        raise DataError("this is a web page or XML, not a table; save it as CSV (UTF-8)", where=str(path))
    if raw[1:2000:2].count(b"\0") > 0.9 * len(raw[1:2000:2]) or raw[:2000:2].count(b"\0") > 900:
        raise DataError("this is text in UTF-16 without its mark; save it as CSV (UTF-8)", where=str(path))
    if raw.count(b'"') % 2:
        odd = next(i for i, line in enumerate(raw.splitlines(), 1) if line.count(b'"') % 2)
        raise DataError(f"a quote is opened and never closed (perhaps in line {odd})", where=str(path))
    at = raw.find(b"\0")
    if at >= 0:
        raise DataError(f"NUL byte in line {_line(raw, at)}: damaged, or not text", where=str(path))
    _refuse_other_text(raw, path)


def _refuse_other_text(raw: bytes, path: Path) -> None:
    if raw.isascii():
        return
    try:
        raw.decode()
    except UnicodeDecodeError as problem:
        line, byte = _line(raw, problem.start), raw[problem.start]
        message = f"line {line} is not UTF-8 (byte 0x{byte:02x}, perhaps Windows-1252); save as CSV (UTF-8)"
        raise DataError(message, where=str(path)) from None


def _line(raw: bytes, at: int) -> int:
    """Return the line of a byte, counted from 1; lines end with LF, CR or both."""
    pairs = raw.count(b"\r\n", 0, at)
    return raw.count(b"\n", 0, at) + raw.count(b"\r", 0, at) - pairs + 1


def line_of(path: Path, row: int) -> int:
    """Return the line of a text file on which a respondent (row, counted from 0) begins.

    Lines without fields are no respondents, and a field in quotes may have lines of its own.
    """
    raw = _bytes(path)
    if b'"' not in raw and not BLANK_LINE.search(raw):
        return row + 2
    line, begins, start, left, quoted = 1, 1, 0, row + 1, False
    for sign in SIGN.finditer(raw):
        if sign.group() == b'"':
            quoted = not quoted
            continue
        line += 1
        if quoted:
            continue
        if sign.start() > start:  # a record ends here
            if not left:
                break
            left -= 1
        begins, start = line, sign.end()
    return begins


def _header(raw: bytes, separator: str, path: Path) -> list[str]:
    start = raw[: 1 << 20].decode(errors="ignore")
    try:
        reader = csv.reader(io.StringIO(start, newline=None), delimiter=separator)
        rows = (row for row in reader if row)  # lines without fields are none
        header, second = next(rows), next(rows, [])
    except csv.Error as problem:
        raise DataError(f"cannot read the header: {problem}", where=str(path)) from None
    line = next(line for line in start.splitlines() if line)
    if line.lower().startswith("sep="):
        raise DataError(f'line 1 is "{line}", for a spreadsheet; take it out', where=str(path))
    for other, plural in SEPARATORS.items():
        if other != separator and line.count(other) > line.count(separator):
            suffix = ".tsv" if separator == "\t" else ".csv"
            right = f"a {suffix} file has {SEPARATORS[separator]} between the columns, and decimal points"
            raise DataError(f"the columns are separated by {plural}; {right}", where=str(path))
    if len(header) == 1 < len(second):
        said = f'line 1 has 1 field ("{header[0][:60]}") and line 2 has {len(second)}'
        raise DataError(f"{said}; right are the names of the columns in line 1", where=str(path))
    return header


def _parse(raw: bytes, separator: str, keep: Sequence[str], path: Path) -> pa.Table:
    ragged: list[Any] = []

    def note(row: Any) -> str:
        ragged.append(row)
        return "skip"

    try:
        table = pacsv.read_csv(
            pa.BufferReader(raw),
            # the header is row 0, so that names may repeat in columns that nobody asks for
            read_options=pacsv.ReadOptions(autogenerate_column_names=True),
            parse_options=pacsv.ParseOptions(
                delimiter=separator, newlines_in_values=b'"' in raw, invalid_row_handler=note
            ),
            convert_options=pacsv.ConvertOptions(
                include_columns=list(keep),
                column_types=dict.fromkeys(keep, pa.string()),
                null_values=list(BLANKS),
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as problem:
        raise DataError(f"cannot read the file: {problem}", where=str(path)) from None
    if ragged:
        raise _ragged_error(raw, ragged, path, separator)
    return table


def _ragged_error(raw: bytes, ragged: Sequence[Any], path: Path, separator: str) -> DataError:
    first = ragged[0]
    found = re.search(rb"(?:^|[\r\n])" + re.escape(first.text.encode()) + rb"(?:$|[\r\n])", raw)
    at = f"line {_line(raw, found.start() + 1)}" if found else "a line"
    more = separator == "," and first.actual_columns > first.expected_columns
    hint = "; decimal commas must be points" if more else ""
    others = f" ({len(ragged)} such lines)" if len(ragged) > 1 else ""
    fields = f"{at} has {first.actual_columns} fields, the header has {first.expected_columns}"
    return DataError(f"{fields}{others}{hint}", where=str(path))

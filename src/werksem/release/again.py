"""``werksem report``: the page, tables to publish and the sheet of an earlier run, made again."""

from __future__ import annotations

from pathlib import Path

from werksem.kept import held
from werksem.release.sheet import CHECK, make_sheet
from werksem.report.folder import read_result, readable
from werksem.report.publish.formats import formats_of, write_reports
from werksem.results import is_result_folder, real, renewed

__all__ = ["report_again"]


def report_again(folder: Path, formats: str) -> tuple[Path, ...]:
    """Write the formats named in a text (html and the study's where it is empty) and return their paths.

    Raises ``SpecError`` for a format there is not, ``DataError`` for a folder that cannot be read.
    """
    asked = tuple(name.strip() for name in formats.split(",") if name.strip())
    place = real(folder)
    if not is_result_folder(place):
        read_result(folder)  # says what is wrong with it
    with readable(folder), held(place), renewed(place) as copy:
        paths = write_reports(copy, asked or formats_of(copy))
        if (copy / CHECK).is_file():
            make_sheet(copy)
    return tuple(folder / path.relative_to(copy) for path in paths)

"""``werksem report``: the page, tables to publish and the sheet of an earlier run, made again."""

from __future__ import annotations

from pathlib import Path

from werksem.release.sheet import CHECK, make_sheet
from werksem.report.folder import readable
from werksem.report.publish.formats import formats_of, write_reports

__all__ = ["report_again"]


def report_again(folder: Path, formats: str) -> tuple[Path, ...]:
    """Write the formats named in a text (html and the study's where it is empty) and return their paths.

    Raises ``SpecError`` for a format there is not, ``DataError`` for a folder that cannot be read.
    """
    asked = tuple(name.strip() for name in formats.split(",") if name.strip())
    with readable(folder):
        paths = write_reports(folder, asked or formats_of(folder))
        if (folder / CHECK).is_file():
            make_sheet(folder)
    return paths

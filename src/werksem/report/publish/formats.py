"""Every format that a study can ask for, and one function that writes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from werksem.errors import SpecError, did_you_mean
from werksem.extras import require
from werksem.report.publish.csv_files import write_csv
from werksem.report.publish.latex import write_latex
from werksem.report.publish.markdown import write_markdown
from werksem.report.publish.publication import Publication
from werksem.report.publish.word_file import write_word
from werksem.spec.yaml import load

__all__ = ["FORMATS", "formats_of", "require_formats", "write_reports"]


# beside html, which report.html makes
FORMATS: dict[str, Callable[[Publication, Path], Path]] = {
    "docx": write_word, "tex": write_latex, "csv": write_csv, "md": write_markdown,
}  # fmt: skip
HTML = "html"


def require_formats(formats: Sequence[str]) -> None:
    """Raise ``SpecError`` for a format that cannot be written here, before anything is estimated."""
    for name in formats:
        if name != HTML and name not in FORMATS:
            known = (HTML, *FORMATS)
            raise SpecError(f"no format {name!r}; there are {', '.join(known)}{did_you_mean(name, known)}")
    if "docx" in formats:
        require("docx", "report", "the format docx")


def write_reports(folder: Path, formats: Sequence[str]) -> tuple[Path, ...]:
    """Write the report in each format from a finished folder's files; return the paths, in order.

    Raises ``SpecError`` for a format that cannot be written here and ``DataError`` for a folder that
    is not finished.
    """
    from werksem.report.html import make
    from werksem.report.publish.gather import publication

    require_formats(formats)
    page = (make(folder),) if HTML in formats else ()
    others = [name for name in dict.fromkeys(formats) if name != HTML]
    if not others:
        return page
    found = publication(folder)
    return (*page, *(FORMATS[name](found, folder) for name in others))


def formats_of(folder: Path) -> tuple[str, ...]:
    """Return html and the other formats that the study of a result folder names."""
    try:
        asked = load(folder / "study.yaml").data["report"]["formats"]
    except (KeyError, TypeError):
        return (HTML,)
    return (HTML, *(name for name in asked or () if name in FORMATS))

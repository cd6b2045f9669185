"""What Word documents need beyond python-docx's own calls: rules, fields, fonts, language, fixed bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph

__all__ = [
    "FONT", "add_field", "fixed_bytes", "kept_whole", "margins", "moment", "repeated", "ruled", "set_fonts",
    "set_language",
]  # fmt: skip

FONT = "Times New Roman"
# eighths of a point
THICKNESS = 6
STYLES = {"Normal": (11, False), "Title": (16, True), "Heading 1": (13, True), "Caption": (11, False)}
EPOCH = "2000-01-01T00:00:00+00:00"


def _element(tag: str, **attributes: object) -> Any:
    """Return an element of the main namespace, its attributes too."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    found = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        found.set(qn(f"w:{name}"), str(value))
    return found


def ruled(cell: _Cell, *sides: str) -> None:
    """Draw a line on these sides (``top``, ``bottom``) of a cell."""
    from docx.oxml.ns import qn

    properties = cell._tc.get_or_add_tcPr()
    borders = properties.find(qn("w:tcBorders"))
    if borders is None:
        borders = _element("tcBorders")
        # the schema has borders after the width and the span, before all else
        at = sum(child.tag in (qn("w:tcW"), qn("w:gridSpan"), qn("w:vMerge")) for child in properties)
        properties.insert(at, borders)
    for side in sides:
        line = _element(side, val="single", sz=THICKNESS, space=0, color="000000")
        borders.insert(0, line) if side == "top" else borders.append(line)


def repeated(row: _Row) -> None:
    """Repeat a row on every page that its table reaches."""
    row._tr.get_or_add_trPr().append(_element("tblHeader"))


def kept_whole(row: _Row) -> None:
    """Never break a row over two pages."""
    row._tr.get_or_add_trPr().insert(0, _element("cantSplit"))


def margins(table: Table, centimetres: float) -> None:
    """Give all cells of a table this margin left and right."""
    from docx.shared import Cm

    found = _element("tblCellMar")
    for side in ("left", "right"):
        found.append(_element(side, w=int(Cm(centimetres).twips), type="dxa"))
    properties = table._tbl.tblPr
    # the schema has margins after the layout, before the look
    look = [child for child in properties if child.tag.endswith("}tblLook")]
    look[0].addprevious(found) if look else properties.append(found)


def add_field(paragraph: Paragraph, instruction: str, shown: str, *, bold: bool = False) -> None:
    """Add a field that Word can update, with what it shows until then."""
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("shown", shown), ("end", "")):
        run = paragraph.add_run(text if kind == "shown" else "")
        run.bold = bold or None
        if kind in ("begin", "separate", "end"):
            run._r.append(_element("fldChar", fldCharType=kind))
        elif not kind:
            code = _element("instrText")
            code.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            code.text = f" {instruction} "
            run._r.append(code)


def set_fonts(document: Document) -> None:
    """Give the styles that are used one font, black, without the template's theme."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, (size, bold) in STYLES.items():
        style = document.styles[name]
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in list(fonts.attrib):
            del fonts.attrib[key]
        for key in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{key}"), FONT)
        properties = style.element.get_or_add_pPr()
        for border in properties.findall(qn("w:pBdr")):
            properties.remove(border)


def set_language(document: Document, tag: str) -> None:
    """Set the language of all text (``nl-NL``), so that Word checks the spelling in it."""
    from docx.oxml.ns import qn

    for found in document.styles.element.iter(qn("w:lang")):
        found.set(qn("w:val"), tag)
    document.core_properties.language = tag


def moment(created: str) -> datetime:
    """Return an ISO moment in universal time; a fixed one where there is none.

    >>> moment("2026-11-21T17:07:26+00:00").isoformat(), moment("").year
    ('2026-11-21T17:07:26+00:00', 2000)
    """
    try:
        found = datetime.fromisoformat(created)
    except ValueError:
        found = datetime.fromisoformat(EPOCH)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def fixed_bytes(document: Document, created: datetime) -> bytes:
    """Return the document as bytes that are the same whenever it is made: its zip's times are ``created``."""
    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=created.timetuple()[:6])
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            target.writestr(entry, source.read(name))
    return out.getvalue()

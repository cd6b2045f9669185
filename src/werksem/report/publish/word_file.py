"""``tables.docx``: the tables in the style of the APA, for Word: three rules, captions, notes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from werksem.report.publish.layout import Laid, laid_out
from werksem.report.publish.publication import Publication
from werksem.report.publish.word_parts import add_field, fixed_bytes, moment, set_fonts, set_language
from werksem.report.publish.word_table import add_table
from werksem.report.publish.words import said

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["word_document", "write_word"]

TAGS = {"nl": "nl-NL", "en": "en-GB"}
# A4 and its margins, in cm
SHORT, LONG, MARGIN = 21.0, 29.7, 2.5


def write_word(found: Publication, folder: Path) -> Path:
    """Write ``tables.docx`` and return its path."""
    path = folder / "tables.docx"
    path.write_bytes(fixed_bytes(word_document(found), moment(found.created)))
    return path


def word_document(found: Publication) -> Document:
    """Return the document: banner, title, methods, and every table with its caption and notes."""
    import docx

    document = docx.Document()
    set_fonts(document)
    set_language(document, TAGS[found.language])
    _properties(document, found)
    _page(document, landscape=False)
    _edges(document, found)
    _opening(document, found)
    lying = False
    for number, one in enumerate(found.tables, start=1):
        for laid in laid_out(one.table, found.language):
            if laid.landscape != lying:
                _turned(document, landscape=laid.landscape)
                lying = laid.landscape
            if number == laid.part == 1:
                document.add_paragraph(said("tables", found.language), style="Heading 1")
            _caption(document, found, laid, number)
            add_table(document, laid, found.language)
            _notes(document, laid, found.language)
    return document


def _properties(document: Document, found: Publication) -> None:
    properties, created = document.core_properties, moment(found.created)
    properties.title, properties.subject = found.title, found.source
    properties.author = properties.last_modified_by = "werksem"
    properties.comments = properties.keywords = ""
    if found.banner:
        properties.comments = properties.keywords = found.banner
    properties.created = properties.modified = created.replace(tzinfo=None)
    properties.revision = 1


def _page(document: Document, *, landscape: bool) -> None:
    """Give the last section an A4 page, upright or on its side."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    section = document.sections[-1]
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    width, height = (LONG, SHORT) if landscape else (SHORT, LONG)
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN)


def _turned(document: Document, *, landscape: bool) -> None:
    """Begin a page of the other orientation."""
    from docx.enum.section import WD_SECTION

    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    _page(document, landscape=landscape)


def _edges(document: Document, found: Publication) -> None:
    """Put the banner above every page and its number below."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    section = document.sections[0]
    # the first page begins with the banner itself
    section.different_first_page_header_footer = True
    if found.banner:
        section.header.paragraphs[0].add_run(found.banner).bold = True
    for below in (section.footer.paragraphs[0], section.first_page_footer.paragraphs[0]):
        below.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_field(below, "PAGE", "1")


def _opening(document: Document, found: Publication) -> None:
    """Add banner, title, source and methods."""
    if found.banner:
        document.add_paragraph().add_run(found.banner).bold = True
    document.add_paragraph(found.title, style="Title")
    if found.source:
        document.add_paragraph(said("source", found.language, source=found.source))
    if found.methods:
        document.add_paragraph(said("method", found.language), style="Heading 1")
        document.add_paragraph(" ".join(found.methods))


def _caption(document: Document, found: Publication, laid: Laid, number: int) -> None:
    """Add the number, which Word counts, in bold, and the title below it in italics."""
    from docx.shared import Pt

    paragraph = document.add_paragraph(style="Caption")
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(14), Pt(4)
    word = said("table", found.language)
    paragraph.add_run(f"{word} ").bold = True
    again = r" \c" if laid.part > 1 else ""
    add_field(paragraph, rf"SEQ {word}{again} \* ARABIC", str(number), bold=True)
    title = laid.table.caption
    title += f" ({said('part', found.language, part=laid.part, parts=laid.parts)})" if laid.parts > 1 else ""
    run = paragraph.add_run()
    run.add_break()
    run = paragraph.add_run(title)
    run.italic = True
    if found.banner:
        run = paragraph.add_run(f" ({said('synthetic', found.language)})")
        run.bold = True


def _notes(document: Document, laid: Laid, language: str) -> None:
    """Add the notes below a table, in smaller type."""
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(3), Pt(12)
    if laid.table.notes:
        first = paragraph.add_run(said("note", language))
        first.italic = True
        rest = paragraph.add_run(" " + " ".join(laid.table.notes))
        first.font.size = rest.font.size = Pt(9)

"""The Word document, opened again: APA rules, captions, headers, notes, numbers, and equal bytes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from publish_cases import awkward, published

from werksem.report.publish.layout import LANDSCAPE, PORTRAIT
from werksem.report.publish.publication import Publication
from werksem.report.publish.word_file import word_document, write_word


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    return published(tmp_path_factory.mktemp("word") / "r", kind="mediatie")


@pytest.fixture(scope="module")
def opened(found: Publication, tmp_path_factory: pytest.TempPathFactory) -> docx.document.Document:
    return docx.Document(str(write_word(found, tmp_path_factory.mktemp("docx"))))


def captions(document: docx.document.Document) -> list[str]:
    return [p.text for p in document.paragraphs if p.style.name == "Caption"]


def test_banner_first_then_title_method_and_a_caption_per_table(
    found: Publication, opened: docx.document.Document
) -> None:
    texts = [p.text for p in opened.paragraphs]
    assert texts[0] == "Synthetische gegevens: zegt niets over de werkelijkheid"
    assert opened.paragraphs[1].style.name == "Title"
    headings = [p.text for p in opened.paragraphs if p.style.name == "Heading 1"]
    assert headings == ["Methode", "Tabellen"]
    assert len(captions(opened)) == len(opened.tables) == len(found.tables)
    for number, (text, one) in enumerate(zip(captions(opened), found.tables, strict=True), start=1):
        assert text == f"Tabel {number}\n{one.table.caption} (synthetische gegevens)"
    assert opened.sections[0].header.paragraphs[0].text == texts[0]


def test_word_counts_the_captions(opened: docx.document.Document) -> None:
    for paragraph in (p for p in opened.paragraphs if p.style.name == "Caption"):
        kinds = [e.get(qn("w:fldCharType")) for e in paragraph._p.iter(qn("w:fldChar"))]
        assert kinds == ["begin", "separate", "end"]
        codes = [e.text for e in paragraph._p.iter(qn("w:instrText"))]
        assert codes == [r" SEQ Tabel \* ARABIC "]
        assert paragraph.runs[0].bold
        assert paragraph.paragraph_format.keep_with_next


def test_cells_hold_what_the_tables_say(found: Publication, opened: docx.document.Document) -> None:
    for one, table in zip(found.tables, opened.tables, strict=True):
        assert [cell.text for cell in table.rows[0].cells] == [column.header for column in one.table.columns]
        lines = [row for body in one.table.bodies for row in ([None] if body.heading else []) + [*body.rows]]
        assert len(table.rows) == 1 + len(lines)
        for row, line in zip(table.rows[1:], lines, strict=True):
            if line is not None:
                texts = ["\n".join(part for part in (c.text + c.mark, c.sub) if part) for c in line]
                assert [cell.text for cell in row.cells] == texts


def borders(cell: docx.table._Cell) -> set[str]:
    return {child.tag.split("}")[1] for found in cell._tc.iter(qn("w:tcBorders")) for child in found}


def test_three_rules_and_no_vertical_lines(found: Publication, opened: docx.document.Document) -> None:
    for one, table in zip(found.tables, opened.tables, strict=True):
        assert all(borders(cell) == {"top", "bottom"} for cell in table.rows[0].cells)
        assert all("bottom" in borders(cell) for cell in table.rows[-1].cells)
        drawn = set().union(*(borders(cell) for row in table.rows for cell in row.cells))
        assert drawn == {"top", "bottom"}
        parted = sum(not body.heading for body in one.table.bodies[1:])
        inside = [row for row in table.rows[1:-1] if any(borders(cell) for cell in row.cells)]
        assert len(inside) <= parted
        assert table.style is None or table.style.name == "Normal Table"


def test_headers_repeat_and_rows_are_whole(opened: docx.document.Document) -> None:
    for table in opened.tables:
        repeats = [bool(list(row._tr.iter(qn("w:tblHeader")))) for row in table.rows]
        assert repeats == [True] + [False] * (len(repeats) - 1)
        assert all(list(row._tr.iter(qn("w:cantSplit"))) for row in table.rows)


def test_notes_say_what_stars_mean(opened: docx.document.Document) -> None:
    notes = [p.text.replace("\u00a0", " ") for p in opened.paragraphs if p.text.startswith("Noot. ")]
    assert any("* p ≤ ,05, ** p ≤ ,01, *** p ≤ ,001." in note for note in notes)
    assert all(p.runs[0].italic for p in opened.paragraphs if p.text.startswith("Noot. "))


def test_decimal_signs_stand_below_one_another(opened: docx.document.Document) -> None:
    """Times' asterisk is half its size wide: a cell with three stars ends 1.5 em before one without."""
    table = next(t for t in opened.tables if t.rows[0].cells[-1].text == "2")
    below = {cell.text: cell.paragraphs[0] for row in table.rows[1:] for cell in row.cells[-2:]}
    assert {",47***", "−,06*", ",00", "–"} <= set(below)
    indents = {text: p.paragraph_format.right_indent.cm for text, p in below.items() if text != ""}
    assert all(p.alignment == WD_ALIGN_PARAGRAPH.RIGHT for text, p in below.items() if text)
    star = 0.5 * 10 * 2.54 / 72
    assert indents["−,06*"] - indents[",47***"] == pytest.approx(2 * star, abs=0.01)


def test_every_table_fits_its_page(opened: docx.document.Document) -> None:
    assert {round(min(s.page_width.cm, s.page_height.cm), 1) for s in opened.sections} == {21.0}
    assert {round(max(s.page_width.cm, s.page_height.cm), 1) for s in opened.sections} == {29.7}
    for table in opened.tables:
        assert sum(column.width.cm for column in table.columns) <= LANDSCAPE + 0.01


def test_a_wide_table_lies_on_its_side_and_one_wider_is_split() -> None:
    def turned(columns: int) -> tuple[list[bool], list[str]]:
        document = word_document(awkward(columns=columns))
        lying = [s.orientation == WD_ORIENT.LANDSCAPE for s in document.sections]
        codes = ["".join(e.text for e in p._p.iter(qn("w:instrText"))) for p in document.paragraphs]
        return lying, [code for code in codes if "SEQ" in code]

    assert turned(3) == ([False], [r" SEQ Tabel \* ARABIC "])
    assert turned(13) == ([False, True], [r" SEQ Tabel \* ARABIC "])
    lying, codes = turned(24)
    assert lying == [False, True]
    assert codes[0] == r" SEQ Tabel \* ARABIC "
    assert set(codes[1:]) == {r" SEQ Tabel \c \* ARABIC "}
    narrow = word_document(awkward(columns=3)).tables[0]
    assert sum(column.width.cm for column in narrow.columns) <= PORTRAIT + 0.01


def test_language_properties_and_bytes(found: Publication, tmp_path: Path) -> None:
    first = write_word(found, tmp_path).read_bytes()
    assert write_word(found, tmp_path).read_bytes() == first
    document = docx.Document(str(tmp_path / "tables.docx"))
    languages = {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"nl-NL"}
    assert document.core_properties.language == "nl-NL"
    assert document.core_properties.title == found.title
    assert document.core_properties.created.isoformat() == "2026-11-21T09:30:00+00:00"
    with zipfile.ZipFile(tmp_path / "tables.docx") as archive:
        assert {info.date_time for info in archive.infolist()} == {(2026, 11, 21, 9, 30, 0)}


def test_english_without_a_banner(tmp_path: Path) -> None:
    document = word_document(published(tmp_path / "r", language="en", synthetic=False))
    expected = "Means, standard deviations, reliability and correlations of the scales"
    assert expected in [text.split("\n")[1] for text in captions(document)]
    assert all(text.startswith("Table ") for text in captions(document))
    assert not any("ynthetic" in p.text for p in document.paragraphs)
    assert any(p.text.startswith("Note. ") for p in document.paragraphs)

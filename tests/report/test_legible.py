"""Labels, titles and groups with characters that no XML file can hold."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

from fake_result import make_result

from werksem.report.publish.formats import write_reports
from werksem.report.svg import clean_svg
from werksem.spec.load import load_model


def test_a_document_and_an_svg_hold_what_people_typed(tmp_path: Path) -> None:
    folder = make_result(tmp_path / "r", "binding", "nl")
    manifest = json.loads((folder / "manifest.json").read_text())
    odd = "Culture\x07 and\x0b\nclimate \U0001f600"
    manifest |= {"title": odd, "source": odd}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (path,) = write_reports(folder, ("docx",))
    from docx import Document

    texts = [paragraph.text for paragraph in Document(str(path)).paragraphs]
    assert "Culture and climate \U0001f600" in texts
    svg = clean_svg('<svg viewBox="0 0 3 2"><text>a\x08b</text></svg>', "f", odd)
    root = ElementTree.fromstring(svg)
    assert root.attrib["aria-label"] == "Culture and climate \U0001f600"
    assert root[0].text == "ab"


def test_a_label_is_one_line() -> None:
    model = load_model(
        {"measurement": {"a": {"label": {"nl": "Veilig\n klimaat ", "en": "Safe"}, "items": ["x"]}},
         "structural": {"y": ["a"]}}
    )  # fmt: skip
    assert model.scales[0].label.nl == "Veilig klimaat"

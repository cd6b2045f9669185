from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from fake_result import make_result

from werksem.errors import DataError
from werksem.report.html import SECTIONS, make
from werksem.report.words import word

VOID = ("meta", "link", "br", "hr", "img", "path", "use", "rect")
BANNERS = {
    "nl": "Synthetische gegevens: zegt niets over de werkelijkheid",
    "en": "Synthetic data: says nothing about reality",
}


class Page(HTMLParser):
    """The page's ids, addresses, tags and text; whether every element is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.note(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.note(tag, attrs)

    def note(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = {name: value or "" for name, value in attrs}
        self.ids += [found["id"]] if "id" in found else []
        self.addresses += [found[name] for name in ("src", "href", "xlink:href", "data") if name in found]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(
    scope="module", params=[("mediatie", "nl"), ("mediatie", "en"), ("binding", "nl")], ids="-".join
)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str]:
    kind, language = request.param
    folder = make_result(tmp_path_factory.mktemp("result") / kind, kind, language)
    return kind, language, make(folder).read_text(encoding="utf-8")


def test_the_page_is_well_formed_with_unique_ids(report: tuple[str, str, str]) -> None:
    page = Page(report[2])
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert "script" not in page.tags


def test_nothing_is_fetched(report: tuple[str, str, str]) -> None:
    page = Page(report[2])
    assert all(address.startswith(("#", "data:,")) for address in page.addresses)
    assert "http" not in report[2]
    assert not re.search(r"@import|url\((?!#)", report[2])
    inside = {address[1:] for address in page.addresses if address.startswith("#")}
    assert inside <= set(page.ids)


def test_every_section_stands_under_its_own_heading(report: tuple[str, str, str]) -> None:
    kind, language, text = report
    # this folder has no tables of these sections: other tests have
    absent = {"sensitivity", "claims", "verdicts", "pooling", "predictive", "importance", "controls"}
    absent |= {"densities", "passport"}
    absent |= set() if kind == "mediatie" else {"effects"}
    shown = [name for name in SECTIONS if name not in absent]
    assert [name for name in SECTIONS if f'<section id="{name}">' in text] == shown
    for name in shown:
        assert f"<h2>{word(name, language)}</h2>" in text


def test_the_banner_is_exact(report: tuple[str, str, str]) -> None:
    assert f">{BANNERS[report[1]]}</aside>" in report[2]


def test_numbers_follow_the_language(report: tuple[str, str, str]) -> None:
    text = "".join(Page(report[2]).text)
    assert ("17.204" in text) == (report[1] == "nl")
    assert ("17,204" in text) == (report[1] == "en")


def test_the_other_language_does_not_leak(report: tuple[str, str, str]) -> None:
    text = "".join(Page(report[2]).text)
    foreign = {
        "nl": ("Agile culture", "agree", "Loading", "tests the measurement"),
        "en": ("Wendbare", "gelijk", "Lading"),
    }
    assert [found for found in foreign[report[1]] if found in text] == []


def test_a_saturated_model_says_what_its_fit_tests(report: tuple[str, str, str]) -> None:
    assert word("saturated", report[1]) in report[2]


def test_cautions_name_a_zero_total_with_an_indirect_effect(report: tuple[str, str, str]) -> None:
    kind, language, text = report
    assert word("caution_perceived", language) in text
    harm = {"nl": "lees die niet als schade", "en": "do not read that as harm"}[language]
    assert (harm in text) == (kind == "mediatie")
    named = {"nl": "Wendbare cultuur → Legitimiteit", "en": "Agile culture → Legitimacy"}[language]
    assert (f": {named})" in text) == (kind == "mediatie")


def test_equal_folders_give_equal_bytes(tmp_path: Path) -> None:
    pages = [make(make_result(tmp_path / name)).read_bytes() for name in ("one", "two")]
    assert pages[0] == pages[1]


def test_real_data_have_no_banner(tmp_path: Path) -> None:
    assert BANNERS["nl"] not in make(make_result(tmp_path / "r", synthetic=False)).read_text(encoding="utf-8")


def test_labels_are_text_not_markup(tmp_path: Path) -> None:
    folder = make_result(tmp_path / "r")
    for name in ("estimates.csv", "comparison.csv"):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace("Rijk", "<b>R&D</b>"), encoding="utf-8")
    text = make(folder).read_text(encoding="utf-8")
    assert "<b>" not in text
    assert "&lt;b&gt;R&amp;D&lt;/b&gt;" in text


@pytest.mark.parametrize("engine", ["ols", "sem", "bayes"])
def test_one_engine_alone_makes_a_report(tmp_path: Path, engine: str) -> None:
    folder = make_result(tmp_path / "r", "mediatie")
    for name in ("estimates", "fit", "diagnostics"):
        table = pd.read_csv(folder / f"{name}.csv", keep_default_na=False)
        table[table["engine"] == engine].to_csv(folder / f"{name}.csv", index=False)
    table = pd.read_csv(folder / "comparison.csv", keep_default_na=False)
    others = [
        c for c in table if c.split("_")[0] in {"published", "ols", "sem", "bootstrap", "bayes"} - {engine}
    ]
    table.assign(verdict="", **dict.fromkeys(others, "")).to_csv(folder / "comparison.csv", index=False)
    (folder / "reliability.csv").unlink()
    page = Page(make(folder).read_text(encoding="utf-8"))
    assert page.open == []
    assert "table" in page.tags


def test_a_folder_that_is_no_result_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"manifest\.json is missing"):
        make(tmp_path)


def test_matplotlib_is_imported_only_for_a_figure() -> None:
    code = "import sys, werksem.report.html, werksem.report.console; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

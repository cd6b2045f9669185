"""The pages as a browser shows them: nothing fetched, nothing clipped, everything reached by keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fake_result import make_result, with_intervals

from tests.describe.studies import REFERENCE, study_file
from werksem.describing.run import Request, describe_study
from werksem.report.described.page import make_page
from werksem.report.html import make

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is missing")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")

NARROW, WIDE = 390, 1280
PAGES = ("binding-nl", "mediatie-en")
DESCRIBED = [
    {"table": "marks", "kind": "marks", "of": ["f"], "by": "g", "insufficient": True},
    {"table": "items", "kind": "items", "of": ["f"]},
    {"table": "spread", "kind": "histogram", "of": ["f"]},
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CLIPPED = """() => [...document.querySelectorAll('th, td, dd, li, p, h1, h2, h3')].filter(e => {
    const style = getComputedStyle(e);
    if (e.closest('.hidden') || !e.checkVisibility() || style.clipPath !== 'none') return false;
    return ['hidden', 'clip'].includes(style.overflowX) && e.scrollWidth > e.clientWidth + 1;
}).map(e => e.textContent.trim().slice(0, 40))"""
OUTSIDE = """() => [...document.querySelectorAll('main *')].filter(e => {
    if (!e.checkVisibility() || e.closest('.hidden') || e.closest('svg')) return false;
    const box = e.getBoundingClientRect(), region = e.closest('.scroll[tabindex]');
    return box.width > 1 && box.right > innerWidth + 1 && !(region && region !== e);
}).map(e => e.tagName + ' ' + e.textContent.trim().slice(0, 40))"""
REACHED = """() => { const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
    return [e.tagName, e.getAttribute('href') || '',
            s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0,
            b.width > 1 && b.left > -1 && b.bottom > 0]; }"""
COUNTED = """() => [...document.querySelectorAll('a[href], summary, [tabindex="0"]')]
    .filter(e => e.checkVisibility()).length"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module", params=PAGES)
def page_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    kind, language = request.param.split("-")
    folder = make_result(tmp_path_factory.mktemp("page") / kind, kind, language)
    return make(with_intervals(folder))


@pytest.fixture
def opened(browser: Any, page_file: Path) -> Iterator[tuple[Any, list[str]]]:
    """The page, and whatever it said or asked for while it was opened."""
    page, heard = browser.new_page(viewport={"width": WIDE, "height": 800}), []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: heard.append(request.url))
    page.goto(page_file.as_uri())
    yield page, heard
    page.close()


def test_nothing_is_said_on_the_console_and_nothing_is_fetched(
    opened: tuple[Any, list[str]], page_file: Path
) -> None:
    _, heard = opened
    assert [text for text in heard if not text.startswith("data:,")] == [page_file.as_uri()]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_page_fits_and_no_cell_is_clipped(opened: tuple[Any, list[str]], width: int) -> None:
    page, _ = opened
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(CLIPPED) == []


def test_what_scrolls_can_be_reached_by_keyboard(opened: tuple[Any, list[str]]) -> None:
    page, _ = opened
    page.set_viewport_size({"width": NARROW, "height": 800})
    scrolling = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => ['auto', 'scroll'].includes("
        "getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1).map(e => e.tabIndex)"
    )
    assert scrolling
    assert set(scrolling) == {0}


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_control_is_reached_with_visible_focus(opened: tuple[Any, list[str]], width: int) -> None:
    page, _ = opened
    page.set_viewport_size({"width": width, "height": 800})
    total = page.evaluate(COUNTED)
    page.keyboard.press("Tab")
    first = page.evaluate(REACHED)
    assert first[:2] == ["A", "#summary"]
    seen = [first]
    for _ in range(total - 1):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(REACHED))
    assert [one for one in seen if not (one[2] and one[3])] == []
    assert len(seen) == total > 20
    assert "BODY" not in {one[0] for one in seen}


def test_axe_finds_nothing(opened: tuple[Any, list[str]]) -> None:
    page, _ = opened
    narrow = page.evaluate("document.documentElement.lang") == "en"
    page.set_viewport_size({"width": NARROW if narrow else WIDE, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    # rows and figures are alike: some of each, or axe takes half a minute
    page.evaluate("document.querySelectorAll('tbody tr:nth-child(n + 5), .figures figure:nth-child(n + 3)')"
                  ".forEach(e => e.remove())")  # fmt: skip
    assert violations(page) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_of_described_tables_is_as_sound(browser: Any, tmp_path: Path, language: str) -> None:
    frame = pd.read_csv(REFERENCE / "tables_data.csv")
    data = {"weights": "w", "cluster": "c", "strata": "h", "group": "g"}
    path = study_file(tmp_path, frame, DESCRIBED, data=data, language=language)
    file = make_page(describe_study(Request(path, tmp_path / "out")))
    page = browser.new_page(viewport={"width": NARROW, "height": 800})
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    assert page.evaluate(CLIPPED) == []
    assert violations(page) == []
    page.close()


def violations(page: Any) -> list[tuple[str, list[Any]]]:
    found = axe.Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"][:3]]) for one in found]


def test_the_first_screen_has_the_answer(opened: tuple[Any, list[str]]) -> None:
    page, _ = opened
    for inside in (".findings li:first-child", ".glance"):
        box = page.locator(inside).bounding_box()
        assert box["y"] < 400
    assert page.locator(".caution").bounding_box()["y"] < 1000


def test_on_paper_everything_folded_is_open_but_the_lists_of_parameters(
    opened: tuple[Any, list[str]],
) -> None:
    page, _ = opened
    page.emulate_media(media="print")
    hidden = page.evaluate(
        "[...document.querySelectorAll('main details')].filter(d => d.querySelector(':scope > :not(summary)')"
        ".getBoundingClientRect().height < 1).map(d => d.closest('section').id)"
    )
    assert hidden
    assert set(hidden) == {"parameters"}
    page.evaluate("document.querySelectorAll('#parameters details').forEach(d => { d.open = true })")
    height = page.evaluate(
        "document.querySelector('#parameters details table').getBoundingClientRect().height"
    )
    assert height > 1
    assert page.evaluate("document.querySelectorAll('nav').length") == 2
    assert page.evaluate("[...document.querySelectorAll('nav')].every(e => !e.checkVisibility())")

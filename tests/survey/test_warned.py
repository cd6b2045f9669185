"""Warnings have names that stay, that the documentation explains and that reports say in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from werksem.report.messages import message
from werksem.survey.warned import DATA_WARNINGS

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("notice.py", "notice_groups.py", "sampling.py", "survey.py")
SAID = (
    'group spellings: sector has "GR" (4), "gr" (2); they count as different groups',
    'encoding: sector has "FinanciÃ«n": the text was read in another encoding than it was written in',
    'formula: sector has "=1+1", which a spreadsheet would run; in every CSV it stands behind an apostrophe',
    "between answers: x2 has 3 answers that are not whole, as 2.5",
    "leftover code: age has 999 (2x), far from its other values; if it means no answer, list it",
    "hardly together: 1 of 120 respondents answered both x1 and x4 (9 such pairs); how they go together",
    "clusters of one: each of the 120 clusters of org has one respondent",
    "split clusters: 1 of 12 clusters of org lie in several groups of sector, such as o0 in Rijk, GR",
    "constant in group: sector has one answer only to x2 in GR",
    "unanswered in group: sector has no answers to x2 in GR",
    "equal weights: all weights in w are 2, so they change no estimate",
    "unasked items: there is no column of 1 of the 4 items of a (a1), so a has no mean here",
)


def test_every_name_is_explained() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    table = page.split("## What is refused of data")[1].split("## Messages")[0]
    first = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert re.findall("`([^`]+)`", " ".join(first)) == list(DATA_WARNINGS)


def test_every_note_has_a_name_of_the_list() -> None:
    folder = ROOT / "src" / "werksem" / "survey"
    text = "".join((folder / name).read_text(encoding="utf-8") for name in SOURCES)
    found = set(re.findall(r'f"([a-z][a-z -]+): ', text))
    facts = {"listwise"}
    assert {name for name in found if re.search(rf'(yield|\()\s*f"{name}: ', text)} - facts <= set(
        DATA_WARNINGS
    )
    assert {"near-constant", "codes", "fpc", "dominating weight", "equal weights"} <= found


@pytest.mark.parametrize("text", SAID, ids=lambda text: text.split(":")[0])
def test_reports_say_it_in_words_of_both_languages(text: str) -> None:
    dutch, english = message(text, "nl"), message(text, "en")
    assert text not in (dutch, english)
    assert dutch != english

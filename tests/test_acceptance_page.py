"""docs/acceptatie.yaml has every row of the sources, and docs/acceptatie.md is what was made of it."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from werksem.compare.acceptance import LOST, NOT, OPEN, OUT, REPRODUCED, SIGN, WITHIN
from werksem.spec.acceptance import Acceptance

DOCS = Path(__file__).resolve().parents[1] / "docs"
MODULE = runpy.run_path(str(DOCS / "make_acceptatie.py"))
ROWS = [
    *(f"A0-{k:02d}" for k in range(1, 43)), *(f"A1-{k:02d}" for k in range(1, 9)),
    *(f"A2-{k:02d}" for k in range(1, 8)), *(f"A3-{k:02d}" for k in range(1, 12)),
    *(f"A4-{k:02d}" for k in range(1, 7)),
]  # fmt: skip


@pytest.fixture(scope="module")
def content() -> Acceptance:
    found: Acceptance = MODULE["content"]()
    return found


def test_no_row_is_missing(content: Acceptance) -> None:
    assert len(ROWS) == 74
    assert [row.id for row in content.rows] == ROWS
    assert all(row.source in content.published and row.what for row in content.rows)


def test_every_published_number_has_a_row(content: Acceptance) -> None:
    known = MODULE["known"](content, {})
    assert set(known.values["id"]) <= set(ROWS)
    assert len(known.values) > 300
    used = {evidence.betas for row in content.rows for evidence in row.evidence if evidence.betas}
    assert used == set(known.betas)


def test_every_file_of_published_numbers_is_on_the_page(content: Acceptance) -> None:
    assert {path.stem for path in MODULE["PUBLISHED"].glob("*.yaml")} == set(content.published)


def test_every_row_of_the_page_has_a_verdict(content: Acceptance) -> None:
    lines = table_lines()
    assert list(dict.fromkeys(line[0] for line in lines)) == ROWS
    words = (REPRODUCED, WITHIN, SIGN, OPEN, LOST, OUT, NOT)
    verdicts = [line[5].split(":")[0] for line in lines]
    assert set(verdicts) <= set(words)
    told = re.search(r"^(\d+) regels van (\d+) rijen: (.+)\.$", page(), flags=re.M)
    assert told is not None
    assert (int(told[1]), int(told[2])) == (len(lines), 74)
    assert told[3] == "; ".join(f"{word} {verdicts.count(word)}" for word in words)


def test_a_verdict_stands_on_numbers_or_says_why() -> None:
    for row, _, _, published, ours, verdict in table_lines():
        if verdict.startswith((REPRODUCED, SIGN)):
            assert published, row
            assert ours, row
        if verdict.startswith((OUT, NOT, WITHIN, OPEN)):
            assert ": " in verdict or "weerlegd" in ours or "onbeslist" in ours, row
        if verdict.startswith(LOST):
            assert not ours, row


def test_the_page_holds_what_the_files_say(content: Acceptance) -> None:
    """Opening and published numbers are those of the files now; ours come from runs."""
    assert page().startswith(content.opening)
    known = MODULE["known"](content, {})
    lines = table_lines()
    for row in content.rows:
        values = known.values[known.values["id"] == row.id]
        here = [line for line in lines if line[0] == row.id]
        assert len(here) >= len(values), row.id
        for value in values[values["certainty"] == "words"]["text"]:
            assert any(value in line[3] for line in here), (row.id, value)


def page() -> str:
    return (DOCS / "acceptatie.md").read_text(encoding="utf-8")


def table_lines() -> list[list[str]]:
    found = [
        re.split(r"(?<!\\)\|", line)[1:-1] for line in page().splitlines() if re.match(r"\| A\d-\d\d ", line)
    ]
    return [[cell.strip() for cell in cells] for cells in found]

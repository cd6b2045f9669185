"""What a spreadsheet would run is written behind an apostrophe, and read back as it was."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from werksem.compare.cells import read_table
from werksem.results import write_table
from werksem.survey.formulas import inert, runs, undone

TEXTS = [
    "=1+1",
    "'=1+1",
    "''=1",
    "@a",
    "+x",
    "-x",
    "\t=1",
    "＝1",
    "=~",
    "-",
    "-4",
    "+65",
    "'s-Gravenhage",
    "1e5",
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_written_is_read_back_and_runs_nowhere(text: str) -> None:
    assert undone(inert(text)) == text
    assert not runs(inert(text))


def test_two_texts_are_never_written_alike() -> None:
    assert len({inert(text) for text in TEXTS}) == len(TEXTS)


def test_a_table_comes_back_as_it_was(tmp_path: Path) -> None:
    table = pd.DataFrame({"group": TEXTS, "est": -1.5, "=sum": "x", "kind": pd.Categorical(TEXTS)})
    write_table(table, tmp_path / "a.csv")
    written = (tmp_path / "a.csv").read_text(encoding="utf-8")
    assert "\n'=1+1,-1.5," in written
    assert "'=sum" in written
    back = read_table(tmp_path / "a.csv", ("group", "kind"))
    assert list(back.columns) == list(table.columns)
    assert back["group"].tolist() == back["kind"].tolist() == TEXTS
    assert (back["est"] == -1.5).all()

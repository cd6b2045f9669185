from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from fake_result import make_result
from rich.console import Console

from werksem.report.console import print_comparison, print_summary
from werksem.report.html import make


def printed(*folders: Path, width: int = 100) -> tuple[str, pd.DataFrame | None]:
    console = Console(file=io.StringIO(), width=width)
    table = print_comparison(folders, console) if len(folders) > 1 else print_summary(folders[0], console)
    return console.file.getvalue(), table  # type: ignore[attr-defined]


def test_the_first_screen_is_the_answer(tmp_path: Path) -> None:
    folder = make_result(tmp_path / "m", "mediatie")
    make(folder)
    text, _ = printed(folder, width=120)
    order = [
        "Synthetische gegevens",
        "OLS n = 17.204",
        "! ",
        "Voorspeller",
        "Indirecte samenhang",
        "report.html",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "Transformationeel leiderschap: totaal indirect" in text
    assert "en nog 18; zie report.html" in text


@pytest.mark.parametrize("width", [80, 120])
def test_no_number_is_cut_off(tmp_path: Path, width: int) -> None:
    text, _ = printed(make_result(tmp_path / "b"), width=width)
    assert "…" not in text
    assert ",16***" in text
    assert max(len(line) for line in text.splitlines()) <= width


def test_across_returns_the_wide_table_and_prints_every_engine(tmp_path: Path) -> None:
    text, table = printed(make_result(tmp_path / "b"), make_result(tmp_path / "m", "mediatie"))
    assert table is not None
    assert {"binding.ols", "mediatie.sem", "difference", "verdict"} <= set(table.columns)
    for engine in ("OLS", "SEM", "Posterior"):
        assert f"naast elkaar: {engine}" in text

"""The band beside the interval: in the table, in words, on the terminal; folders without it."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from fake_result import make_result, with_intervals
from rich.console import Console

from werksem.report.console import print_summary
from werksem.report.effects import effects_brief, effects_table
from werksem.report.folder import Result, read_result
from werksem.report.html import render
from werksem.report.numbers import interval


def banded(tmp_path: Path, language: str = "nl", **counts: int) -> Result:
    return read_result(with_intervals(make_result(tmp_path / "m", "mediatie", language), **counts))


def edit(result: Result, name: str, change: object) -> Result:
    path = result.folder / name
    change(pd.read_csv(path, keep_default_na=False)).to_csv(path, index=False)  # type: ignore[operator]
    return read_result(result.folder)


@pytest.mark.parametrize(
    ("language", "last"), [("nl", ("Band", "Band zonder 0")), ("en", ("Band", "Band without 0"))]
)
def test_the_band_stands_beside_the_interval(tmp_path: Path, language: str, last: tuple[str, str]) -> None:
    result = banded(tmp_path, language)
    table = effects_table(result)
    headers = [column.header for column in table.columns]
    assert (headers[2], headers[-1]) == last
    assert all(len(row) == len(headers) for body in table.bodies for row in body.rows)
    rows = pd.read_csv(result.folder / "intervals.csv")
    rows = rows[rows["lhs"].str.startswith("total indirect: ")]
    row = rows[(rows["interval"] == "band") & (rows["metric"] == "std")].iloc[0]
    first = table.bodies[0].rows[0]
    assert first[2].text == interval(row["lower"], row["upper"], language, 3)
    assert "(" not in first[1].sub


def test_zero_is_judged_by_the_band(tmp_path: Path) -> None:
    result = banded(tmp_path)
    rows = result.estimates[(result.estimates["op"] == ":=") & (result.estimates["engine"] == "bootstrap")]
    half = (rows["std_ci_upper"] - rows["std_ci_lower"]) / 2
    single = (rows["std_ci_lower"] > 0) | (rows["std_ci_upper"] < 0)
    both = (rows["std_ci_lower"] - half > 0) | (rows["std_ci_upper"] + half < 0)
    table = effects_table(result)
    said = [row[-1].text for body in table.bodies for row in body.rows]
    assert sum("alleen interval" in text for text in said) == int((single & ~both).sum()) > 0
    assert sum(text == "ja" for text in said) > 0
    (brief,) = effects_brief(result)
    total = rows["lhs"].str.startswith("total indirect: ")
    assert f"Interval zonder 0: {int(single[total].sum())} van de" in brief
    assert brief.endswith(f"(band): {int(both[total].sum())}.")


def test_the_sentences_say_family_replicates_and_error(tmp_path: Path) -> None:
    notes = " ".join(effects_table(banded(tmp_path)).notes)
    for text in ("95%-interval (BCa)", "alle 24 rijen", "Met 5.000 herhalingen", "op ± ,002 nauwkeurig"):
        assert text in notes
    assert notes.isascii() is False
    assert "Het percentage" not in notes


def test_a_band_over_one_effect_is_an_interval(tmp_path: Path) -> None:
    def only_first(table: pd.DataFrame) -> pd.DataFrame:
        rows = table[table["interval"] == "band"]
        return table[(table["interval"] != "band") | (table["lhs"] == rows["lhs"].iloc[0])]

    result = edit(banded(tmp_path), "intervals.csv", only_first)
    assert "Band" not in [column.header for column in effects_table(result).columns]


def test_replicate_weights_have_no_band(tmp_path: Path) -> None:
    result = banded(tmp_path, kind="t")
    table = effects_table(result)
    assert [column.header for column in table.columns][-1] == "Interval zonder 0"
    assert "Student-t" in " ".join(table.notes)


def test_an_older_folder_keeps_its_table(tmp_path: Path) -> None:
    result = read_result(make_result(tmp_path / "m", "mediatie"))
    table = effects_table(result)
    assert [column.header for column in table.columns] == [
        "Route", "SEM met bootstrap", "Posterior", "Interval zonder 0",
    ]  # fmt: skip
    assert "(max-|t|)" not in render(result)


def test_one_step_is_named_by_its_interval(tmp_path: Path) -> None:
    def linear(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(method=table["method"].replace("bca", "one-step bca"))

    result = edit(banded(tmp_path), "estimates.csv", linear)
    assert "95%-interval (BCa)" in " ".join(effects_table(result).notes)
    assert "Band" in [column.header for column in effects_table(result).columns]


@pytest.mark.parametrize(("width", "shown"), [(80, False), (120, True)])
def test_the_terminal_shows_the_band_where_it_fits(tmp_path: Path, width: int, shown: bool) -> None:
    result = banded(tmp_path, failed=20, inadmissible=1000)
    console = Console(file=io.StringIO(), width=width)
    print_summary(result.folder, console)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert max(len(line) for line in lines) <= width
    assert not any("…" in line for line in lines)
    assert any("[,031; ,059]" in line for line in lines) == shown
    assert sum("[,030; ,044]" in line for line in lines) == 1
    title = next(at for at, line in enumerate(lines) if line.startswith("Indirecte samenhang"))
    rule = next(at for at in range(title, len(lines)) if lines[at].startswith("───"))
    assert {"Posterior", "Band", "zonder", "0"} <= set(" ".join(lines[title + 1 : rule]).split())
    assert "Bootstrap: 5.000 herhalingen, grenzen op ± ,002 nauwkeurig." in map(str.strip, lines)
    assert any(line.startswith("Daarvan 79,6% in orde; zonder de rest") for line in lines)


def test_without_an_interval_nothing_is_said_of_zero(tmp_path: Path) -> None:
    """One replicate has no interval, which is neither clear of 0 nor not."""

    def without(table: pd.DataFrame) -> pd.DataFrame:
        drawn = (table["engine"] == "bootstrap").to_numpy()
        limits = [name for name in table.columns if "ci_" in name]
        return table.assign(**{name: table[name].where(~drawn, "") for name in limits})

    result = edit(read_result(make_result(tmp_path / "m", "mediatie")), "estimates.csv", without)
    table = effects_table(result)
    place = [column.header for column in table.columns].index("SEM met bootstrap")
    rows = [row for body in table.bodies for row in body.rows]
    assert rows
    assert all(row[place].text and not row[place].sub for row in rows)
    assert not any("bootstrap" in row[-1].text for row in rows)

"""The audit of failures: the share in every line it touches, limits with and without, sentences."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from fake_result import make_result, with_intervals

from werksem.report.answer import comparison_tables
from werksem.report.effects import effects_brief, effects_table
from werksem.report.failures import failures_lines, failures_said, failures_table
from werksem.report.folder import Result, read_result
from werksem.report.html import render
from werksem.report.quality import reliability_table
from werksem.report.replicates import Counts, good_share


def audited(tmp_path: Path, kind: str = "mediatie", language: str = "nl", **counts: int) -> Result:
    return read_result(with_intervals(make_result(tmp_path / "r", kind, language), **counts))


def test_the_share_stands_in_every_line_it_touches(tmp_path: Path) -> None:
    result = audited(tmp_path, failed=5, inadmissible=1000)
    path = result.folder / "reliability.csv"
    table = pd.read_csv(path).assign(omega_method="bootstrap", omega_ci_lower=0.8, omega_ci_upper=0.9)
    table.assign(alpha_ci_lower=0.8, alpha_ci_upper=0.9).to_csv(path, index=False)
    result = read_result(result.folder)
    (comparison,) = comparison_tables(result)
    sem = [column.header for column in comparison.columns].index("SEM")
    lines = [row for body in comparison.bodies for row in body.rows]
    assert all(row[sem].sub.endswith("] (79,9%)") for row in lines)
    assert not any("%" in row[at].sub for row in lines for at in range(len(row)) if at != sem)
    effects = [row for body in effects_table(result).bodies for row in body.rows]
    assert all(row[1].sub.endswith("] (79,9%)") for row in effects)
    reliable = [row for body in reliability_table(result).bodies for row in body.rows]
    assert all(row[3].sub == "[,80; ,90] (79,9%)" and row[2].sub == "[,80; ,90]" for row in reliable)
    assert effects_brief(result)[-1] == "Van de herhalingen van de bootstrap is 79,9% in orde."
    for table in (comparison, effects_table(result), reliability_table(result)):
        assert sum("Het percentage achter een interval" in note for note in table.notes) == 1


def test_no_share_where_all_are_in_order(tmp_path: Path) -> None:
    result = audited(tmp_path)
    assert failures_said(result) == ""
    assert not failures_table(result)
    assert "(100,0%)" not in render(result)
    assert "Het percentage achter" not in render(result)


def test_normal_draws_cannot_fail(tmp_path: Path) -> None:
    result = audited(tmp_path, kind="mediatie", inadmissible=10)
    table = pd.read_csv(result.folder / "estimates.csv", keep_default_na=False)
    table["method"] = table["method"].replace("bca", "monte_carlo")
    table.to_csv(result.folder / "estimates.csv", index=False)
    (comparison,) = comparison_tables(read_result(result.folder))
    assert not any("%" in row[2].sub for body in comparison.bodies for row in body.rows)


@pytest.mark.parametrize(("bad", "shown"), [(1, "99,9%"), (0, "100,0%"), (4999, "0,0%"), (1705, "65,9%")])
def test_the_share_is_rounded_down(bad: int, shown: str) -> None:
    assert good_share(Counts(5000, 0, bad), "nl") == shown


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", ("3.980 in orde (79,6%)", "Niet geconvergeerd: 20 (0,4%)", "1.000 (20,0%); die tellen mee")),
        ("en", ("3,980 are in order (79.6%)", "Not converged: 20 (0.4%)", "1,000 (20.0%); these count")),
    ],
)
def test_every_failure_is_counted_in_words(tmp_path: Path, language: str, said: tuple[str, ...]) -> None:
    result = audited(tmp_path, language=language, failed=20, inadmissible=1000)
    for text in said:
        assert text in failures_said(result)
        assert text in render(result)


def test_limits_that_print_otherwise_stand_with_and_without(tmp_path: Path) -> None:
    result = audited(tmp_path, "binding", inadmissible=1000)
    table = failures_table(result)
    (body,) = table.bodies
    assert {row[0].text.split(" → ")[1] for row in body.rows} == {"Vertrekintentie"}
    assert len(body.rows) == 5
    rows = result.estimates.query("engine == 'bootstrap' and lhs == 'vertrekintentie' and rhs == 'veilig'")
    low, high = (float(rows[f"std_ci_{end}"].iloc[0]) for end in ("lower", "upper"))
    (shown,) = (row for row in body.rows if row[0].text.startswith("Sociaal veilig"))
    with_all, without = f"[−,{-low * 100:02.0f}; −,{-high * 100:02.0f}]", f"[−,{-low * 100 + 2:02.0f}; "
    assert shown[1].text == with_all
    assert shown[2].text.startswith(without)
    assert "(BCa)" in table.caption
    assert (
        failures_lines(result)[1] == "Daarvan 80,0% in orde; zonder de rest zijn 5 van 15 intervallen anders."
    )


def test_a_verdict_that_turns_is_marked(tmp_path: Path) -> None:
    result = audited(tmp_path, "binding", inadmissible=10)
    table = pd.read_csv(result.folder / "intervals.csv", keep_default_na=False)
    path = (table["lhs"] == "betrokkenheid") & (table["rhs"] == "procedureel") & (table["metric"] == "std")
    table.loc[path & (table["interval"] == "bca"), "lower"] = 0.004
    table.loc[path & (table["interval"] == "bca (admissible)"), "lower"] = -0.04
    table.to_csv(result.folder / "intervals.csv", index=False)
    first = failures_table(read_result(result.folder)).bodies[0].rows[0]
    assert (first[0].text, first[3].text, first[3].tone) == (
        "Procedurele cultuur → Betrokkenheid", "ja → nee", "warn",
    )  # fmt: skip


def test_it_is_said_where_nothing_changes(tmp_path: Path) -> None:
    result = audited(tmp_path, "binding", inadmissible=10)
    table = pd.read_csv(result.folder / "intervals.csv", keep_default_na=False)
    moved = table["interval"] == "bca (admissible)"
    table.loc[moved, ["lower", "upper"]] = table.loc[
        table["interval"] == "bca", ["lower", "upper"]
    ].to_numpy()
    table.to_csv(result.folder / "intervals.csv", index=False)
    result = read_result(result.folder)
    assert not failures_table(result)
    assert failures_said(result).endswith("verandert geen enkele gedrukte grens van een pad of route.")


def test_an_older_folder_has_the_counts_only(tmp_path: Path) -> None:
    result = read_result(make_result(tmp_path / "r"))
    assert "Ontoelaatbaar" in failures_said(result)
    assert not failures_table(result)
    assert failures_lines(result) == ("Bootstrap: 5.000 herhalingen.", "Daarvan 99,9% in orde.")

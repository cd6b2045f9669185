"""Discriminant validity, likeness and inadmissible solutions in the report; folders without them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from fake_result import make_result

from werksem.report.folder import read_result
from werksem.report.html import render
from werksem.report.measurement import design_table, htmt_table
from werksem.report.messages import message
from werksem.report.quality import reliability_table


def with_files(folder: Path) -> Path:
    make_result(folder)
    pairs = [("veilig", f"f{i}", "all", 0.3 + 0.05 * i) for i in range(12)]
    table = pd.DataFrame(pairs, columns=["lhs", "rhs", "group", "htmt"])
    table = table.assign(htmt2=table["htmt"] - 0.01, ok=table["htmt"] < 0.85)
    for key in ("htmt", "htmt2"):
        table[f"{key}_ci_lower"], table[f"{key}_ci_upper"] = table[key] - 0.02, table[key] + 0.02
    table.to_csv(folder / "htmt.csv", index=False)
    row = {"design": "cluster", "column": "organisatie", "variable": "veilig", "n": 100, "units": 20,
           "size": 5, "size_weighted": 6, "icc1": 0.05, "icc2": 0.2, "design_effect": 1.25}  # fmt: skip
    pd.DataFrame([row]).to_csv(folder / "design.csv", index=False)
    return folder


def test_the_largest_ratios_come_first_and_those_too_large_are_marked(tmp_path: Path) -> None:
    table = htmt_table(read_result(with_files(tmp_path / "r")))
    (body,) = table.bodies
    assert len(body.rows) == 10
    assert [row[1].text for row in body.rows][:2] == [",85", ",80"]
    assert [row[1].tone for row in body.rows] == ["warn"] + [""] * 9
    assert body.rows[0][1].sub == "[,83; ,87]"
    assert body.rows[0][0].text == "Sociaal veilig werkklimaat – f11"
    assert "10 grootste van 12" in table.notes[0]


def test_likeness_within_organisations_is_printed(tmp_path: Path) -> None:
    result = read_result(with_files(tmp_path / "r"))
    (body,) = design_table(result).bodies
    assert body.heading == "Clusters: organisatie"
    assert [cell.text for cell in body.rows[0][1:]] == ["20", "5,0", ",050", "1,25"]
    page = render(result)
    assert "Ontwerpeffect" in page
    assert "HTMT2" in page


def test_a_folder_of_an_earlier_version_has_neither(tmp_path: Path) -> None:
    result = read_result(make_result(tmp_path / "r"))
    assert not htmt_table(result)
    assert not design_table(result)
    assert "HTMT" not in render(result)
    assert all(not cell.sub for body in reliability_table(result).bodies for row in body.rows for cell in row)


def test_reliability_shows_its_interval_and_group(tmp_path: Path) -> None:
    folder = make_result(tmp_path / "r")
    path = folder / "reliability.csv"
    table = pd.read_csv(path).assign(group="Rijk", alpha=0.9, alpha_ci_lower=0.88, alpha_ci_upper=0.92)
    table.to_csv(path, index=False)
    row = reliability_table(read_result(folder)).bodies[0].rows[0]
    assert row[0].sub == "Rijk"
    assert (row[2].text, row[2].sub) == (",90", "[,88; ,92]")


def test_inadmissible_solutions_are_told_in_the_language_of_the_report() -> None:
    labels = {"x1": "Vraag 1"}
    said = message("heywood: the residual variance of x1 is -0.25, below zero", "nl", labels)
    assert said == "De residuele variantie van Vraag 1 is negatief (-0,25), een Heywood-geval."
    said = message("heywood: the variance of f is -2e-05, below zero (group Rijk)", "en")
    assert said == "The variance of f is negative (-2e-05), a Heywood case (group Rijk)."
    said = message("not_positive_definite: the correlation of f and g is 1.200", "nl")
    assert said == "De geschatte correlatie van f en g is 1,200, buiten het mogelijke."
    text = "not_positive_definite: the residual covariances of f, g, h contradict each other "
    said = message(text + "(smallest eigenvalue of their correlations -0.123)", "en")
    assert said.startswith("The estimated covariances of f, g, h contradict each other")
    assert said.endswith("-0.123).")

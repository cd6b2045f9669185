"""The first screen says what the numbers say, no more: sizes, ties, what is unsure, what does not matter."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fake_result import make_result

from werksem.report.certainty import certainty
from werksem.report.findings import findings
from werksem.report.folder import Result, read_result
from werksem.report.key_figure import key_figure
from werksem.report.sized import outcomes_of, size_of

PATHS = ("veilig", "inclusief", "maatschappelijk", "procedureel", "wendbaar")


def result_of(folder: Path, values: dict[str, tuple[float, float, float]], language: str = "en") -> Result:
    """A result in which ``tevredenheid_org`` alone is an outcome, of SEM with these estimates and limits."""
    make_result(folder, "binding", language)
    path = folder / "comparison.csv"
    table = pd.read_csv(path, keep_default_na=False)
    table = table[(table["lhs"] == "tevredenheid_org") & table["rhs"].isin(values)].copy()
    for rhs, (value, low, high) in values.items():
        mine = (table["rhs"] == rhs) & (table["group"] == "all")
        table.loc[mine, "sem"] = str(value)
        table.loc[mine, ["bootstrap_ci_lower", "sem_ci_lower"]] = str(low)
        table.loc[mine, ["bootstrap_ci_upper", "sem_ci_upper"]] = str(high)
    table.to_csv(path, index=False)
    return read_result(folder)


@pytest.mark.parametrize(
    ("value", "low", "high", "size"),
    [
        (0.25, 0.20, 0.30, "strong"), (-0.25, -0.30, -0.20, "strong"), (0.25, 0.19, 0.31, "clear"),
        # 90 % limits are .05 ± .0839 * .04 … : drawn in by 1.645 / 1.96
        (0.02, -0.01, 0.05, "negligible"), (0.02, -0.02, 0.06, "unsure"), (0.06, 0.02, 0.10, "small"),
        (0.02, 0.005, 0.035, "negligible"), (0.12, float("nan"), float("nan"), "open"),
    ],
)  # fmt: skip
def test_sizes_are_those_of_claims(value: float, low: float, high: float, size: str) -> None:
    assert size_of(value, low, high) == size


def test_wider_intervals_are_drawn_in_to_the_same_ninety_percent() -> None:
    # standard error .02: a 95 % and a 99 % interval of it, and the 90 % limits .0629
    assert size_of(0.03, 0.03 - 0.0392, 0.03 + 0.0392) == size_of(0.03, 0.03 - 0.0515, 0.03 + 0.0515, 0.99)


def test_strong_is_judged_at_95_percent_whatever_the_level_of_the_interval() -> None:
    # estimate .25, standard error .0275: 90 % [.205, .295], 95 % [.196, .304]
    assert size_of(0.25, 0.25 - 1.645 * 0.0275, 0.25 + 1.645 * 0.0275, 0.90) == "clear"
    assert size_of(0.25, 0.25 - 1.96 * 0.0275, 0.25 + 1.96 * 0.0275) == "clear"
    # estimate .50, standard error .28: 0 lies inside the 95 % interval only
    assert size_of(0.50, 0.50 - 1.645 * 0.28, 0.50 + 1.645 * 0.28, 0.90) == "clear"


def test_the_strongest_is_named_and_what_is_negligible_is_not_called_important(tmp_path: Path) -> None:
    found = {
        "wendbaar": (0.30, 0.27, 0.33), "inclusief": (0.15, 0.12, 0.18), "veilig": (0.07, 0.05, 0.09),
        "procedureel": (0.02, 0.01, 0.03), "maatschappelijk": (0.04, -0.03, 0.11),
    }  # fmt: skip
    (one,) = findings(result_of(tmp_path / "r", found))
    assert "The strongest association is with Agile culture" in one.text
    assert "score higher here on average (strong; β = .30; 95% interval [.27, .33])" in one.text
    assert "Next: Inclusive climate (.15)." in one.text
    assert "Small (within ±.10): Psychologically safe climate (.07)." in one.text
    assert "Negligible (within ±.05): Procedural culture (.02)." in one.text
    assert "Unsure, as the interval contains 0: Societal orientation (.04)." in one.text


def test_overlapping_intervals_name_no_strongest(tmp_path: Path) -> None:
    found = {
        "wendbaar": (0.22, 0.20, 0.24), "inclusief": (-0.21, -0.23, -0.19), "veilig": (0.15, 0.13, 0.17),
        "procedureel": (0.12, 0.10, 0.14), "maatschappelijk": (0.11, 0.09, 0.13),
    }  # fmt: skip
    (one,) = findings(result_of(tmp_path / "r", found))
    assert "strongest" not in one.text
    said = "Possibly as strong (the intervals overlap; the difference itself is not tested here): "
    assert said + "Inclusive climate (−.21)." in one.text


def test_an_unsure_path_that_may_be_stronger_leaves_no_strongest(tmp_path: Path) -> None:
    found = {
        "wendbaar": (0.25, -0.02, 0.52), "inclusief": (0.20, 0.16, 0.24), "veilig": (0.10, 0.08, 0.12),
        "procedureel": (0.02, 0.01, 0.03), "maatschappelijk": (0.02, 0.01, 0.03),
    }  # fmt: skip
    (one,) = findings(result_of(tmp_path / "r", found))
    assert one.text.startswith("Those who score higher on Inclusive climate score higher here on average")
    assert "strongest" not in one.text
    assert "Unsure, as the interval contains 0: Agile culture (.25)." in one.text


def test_intervals_apart_are_a_difference_whatever_the_covariance() -> None:
    """se(a - b) <= se(a) + se(b), so |a - b| > 1.96 (se(a) + se(b)) is enough."""
    rng = np.random.default_rng(2)
    a, b, one, other = 0.30, 0.20, *rng.uniform(0.001, 0.04, (2, 1000))
    correlation = rng.uniform(-1, 1, 1000)
    apart = a - 1.96 * one > b + 1.96 * other
    error = np.sqrt(one**2 + other**2 - 2 * correlation * one * other)
    assert 0 < apart.sum() < len(apart)
    assert ((a - b) / error > 1.96)[apart].all()
    # and the reverse does not hold: intervals that overlap, with a difference that is clear
    assert ((a - b) / error > 1.96)[~apart].any()


@pytest.mark.parametrize(
    ("limits", "said"),
    [((0.01, 0.0, 0.02), "No predictor is more than negligibly"), ((0.1, -0.1, 0.3), "No predictor is sure")],
)
def test_nothing_that_matters_is_said_as_such(
    tmp_path: Path, limits: tuple[float, float, float], said: str
) -> None:
    (one,) = findings(result_of(tmp_path / "r", dict.fromkeys(PATHS, limits)))
    assert one.text.startswith(said)


def test_outcomes_that_predict_nothing_come_first(tmp_path: Path) -> None:
    found = outcomes_of(read_result(make_result(tmp_path / "r", "mediatie")))
    assert [one.outcome for one in found][:3] == ["effectiviteit", "efficientie", "legitimiteit"]
    assert [one.final for one in found] == [True, True, True, False, False]


def test_the_key_figure_holds_the_largest_paths_of_a_screen(tmp_path: Path) -> None:
    figure = key_figure(read_result(make_result(tmp_path / "r", "mediatie", "en")))
    assert sum(len(one.rows) for one in figure.outcomes) <= 20
    assert "The 4 largest per outcome" in figure.notes[1]
    assert [row.value for row in figure.outcomes[0].rows] == sorted(
        (row.value for row in figure.outcomes[0].rows), reverse=True
    )


def test_where_methods_differ_the_paths_are_named_with_their_values(tmp_path: Path) -> None:
    folder = make_result(tmp_path / "r", "binding", "en")
    path = folder / "comparison.csv"
    table = pd.read_csv(path, keep_default_na=False)
    mine = (table["lhs"] == "betrokkenheid") & (table["rhs"] == "veilig") & (table["group"] == "all")
    for column, value in {"ols": 0.31, "sem": -0.12, "bayes": 0.3}.items():
        table[column] = pd.to_numeric(table[column])
        table.loc[mine, column] = value
    table.loc[mine, "verdict"] = "sign differs"
    table.to_csv(path, index=False)
    said = dict(certainty(read_result(folder)))["Methods"]
    assert "Psychologically safe climate → Commitment (OLS .31, SEM −.12, Posterior .30)" in said
    assert "near 0" not in said


def test_what_is_significant_and_negligible_is_counted(tmp_path: Path) -> None:
    folder = make_result(tmp_path / "r", "binding", "en")
    small = [
        (one.outcome, p.predictor) for one in outcomes_of(read_result(folder)) for p in one.paths
        if p.size == "negligible"
    ]  # fmt: skip
    assert len(small) == 3
    path = folder / "estimates.csv"
    table = pd.read_csv(path, keep_default_na=False)
    mine = (table["engine"] == "sem") & (table["op"] == "~")
    table["pvalue"] = table["pvalue"].astype(str)
    table.loc[mine, "pvalue"] = ["0.001" if (y, x) == small[0] else "0.2" for y, x in zip(
        table.loc[mine, "lhs"], table.loc[mine, "rhs"], strict=True)]  # fmt: skip
    table.to_csv(path, index=False)
    said = dict(certainty(read_result(folder)))["Significant or large"]
    assert said.startswith("Significant but negligibly small: 1 of the 1 significant paths.")


def test_another_sign_by_another_method_is_said_with_the_finding(tmp_path: Path) -> None:
    folder = make_result(tmp_path / "b", "binding", "nl")
    path = folder / "comparison.csv"
    table = pd.read_csv(path, keep_default_na=False)
    mine = (table["lhs"] == "betrokkenheid") & (table["rhs"] == "wendbaar") & (table["group"] == "all")
    table.loc[mine, "verdict"] = "sign differs"
    table.to_csv(path, index=False)
    said = {one.title: one.text for one in findings(read_result(folder))}
    assert "een andere methode geeft hier het omgekeerde teken: Wendbare cultuur." in said["Betrokkenheid"]
    assert sum("omgekeerde teken" in text for text in said.values()) == 1

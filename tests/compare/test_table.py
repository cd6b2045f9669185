from __future__ import annotations

import io
import math

import pandas as pd
import pytest

from werksem.compare.cells import csv_text, read_table
from werksem.compare.table import COLUMNS, TEXT, comparison, verdict
from werksem.estimates import estimates_table


def row(engine: str, std: float, *, group: str = "all", rhs: str = "x", **more: object) -> dict[str, object]:
    return {
        "engine": engine,
        "group": group,
        "lhs": "y",
        "op": "~",
        "rhs": rhs,
        "std": std,
        "status": "ok",
        **more,
    }


def test_one_row_per_path_and_group_in_the_promised_columns() -> None:
    estimates = estimates_table(
        [
            row("ols", 0.30, std_ci_lower=0.28, std_ci_upper=0.32),
            row("ols", 0.10, rhs="w"),
            {"engine": "ols", "group": "all", "lhs": "y", "op": "~1"},
            row("sem", 0.41),
            row("bootstrap", 0.41, std_ci_lower=0.38, std_ci_upper=0.44),
            row("bayes", 0.20, group="Rijk"),
            row("bayes", 0.31),
        ]
    )
    published = pd.DataFrame([{"lhs": "y", "rhs": "x", "group": "all", "beta": 0.29, "stars": "***"}])
    share = pd.DataFrame([{"lhs": "y", "rhs": "x", "group": "Rijk", "value": 0.4}])
    sizes = {"ols": {"y": 90}, "sem": {"all": 80}, "bootstrap": 80, "bayes": {"y": {"all": 85, "Rijk": 40}}}
    table = comparison(estimates, published, sizes, share)
    assert tuple(table.columns) == COLUMNS
    assert list(zip(table["rhs"], table["group"], strict=True)) == [("x", "all"), ("x", "Rijk"), ("w", "all")]
    first, rijk, other = table.to_dict("records")
    assert (first["published"], first["ols"], first["sem"], first["bayes"]) == (0.29, 0.30, 0.41, 0.31)
    assert (first["ols_ci_lower"], first["bootstrap_ci_upper"]) == (0.28, 0.44)
    assert first["verdict"] == "differ > .05"
    assert (first["n_ols"], first["n_sem"], first["n_bootstrap"], first["n_bayes"]) == (90, 80, 80, 85)
    assert (rijk["bayes"], rijk["bayes_pooled_share"], rijk["n_bayes"], rijk["verdict"]) == (0.2, 0.4, 40, "")
    assert pd.isna(other["n_sem"])
    assert math.isnan(other["published"])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.30, 0.35], "agree"),
        ([0.55, 0.50], "agree"),
        ([0.30, 0.3501], "differ > .05"),
        ([0.02, -0.02], "sign differs"),
        ([0.019, -0.02], "agree"),
        ([0.30, -0.01], "differ > .05"),
        ([0.30, math.nan], ""),
        ([], ""),
    ],
)
def test_verdict_at_its_boundaries(values: list[float], expected: str) -> None:
    assert verdict(values) == expected


@pytest.mark.parametrize("status", ["not_converged", "rhat"])
def test_an_estimate_that_did_not_converge_is_shown_but_does_not_enter(status: str) -> None:
    table = comparison(estimates_table([row("ols", 0.3), row("sem", -0.9, status=status)]))
    assert table.loc[0, "sem"] == -0.9
    assert table.loc[0, "verdict"] == ""


def test_a_posterior_of_a_latent_response_is_shown_but_does_not_enter() -> None:
    rows = estimates_table([row("ols", 0.3), row("sem", 0.31), row("bayes", 0.45)])
    outcome = str(rows.loc[0, "lhs"])
    assert comparison(rows).loc[0, "verdict"] == "differ > .05"
    table = comparison(rows, latent_responses=(outcome,))
    assert table.loc[0, ["bayes", "verdict"]].tolist() == [0.45, "agree"]


def test_a_model_without_paths_gives_an_empty_table() -> None:
    table = comparison(estimates_table([{"engine": "sem", "lhs": "f", "op": "=~", "rhs": "i"}]))
    assert len(table) == 0
    assert tuple(table.columns) == COLUMNS


def test_group_labels_survive_csv_byte_for_byte() -> None:
    labels = ["=1+1", "+x", "-", "@a", "NA", 'zeg "ja"', "a, b", "twee\nregels", "Rechterlijke macht"]
    table = comparison(estimates_table([row("bayes", 0.1, group=label) for label in labels]))
    text = csv_text(table)
    assert "y,x,'=1+1," in text
    assert "y,x,Rechterlijke macht," in text
    again = read_table(io.StringIO(text), TEXT)  # type: ignore[arg-type]
    assert again["group"].tolist() == labels
    assert again["bayes"].tolist() == [0.1] * len(labels)


def test_a_bootstrap_alone_shows_the_estimate_it_is_around() -> None:
    alone = row("bootstrap", 0.41, std_ci_lower=0.38, std_ci_upper=0.44)
    table = comparison(estimates_table([alone]))
    assert table.loc[0, ["sem", "bootstrap_ci_lower"]].tolist() == [0.41, 0.38]
    assert math.isnan(table.loc[0, "sem_ci_lower"])

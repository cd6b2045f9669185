"""Means and correlations of scale means, against base R and R's survey (``reference/correlations.R``)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cases import REFERENCE
from werksem.describe.ratios import Design
from werksem.engines.scales import correlations_of, scales_of, scales_tables
from werksem.inputs import read_inputs
from werksem.spec.disclosure import Disclosure
from werksem.spec.load import load_study

RULE = Disclosure()
SAMPLE = pd.read_csv(REFERENCE / "survey_sample.csv")
R = pd.read_csv(REFERENCE / "correlations.csv")


def design(name: str) -> Design:
    codes = {key: pd.factorize(SAMPLE[key])[0].astype(np.int64) for key in ("psu", "stratum", "region")}
    weights = SAMPLE["weight"].to_numpy()
    if name == "fpc":
        clusters = SAMPLE.groupby("region")["psu"].transform("nunique").to_numpy()
        population = SAMPLE["population"].to_numpy(dtype=float)
        return Design(population / clusters, codes["psu"], codes["region"], clusters / population)
    return {
        "classical": Design(),
        "weights": Design(weights),
        "cluster": Design(weights, codes["psu"]),
        "strata": Design(weights, codes["psu"], codes["stratum"]),
    }[name]


@pytest.mark.parametrize("name", R["design"].unique())
def test_correlations_and_their_errors_equal_those_of_r(name: str) -> None:
    found = correlations_of(SAMPLE[["x1", "x2", "y"]], design(name))
    expected = R[R["design"] == name]
    assert found[["lhs", "rhs", "n", "df"]].to_numpy().tolist() == (
        expected[["lhs", "rhs", "n", "df"]].to_numpy().tolist()
    )
    for ours, theirs in (("r", "r"), ("se", "se"), ("pvalue", "p")):
        np.testing.assert_allclose(found[ours], expected[theirs], rtol=1e-9)


def test_blanks_leave_out_a_pair_and_not_a_respondent() -> None:
    frame = SAMPLE[["x1", "x2", "y"]].copy()
    frame.loc[:4, "x2"] = np.nan
    found = correlations_of(frame, Design()).set_index(["lhs", "rhs"])
    assert found["n"].tolist() == [50, 55, 50]
    assert found.loc[("x2", "x1"), "r"] == pytest.approx(frame.dropna()[["x1", "x2"]].corr().iloc[0, 1])
    assert found.loc[("y", "x1"), "r"] == pytest.approx(frame[["x1", "y"]].corr().iloc[0, 1])


def test_what_does_not_vary_has_no_correlation() -> None:
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0, 5.0], "b": [2.0] * 4, "c": [np.nan] * 4})
    found = correlations_of(frame, Design())
    assert found["r"].isna().all()
    assert found["pvalue"].isna().all()
    table = scales_of(frame, RULE)
    assert table["n"].tolist() == [4, 4, 0]
    assert table["sd"].iloc[1] == 0
    assert np.isnan(table["mean"].iloc[2])


def test_moments_give_the_same_tables_as_their_respondents(tmp_path: Path) -> None:
    frame = SAMPLE[["x1", "x2", "y"]]
    frame.to_csv(tmp_path / "d.csv", index=False)
    rows = "\n".join(
        f"      {a}: [{', '.join(f'{frame[a].corr(frame[b]):.15f}' for b in frame)}]" for a in frame
    )
    sd = ", ".join(f"{name}: {frame[name].std():.15f}" for name in frame)
    mean = ", ".join(f"{name}: {frame[name].mean():.15f}" for name in frame)
    given = (
        f"data:\n  moments:\n    n: 55\n    sd: {{{sd}}}\n    mean: {{{mean}}}\n    correlation:\n{rows}\n"
    )
    tables = []
    for data in ("data: {file: d.csv}\n", given):
        text = f"study: a\nmodel: {{syntax: y ~ x1 + x2}}\n{data}ols: {{}}\n"
        (tmp_path / "s.yaml").write_text(text)
        study, model = load_study(tmp_path / "s.yaml")
        tables.append(scales_tables(read_inputs(study, model), model, RULE))
    known = [part["scales"].set_index("scale").loc[list(frame), ["n", "mean", "sd"]] for part in tables]
    np.testing.assert_allclose(known[0], known[1], rtol=1e-12)
    pairs = [
        {frozenset((row.lhs, row.rhs)): (row.r, row.pvalue) for row in part["correlations"].itertuples()}
        for part in tables
    ]
    assert pairs[0].keys() == pairs[1].keys()
    for pair, values in pairs[0].items():
        np.testing.assert_allclose(values, pairs[1][pair], rtol=1e-9)

"""Weighted means and shares with their covariance, against R's survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.describe.ratios import Design, ratios

REFERENCE = Path(__file__).resolve().parents[1] / "reference" / "describe"


def data() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "ratios_data.csv")


def design(name: str, frame: pd.DataFrame) -> Design:
    cluster = frame["c"].to_numpy() if name != "weights" else None
    stratum = frame["h"].to_numpy() if name in ("strata", "fpc") else None
    fraction = 10 / frame["fpc"].to_numpy(dtype=float) if name == "fpc" else None
    return Design(frame["w"].to_numpy(), cluster, stratum, fraction)


@pytest.mark.parametrize("name", ["weights", "cluster", "strata", "fpc"])
def test_means_of_groups_equal_those_of_survey(name: str) -> None:
    frame = data()
    base = np.stack([frame["g"] == g for g in "abc"], axis=1)
    y = np.repeat(frame["y"].to_numpy()[:, None], 3, axis=1)
    found = ratios(y, base, design(name, frame))
    expected = pd.read_csv(REFERENCE / "ratios.csv").query("design == @name")
    np.testing.assert_allclose(found.value, expected["value"].to_numpy()[:3], rtol=1e-12)
    np.testing.assert_allclose(found.cov.ravel(), expected["cov"].to_numpy(), rtol=1e-10, atol=1e-16)


def test_a_mean_of_all_has_the_textbook_error() -> None:
    y = np.random.default_rng(1).normal(size=(50, 1))
    found = ratios(y, np.ones((50, 1), dtype=bool), Design())
    assert found.se[0] == pytest.approx(y.std(ddof=1) / np.sqrt(50), rel=1e-12)
    assert found.n.tolist() == [50]


def test_an_empty_base_has_no_value() -> None:
    found = ratios(np.ones((4, 2)), np.array([[True, False]] * 4), Design())
    assert np.isnan(found.value[1])
    assert np.isnan(found.cov[0, 1])
    assert found.n.tolist() == [4, 0]

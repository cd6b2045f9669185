"""Weighted means and shares with their covariance, against R's survey."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.describe.intervals import degrees
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


def test_clusters_may_be_numbered_within_their_strata() -> None:
    """As ``svydesign(nest=TRUE)``: codes that begin again in every stratum are clusters of their own."""
    frame = data()
    y, base = frame[["y"]].to_numpy(), np.ones((len(frame), 1), dtype=bool)
    across = design("strata", frame)
    assert across.stratum is not None
    assert (frame.groupby("c")["h"].nunique() == 1).all()
    again = frame.groupby("h")["c"].transform(lambda codes: codes.rank(method="dense")).to_numpy(dtype=int)
    assert len(np.unique(again)) < frame["c"].nunique()
    within = replace(across, cluster=again)
    one, other = ratios(y, base, across), ratios(y, base, within)
    np.testing.assert_allclose(other.cov, one.cov, rtol=1e-12)
    assert other.units.tolist() == one.units.tolist() == [frame["c"].nunique()]
    whole = base[:, 0]
    expected = frame["c"].nunique() - frame["h"].nunique()
    assert degrees(whole, within) == degrees(whole, across) == expected

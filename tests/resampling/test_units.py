"""Schemes: what is drawn, whether its moments are those of copied rows, and its spread."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.cases import shared_csv, spec_of
from werksem.bootstrap.run import bootstrap
from werksem.errors import EstimationError
from werksem.estimators.ml import fit_ml
from werksem.inference.robust import robust_inference
from werksem.kernels.resample import case_counts
from werksem.model import build_model
from werksem.moments import moments
from werksem.resampling.products import block_moments
from werksem.resampling.units import resampling_units
from werksem.respondents import Respondents
from werksem.rows import Options

RNG = np.random.default_rng(3)
ROWS = RNG.integers(1, 6, (240, 4)).astype(float)
CLUSTER = RNG.integers(0, 30, 240)
STRATUM = CLUSTER % 3
WEIGHTS = RNG.uniform(0.4, 2.5, 240)


def copied(units, counts: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (rows, weights) that a resample's counts stand for, unit by unit."""
    times = counts[owner].astype(int)
    return np.repeat(ROWS, times, axis=0), np.repeat(WEIGHTS, times)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("scheme", ["cases", "strata", "cluster"])
def test_moments_are_those_of_copied_rows(scheme: str, weighted: bool) -> None:
    data = Respondents(ROWS, WEIGHTS if weighted else None, CLUSTER, STRATUM)
    units = resampling_units(data, scheme)
    counts = np.zeros((4, units.count), dtype=np.float32)
    case_counts(5, 0, 0, units.starts, counts)
    mean, cov = block_moments(units.source, counts)
    order = np.argsort(STRATUM, kind="stable")
    owner = np.argsort(order) if scheme == "strata" else np.arange(240)
    if scheme == "cluster":
        by_stratum = np.argsort(np.arange(30) % 3, kind="stable")
        owner = np.argsort(by_stratum)[CLUSTER]
    for r in range(4):
        rows, weights = copied(units, counts[r], owner)
        expected = moments(rows, list("abcd"), weights=weights if weighted else None)
        assert np.allclose(mean[r], expected.mean, atol=1e-12)
        assert np.allclose(cov[r], expected.cov, atol=1e-12)


def test_strata_and_clusters_keep_their_numbers() -> None:
    units = resampling_units(Respondents(ROWS, None, CLUSTER, STRATUM), "cluster")
    assert units.starts.tolist() == [0, 10, 20, 30]
    counts = np.zeros((50, 30), dtype=np.float32)
    case_counts(1, 0, 0, units.starts, counts)
    for begin, end in zip(units.starts, units.starts[1:], strict=False):
        assert (counts[:, begin:end].sum(axis=1) == 10).all()


def test_designs_that_cannot_be_resampled_are_refused() -> None:
    with pytest.raises(EstimationError, match=r"needs data\.cluster"):
        resampling_units(Respondents(ROWS), "cluster")
    with pytest.raises(EstimationError, match=r"needs data\.strata"):
        resampling_units(Respondents(ROWS), "strata")
    with pytest.raises(EstimationError, match="nested in strata"):
        resampling_units(Respondents(ROWS, None, CLUSTER, np.arange(240) % 2), "cluster")


def test_cluster_bootstrap_has_the_spread_of_the_cluster_sandwich() -> None:
    """Both estimate the same standard errors; 400 replicates of 200 clusters leave some 5 % of noise."""
    data = shared_csv("lavaan_classic", "Demo_twolevel.csv")
    model = build_model(spec_of("f1 =~ y1 + y2 + y3\nf2 =~ y4 + y5 + y6\nf2 ~ f1"), options=Options(True))
    rows = data[list(model.observed)].to_numpy(dtype=float)
    people = Respondents(rows, None, pd.factorize(data["cluster"])[0])
    found = moments(rows, model.observed)
    fit = fit_ml(model, [found])
    done = bootstrap(model, [found], fit, [resampling_units(people, "cluster")], replicates=400, seed=1)
    spread = done.theta.std(axis=0)
    expected = np.sqrt(np.diag(robust_inference(model, [found], fit, [people], kind="MLR").vcov))
    assert np.median(spread / expected) == pytest.approx(1.0, abs=0.05)
    assert np.abs(spread / expected - 1).max() < 0.25

"""Bollen-Stine: the model is true in the transformed data, and lavaan's resamples give its chi-squares."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.cases import REFERENCE, case
from werksem.errors import EstimationError
from werksem.estimators.ml import fit_ml
from werksem.implied import implied_moments
from werksem.inference.model_fit import measures
from werksem.moments import Moments
from werksem.resampling.bollen_stine import (
    bollen_stine_moments,
    bollen_stine_pvalue,
    bollen_stine_transform,
)
from werksem.resampling.products import block_moments, products


def reference(kind: str) -> np.ndarray:
    found = pd.read_csv(REFERENCE / "bollen_stine.csv")
    return found.loc[found["means"] == kind, "chisq"].to_numpy()


@pytest.mark.parametrize("means", [False, True])
def test_given_resamples_give_the_chi_squares_of_lavaan(means: bool) -> None:
    """bootstrapLavaan(type = "bollen.stine") on the Holzinger model, refitted replicate by replicate."""
    _, model, sample, rows = case("holzinger", mean_structure=means)
    fit = fit_ml(model, [sample])
    mu, Sigma = implied_moments(model, fit.theta)
    T = bollen_stine_transform(sample.cov, Sigma)
    drawn = np.loadtxt(REFERENCE / "bollen_stine_indices.csv", delimiter=",", skiprows=1, dtype=int)
    counts = np.stack([np.bincount(replicate, minlength=len(rows)) for replicate in drawn]).astype(float)
    resampled, covs = block_moments(products(rows), counts)
    resampled, covs = bollen_stine_moments(resampled, covs, T, sample.mean, mu if means else np.zeros(9))
    chisq = []
    for mean, cov in zip(resampled, covs, strict=True):
        found = Moments(sample.names, sample.n, mean, cov)
        chisq.append(measures(model, [found], fit_ml(model, [found]))["chisq"])
    expected = reference("true" if means else "false")
    assert measures(model, [sample], fit)["chisq"] == pytest.approx(expected[0], abs=1e-7)
    # lavaan's own two forms, which have one answer, are 1.5e-7 apart
    assert chisq == pytest.approx(expected[1:], abs=3e-7 if means else 3e-8)


def test_the_model_is_true_in_the_transformed_rows() -> None:
    _, model, sample, rows = case("democracy", mean_structure=True)
    mu, Sigma = implied_moments(model, fit_ml(model, [sample]).theta)
    T = bollen_stine_transform(sample.cov, Sigma)
    transformed = (rows - sample.mean) @ T.T + mu
    assert np.allclose(transformed.mean(axis=0), mu, atol=1e-12)
    assert np.allclose(np.cov(transformed.T, bias=True), Sigma, atol=1e-10)
    assert not np.allclose(T, T.T)
    picked = np.random.default_rng(2).integers(0, len(rows), (3, len(rows)))
    means = np.stack([rows[i].mean(axis=0) for i in picked])
    covs = np.stack([np.cov(rows[i].T, bias=True) for i in picked])
    by_moments = bollen_stine_moments(means, covs, T, sample.mean, mu)
    assert np.allclose(by_moments[0], [transformed[i].mean(axis=0) for i in picked], atol=1e-11)
    assert np.allclose(by_moments[1], [np.cov(transformed[i].T, bias=True) for i in picked], atol=1e-10)


def test_the_p_value_is_lavaans() -> None:
    """sem(test = "bollen.stine") on Political Democracy: the share of its 50 replicates above its test."""
    replicates = reference("refit")
    assert len(replicates) == 50
    pvalue = reference("pvalue").item()
    assert 0 < pvalue < 1
    assert bollen_stine_pvalue(reference("test").item(), replicates) == pytest.approx(pvalue)
    assert np.isnan(bollen_stine_pvalue(1.0, np.array([np.nan])))


def test_singular_covariances_are_refused() -> None:
    with pytest.raises(EstimationError, match="positive definite"):
        bollen_stine_transform(np.ones((2, 2)), np.eye(2))

"""PSIS-LOO in blocks against ArviZ on the whole array, and its memory at full size."""

from __future__ import annotations

import tracemalloc

import arviz as az
import numpy as np
import pytest
from scipy import stats

from tests.bayes.cases import TWO, arrays, survey
from tests.bayes.checks.cases import plain_draws
from werksem.bayes.checks import loo as blocks
from werksem.bayes.checks.loo_normal import loo, normal_density
from werksem.bayes.checks.loo_scores import loo_scores
from werksem.bayes.statistics import group_labels

GROUPS = ("a", "b", "c")


def answers(seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    p, S = 4, 200
    A = rng.standard_normal((p, p))
    base = A @ A.T + np.eye(p)
    E = 0.15 * rng.standard_normal((S, 3, p, p))
    Sigma = base + (E + np.swapaxes(E, 2, 3)) / 2 + 0.3 * np.eye(p)
    mu = 50.0 + 0.2 * rng.standard_normal((S, 3, p))
    return rng.multivariate_normal(np.full(p, 50.0), base, 70), rng.integers(0, 3, 70), mu, Sigma


def table_of(log_likelihood: np.ndarray) -> az.ELPDData:
    """Return ArviZ's LOO of log densities (N, S)."""
    posterior = {"t": np.zeros((1, log_likelihood.shape[1]))}
    data = az.from_dict(posterior=posterior, log_likelihood={"y": log_likelihood.T[None]})
    return az.loo(data, reff=1.0, pointwise=True)


def every_density(rows: np.ndarray, code: np.ndarray, mu: np.ndarray, Sigma: np.ndarray) -> np.ndarray:
    out = np.empty((len(rows), len(mu)))
    for i, row in enumerate(rows):
        at = np.isfinite(row)
        for s in range(len(mu)):
            m, V = mu[s, code[i], at], Sigma[s, code[i]][np.ix_(at, at)]
            out[i, s] = stats.multivariate_normal(m, V).logpdf(row[at])
    return out


def test_normal_answers_as_arviz_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 16)
    rows, code, mu, Sigma = answers()
    expected = table_of(every_density(rows, code, mu, Sigma))
    found = loo(rows, code, GROUPS, mu, Sigma).set_index("group")
    assert found.loc["all", "elpd"] == pytest.approx(expected.elpd_loo, abs=1e-8)
    assert found.loc["all", "se"] == pytest.approx(expected.se, abs=1e-8)
    assert found.loc["all", "p_loo"] == pytest.approx(expected.p_loo, abs=1e-8)
    k, each = expected.pareto_k.to_numpy(), expected.loo_i.to_numpy()
    assert found.loc["all", "k_max"] == pytest.approx(k.max(), abs=1e-8)
    assert found.loc["all", "k_limit"] == pytest.approx(expected.good_k)
    for g, group in enumerate(GROUPS):
        assert found.loc[group, "elpd"] == pytest.approx(each[code == g].sum(), abs=1e-8)
        assert found.loc[group, "k_high"] == (k[code == g] > expected.good_k).sum()
        assert found.loc[group, "n"] == (code == g).sum()


def test_blank_answers_are_integrated_out() -> None:
    rows, code, mu, Sigma = answers()
    rng = np.random.default_rng(1)
    rows[rng.random(rows.shape) < 0.3] = np.nan
    rows[5] = np.nan
    code[7] = -1
    found = normal_density(rows, code, mu, Sigma, np.arange(len(mu)))(np.arange(len(rows)))
    known = np.isfinite(rows).any(axis=1) & (code >= 0)
    assert np.isnan(found[~known]).all()
    expected = every_density(rows[known], code[known], mu, Sigma)
    np.testing.assert_allclose(found[known], expected, rtol=0, atol=1e-9)


@pytest.mark.filterwarnings("ignore:Estimated shape parameter")  # ArviZ says it, loo.csv counts it
def test_regressions_as_arviz_has_them() -> None:
    frame = survey()
    model = arrays(frame)
    labels, code = group_labels(frame["sector"], len(frame))
    rng = np.random.default_rng(6)
    S, G = 250, len(labels)
    b = np.array([1.0, 0.4, 0.2]) + 0.03 * rng.standard_normal((S, 2, G, 3))
    sigma = 0.7 + 0.03 * rng.standard_normal((S, 2))
    draws = plain_draws(b, sigma)
    codes = np.array([
        np.where(frame[[*e.predictors, e.outcome]].notna().all(axis=1), code, -1) for e in TWO
    ])  # fmt: skip
    found = loo_scores(model, draws, frame, codes).set_index(["variable", "group"])
    rows = frame[["betrokkenheid", "vertrek"]].to_numpy()
    keep = np.isfinite(rows).all(axis=1)
    mean = b[:, 1, code[keep], 0] + b[:, 1, code[keep], 1] * rows[keep, 0]
    expected = table_of(stats.norm(mean, sigma[:, 1:]).logpdf(rows[keep, 1]).T)
    every = found.loc[("vertrek", "all")]
    assert every["elpd"] == pytest.approx(expected.elpd_loo, abs=1e-8)
    assert every["n"] == keep.sum()
    assert found.loc[("vertrek", "Eén"), "n"] == 1
    assert np.isnan(found.loc[("vertrek", "Eén"), "se"])
    assert set(found.index.get_level_values(0)) == {equation.outcome for equation in TWO}


@pytest.mark.slow
def test_memory_at_full_size() -> None:
    """40,000 respondents, 1,000 draws: 320 MB as one array, of which a block is held."""
    rng = np.random.default_rng(1)
    N, p, S = 40_000, 20, 1000
    rows = rng.standard_normal((N, p))
    Sigma = np.broadcast_to(np.eye(p), (S, 3, p, p)) * (1 + 0.01 * rng.standard_normal((S, 1, 1, 1)))
    mu = 0.02 * rng.standard_normal((S, 3, p))
    tracemalloc.start()
    found = loo(rows, rng.integers(0, 3, N), GROUPS, mu, Sigma)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found["n"].tolist()[0] == N
    assert peak < 200e6

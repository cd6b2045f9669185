"""Replicated moments are those of respondents that were never drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.bayes.cases import TWO, arrays, survey
from tests.bayes.checks.cases import plain_draws
from werksem.bayes.checks.cuts import Cut, agreeing, scale_cuts
from werksem.bayes.checks.predictive import predictive_table
from werksem.bayes.checks.predictive_scores import predictive_scores
from werksem.bayes.checks.replicates import replicated_cov, replicated_mean, replicated_share
from werksem.spec.types import Equation, ModelSpec, Scale

SIGMA = np.array([[2.0, 0.9, -0.4], [0.9, 1.0, 0.1], [-0.4, 0.1, 0.5]])
SAME = 1e-3  # the smallest p-value of a two-sample test by fixed seeds


def same(first: np.ndarray, second: np.ndarray) -> bool:
    return stats.ks_2samp(first, second).pvalue > SAME


@pytest.mark.parametrize("n", [2, 3, 4, 9, 250])
def test_covariances_are_those_of_drawn_respondents(n: int) -> None:
    rng = np.random.default_rng(n)
    S = 4000
    found = replicated_cov(np.broadcast_to(SIGMA, (S, 3, 3)), n, rng)
    rows = rng.multivariate_normal(np.zeros(3), SIGMA, (S, n))
    drawn = np.array([np.cov(part.T) for part in rows])
    for i, j in [(0, 0), (1, 1), (0, 1), (0, 2)]:
        assert same(found[:, i, j], drawn[:, i, j])
    assert same(np.linalg.det(found[:, :2, :2]), np.linalg.det(drawn[:, :2, :2]))


def test_means_and_shares_are_those_of_drawn_respondents() -> None:
    rng = np.random.default_rng(2)
    mu, variance = np.tile([3.2, 4.1], (4000, 1)), np.tile([0.8, 1.3], (4000, 1))
    rows = mu[:, None] + np.sqrt(variance[:, None]) * rng.standard_normal((4000, 20, 2))
    assert same(replicated_mean(mu, variance, 20, rng)[:, 1], rows.mean(axis=1)[:, 1])
    share, drawn = replicated_share(mu, variance, np.array([3.5, np.nan]), 20, rng)
    expected = stats.norm(3.2, np.sqrt(0.8)).sf(3.5)
    assert share[0, 0] == pytest.approx(expected, rel=1e-12)
    counts = stats.binom(20, expected).pmf(np.arange(21)) * 4000
    seen = np.bincount((drawn[:, 0] * 20).round().astype(int), minlength=21)
    often = counts > 5
    assert stats.chisquare(seen[often], counts[often] * seen[often].sum() / counts[often].sum()).pvalue > SAME
    assert np.isnan(drawn[:, 1]).all()


def moments(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return rows.mean(axis=0)[None], np.cov(rows.T)[None], (rows >= 3.5).mean(axis=0)[None]


def ppp(Sigma: np.ndarray, seed: int, n: int = 60) -> pd.Series:
    """Return the p-values when respondents come from SIGMA and the model says Sigma."""
    rng = np.random.default_rng(seed)
    rows = 3.0 + rng.multivariate_normal(np.zeros(3), SIGMA, n)
    mean, cov, share = moments(rows)
    mu = np.full((400, 1, 3), 3.0)
    table = predictive_table(
        "abc", ["g"], np.array([n]), mean, cov, share, mu, np.broadcast_to(Sigma, (400, 1, 3, 3)),
        np.full(3, 3.5), rng,
    )  # fmt: skip
    return table.set_index(["statistic", "variable"])["ppp"]


def test_p_values_are_uniform_where_the_parameters_are_known() -> None:
    found = pd.DataFrame([ppp(SIGMA, seed) for seed in range(300)])
    for name in [("mean", "a"), ("sd", "b"), ("covariance", ""), ("top2box", "c")]:
        assert stats.kstest(found[name], "uniform").pvalue > SAME


def test_p_values_are_extreme_where_the_model_is_wrong() -> None:
    wrong = pd.DataFrame([ppp(np.diag(np.diag(SIGMA)), seed, n=400) for seed in range(20)])
    assert (wrong["covariance", ""] < 0.01).all()
    assert stats.kstest(wrong["sd", "b"], "uniform").pvalue > SAME
    wide = pd.DataFrame([ppp(4 * SIGMA, seed, n=400) for seed in range(20)])
    assert (wide["sd", "a"] > 0.99).all()


def test_groups_of_one_and_none() -> None:
    n = np.array([1.0, 0.0])
    nan = np.full((2, 2), np.nan)
    table = predictive_table(
        ["a", "b"], ["one", "none"], n, np.array([[3.0, 4.0], [np.nan, np.nan]]), np.full((2, 2, 2), np.nan),
        np.array([[0.0, 1.0], *nan[:1]]), np.zeros((5, 2, 2)), np.broadcast_to(np.eye(2), (5, 2, 2, 2)),
        np.array([3.5, np.nan]), np.random.default_rng(1),
    )  # fmt: skip
    assert table[["group", "statistic", "variable"]].to_numpy().tolist() == [
        ["one", "mean", "a"], ["one", "mean", "b"], ["one", "top2box", "a"],
    ]  # fmt: skip


def test_regressions_predict_what_their_rows_would() -> None:
    """Replicated by sufficient statistics as by outcomes drawn row by row, in groups of 25 and of 3."""
    frame = survey()
    model = arrays(frame)
    S, G = 400, len(model.groups)
    b = np.zeros((S, 2, G, 3))
    b[:, 0], b[:, 1, :, :2] = [1.0, 0.4, 0.2], [4.5, -0.5]
    draws = plain_draws(b, np.full((S, 2), 0.7))
    rng = np.random.default_rng(4)
    tables = [predictive_scores(model, draws, np.full((2, G), 0.5), {"betrokkenheid": Cut(3.5, 3.5)}, rng)
              for _ in range(20)]  # fmt: skip
    limits = sum(t.set_index(["group", "statistic", "variable"])[["predicted", "ci_lower", "ci_upper"]]
                 for t in tables) / 20  # fmt: skip
    for group in ("GR", "Waterschappen"):
        x = frame.loc[frame["sector"] == group, list(TWO[0].predictors)].to_numpy()
        y = 1.0 + x @ [0.4, 0.2] + 0.7 * rng.standard_normal((20000, len(x)))
        xy = np.einsum("ri,ij->rj", y, x - x.mean(axis=0)) / (len(x) - 1)
        drawn = {
            ("mean", ""): y.mean(axis=1),
            ("sd", ""): y.std(axis=1, ddof=1),
            ("covariance", "~~veilig"): xy[:, 0],
        }
        for (statistic, suffix), values in drawn.items():
            found = limits.loc[(group, statistic, "betrokkenheid" + suffix)].to_numpy()
            expected = [values.mean(), *np.quantile(values, [0.025, 0.975])]
            np.testing.assert_allclose(found, expected, atol=0.04 * values.std() + 0.01 * np.ptp(expected))
    assert ("Eén", "sd", "betrokkenheid") not in limits.index
    assert ("Eén", "top2box", "betrokkenheid") in limits.index


def test_cuts_lie_half_a_step_below_the_first_mean_that_counts() -> None:
    scales = tuple(
        Scale(f"f{m}", tuple(f"f{m}_{i}" for i in range(m)), scale=(1, 5)) for m in (1, 2, 3, 4, 5)
    )
    yes_no = Scale("leave", ("leave_1",), scale=(0, 1))
    found = scale_cuts(ModelSpec("m", (*scales, yes_no), ()))
    assert [found[f"f{m}"].below for m in (1, 2, 3, 4, 5)] == pytest.approx([3.5, 3.25, 3.5, 3.375, 3.5])
    assert "leave" not in found


def test_shares_count_weights_and_complete_rows() -> None:
    scores = pd.DataFrame({"x": [1.0, 2, np.nan, 3, 1], "y": [3.5, 3.4, 5, 4, 2]})
    code, weights = np.array([0, 0, 0, 1, -1]), np.array([3.0, 1, 5, 2, 9])
    found = agreeing(Equation("y", ("x",), ("y~x",)), scores, code, 3, weights, Cut(3.5, 3.5))
    np.testing.assert_array_equal(found, [0.75, 1.0, np.nan])

"""The smallest sector in which pooling pays: errors and pooling against closed forms and real fits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.bayes.cases import ONE, arrays
from werksem.bayes.prior_numbers import log_prior
from werksem.bayes.sample import Sampled
from werksem.calibrate import smallest_scores
from werksem.calibrate.sbc_scores import Ready
from werksem.calibrate.smallest_normal import Path, errors_of, normal_pooled
from werksem.calibrate.smallest_scores import sector
from werksem.calibrate.smallest_table import ANY, SECTOR, SMALLEST, Errors, smallest_table
from werksem.spec.priors import parse_prior
from werksem.spec.study import Bayes

BETA, TAU, UNIT = 0.3, 0.05, 1.0
SIZES = {"a": 900, "b": 400, "c": 250, "d": 120, "e": 60}


def known(tau: float = TAU) -> Path:
    """Return a path whose groups' SD is known: the prior leaves nothing else."""
    n = np.array([4000.0, 2000.0, 1000.0, 1000.0, 500.0])
    grid = parse_prior(f"uniform({tau * 0.999}, {tau * 1.001})")
    draws = np.full(400, tau)
    return Path("y", "x", tuple("abcde"), n, UNIT / np.sqrt(n), np.full(400, BETA), draws, 100.0, grid)


def test_pooling_in_closed_form_equals_quadrature() -> None:
    """The posterior of b_1 by integrating p(own | beta, tau) p(beta) p(tau) over a fine grid of both."""
    own, se = np.array([0.5, 0.2, 0.1]), np.array([0.2, 0.1, 0.3])
    prior, spread = parse_prior("halfnormal(.3)"), 0.8
    grid = np.linspace(0, 3, 1501)[1:]
    mean, sd = normal_pooled(own, se, grid, log_prior(prior, grid), spread)
    beta, tau = np.linspace(-3, 3, 1201)[:, None], grid[None]
    law = stats.norm.pdf(beta, 0, spread) * stats.halfnorm.pdf(tau, scale=0.3)
    for estimate, error in zip(own, se, strict=True):
        law = law * stats.norm.pdf(estimate, beta, np.hypot(error, tau))
    law /= law.sum()
    share = se[0] ** 2 / (se[0] ** 2 + tau**2)
    centre = share * beta + (1 - share) * own[0]
    expected = (law * centre).sum()
    variance = (law * (centre**2 + (1 - share) * se[0] ** 2)).sum() - expected**2
    assert mean[0] == pytest.approx(expected, abs=1e-6)
    assert sd[0] == pytest.approx(np.sqrt(variance), abs=1e-6)


def test_a_known_spread_gives_the_textbook_errors() -> None:
    """RMSE own = s, pooled = sqrt(s² tau² / (s² + tau²)) and a little for beta."""
    path = known()
    found = smallest_table(
        [row for i in range(400) for row in errors_of(path, i, i, np.random.default_rng(i))], "normal"
    )
    rows = found[(found["lhs"] == "y") & (found["group"] == SECTOR)]
    for row in rows.itertuples():
        s2 = UNIT**2 / float(row.n)
        tolerance = 4 / np.sqrt(2 * row.sectors)
        assert row.rmse_own == pytest.approx(np.sqrt(s2), rel=tolerance)
        least = s2 * TAU**2 / (s2 + TAU**2)
        beta = (s2 / (s2 + TAU**2)) ** 2 / (1 / (path.se**2 + TAU**2)).sum()
        assert row.rmse_pooled == pytest.approx(np.sqrt(least + beta), rel=tolerance)
        assert row.coverage_own == pytest.approx(0.95, abs=4 * np.sqrt(0.05 * 0.95 / row.sectors))
        assert row.coverage_pooled == pytest.approx(0.95, abs=4 * np.sqrt(0.05 * 0.95 / row.sectors))
    smallest = found[(found["lhs"] == "y") & (found["group"] == SMALLEST)].iloc[0]
    # own beats all together where s² < tau² + the error of beta: n near 1 / tau² = 400
    assert 250 < smallest["n_overall"] < 420
    # rmse 5 % larger where (s² + tau²) / tau² = 1.05²: n = 1 / (.1025 tau²) = 3,900
    assert 2500 < smallest["n_margin"] < 6000


def test_the_rule_of_thumb_is_own_from_a_hundred_on() -> None:
    rows = [Errors(i, "y", "x", g, n, 0.3, 0.1, 0.2, True, True)
            for i in range(3) for g, n in (("small", 99), ("large", 100), ("few", 9))]  # fmt: skip
    found = smallest_table(rows, "normal").set_index(["lhs", "group"])
    assert found.loc[("y", "small"), "rmse_rule"] == pytest.approx(0.2)
    assert found.loc[("y", "large"), "rmse_rule"] == pytest.approx(0.3)
    assert (ANY, "large") in found.index
    assert ("y", "few") not in found.index
    assert SMALLEST not in found.index.get_level_values("group")


def test_better_is_said_only_beyond_two_monte_carlo_errors() -> None:
    rng = np.random.default_rng(3)

    def table(own: float, pooled: float) -> pd.Series:
        rows = [Errors(i, "y", "x", SECTOR, 200, own * rng.standard_normal(), pooled * rng.standard_normal(),
                       0.5, True, True) for i in range(300)]  # fmt: skip
        return smallest_table(rows, "normal").iloc[0]

    assert table(1.0, 0.5)["better"] == "pooled"
    assert table(0.5, 1.0)["better"] == "own"
    same = table(1.0, 1.0)
    assert abs(same["difference"]) > 0
    assert same["better"] == "equal"
    # of the difference of two independent RMSEs: sqrt(2 / (2 R))
    assert same["mcse_difference"] == pytest.approx(np.sqrt(1 / 300), rel=0.3)


def test_the_size_within_five_percent_has_an_interval_that_holds_it() -> None:
    """own misses by e ~ N(0, s²), pooled by (1 - B) e + B d, d ~ N(0, tau²), B = s² / (s² + tau²): their
    RMSEs are 5 % apart at n = 1 / (.1025 tau²) = 3,902."""
    rng, tries, surveys = np.random.default_rng(12), 30, 150
    grid = np.array([500, 1000, 2000, 5000, 10000, 20000])
    s2 = UNIT**2 / grid
    B = s2 / (s2 + TAU**2)
    truth, held, sizes = 1 / ((1.05**2 - 1) * TAU**2), 0, []
    for _ in range(tries):
        own = np.sqrt(s2) * rng.standard_normal((surveys, len(grid)))
        pooled = (1 - B) * own + B * TAU * rng.standard_normal(own.shape)
        rows = [Errors(i, "y", "x", SECTOR, int(n), own[i, k], pooled[i, k], 1.0, True, True)
                for i in range(surveys) for k, n in enumerate(grid)]  # fmt: skip
        found = smallest_table(rows, "normal")
        row = found[(found["lhs"] == "y") & (found["group"] == SMALLEST)].iloc[0]
        upper = np.inf if np.isnan(row["n_margin_upper"]) else row["n_margin_upper"]
        assert pd.isna(row["n"])
        sizes.append(row["n_margin"])
        held += row["n_margin_lower"] <= truth <= upper
    assert stats.binomtest(held, tries, 0.95, alternative="less").pvalue > 0.001
    assert np.nanmedian(sizes) == pytest.approx(truth, rel=0.15)


def frame(sizes: dict[str, int], seed: int = 11) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    parts = []
    for label, n in sizes.items():
        x = rng.standard_normal(n)
        x -= x.mean()  # so that a group's intercept says nothing of its slope
        y = 0.1 * rng.standard_normal() + (0.4 + 0.1 * rng.standard_normal()) * x + rng.standard_normal(n)
        parts.append(pd.DataFrame({"x": x, "y": y, "sector": label}))
    return pd.concat(parts, ignore_index=True)


def test_a_sector_added_to_a_survey_is_pooled_as_the_formula_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """With gamma, tau and sigma known the pooled beta is the ridge-like mean of its exact normal."""
    design = arrays(frame(SIZES), ONE)
    S = 4000
    flat = {"path": np.full((S, 1), 0.4), "intercept": np.zeros((S, 1)), "residual_sd": np.full((S, 1), 0.9),
            "between_sd": np.tile([0.2, 0.1], (S, 1))}  # fmt: skip
    one = Sampled({name: value[None, :1] for name, value in flat.items()}, {}, 0.0, "given", {})
    seen = {}

    def compared(data, i, truth, pooled, overall):  # type: ignore[no-untyped-def]
        seen["data"], seen["pooled"] = data, pooled
        yield from ()

    monkeypatch.setattr(smallest_scores, "_compared", compared)
    rng = np.random.default_rng(1)
    assert not list(smallest_scores._of_sector(sector(design, 150.0), one, flat, 0, np.zeros((1, 2)), rng))
    cross = seen["data"].blocks[0].cross[0]
    assert cross[0, 0] == pytest.approx(150.0)
    A, m = cross[:2, :2] / 0.81, cross[:2, 2] / 0.81
    precision = A + np.diag([1 / 0.04, 1 / 0.01])
    expected = np.linalg.solve(precision, m + np.array([0.0, 0.4 / 0.01]))
    found = seen["pooled"][:, 0, 0]
    sd = np.sqrt(np.diag(np.linalg.inv(precision)))
    np.testing.assert_allclose(found.mean(axis=0), expected, atol=5 * sd.max() / np.sqrt(S))
    np.testing.assert_allclose(found.std(axis=0), sd, rtol=0.06)


def ready_of(sizes: dict[str, int]) -> Ready:
    """Return one regression of one predictor, compiled."""
    from werksem.calibrate.sbc_scores import compiled_scores

    settings = Bayes(level="scores", vary=("paths", "means"), draws=2000)
    design = arrays(frame(sizes), ONE)
    return Ready(design, settings, (), compiled_scores(design, settings), ())


@pytest.mark.slow
def test_the_closed_form_pools_as_a_real_posterior_does() -> None:
    """One predictor, centred in every group: what the closed form leaves out is not there."""
    from werksem.bayes.draws import raw_draws
    from werksem.bayes.own import own_estimates
    from werksem.calibrate.sbc_scores import fitted

    ready = ready_of(SIZES)
    design = ready.design
    sampled = fitted(ready, design, chains=4, draws=2000, tune=1000, seed=1, cores=2)
    slopes = raw_draws(design, sampled, 1).group[:, 0, :, 1] * design.scale_x[0, 0] / design.scale_y[0]
    own = own_estimates(design)
    # errors by the residual SD that all groups share, as the posterior has it
    cross = design.blocks[0].cross[:, :2, :2]
    se = sampled.values["residual_sd"].mean() * np.sqrt(np.linalg.inv(cross)[:, 1, 1])
    tau = np.linspace(0, 0.5, 2001)[1:]
    slope = next(k for k, (_, place) in enumerate(np.argwhere(design.varies)) if place == 1)
    mean, sd = normal_pooled(
        own["est"].to_numpy(), se, tau, log_prior(design.between_priors[slope], tau), 0.5
    )
    np.testing.assert_allclose(slopes.mean(axis=0), mean, atol=0.1 * sd.min())
    np.testing.assert_allclose(slopes.std(axis=0), sd, rtol=0.06)


@pytest.mark.slow
def test_surveys_fitted_by_the_posterior_come_to_the_closed_forms_errors() -> None:
    """RMSE by size of a fitted posterior against the closed form's, and its intervals hold the truth."""
    from werksem.calibrate.sbc_scores import study_truths

    ready, surveys = ready_of(SIZES), 100
    truths, _ = study_truths(ready, surveys, 5, prior=False, cores=2)
    rows = [row for i in range(surveys) for row in smallest_scores.errors_of(ready, truths, i, 5)]
    found = smallest_table(rows, "posterior")
    grid = found[(found["lhs"] == "y") & (found["group"] == SECTOR)]
    for row in grid.itertuples():
        assert row.coverage_pooled > 0.95 - 4 * np.sqrt(0.05 * 0.95 / row.sectors) - 0.02
        assert row.rmse_pooled <= row.rmse_own * 1.05
        sigma = np.sqrt((truths.values["residual_sd"] ** 2).mean())
        expected = sigma / np.sqrt(max(row.n - 3, 1))
        assert row.rmse_own == pytest.approx(expected, rel=4 / np.sqrt(2 * row.sectors) + 0.05)

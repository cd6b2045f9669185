"""Power-scaling against the closed form of normals, and against ArviZ's own ``psens``."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from werksem.bayes.prior_sensitivity import prior_sensitivity
from werksem.bayes.psis import smoothed_weights

S = 40_000


def normal(prior_mean: float, prior_sd: float, mean: float, sd: float, seed: int = 1):
    """Return draws (S, 1) of a normal posterior, log prior and log likelihood (S,)."""
    a, b = prior_sd**-2, sd**-2
    mu, spread = (a * prior_mean + b * mean) / (a + b), (a + b) ** -0.5
    drawn = mu + spread * np.random.default_rng(seed).standard_normal((S, 1))
    prior, data = stats.norm(prior_mean, prior_sd), stats.norm(mean, sd)
    return drawn, prior.logpdf(drawn[:, 0]), data.logpdf(drawn[:, 0])


def powered(prior_mean: float, prior_sd: float, mean: float, sd: float, alpha: float):
    """Return the posterior with the prior raised to alpha."""
    a, b = alpha * prior_sd**-2, sd**-2
    return stats.norm((a * prior_mean + b * mean) / (a + b), (a + b) ** -0.5)


def distance(p, q) -> float:
    """Return the cumulative Jensen–Shannon distance from p to q, over as far as the draws reach."""
    z = stats.norm.isf(1 / S)
    limits = p.mean() - z * p.std(), p.mean() + z * p.std()

    def integral(f) -> float:
        return integrate.quad(f, *limits, limit=400)[0]

    def one(P, Q) -> float:
        """Return the distance of two increasing (or two decreasing) distribution functions."""

        def part(x: float) -> float:
            f, g = P(x), Q(x)
            middle = (f + g) / 2
            return sum(h * np.log2(h / middle) for h in (f, g) if h > 0)

        return np.sqrt(max(integral(part), 0) / integral(lambda x: P(x) + Q(x)))

    return max(one(p.cdf, q.cdf), one(p.sf, q.sf))


CASES = [(0.0, 1.0, 4.0, 1.0), (0.0, 1.0, 0.3, 0.1), (0.0, 0.3, 1.0, 2.0)]


@pytest.mark.parametrize("case", CASES)
def test_means_and_sensitivity_of_the_closed_form(case: tuple[float, ...]) -> None:
    table = prior_sensitivity(["mu"], *normal(*case)).iloc[0]
    for alpha, name in ((1.0, "est"), (0.5, "est_half"), (2.0, "est_double")):
        exact = powered(*case, alpha)
        assert table[name] == pytest.approx(exact.mean(), abs=0.03 * exact.std())
    now = powered(*case, 1.0)
    steps = [distance(now, powered(*case, alpha)) / abs(np.log2(alpha)) for alpha in (0.8, 1.25)]
    assert table["prior"] == pytest.approx(np.mean(steps), rel=0.1, abs=0.004)


def test_arviz_agrees() -> None:
    """``az.psens`` of ArviZ 0.23 takes the gradient at alpha = 1 where this takes .8 to 1.25."""
    import arviz as az

    drawn, prior, data = normal(*CASES[0])
    table = prior_sensitivity(["mu"], drawn, prior, data).iloc[0]
    shaped = [part.reshape(4, -1) for part in (drawn[:, 0], prior, data)]
    idata = az.from_dict(posterior={"mu": shaped[0]}, log_likelihood={"y": shaped[2]})
    idata.add_groups(log_prior={"mu": shaped[1]})
    for component in ("prior", "likelihood"):
        found = float(az.psens(idata, component=component)["mu"])
        assert table[component] == pytest.approx(found, rel=0.1)


def test_diagnoses() -> None:
    said = [prior_sensitivity(["mu"], *normal(*case))["diagnosis"].item() for case in CASES]
    assert said == ["prior-data conflict", "-", "strong prior / weak likelihood"]
    drawn = np.random.default_rng(2).exponential(size=(S, 1))
    silent = prior_sensitivity(["tau"], drawn, -drawn[:, 0], 1e-3 * drawn[:, 0])
    assert silent["diagnosis"].item() == "strong prior / weak likelihood"


def test_a_flat_prior_moves_nothing() -> None:
    drawn, _, data = normal(0.0, 1.0, 4.0, 1.0)
    table = prior_sensitivity(["mu"], drawn, np.zeros(S), data).iloc[0]
    assert table["prior"] == pytest.approx(0, abs=1e-6)
    assert table["est_half"] == table["est_double"] == pytest.approx(table["est"])


def test_each_parameter_may_have_its_own_prior() -> None:
    first, second = normal(*CASES[0]), normal(*CASES[1], seed=2)
    drawn = np.column_stack([first[0], second[0]])
    both = prior_sensitivity(["a", "b"], drawn, np.column_stack([first[1], second[1]]), first[2])
    alone = prior_sensitivity(["b"], second[0], second[1], first[2])
    assert both["prior"][1] == alone["prior"][0]
    assert both["diagnosis"].tolist() == ["prior-data conflict", "-"]


def test_draws_that_cannot_tell_say_so() -> None:
    """A prior far in the tail: doubling it lays the weight on the few most extreme draws."""
    rng = np.random.default_rng(4)
    drawn = rng.standard_normal((2000, 1))
    table = prior_sensitivity(["mu"], drawn, 30 * drawn[:, 0], drawn[:, 0]).iloc[0]
    assert np.isnan(table["est_double"])


@pytest.mark.parametrize("size", [1, 2, 4, 20, 99])
def test_a_handful_of_draws_tells_nothing(size: int) -> None:
    drawn, prior, data = (part[:size] for part in normal(*CASES[0]))
    assert prior_sensitivity(["mu"], drawn, prior, data).empty
    weights, k = smoothed_weights(prior)
    assert weights.sum() == pytest.approx(1)
    assert k == (0.0 if size == 1 else np.inf) or size == 99


def test_ratios_that_are_no_numbers_get_no_weight() -> None:
    ratios = np.append(np.random.default_rng(1).standard_normal(500), [-np.inf, np.nan])
    weights, k = smoothed_weights(ratios)
    assert weights[-2:].tolist() == [0, 0]
    assert k < 0.7

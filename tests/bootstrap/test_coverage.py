"""How often intervals cover the truth: 1,000 surveys from a known population, each resampled and refitted.

Four latents with four items each, 400 respondents, a mediation in two stages. The truth is what the
model gives with the population's covariances. An interval of 95 % misses by its own shortcomings and
by Monte Carlo: with 1,000 surveys one effect's coverage has a standard error of .0069.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from time import perf_counter

import numpy as np
import pytest

from tests.cases import spec_of
from werksem.bootstrap.linear import Linear, linear_steps
from werksem.bootstrap.refit import build_refitter
from werksem.bootstrap.run import build_job, run_blocks
from werksem.effects import defined_effects, quantities
from werksem.estimators.ml import fit_ml
from werksem.implied import implied_moments
from werksem.inference.delta import complex_jacobian
from werksem.inference.moment_influence import moment_influence_blocks
from werksem.inference.vcov import vcov_ml
from werksem.intervals import INTERVALS
from werksem.intervals.band import band
from werksem.intervals.monte_carlo import normal_draws
from werksem.model import build_model
from werksem.moments import Moments, moments
from werksem.resampling.draws import Resampling
from werksem.resampling.influence import acceleration_of, unit_influence
from werksem.resampling.units import resampling_units
from werksem.respondents import Respondents

SURVEYS, REPLICATES, N, LEVEL = 1000, 1000, 400, 0.95
SPEC = spec_of("""
a =~ a1 + a2 + a3 + a4
m =~ m1 + m2 + m3 + m4
k =~ k1 + k2 + k3 + k4
y =~ y1 + y2 + y3 + y4
m ~ p*a
k ~ q*a + r*m
y ~ s*m + t*k + u*a
through_m := p*s
through_k := q*t
through_both := p*r*t
total := p*s + q*t + p*r*t + u
""")
MODEL, EFFECTS = build_model(SPEC), defined_effects(SPEC)
PATHS = {"p": 0.5, "q": 0.35, "r": 0.4, "s": 0.35, "t": 0.4, "u": 0.15}
ONE_STEP = ("percentile", "bca")


def population() -> np.ndarray:
    """Return theta: latents of variance near 1, loadings of .8 (the first 1), item reliability .6."""
    theta = np.empty(len(MODEL.parameters))
    for row, at in zip(MODEL.rows, MODEL.free_of_row, strict=True):
        if at < 0:
            continue
        if row.op == "~":
            theta[at] = PATHS[row.label]
        elif row.op == "=~":
            theta[at] = {"2": 0.9, "3": 0.8, "4": 1.1}[row.rhs[1]]
        else:
            theta[at] = 0.6 if row.lhs not in ("a", "m", "k", "y") else (1.0 if row.lhs == "a" else 0.6)
    return theta


def chosen(model_rows: tuple, count: int) -> np.ndarray:
    """Return which of all quantities are judged: standardised paths and effects."""
    paths = [k for k, row in enumerate(model_rows) if row.op == "~"]
    return count // 2 + np.array([*paths, *range(len(model_rows), count // 2)])


def quantity(theta: np.ndarray) -> np.ndarray:
    found = quantities(MODEL, EFFECTS, theta)
    return found[..., chosen(MODEL.rows, found.shape[-1])]


@dataclass(frozen=True)
class Covered:
    """Whether intervals cover each quantity (surveys, k), per kind; ``family`` (surveys,) the band all."""

    inside: dict[str, np.ndarray]
    family: np.ndarray
    left_out: int
    seconds: float


def one_survey(number: int, truth: np.ndarray, root: np.ndarray) -> tuple[dict[str, np.ndarray], bool, int]:
    """Return whether each kind's intervals cover, whether the band covers all, and replicates left out."""
    rows = np.random.default_rng([20241, number]).standard_normal((N, len(root))) @ root.T
    data = [moments(rows, MODEL.observed)]
    fit = fit_ml(MODEL, data)
    assert fit.converged
    people = [Respondents(rows)]
    draws = Resampling("counts", number, (resampling_units(people[0]),))
    done = run_blocks(build_job(MODEL, build_refitter(MODEL, data, fit), draws, REPLICATES))
    solved = done.status != "not_converged"
    jacobian = complex_jacobian(quantity, fit.theta)
    estimate = quantity(fit.theta)
    influence = unit_influence(
        moment_influence_blocks(MODEL, data, fit, people), draws.groups, len(fit.theta)
    )
    bend = acceleration_of(influence, jacobian)
    steps = linear_steps(Linear(fit.theta, influence, float(N)), draws, 0, REPLICATES)
    drawn = {
        "refits": quantity(done.theta[solved]), "one-step": quantity(steps),
        "normal": quantity(normal_draws(fit.theta, vcov_ml(MODEL, data, fit), 4000, number)),
    }  # fmt: skip
    inside = {}
    for kind in (*INTERVALS, *(f"one-step {kind}" for kind in ONE_STEP)):
        source = (
            "one-step" if kind.startswith("one-step") else "normal" if kind == "monte_carlo" else "refits"
        )
        lower, upper = INTERVALS[kind.removeprefix("one-step ")](drawn[source], estimate, LEVEL, bend)
        inside[kind] = (lower <= truth) & (truth <= upper)
    lower, upper, _ = band(drawn["refits"], estimate, LEVEL)
    return inside, bool(((lower <= truth) & (truth <= upper)).all()), int((~solved).sum())


@cache
def covered(surveys: int = SURVEYS) -> Covered:
    """Return the coverage of every kind of interval."""
    began = perf_counter()
    theta = population()
    Sigma = np.asarray(implied_moments(MODEL, theta)[1])
    # the population's own fit is its parameters: what is covered is what is estimated
    fit = fit_ml(MODEL, [Moments(MODEL.observed, float(N), np.zeros(len(Sigma)), Sigma)], theta)
    assert np.allclose(fit.theta, theta, atol=1e-7)
    truth, root = quantity(theta), np.linalg.cholesky(Sigma)
    found = [one_survey(number, truth, root) for number in range(surveys)]
    inside = {kind: np.stack([each[0][kind] for each in found]) for kind in found[0][0]}
    family = np.array([each[1] for each in found])
    return Covered(inside, family, sum(each[2] for each in found), perf_counter() - began)


@pytest.mark.slow
@pytest.mark.parametrize("kind", INTERVALS)
def test_intervals_cover_as_often_as_they_say(kind: str) -> None:
    """94 to 96 % on average over effects, each effect within four of its Monte-Carlo errors of 95 %."""
    inside = covered().inside[kind]
    share = inside.mean(axis=0)
    print(kind, "mean", round(float(share.mean()), 4), "each", share.round(3).tolist())
    assert 0.94 <= share.mean() <= 0.96
    assert np.abs(share - LEVEL).max() < 4 * np.sqrt(LEVEL * (1 - LEVEL) / len(inside))


@pytest.mark.slow
def test_the_band_covers_the_whole_family() -> None:
    """Measured: .927 of 400 respondents, .935 of 800, .961 of 2,000; with 400 products are still skewed."""
    family = covered().family
    print("band", family.mean(), "seconds", round(covered().seconds), "left out", covered().left_out)
    assert abs(family.mean() - LEVEL) < 4 * np.sqrt(LEVEL * (1 - LEVEL) / len(family))
    assert covered().left_out < 1e-4 * SURVEYS * REPLICATES


@pytest.mark.slow
@pytest.mark.parametrize("kind", ONE_STEP)
def test_one_step_intervals_cover_nearly_as_often(kind: str) -> None:
    """First order: their draws have no bias to show and bend only as the quantities do."""
    share = covered().inside[f"one-step {kind}"].mean(axis=0)
    print("one-step", kind, "mean", round(float(share.mean()), 4), "each", share.round(3).tolist())
    assert 0.93 <= share.mean() <= 0.97

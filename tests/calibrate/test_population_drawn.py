"""The population that surveys are drawn from: its moments by closed forms and by very large draws."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import multivariate_normal

from tests.calibrate.calibrated import answers, scratch, study_file
from werksem.calibrate.alike import between_answers
from werksem.calibrate.clusters import parts_of
from werksem.calibrate.copula import answer_covariances, nearest_correlation, normal_correlations
from werksem.calibrate.draw import drawn_inputs, drawn_moments, stream
from werksem.calibrate.marginals import MOST, Marginal, marginal, shown
from werksem.calibrate.population import Population, population
from werksem.calibrate.truth import latent_truth, score_moments
from werksem.effects import quantities
from werksem.engines.sem import SemResult, fit_sem
from werksem.implied import implied_moments
from werksem.inputs import Inputs, read_inputs
from werksem.moments import Moments
from werksem.sem_data import sem_data, sem_options
from werksem.spec.load import load_study
from werksem.spec.study import Sem, Study
from werksem.spec.types import ModelSpec
from werksem.survey.moments_input import scale_moments

SKEWED = np.repeat([1.0, 2.0, 3.0, 4.0, 5.0], [5, 10, 25, 40, 20])
RARE = np.repeat([0.0, 1.0], [93, 7])


def cells(column: Marginal) -> list[tuple[float, float, float]]:
    """Return (lower threshold, upper threshold, value) of every answer."""
    edges = [-np.inf, *column.thresholds, np.inf]
    return list(zip(edges[:-1], edges[1:], column.values, strict=True))


@pytest.mark.parametrize("r", [-0.8, -0.2, 0.3, 0.9])
@pytest.mark.parametrize("other", [SKEWED, RARE], ids=["five", "rare"])
def test_covariance_of_answers_is_that_of_bivariate_normal_probabilities(r: float, other: np.ndarray) -> None:
    a, b = marginal("a", SKEWED), marginal("b", other)
    joint = multivariate_normal([0, 0], [[1, r], [r, 1]])

    def below(x: float, y: float) -> float:
        return float(joint.cdf([min(max(x, -9), 9), min(max(y, -9), 9)]))

    product = sum(
        v * w * (below(x1, y1) - below(x0, y1) - below(x1, y0) + below(x0, y0))
        for x0, x1, v in cells(a)
        for y0, y1, w in cells(b)
    )
    found = answer_covariances((a, b), np.array([[1, r], [r, 1.0]]))
    assert found[0, 1] == pytest.approx(product - a.mean * b.mean, abs=2e-5)
    assert np.diag(found) == pytest.approx([SKEWED.var(), other.var()])


def test_normal_correlations_are_found_back() -> None:
    columns = (marginal("a", SKEWED), marginal("b", RARE), marginal("c", -SKEWED))
    true = np.array([[1, 0.4, -0.5], [0.4, 1, 0.1], [-0.5, 0.1, 1]])
    assert normal_correlations(columns, answer_covariances(columns, true)) == pytest.approx(true, abs=1e-9)


def test_of_ordered_columns_the_normals_themselves_are_meant() -> None:
    columns = (marginal("a", SKEWED, ordered=True), marginal("b", RARE, ordered=True))
    wanted = np.array([[1, 0.35], [0.35, 1]])
    assert normal_correlations(columns, wanted) == pytest.approx(wanted, abs=1e-9)


def test_many_values_keep_their_mean_and_variance() -> None:
    numbers = np.random.default_rng(1).lognormal(size=4000)
    found = marginal("pay", numbers)
    share = np.diff(np.concatenate([[0], ndtr(found.thresholds), [1]]))
    assert len(found.values) <= MOST < len(np.unique(numbers))
    assert share @ found.values == pytest.approx(numbers.mean(), rel=1e-9)
    assert share @ (found.values - numbers.mean()) ** 2 == pytest.approx(numbers.var(), rel=1e-9)


def test_weights_count_answers() -> None:
    found = marginal("a", np.array([1.0, 2.0, np.nan]), np.array([3.0, 1.0, 9.0]))
    assert (found.mean, found.sd) == (1.25, pytest.approx(np.sqrt(3) / 4))


def test_what_no_correlation_matrix_can_do_is_brought_to_one() -> None:
    asked = np.full((3, 3), -0.9) + 1.9 * np.eye(3)
    found = nearest_correlation(asked)
    assert np.diag(found) == pytest.approx(np.ones(3))
    assert np.linalg.eigvalsh(found)[0] >= 0
    assert found[0, 1] == pytest.approx(-0.5, abs=1e-6)  # three variables can be no further apart


def test_between_and_within_are_those_of_the_answers() -> None:
    columns = (marginal("a", SKEWED), marginal("b", RARE))
    total = np.array([[1, 0.5], [0.5, 1]])
    wanted = np.array([[0.15, 0.01], [0.01, 0.004]])
    cov = answer_covariances(columns, total)
    between, within = parts_of(columns, total, wanted, cov - wanted)
    assert between + within == pytest.approx(total)
    numbers = np.random.default_rng(3)
    shared = numbers.multivariate_normal([0, 0], between, 40_000)
    one, two = (
        shown(columns, shared + numbers.multivariate_normal([0, 0], within, 40_000)) for _ in range(2)
    )
    assert np.cov(one.T, two.T)[:2, 2:] == pytest.approx(wanted, abs=0.008)


def test_between_answers_is_the_analysis_of_variance() -> None:
    numbers = np.random.default_rng(5)
    code = np.repeat(np.arange(3000), numbers.integers(2, 30, 3000))
    effects = numbers.multivariate_normal([0, 0], [[0.3, 0.1], [0.1, 0.2]], 3000)
    rows = effects[code] + numbers.standard_normal((len(code), 2))
    assert between_answers(rows, code)[0] == pytest.approx(np.array([[0.3, 0.1], [0.1, 0.2]]), abs=0.03)


@cache
def small() -> tuple[Study, ModelSpec, Inputs, SemResult, Population]:
    """Return the small survey with its population."""
    folder = scratch()
    study, spec = load_study(study_file(folder, answers(), "sem: {}", ", cluster: org"), ())
    inputs = read_inputs(study, spec)
    base = fit_sem(spec, sem_data(study, spec, inputs, by_group=False), Sem(), sem_options(study))
    return study, spec, inputs, base, population(study, spec, inputs, base)


def test_the_population_has_the_covariances_that_the_model_implies() -> None:
    _, _, _, base, source = small()
    part = source.parts[0]
    implied = implied_moments(base.model, base.fit.theta)[1]
    order = [base.model.observed.index(name) for name in source.names]
    implied = implied[np.ix_(order, order)]
    sd, wanted = np.sqrt(np.diag(part.moments.cov)), np.sqrt(np.diag(implied))
    assert part.distance < 1e-9
    assert part.moments.cov / np.outer(sd, sd) == pytest.approx(implied / np.outer(wanted, wanted), abs=1e-9)
    assert sd == pytest.approx(wanted, rel=0.02)  # blanks: a question is spread over all who answered it


def test_what_is_true_of_the_sem_is_its_own_estimate() -> None:
    _, _, _, base, source = small()
    true = latent_truth(base, source)
    std = len(base.model.rows)
    found, fitted = (quantities(base.model, (), theta)[std:] for theta in (true, base.fit.theta))
    paths = [k for k, row in enumerate(base.model.rows) if row.op in ("~", "=~")]
    assert found[paths] == pytest.approx(fitted[paths], abs=1e-6)


@pytest.mark.slow
def test_very_many_surveys_have_the_moments_of_the_population() -> None:
    _, spec, inputs, _, source = small()
    drawn = [drawn_inputs(source, spec, inputs, stream(7, survey)) for survey in range(400)]
    items = np.concatenate([one.items.to_numpy() for one in drawn if one.items is not None])
    complete = items[np.isfinite(items).all(axis=1)]
    part = source.parts[0]
    # 240,000 rows in organisations: Monte-Carlo error of a covariance near .004
    assert np.cov(complete.T, ddof=0) == pytest.approx(part.moments.cov, abs=0.03)
    assert complete.mean(axis=0) == pytest.approx(part.moments.mean, abs=0.02)
    names = ["x", "z", "y"]
    scores = np.concatenate([one.scores[names].to_numpy() for one in drawn if one.scores is not None])
    scores = scores[np.isfinite(scores).all(axis=1)]
    found = score_moments(source, spec, names)
    assert np.cov(scores.T, ddof=0) == pytest.approx(found.cov, abs=0.02)
    assert scores.mean(axis=0) == pytest.approx(found.mean, abs=0.01)


def test_blanks_clusters_and_rows_stay_as_they_are() -> None:
    _, spec, inputs, _, source = small()
    drawn = drawn_inputs(source, spec, inputs, stream(7, 0))
    assert drawn.items is not None
    assert inputs.items is not None
    assert (drawn.items.isna().to_numpy() == inputs.items[list(source.names)].isna().to_numpy()).all()
    assert drawn.cluster is inputs.cluster
    assert drawn.items.index.equals(inputs.items.index)
    assert set(np.unique(drawn.items["z"].dropna())) == {0.0, 1.0}


def test_score_moments_without_blanks_are_linear() -> None:
    _, spec, _, _, source = small()
    whole = replace(source, blank=np.zeros_like(source.blank))
    found, plain = score_moments(whole, spec, ["x", "y"]), scale_moments(source.parts[0].moments, spec)
    at = [plain.names.index(name) for name in found.names]
    assert found.cov == pytest.approx(plain.cov[np.ix_(at, at)])
    assert found.mean == pytest.approx(plain.mean[at])


def test_moments_are_drawn_as_of_normal_respondents() -> None:
    cov = np.array([[2.0, 0.6], [0.6, 1.0]])
    source = Moments(("a", "b"), 40.0, np.array([1.0, -1.0]), cov)
    drawn = [drawn_moments(source, stream(1, survey)) for survey in range(4000)]
    found = np.array([one.cov for one in drawn])
    assert found.mean(axis=0) == pytest.approx(cov * 39 / 40, abs=0.03)
    # var of n s_jk ~ Wishart(n - 1): (n - 1) (s_jk² + s_jj s_kk)
    wanted = 39 * (cov**2 + np.outer(np.diag(cov), np.diag(cov))) / 40**2
    assert found.var(axis=0) == pytest.approx(wanted, rel=0.12)
    assert np.var([one.mean for one in drawn], axis=0) == pytest.approx(np.diag(cov) / 40, rel=0.12)

"""Gradient = finite differences of F; Hessian = finite differences of the gradient."""

from __future__ import annotations

import numpy as np
import pytest

from tests.cases import DATA, case, fitted
from werksem.estimators.objective import evaluate, gradient, hessian, information, problem_terms
from werksem.estimators.problem import build_problem
from werksem.implied import implied_moments
from werksem.moments import Moments

STEP = 1e-5


def near_optimum(name: str, mean_structure: bool):
    _, model, data, _ = case(name, mean_structure)
    problem = build_problem(model, [data])
    base = fitted(name).theta if not mean_structure else None
    from werksem.estimators.ml import fit_ml

    theta = base if base is not None else fit_ml(model, [data]).theta
    phi = theta * problem.scale + np.random.default_rng(1).normal(0, 0.02, len(problem.scale))
    return problem, problem_terms(problem), phi


@pytest.mark.parametrize("mean_structure", [False, True])
@pytest.mark.parametrize("name", sorted(DATA))
def test_derivatives_are_those_of_the_discrepancy(name: str, mean_structure: bool) -> None:
    problem, terms, phi = near_optimum(name, mean_structure)
    point = evaluate(problem, phi)
    steps = STEP * np.eye(len(phi))
    up, down = [evaluate(problem, phi + s) for s in steps], [evaluate(problem, phi - s) for s in steps]
    numeric = np.array([(a.discrepancy - b.discrepancy) / (2 * STEP) for a, b in zip(up, down, strict=True)])
    assert np.abs(gradient(problem, terms, point) - numeric).max() < 1e-6
    slopes = [
        (gradient(problem, terms, a) - gradient(problem, terms, b)) / (2 * STEP)
        for a, b in zip(up, down, strict=True)
    ]
    H = hessian(problem, terms, point)
    assert np.abs(H - np.array(slopes)).max() < 1e-5 * max(1.0, np.abs(H).max())


@pytest.mark.parametrize("name", sorted(DATA))
def test_expected_information_is_half_the_hessian_of_a_perfect_fit(name: str) -> None:
    """Where the sample moments are the implied ones, observed and expected information agree."""
    _, model, data, _ = case(name, True)
    from werksem.estimators.ml import fit_ml

    fit = fit_ml(model, [data])
    mean, cov = implied_moments(model, fit.theta)
    perfect = Moments(model.observed, data.n, mean, cov)
    problem = build_problem(model, [perfect])
    terms = problem_terms(problem)
    point = evaluate(problem, fit.theta * problem.scale)
    assert np.abs(gradient(problem, terms, point)).max() < 1e-10
    assert np.allclose(hessian(problem, terms, point) / 2, information(problem, terms, point), atol=1e-8)

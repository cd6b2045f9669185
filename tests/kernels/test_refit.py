"""The ladder of the compiled likelihood: compiled = plain Python = NumPy; refits = full fits."""

from __future__ import annotations

import numpy as np
import pytest

from tests.cases import DATA, case, fitted
from werksem.bootstrap.run import bootstrap
from werksem.estimators import objective
from werksem.estimators.ml import TOLERANCE, fit_ml
from werksem.estimators.problem import build_problem
from werksem.kernels import curvature, likelihood, linalg, refit
from werksem.kernels.pack import pack_cells, pack_work
from werksem.moments import moments
from werksem.resampling.units import Units, resampling_units
from werksem.respondents import Respondents

CASES = [(name, means) for name in sorted(DATA) for means in (False, True)]


def units(rows: np.ndarray) -> list[Units]:
    return [resampling_units(Respondents(rows))]


def prepared(name: str, means: bool):
    _, model, data, _ = case(name, means)
    problem = build_problem(model, [data])
    phi = fit_ml(model, [data]).theta * problem.scale
    phi = phi + np.random.default_rng(2).normal(0, 0.02, len(phi))
    S = np.stack([group.cov for group in problem.groups])
    mean = np.stack([group.mean for group in problem.groups])
    return problem, phi, S, mean


@pytest.mark.parametrize(("name", "means"), CASES)
def test_compiled_gradient_and_hessian_equal_numpy(name: str, means: bool) -> None:
    problem, phi, S, mean = prepared(name, means)
    cells, work = pack_cells(problem), pack_work(problem)
    terms, point = objective.problem_terms(problem), objective.evaluate(problem, phi)
    gradient, H = np.empty(len(phi)), np.empty((len(phi), len(phi)))
    value = refit.evaluate(cells, work, S, mean, problem.mean_structure, phi, gradient)
    refit.hessian_at(cells, work, S, mean, problem.mean_structure, phi, H)
    constant = sum(np.linalg.slogdet(g.cov)[1] + len(g.cov) for g in problem.groups)
    assert value - constant == pytest.approx(point.discrepancy, abs=1e-11)
    assert np.allclose(gradient, objective.gradient(problem, terms, point), atol=1e-11)
    assert np.allclose(H, objective.hessian(problem, terms, point), atol=1e-9)


def test_compiled_equals_plain_python(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, phi, S, mean = prepared("democracy", True)
    cells = pack_cells(problem)
    compiled, plain = np.empty(len(phi)), np.empty(len(phi))
    value = refit.evaluate(cells, pack_work(problem), S, mean, True, phi, compiled)
    for module in (linalg, likelihood, curvature, refit):
        for name, member in list(vars(module).items()):
            if hasattr(member, "py_func"):
                monkeypatch.setattr(module, name, member.py_func)
    assert refit.evaluate(cells, pack_work(problem), S, mean, True, phi, plain) == pytest.approx(
        value, abs=1e-12
    )
    assert np.allclose(plain, compiled, atol=1e-12)


@pytest.mark.parametrize("name", ["holzinger", "democracy", "democracy_equal", "path", "single"])
def test_refits_equal_full_fits(name: str) -> None:
    """Given the same resample, the compiled refit and a cold Newton fit are one solution."""
    _, model, data, rows = case(name)
    rng = np.random.default_rng(3)
    indices = rng.integers(0, len(rows), (20, len(rows)))
    found = bootstrap(model, [data], fitted(name), units(rows), replicates=20, seed=1, indices=indices)
    solved = found.gradient_max < TOLERANCE
    assert solved.mean() >= 0.9
    for drawn, theta in zip(indices[solved], found.theta[solved], strict=True):
        full = fit_ml(model, [moments(rows[drawn], model.observed)])
        if full.converged:
            assert np.abs(theta - full.theta).max() < 2e-5 * max(1.0, np.abs(full.theta).max())


def test_replicates_do_not_depend_on_workers_or_on_how_many_there_are() -> None:
    _, model, data, rows = case("holzinger")
    one = bootstrap(model, [data], fitted("holzinger"), units(rows), replicates=300, seed=7, jobs=1)
    three = bootstrap(model, [data], fitted("holzinger"), units(rows), replicates=300, seed=7, jobs=3)
    fewer = bootstrap(model, [data], fitted("holzinger"), units(rows), replicates=140, seed=7, jobs=2)
    assert np.array_equal(one.theta, three.theta)
    assert np.array_equal(one.theta[:140], fewer.theta)
    other = bootstrap(model, [data], fitted("holzinger"), units(rows), replicates=10, seed=8)
    assert not np.allclose(one.theta[:10], other.theta)

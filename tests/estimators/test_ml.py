"""ML finds the optimum: exact recovery, bad scales, constraints, failures told in words."""

from __future__ import annotations

import numpy as np
import pytest

from tests.cases import DATA, case, fitted, spec_of
from werksem.errors import EstimationError
from werksem.estimators.constraints import equalities
from werksem.estimators.ml import TOLERANCE, fit_ml
from werksem.implied import implied_moments
from werksem.inference.vcov import vcov_ml
from werksem.model import build_model
from werksem.moments import Moments


@pytest.mark.parametrize("name", sorted(DATA))
def test_recovers_a_population_exactly(name: str) -> None:
    _, model, _, _ = case(name)
    truth = fitted(name).theta
    mean, cov = implied_moments(model, truth)
    again = fit_ml(model, [Moments(model.observed, 500.0, mean, cov)])
    assert again.converged
    assert again.discrepancy == pytest.approx(0, abs=1e-12)
    assert np.allclose(again.theta, truth, atol=1e-6 * np.abs(truth).max())


def test_variances_over_eighteen_decades_cost_no_digits() -> None:
    _, model, data, _ = case("holzinger")
    units = np.array([1e-9, 1e9, 1, 1e5, 1e-5, 1, 1e3, 1, 1e-3])
    scaled = Moments(data.names, data.n, data.mean * units, data.cov * np.outer(units, units))
    fit, plain = fit_ml(model, [scaled]), fitted("holzinger")
    assert fit.gradient_max < TOLERANCE
    assert fit.discrepancy == pytest.approx(plain.discrepancy, abs=1e-12)
    assert np.isfinite(vcov_ml(model, [scaled], fit)).all()


def test_equality_constraints_equal_shared_labels() -> None:
    """The same restriction written as labels, and as formulas between labels."""
    text = """
    ind60 =~ x1 + x2 + x3
    dem60 =~ y1 + a2*y2 + a3*y3 + a4*y4
    dem65 =~ y5 + b2*y6 + b3*y7 + b4*y8
    dem60 ~ ind60
    dem65 ~ ind60 + dem60
    y1 ~~ y5
    y2 ~~ y4 + y6
    y3 ~~ y7
    y4 ~~ y8
    y6 ~~ y8
    a2 == b2
    log(a3) == log(b3)
    a4*a4 == b4^2
    """
    _, _, data, _ = case("democracy")
    model = build_model(spec_of(text))
    fit = fit_ml(model, [data])
    assert fit.converged
    assert fit.n * fit.discrepancy == pytest.approx(40.1795, abs=1e-4)
    assert np.abs(equalities(model).values(fit.theta)).max() < 1e-9
    assert model.df == 38
    variances = np.diag(vcov_ml(model, [data], fit))
    labelled = case("democracy_equal")[1]
    expected = np.diag(vcov_ml(labelled, [data], fitted("democracy_equal")))
    at = model.parameters.index("a3")
    assert variances[at] == pytest.approx(expected[labelled.parameters.index("d2")], rel=1e-6)


def test_unidentified_parameters_are_named() -> None:
    _, _, data, _ = case("holzinger")
    model = build_model(spec_of("f =~ NA*x1 + x2 + x3\ng =~ x4 + x5 + x6\nf ~~ g"))
    with pytest.raises(EstimationError, match=r"not identified: .*f=~x"):
        vcov_ml(model, [data], fit_ml(model, [data]))


def test_copies_of_an_item_are_refused() -> None:
    _, model, data, _ = case("holzinger")
    cov = data.cov.copy()
    cov[1], cov[:, 1] = cov[0], cov[:, 0]
    cov[1, 1] = cov[0, 0]
    with pytest.raises(EstimationError, match="singular"):
        fit_ml(model, [Moments(data.names, data.n, data.mean, cov)])


def test_negative_variances_are_named_heywood() -> None:
    cov = np.array([[1.0, 0.9, 0.9], [0.9, 1.0, 0.7], [0.9, 0.7, 1.0]])
    model = build_model(spec_of("f =~ x1 + x2 + x3"))
    assert fit_ml(model, [Moments(("x1", "x2", "x3"), 100.0, np.zeros(3), cov)]).status == "heywood"

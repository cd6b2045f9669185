"""FIML inference: scores add up, clusters and weights mean what they say, limits of complete data."""

from __future__ import annotations

import numpy as np
import pytest

from tests.cases import case
from tests.fiml_cases import blank_data, fiml_case, fiml_data, fiml_fitted
from werksem.errors import EstimationError
from werksem.estimators.fiml import fiml_problem, fit_fiml
from werksem.estimators.ml import fit_ml
from werksem.inference.fiml import fiml_inference
from werksem.inference.fiml_influence import fiml_influence_blocks
from werksem.inference.model_fit import measures
from werksem.inference.moment_influence import moment_influence_blocks
from werksem.inference.vcov import vcov_ml
from werksem.model import build_model
from werksem.patterns import patterns
from werksem.respondents import Respondents
from werksem.rows import Options


@pytest.mark.parametrize("name", ["holzinger", "mimic", "fiml_groups", "fiml_constrained"])
def test_influence_adds_up_to_nothing_and_squares_to_the_sandwich(name: str) -> None:
    model, data, fit = fiml_case(name)[1], fiml_data(name), fiml_fitted(name)
    blocks = [influence for _, _, influence in fiml_influence_blocks(model, data, fit)]
    influence = np.vstack(blocks)
    assert len(influence) == fit.n
    assert np.abs(influence.mean(axis=0)).max() < 1e-6
    vcov = fiml_inference(model, data, fit, robust=True).vcov
    assert np.allclose(influence.T @ influence / fit.n**2, vcov, atol=1e-10 * max(1, np.abs(vcov).max()))


def test_influence_is_what_leaving_a_respondent_out_does() -> None:
    model, fit = fiml_case("holzinger")[1], fiml_fitted("holzinger")
    found = np.full((301, len(fit.theta)), np.nan)
    for _, rows, influence in fiml_influence_blocks(model, fiml_data("holzinger"), fit):
        found[rows] = influence
    values = blank_data("holzinger")[list(model.observed)].to_numpy(dtype=float)
    assert np.isnan(found[6]).all()
    for out in (0, 17, 200):
        without = fit_fiml(model, [patterns(np.delete(values, out, axis=0), model.observed)], fit.theta)
        moved = (fit.theta - without.theta) * fit.n
        assert np.corrcoef(moved, found[out])[0, 1] > 0.99


def test_everyone_his_own_cluster_is_no_cluster() -> None:
    model, data, fit = fiml_case("holzinger")[1], fiml_data("holzinger"), fiml_fitted("holzinger")
    plain = fiml_inference(model, data, fit, robust=True)
    clustered = fiml_inference(model, data, fit, clusters=[np.arange(301)])
    assert np.allclose(clustered.vcov, plain.vcov * 300 / 299, rtol=1e-10)


def test_without_blanks_everything_is_that_of_complete_data() -> None:
    _, model, data, rows = case("holzinger", True)
    fit = fit_ml(model, [data])
    whole = [patterns(rows, data.names)]
    found, plain = fiml_inference(model, whole, fit_fiml(model, whole)), measures(model, [data], fit)
    for name, value in plain.items():
        assert found.measures[name] == pytest.approx(value, abs=1e-6), name
    assert found.measures["cfi_robust"] == pytest.approx(plain["cfi"], abs=1e-6)
    assert found.measures["rmsea_robust"] == pytest.approx(plain["rmsea"], abs=1e-6)
    for information in ("observed", "expected"):
        vcov = fiml_inference(model, whole, fit, information=information).vcov
        assert np.allclose(vcov, vcov_ml(model, [data], fit, information), atol=1e-10)
    influence = np.empty((len(rows), len(fit.theta)))
    for _, places, block in fiml_influence_blocks(model, whole, fit):
        influence[places] = block
    (expected,) = (block for _, block in moment_influence_blocks(model, [data], fit, [Respondents(rows)]))
    assert np.allclose(influence, expected, atol=1e-6)


def test_a_problem_already_built_gives_the_same() -> None:
    model, data, fit = fiml_case("mimic")[1], fiml_data("mimic"), fiml_fitted("mimic")
    problem = fiml_problem(model, data)
    one, other = fiml_inference(model, data, fit), fiml_inference(model, data, fit, problem=problem)
    assert one.measures == other.measures


def test_variables_never_seen_together_leave_robust_measures_out() -> None:
    """A pair nobody answered has no saturated covariance; the model itself is still estimated."""
    _, model = fiml_case("holzinger")
    values = blank_data("mimic")[list(model.observed)].to_numpy(dtype=float)
    values[::2, 1], values[1::2, 2] = np.nan, np.nan
    data = [patterns(values, model.observed)]
    fit = fit_fiml(model, data)
    assert fit.converged
    found = fiml_inference(model, data, fit, robust=True)
    assert np.isfinite(found.measures["chisq"])
    assert "cfi_robust" not in found.measures
    assert "chisq_scaled" not in found.measures


def test_unidentified_parameters_are_named() -> None:
    from tests.cases import spec_of

    free = build_model(
        spec_of("f =~ NA*x1 + x2 + x3\ng =~ x4 + x5 + x6\nf ~~ g"), options=Options(mean_structure=True)
    )
    values = blank_data("holzinger")[list(free.observed)].to_numpy(dtype=float)
    data = [patterns(values, free.observed)]
    with pytest.raises(EstimationError, match=r"not identified: .*f=~x"):
        fiml_inference(free, data, fit_fiml(free, data))

"""The residual correlation that undoes an indirect effect: closed forms, refits, equivalent orders."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from tests.cases import case, spec_of
from werksem.effects import quantity_values
from werksem.engines.fragility import ALREADY, SHARED, fragility_table
from werksem.engines.mediator_order import mediator_order
from werksem.engines.sem import SemResult, fit_sem
from werksem.estimators.ml import fit_ml
from werksem.inference.delta import complex_jacobian
from werksem.inference.fragility import covariance_curve, zero_rho
from werksem.inference.sampling import quantity_errors
from werksem.inference.units import sampling_as_asked
from werksem.inference.vcov import standard_errors
from werksem.model import build_model
from werksem.moments import moments
from werksem.respondents import Respondents
from werksem.rows import Options
from werksem.sem_data import SemData
from werksem.spec.formula import product_of
from werksem.spec.study import Sem
from werksem.spec.types import Effect, ModelSpec

NAMES = ("x", "m", "y")
MEDIATION = "m ~ a*x; y ~ b*m + c*x; ab := a*b"


def mediation_rows(n: int = 400, seed: int = 3, b: float = 0.5) -> np.ndarray:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    m = 0.5 * x + rng.normal(size=n)
    y = b * m + 0.2 * x + 2 * rng.normal(size=n)
    return np.column_stack([x, m, y])


SERIAL = "m1 ~ a*x; m2 ~ d*m1 + x; y ~ b*m2 + m1 + x; adb := a*d*b"


def serial_rows(names: tuple[str, ...], n: int = 500) -> np.ndarray:
    rng = np.random.default_rng(8)
    x = rng.normal(size=n)
    m1 = 0.6 * x + rng.normal(size=n)
    m2 = 0.5 * m1 + 0.3 * x + rng.normal(size=n)
    y = 0.2 * m2 + 0.2 * m1 + 0.1 * x + rng.normal(size=n)
    columns = {"x": x, "m1": m1, "m2": m2, "y": y}
    return np.column_stack([columns[name] for name in names])


def fitted(
    spec: ModelSpec, rows: np.ndarray, settings: Sem, **design: np.ndarray
) -> tuple[SemResult, SemData]:
    names = build_model(spec).observed
    columns = [NAMES.index(name) for name in names] if set(names) <= set(NAMES) else list(range(len(names)))
    chosen = np.ascontiguousarray(rows[:, columns])
    data = SemData(("all",), (moments(chosen, names),), (Respondents(chosen),))
    return fit_sem(spec, data, settings, Options()), data


def residuals(y: np.ndarray, *x: np.ndarray) -> np.ndarray:
    design = np.column_stack([np.ones(len(y)), *x])
    return y - design @ np.linalg.lstsq(design, y, rcond=None)[0]


def table_of(sem: SemResult, data: SemData, settings: Sem):
    table = fragility_table(sem, sampling_as_asked(sem.model, sem.moments, settings, data.respondents))
    assert table is not None
    return table


def test_the_effect_is_zero_where_imai_keele_and_yamamoto_say() -> None:
    """2010, section 4: the correlation of the residuals of m and y, both given x and without the mediator."""
    rows = mediation_rows()
    settings = Sem(engine="werksem")
    sem, data = fitted(spec_of(MEDIATION), rows, settings)
    first = table_of(sem, data, settings).iloc[0]
    x, m, y = rows.T
    expected = np.corrcoef(residuals(m, x), residuals(y, x))[0, 1]
    assert first.rho_zero == pytest.approx(expected, abs=1e-8)
    assert first.chisq_change == 0
    assert 0 < first.rho_interval < first.rho_zero
    assert first.note == ""


@pytest.mark.parametrize("rho", [-0.9, -0.3, 0.2, 0.6])
def test_the_path_at_any_rho_is_that_of_the_closed_form(rho: float) -> None:
    """b(rho) = b - rho s_y(rho) / s_m: the part of y's disturbance that goes with m's."""
    rows = mediation_rows()
    spec = spec_of(MEDIATION)
    model = build_model(spec)
    found = moments(rows[:, [NAMES.index(name) for name in model.observed]], model.observed)
    fit = fit_ml(model, [found])
    curve = covariance_curve(model, [found], fit, "m", "y")
    assert not isinstance(curve, str)
    x, m, y = rows.T
    e, u = residuals(m, x), residuals(y, x, m)
    # var(u + d e) with correlation rho to e: d = rho s_u / (s_e sqrt(1 - rho²))
    d = rho * u.std() / (e.std() * sqrt(1 - rho**2))
    held = curve.at(d * e.var())
    assert held is not None
    assert held.rho == pytest.approx(rho, abs=1e-8)
    at = model.parameters.index("b")
    assert held.theta[at] == pytest.approx(fit.theta[at] - d, abs=1e-8)
    assert held.discrepancy == pytest.approx(fit.discrepancy, abs=1e-12)


def test_the_interval_ends_at_zero_at_its_rho() -> None:
    """By hand: a refit at that rho, its delta-method interval by complex steps from its own Wald errors."""
    rows, settings = mediation_rows(), Sem(engine="werksem")
    sem, data = fitted(spec_of(MEDIATION), rows, settings)
    first = table_of(sem, data, settings).iloc[0]
    x, m, y = rows.T
    n, rho = len(rows), first.rho_interval
    e, u = residuals(m, x), residuals(y, x, m)
    # with rho held, d = k s_u / s_e, whose sampling variance is d² / n (two independent variances)
    d = rho * u.std() / (e.std() * sqrt(1 - rho**2))
    b = np.linalg.lstsq(np.column_stack([np.ones(n), m, x]), y, rcond=None)[0][1] - d
    a = np.cov(x, m, ddof=0)[0, 1] / x.var()
    var_a = e.var() / x.var() / n
    var_b = u.var() / e.var() / n + d**2 / n
    assert abs(a * b) / sqrt(b**2 * var_a + a**2 * var_b) == pytest.approx(1.959964, abs=1e-5)


@pytest.mark.parametrize("settings", [{}, {"information": "observed"}, {"estimator": "MLR"},
                                      {"estimator": "MLM"}, {"se": "robust"}])  # fmt: skip
@pytest.mark.parametrize("design", ["plain", "cluster", "weights"])
def test_errors_are_those_of_the_fit_itself(settings: dict[str, str], design: str) -> None:
    """Every quantity of the democracy model, beside the delta method on the whole covariance matrix."""
    spec, model, _, rows = case("democracy")
    rng = np.random.default_rng(1)
    more = {
        "plain": {}, "cluster": {"cluster": np.arange(len(rows)) % 15},
        "weights": {"weights": (w := rng.uniform(0.5, 1.5, len(rows))) / w.mean()},
    }[design]  # fmt: skip
    chosen = Sem(engine="werksem", **settings)
    data = SemData(("all",), (moments(rows, model.observed, weights=more.get("weights")),),
                   (Respondents(rows, **more),))  # fmt: skip
    sem = fit_sem(spec, data, chosen, Options())
    if sem.tables.estimates["method"].iloc[0] == "wald":
        data = SemData(("all",), data.moments)
    jacobian = complex_jacobian(lambda t: quantity_values(sem.model, (), t)[0], sem.fit.theta)
    sampling = sampling_as_asked(sem.model, sem.moments, chosen, data.respondents)
    own = quantity_errors(sem.model, sem.moments, sem.fit.theta, jacobian, sampling)
    assert own == pytest.approx(standard_errors(sem.vcov, jacobian), rel=1e-8, abs=1e-12)


def test_of_a_longer_route_the_weakest_step_is_told() -> None:
    """x -> m1 -> m2 -> y saturated: each step by the residuals of its two regressions."""
    spec = spec_of(SERIAL)
    names = build_model(spec).observed
    rows = serial_rows(names)
    x, m1, m2, y = (rows[:, names.index(name)] for name in ("x", "m1", "m2", "y"))
    settings = Sem(engine="werksem")
    sem, data = fitted(spec, rows, settings)
    first = table_of(sem, data, settings).iloc[0]
    weak = np.corrcoef(residuals(m2, x, m1), residuals(y, x, m1))[0, 1]
    strong = np.corrcoef(residuals(m1, x), residuals(m2, x))[0, 1]
    assert (first.mediator, first.outcome) == ("m2", "y")
    assert first.rho_zero == pytest.approx(weak, abs=1e-8)
    assert weak < strong


def test_between_latents_the_fit_does_not_change_where_the_structure_is_saturated() -> None:
    spec = spec_of(
        "visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; speed =~ x7 + x8 + x9;"
        "textual ~ a*visual; speed ~ b*textual + visual; ab := a*b"
    )
    _, _, found, rows = case("holzinger")
    settings = Sem(engine="werksem", estimator="MLR")
    sem, data = fitted(spec, rows, settings)
    first = table_of(sem, data, settings).iloc[0]
    assert sem.fit.n * sem.fit.discrepancy == pytest.approx(85.306, abs=1e-3)
    assert first.chisq_change == 0
    phi = quantity_values(sem.model, sem.effects, sem.fit.theta)[1][-1]
    curve = covariance_curve(sem.model, [found], sem.fit, "textual", "speed")
    assert not isinstance(curve, str)
    held = zero_rho(curve)[1]
    assert held is not None
    assert held.discrepancy == pytest.approx(sem.fit.discrepancy, abs=1e-13)
    assert held.theta[curve.path.index] == pytest.approx(0, abs=1e-9)
    assert np.sign(first.rho_zero) == np.sign(phi)


def test_a_model_that_is_not_saturated_says_what_rho_costs() -> None:
    """Without x -> y the covariance of m and y is over-identified: holding it costs fit."""
    rows = mediation_rows(b=0.8)
    settings = Sem(engine="werksem")
    sem, data = fitted(spec_of("m ~ a*x; y ~ b*m; ab := a*b"), rows, settings)
    first = table_of(sem, data, settings).iloc[0]
    assert sem.model.df == 1
    assert first.chisq_change > 1
    # the covariance at that rho, written into a model of its own that starts from nothing
    curve = covariance_curve(sem.model, sem.moments, sem.fit, "m", "y")
    assert not isinstance(curve, str)
    c, held = zero_rho(curve)
    assert held is not None
    model = build_model(spec_of(f"m ~ a*x; y ~ b*m; m ~~ {c:.17g}*y"))
    other = fit_ml(model, [moments(rows[:, [NAMES.index(v) for v in model.observed]], model.observed)])
    value = dict(zip(model.parameters, other.theta, strict=True))
    assert model.df == 1
    assert value["b"] == pytest.approx(0, abs=1e-7)
    assert c / sqrt(value["m~~m"] * value["y~~y"]) == pytest.approx(first.rho_zero, abs=1e-7)
    assert first.chisq_change == pytest.approx(
        len(rows) * (other.discrepancy - sem.fit.discrepancy), abs=1e-5
    )


def test_reasons_are_given_where_there_is_no_number() -> None:
    settings = Sem(engine="werksem")
    sem, data = fitted(spec_of(MEDIATION), mediation_rows(b=0.02), settings)
    assert table_of(sem, data, settings).iloc[0].note == ALREADY
    assert table_of(sem, data, settings).iloc[0].rho_interval == 0
    rows = mediation_rows()
    three = spec_of("m ~ a*x; y ~ b*m + x; ab := a*b")
    assert fragility_table(*_without_effects(three, rows)) is None
    strong = np.column_stack([rows[:, 0], rows[:, 1], rows[:, 1] + 0.05 * rows[:, 2]])
    sem, data = fitted(three, strong, settings)
    first = table_of(sem, data, settings).iloc[0]
    assert np.isnan(first.rho_zero)
    assert first.note == "no rho within 0.99"


def _without_effects(spec: ModelSpec, rows: np.ndarray):
    settings = Sem(engine="werksem")
    sem, data = fitted(spec_of("m ~ x; y ~ m + x"), rows, settings)
    return sem, sampling_as_asked(sem.model, sem.moments, settings, data.respondents)


def test_each_group_has_its_own_and_shared_labels_have_none() -> None:
    rows = [mediation_rows(seed=1), mediation_rows(seed=2)]
    settings = Sem(engine="werksem", multigroup=True)
    spec = spec_of("m ~ c(a1, a2)*x; y ~ c(b1, b2)*m + x; one := a1*b1")
    own = Effect("x -> m -> y", product_of(["m~x", "y~m"]))
    spec = replace(spec, effects=(own, *spec.effects))
    names = build_model(spec, ("A", "B")).observed
    parts = [np.ascontiguousarray(part[:, [NAMES.index(name) for name in names]]) for part in rows]
    found = [moments(part, names, group=g) for part, g in zip(parts, "AB", strict=True)]
    data = SemData(("A", "B"), tuple(found), tuple(Respondents(part) for part in parts))
    sem = fit_sem(spec, data, settings, Options())
    table = table_of(sem, data, settings)
    assert table["effect"].tolist() == ["x -> m -> y", "x -> m -> y", "one"]
    assert table["group"].tolist() == ["A", "B", "all"]
    assert table["note"].tolist()[-1] == SHARED
    for (x, m, y), rho in zip((part.T for part in rows), table["rho_zero"], strict=False):
        assert rho == pytest.approx(np.corrcoef(residuals(m, x), residuals(y, x))[0, 1], abs=1e-7)


def order_of(text: str):
    settings, spec = Sem(engine="werksem"), spec_of(text)
    names = build_model(spec).observed
    sem, data = fitted(spec, serial_rows(names), settings)
    found = mediator_order(sem, sampling_as_asked(sem.model, sem.moments, settings, data.respondents))
    return sem, dict(zip(names, serial_rows(names).T, strict=True)), found


def test_mediators_the_other_way_round_fit_as_well_and_say_something_else() -> None:
    """Saturated: the reversed effect is a product of three regressions, by least squares."""
    sem, v, table = order_of(SERIAL)
    first = table.iloc[0]
    assert (first["first"], first.second, first.effect) == ("m1", "m2", "adb")
    assert first.reversed_effect == "x -> m2 -> m1 -> y"
    assert (first.equivalent, first.reversed_df, first.note) == ("yes", sem.model.df, "")
    assert first.reversed_chisq == pytest.approx(first.chisq, abs=1e-9)

    def slopes(y: str, *x: str) -> np.ndarray:
        design = np.column_stack([np.ones(500), *(v[name] for name in x)])
        return np.linalg.lstsq(design, v[y], rcond=None)[0][1:]

    there = slopes("m1", "x")[0] * slopes("m2", "m1", "x")[0] * slopes("y", "m2", "m1", "x")[0]
    back = slopes("m2", "x")[0] * slopes("m1", "m2", "x")[0] * slopes("y", "m1", "m2", "x")[0]
    assert first.est == pytest.approx(there, abs=1e-8)
    assert first.reversed_est == pytest.approx(back, abs=1e-8)
    assert first.reversed_ci_lower < back < first.reversed_ci_upper


def test_an_order_that_fits_otherwise_is_told() -> None:
    _, _, table = order_of("m1 ~ a*x; m2 ~ d*m1; y ~ b*m2 + x; adb := a*d*b")
    first = table.iloc[0]
    assert first.equivalent == "no"
    assert first.note == "the model has no m2 ~ x, y ~ m1"
    assert np.isnan(first.reversed_est)
    assert order_of("m1 ~ a*x; y ~ b*m1 + x; m2 ~ x; ab := a*b")[2] is None


def test_an_order_that_would_form_a_circle_is_told() -> None:
    text = "m1 ~ a*x; k ~ m1; m2 ~ d*m1 + k + x; y ~ b*m2 + m1 + x; adb := a*d*b"
    spec = spec_of(text)
    names = build_model(spec).observed
    rng = np.random.default_rng(1)
    parts = {n: serial_rows((n,))[:, 0] for n in names if n != "k"}
    rows = np.column_stack([parts[n] if n != "k" else rng.normal(size=500) for n in names])
    settings = Sem(engine="werksem")
    sem, data = fitted(spec, rows, settings)
    table = mediator_order(sem, sampling_as_asked(sem.model, sem.moments, settings, data.respondents))
    assert table is not None
    assert table.iloc[0].note == "the paths would form a circle"

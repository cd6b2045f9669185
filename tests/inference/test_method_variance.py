"""A common method taken out of the covariances gives back what there was without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.cases import case, spec_of
from werksem.effects import quantity_values
from werksem.engines.method_variance import method_variance_table
from werksem.engines.sem import SemResult, fit_sem
from werksem.estimators.ml import fit_ml
from werksem.inference.method_factor import answer_signs, construct_signs, largest_share, without_factor
from werksem.inference.sampling import quantity_errors
from werksem.inference.units import Sampling, sampling_as_asked
from werksem.model import build_model
from werksem.moments import Moments, moments
from werksem.respondents import Respondents
from werksem.rows import Options
from werksem.sem_data import SemData
from werksem.spec.study import Sem
from werksem.spec.types import ModelSpec, Scale

TEXT = "f =~ x1 + x2 + x3; g =~ y1 + y2 + y3; g ~ b*f + d; d2 := b*b"
CONSTRUCTS = {"f": ("x1", "x2", "x3"), "g": ("y1", "y2", "y3")}
SETTINGS = Sem(engine="werksem")


def spec_with(*keyed: str) -> ModelSpec:
    """Return the model with some of f's items keyed the other way."""
    return replace(spec_of(TEXT), scales=(Scale("f", CONSTRUCTS["f"], keyed, (1.0, 5.0)),))


def true_cov(names: tuple[str, ...]) -> np.ndarray:
    """Return the covariances of a population with g = .4 f + .3 d and loadings .7, uniquenesses .5."""
    g = 0.4**2 + 0.3**2 * 0.25 + 0.5
    latent = np.array([[1.0, 0.4, 0.0], [0.4, g, 0.3 * 0.25], [0.0, 0.3 * 0.25, 0.25]])
    at = {"x": 0, "y": 1, "d": 2}
    load = np.array([np.eye(3)[at[name[0]]] * (1.0 if name == "d" else 0.7) for name in names])
    return load @ latent @ load.T + np.diag([0.0 if name == "d" else 0.5 for name in names])


def contaminated(share: float, keyed: tuple[str, ...]) -> tuple[SemResult, Sampling, ModelSpec, np.ndarray]:
    """Return a fit to a population in which a method explains this share of every answer."""
    spec = spec_with(*keyed)
    names = build_model(spec).observed
    clean = true_cov(names)
    item = np.array([name != "d" for name in names])
    sign = np.array([-1.0 if name in keyed else 1.0 for name in names])
    # the answers' variances with the method are those without it over 1 - share
    sd = np.sqrt(np.diag(clean) / (1 - share)) * item
    cov = clean + share * np.outer(sign * sd, sign * sd)
    data = SemData(("all",), (Moments(names, 1000.0, np.zeros(len(names)), cov),))
    sem = fit_sem(spec, data, SETTINGS, Options())
    return sem, sampling_as_asked(sem.model, sem.moments, SETTINGS, None), spec, clean


@pytest.mark.parametrize(("factor", "keyed"), [("halo", ()), ("acquiescence", ("x2",))])
def test_the_population_without_the_method_comes_back(factor: str, keyed: tuple[str, ...]) -> None:
    """Acquiescence moves recoded items down: with x2 recoded, only that factor finds b = .4 again."""
    sem, sampling, spec, clean = contaminated(0.1, keyed)
    table = method_variance_table(spec, sem, sampling, (0.0, 0.05, 0.10))
    assert table is not None
    path = table[(table.lhs == "g") & (table.rhs == "f")].set_index(["factor", "share"])["est"]
    found = path[factor]
    assert found[0.10] == pytest.approx(0.4, abs=1e-6)
    assert abs(found[0.0] - 0.4) > abs(found[0.05] - 0.4) > 0.01
    if keyed:
        assert abs(path["halo", 0.1] - 0.4) > 0.01
    else:
        assert set(table.factor) == {"halo"}
    removed, _ = without_factor(sem.moments[0], answer_signs(factor, CONSTRUCTS, keyed), 0.1)
    assert removed.cov == pytest.approx(clean, abs=1e-12)


def test_share_zero_is_the_fit_itself_and_the_dummy_keeps_its_covariances() -> None:
    sem, sampling, spec, _ = contaminated(0.1, ())
    table = method_variance_table(spec, sem, sampling, (0.1,))
    assert table is not None
    own = sem.tables.estimates[sem.tables.estimates["op"].isin(["~", ":="])]
    base = table[table.share == 0]
    for name in ("est", "se", "ci_lower", "ci_upper", "std"):
        assert base[name].tolist() == pytest.approx(own[name].tolist(), rel=1e-7)
    assert (base.flips == "").all()
    less, taken = without_factor(sem.moments[0], {"x1": 1.0, "y1": 1.0}, 0.2)
    at = less.names.index("d")
    assert (less.cov[at] == sem.moments[0].cov[at]).all()
    assert np.count_nonzero(taken) == 4


def test_taking_out_nothing_leaves_normal_errors_as_they_are() -> None:
    sem, sampling, _, _ = contaminated(0.1, ())
    jacobian = np.eye(len(sem.fit.theta))
    plain, zero = (
        quantity_errors(sem.model, sem.moments, sem.fit.theta, jacobian, sampling, added=added)
        for added in (None, [np.zeros((7, 7))])
    )
    assert zero == pytest.approx(plain, rel=1e-10)


def test_flips_are_changes_of_sign_or_of_what_the_interval_holds() -> None:
    sem, sampling, spec, _ = contaminated(0.3, ())
    table = method_variance_table(spec, sem, sampling, (0.1, 0.2, 0.3, 0.4, 0.45))
    assert table is not None
    path = table[(table.rhs == "f")].set_index("share")
    clear = (path.ci_lower > 0) | (path.ci_upper < 0)
    for share, row in path.iterrows():
        before, now = path.loc[0.0], clear[share]
        expected = "" if now == clear[0.0] else "excludes 0" if now else "includes 0"
        if now and clear[0.0] and row.est * before.est < 0:
            expected = "sign"
        assert row.flips == expected
    assert (path.flips != "").any()


def test_a_share_that_the_covariances_rule_out_has_one_row() -> None:
    sem, sampling, _, _ = contaminated(0.0, ())
    signs = answer_signs("halo", CONSTRUCTS, ())
    most = largest_share(sem.moments[0], signs)
    below, above = (without_factor(sem.moments[0], signs, most * k)[0] for k in (0.999, 1.001))
    assert np.linalg.eigvalsh(below.cov)[0] > 0 > np.linalg.eigvalsh(above.cov)[0]
    table = method_variance_table(spec_with("x1", "x2"), sem, sampling, (0.45,))
    assert table is not None
    out = table[(table.factor == "acquiescence") & (table.share == 0.45)]
    assert len(out) == 1
    assert out.status.iloc[0].startswith("not positive definite: at most 0.")


def test_robust_errors_are_those_of_the_sandwich_on_the_subtracted_covariances() -> None:
    """The jackknife: refits without one respondent, what was subtracted left as it is."""
    text = "visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; textual ~ visual"
    spec = spec_of(text)
    _, _, _, rows = case("holzinger")
    names = build_model(spec).observed
    chosen = np.ascontiguousarray(rows[:, : len(names)])
    settings = Sem(engine="werksem", estimator="MLR")
    data = SemData(("all",), (moments(chosen, names),), (Respondents(chosen),))
    sem = fit_sem(spec, data, settings, Options())
    sampling = sampling_as_asked(sem.model, sem.moments, settings, data.respondents)
    table = method_variance_table(spec, sem, sampling, (0.1,))
    assert table is not None
    _, taken = without_factor(data.moments[0], dict.fromkeys(names, 1.0), 0.1)
    n, found = len(chosen), []
    for i in range(n):
        part = moments(np.delete(chosen, i, axis=0), names)
        part = replace(part, cov=part.cov - taken)
        found.append(quantity_values(sem.model, (), fit_ml(sem.model, [part], start=sem.fit.theta).theta)[0])
    at = [row.op for row in sem.model.rows].index("~")
    jackknife = np.sqrt((n - 1) / n * ((np.array(found)[:, at] - np.mean(found, axis=0)[at]) ** 2).sum())
    row = table[(table.share == 0.1) & (table.op == "~")].iloc[0]
    assert row.se == pytest.approx(jackknife, rel=0.02)


def test_constructs_that_run_against_the_others_are_turned() -> None:
    R = np.full((4, 4), 0.4) * np.outer([1, 1, 1, -1], [1, 1, 1, -1])
    np.fill_diagonal(R, 1.0)
    found = Moments(("a", "b", "c", "leave"), 500.0, np.zeros(4), R)
    constructs = {name: (name,) for name in found.names}
    assert construct_signs(found, constructs) == ("leave",)
    assert construct_signs(found, {name: (name,) for name in ("a", "leave")}) == ()


def test_without_answers_there_is_nothing_to_take_out() -> None:
    spec = spec_of("m ~ a*x; y ~ b*m + x; ab := a*b")
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(200, 3))
    data = SemData(("all",), (moments(rows, build_model(spec).observed),))
    sem = fit_sem(spec, data, SETTINGS, Options())
    assert method_variance_table(spec, sem, Sampling("expected", "wald"), (0.1,)) is None

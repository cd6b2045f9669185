"""The space of the latents: gradient in lanes = ``estimators.objective``; which models have that form."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from tests.cases import REFERENCE, data_of, spec_of
from tests.kernels.plain import make_plain
from werksem.bootstrap import refit as refit_room
from werksem.bootstrap.refit import build_refitter, refit
from werksem.estimators import objective
from werksem.estimators.ml import TOLERANCE, fit_ml
from werksem.estimators.problem import Problem, build_problem
from werksem.kernels import latent_gradient, latent_refit
from werksem.kernels.lanes import LANES
from werksem.kernels.latent_gradient import lane_work
from werksem.kernels.latent_pack import LatentForm, latent_form
from werksem.kernels.memory import aligned_zeros
from werksem.model import Model, build_model
from werksem.moments import Moments, moments
from werksem.rows import DEFAULTS, Options

THREE = (REFERENCE / "models" / "holzinger.lavaan").read_text()


@dataclass(frozen=True)
class Case:
    """A model text, with how it is completed, in one group or by school."""

    text: str
    options: Options = DEFAULTS
    schools: bool = False


MEANS = Options(mean_structure=True)
FORMS = {
    "holzinger": Case(THREE),
    "one factor": Case("f =~ x1 + x2 + x3 + x4"),
    "six items": Case("f =~ x4 + x5 + x6 + x1 + x2 + x3\ng =~ x7 + x8 + x9"),
    "second order": Case((REFERENCE / "models" / "second_order.lavaan").read_text()),
    "chain": Case(THREE + "textual ~ visual\nspeed ~ textual + visual"),
    "chain, effects first": Case("speed =~ x7+x8+x9\ntextual =~ x4+x5+x6\nvisual =~ x1+x2+x3\n"
                                 "speed ~ textual + visual\ntextual ~ visual"),
    "covarying outcomes": Case(THREE + "textual + speed ~ visual\ntextual ~~ speed"),
    "four deep": Case("a =~ x1 + x2\nb =~ x3 + x4\nc =~ x5 + x6\nd =~ x7 + x8 + x9\nd ~ c + a\nc ~ b\nb ~ a"),
    "cross-loadings": Case(THREE + "visual =~ x9\ntextual =~ x1\nspeed =~ x5 + x1"),
    "fixed loadings": Case("visual =~ x1 + 0.7*x2 + x3\ntextual =~ x4 + x5 + 0.9*x6\nspeed =~ x7 + x8 + x9"),
    "fixed path": Case(THREE + "textual ~ 0.3*visual\nspeed ~~ 0*visual"),
    "equal labels": Case("visual =~ x1 + a*x2 + a*x3\ntextual =~ x4 + a*x5 + x6\nspeed =~ x7 + x8 + x9\n"
                         "x1 ~~ e*x1\nx2 ~~ e*x2\nspeed ~ b*visual + b*textual"),
    "unit variances": Case(THREE + "speed ~ visual + textual", Options(scaling="unit_variance")),
    "means": Case(THREE, MEANS),
    "schools": Case(THREE + "speed ~ visual", MEANS, schools=True),
    "schools, equal loadings": Case(THREE, Options(True, group_equal=("loadings",)), schools=True),
    "schools, equal labels": Case(THREE + "speed ~ c(b, b)*visual + textual", schools=True),
}  # fmt: skip
WITHOUT = {
    "correlated residuals": Case(THREE + "x1 ~~ x4"),
    "a cycle": Case(THREE + "textual ~ visual\nspeed ~ textual\nvisual ~ speed"),
    "observed cause": Case(THREE + "visual ~ ageyr"),
    "observed outcome": Case(THREE + "ageyr ~ visual"),
    "observed alone": Case((REFERENCE / "models" / "path.lavaan").read_text()),
    "an item that covaries with a latent": Case(THREE + "x1 ~~ speed"),
    "one item without error": Case((REFERENCE / "models" / "single.lavaan").read_text()),
    "a residual variance of zero": Case(THREE + "x1 ~~ 0*x1"),
    "equal intercepts": Case(THREE + "x1 ~ i*1\nx2 ~ i*1", MEANS),
    "a fixed intercept": Case(THREE + "x1 ~ 0*1", MEANS),
    "a latent mean": Case(THREE + "x1 ~ 0*1\nvisual ~ 1", MEANS),
    "schools, equal intercepts": Case(THREE, Options(True, group_equal=("loadings", "intercepts")), True),
}


def ready(case: Case) -> tuple[Model, list[Moments], Problem, np.ndarray]:
    """Return (model, moments, problem, phi at the estimate)."""
    data = data_of("holzinger")
    labels = tuple(dict.fromkeys(data["school"])) if case.schools else ("all",)
    model = build_model(spec_of(case.text.replace("9x", "9\nx")), labels, case.options)
    found = []
    for label in labels:
        part = data[data["school"] == label] if case.schools else data
        found.append(moments(part[list(model.observed)].to_numpy(dtype=float), model.observed, group=label))
    problem = build_problem(model, found)
    return model, found, problem, fit_ml(model, found).theta * problem.scale


def form_of(case: Case) -> tuple[Problem, LatentForm, np.ndarray]:
    _, _, problem, phi = ready(case)
    form = latent_form(problem, phi)
    assert form is not None
    return problem, form, phi


def lane_gradient(form: LatentForm, S: np.ndarray, phi: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (gradient (k, lanes), where it is defined) at phi (k, lanes), S (groups, cells, lanes)."""
    gradient, positive = aligned_zeros(phi.shape), np.ones(LANES, dtype=bool)
    work = lane_work(form.cells)
    for g in range(len(S)):
        latent_gradient.add_latent_gradient(form.cells, g, S[g], phi, work, gradient, positive)
    return gradient, positive


def scattered(problem: Problem, form: LatentForm, phi: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return other moments in every lane (lanes, groups, p, p), and points (lanes, k) near the estimate."""
    rng, p = np.random.default_rng(4), problem.n_observed
    points = phi[form.kept] + rng.normal(0, 0.03, (LANES, len(form.kept)))
    S = np.empty((LANES, len(problem.groups), p, p))
    for g, group in enumerate(problem.groups):
        noise = rng.normal(0, 0.1, (LANES, p, p))
        S[:, g] = group.cov + (noise @ noise.transpose(0, 2, 1))
    return S, points


def plain_gradient(
    problem: Problem, form: LatentForm, S: np.ndarray, point: np.ndarray, phi: np.ndarray
) -> np.ndarray:
    """Return the gradient of one lane by the formulas in NumPy, means at their estimates."""
    own = replace(problem, groups=tuple(replace(g, cov=S[k]) for k, g in enumerate(problem.groups)))
    whole = phi.copy()
    whole[form.kept] = point
    if form.intercepts is not None:
        for g, group in enumerate(problem.groups):
            whole[form.intercepts[g]] = group.mean
    found = objective.evaluate(own, whole)
    assert found is not None
    return objective.gradient(own, objective.problem_terms(own), found)[form.kept]


@pytest.mark.parametrize("name", FORMS)
def test_gradient_equals_numpy(name: str) -> None:
    problem, form, phi = form_of(FORMS[name])
    S, points = scattered(problem, form, phi)
    i, j = np.tril_indices(problem.n_observed)
    flat = np.ascontiguousarray(S[:, :, i, j].transpose(1, 2, 0))
    gradient, positive = lane_gradient(form, flat, np.ascontiguousarray(points.T))
    assert positive.mean() > 0.7
    for lane in np.flatnonzero(positive)[::7]:
        expected = plain_gradient(problem, form, S[lane], points[lane], phi)
        assert np.abs(expected).max() > 0.01
        assert np.allclose(gradient[:, lane], expected, atol=1e-10), lane


def test_parameters_of_the_form_are_all_but_the_intercepts() -> None:
    problem, form, _ = form_of(FORMS["schools"])
    assert form.intercepts is not None
    assert sorted([*form.kept, *form.intercepts.ravel()]) == list(range(len(problem.scale)))
    assert form_of(FORMS["holzinger"])[1].intercepts is None


@pytest.mark.parametrize("name", ["one factor", "chain", "cross-loadings", "schools, equal loadings"])
def test_compiled_gradient_equals_plain_python(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    problem, form, phi = form_of(FORMS[name])
    S, points = scattered(problem, form, phi)
    i, j = np.tril_indices(problem.n_observed)
    flat, points = np.ascontiguousarray(S[:, :, i, j].transpose(1, 2, 0)), np.ascontiguousarray(points.T)
    compiled, _ = lane_gradient(form, flat, points)
    make_plain(monkeypatch)
    plain, positive = lane_gradient(form, flat, points)
    assert positive.all()
    assert np.allclose(plain, compiled, atol=1e-12)


def test_points_outside_are_told() -> None:
    """Psi indefinite, a residual variance of zero, or so negative that Phi^-1 + Gamma is indefinite."""
    problem, form, phi = form_of(FORMS["holzinger"])
    S, _ = scattered(problem, form, phi)
    i, j = np.tril_indices(problem.n_observed)
    points = np.ascontiguousarray(np.tile(phi[form.kept], (LANES, 1)).T)
    psi, theta = form.cells.psi_at[0][0], form.cells.theta_at[0][2]
    points[psi, 1], points[theta, 2], points[theta, 3] = -0.5, 0.0, -0.02
    gradient, size, positive = aligned_zeros(points.shape), np.zeros(LANES), np.ones(LANES, dtype=bool)
    flat = np.ascontiguousarray(S[:, :, i, j].transpose(1, 2, 0))
    latent_refit._gradient(form.cells, flat, points, lane_work(form.cells), gradient, size, positive)
    assert np.flatnonzero(size == np.inf).tolist() == [1, 2, 3]
    assert not gradient[:, 1:4].any()


def test_negative_residual_variances_are_left_to_the_whole_form(monkeypatch: pytest.MonkeyPatch) -> None:
    model, found, means, flat = drawn(FORMS["holzinger"], 2)
    refitter = build_refitter(model, found, fit_ml(model, found))
    expected, _ = refit(refitter, means, flat)
    at = refitter.form.cells.theta_at[0][4]

    def stray(*given) -> int:
        best, size = given[-2:]
        best[:], size[:] = refitter.start[:, None], 0.0
        best[at, 1] = -0.1
        return 1

    monkeypatch.setattr(refit_room, "refit_lanes", stray)
    theta, _ = refit(refitter, means, flat)
    assert np.allclose(theta[1], expected[1], atol=1e-6)
    assert not np.allclose(theta[0], expected[0], atol=1e-3)


@pytest.mark.parametrize("name", WITHOUT)
def test_models_without_the_form(name: str) -> None:
    _, _, problem, phi = ready(WITHOUT[name])
    assert latent_form(problem, phi) is None


def test_groups_with_other_cells_have_no_form() -> None:
    problem, _, phi = form_of(FORMS["schools"])
    first, second = problem.groups
    turned = replace(
        second, **{k: getattr(second, k)[::-1] for k in ("matrix", "row", "col", "free", "coef", "value")}
    )
    assert latent_form(replace(problem, groups=(first, turned)), phi) is None


def test_a_heywood_estimate_has_no_form() -> None:
    problem, form, phi = form_of(FORMS["holzinger"])
    phi = phi.copy()
    phi[form.kept[form.cells.theta_at[0][0]]] = -0.05
    assert latent_form(problem, phi) is None


def drawn(case: Case, R: int) -> tuple[Model, list[Moments], np.ndarray, np.ndarray]:
    """Return a model, its moments, and means (R, groups, p) and triangles of samples near them."""
    model, found, _, _ = ready(case)
    rng, p = np.random.default_rng(9), len(model.observed)
    i, j = np.tril_indices(p)
    means, flat = np.empty((R, len(found), p)), np.empty((R, len(found), len(i)))
    for g, group in enumerate(found):
        for r in range(R):
            rows = rng.multivariate_normal(group.mean, group.cov, 400)
            means[r, g], flat[r, g] = rows.mean(axis=0), np.cov(rows.T, bias=True)[i, j]
    return model, found, means, flat


@pytest.mark.parametrize("name", ["one factor", "chain", "unit variances", "schools, equal loadings"])
def test_refits_in_lanes_equal_cold_fits(name: str) -> None:
    model, found, means, flat = drawn(FORMS[name], 70)
    theta, size = refit(build_refitter(model, found, fit_ml(model, found)), means, flat)
    assert (size < TOLERANCE).all()
    i, j = np.tril_indices(len(model.observed))
    for r in (0, 1, 63, 64, 69):
        own = []
        for g, group in enumerate(found):
            cov = np.empty_like(group.cov)
            cov[i, j] = cov[j, i] = flat[r, g]
            own.append(replace(group, mean=means[r, g], cov=cov))
        assert np.allclose(theta[r], fit_ml(model, own).theta, atol=1e-6)


def test_compiled_refits_equal_plain_python(monkeypatch: pytest.MonkeyPatch) -> None:
    model, found, means, flat = drawn(FORMS["one factor"], 3)
    refitter = build_refitter(model, found, fit_ml(model, found))
    compiled, size = refit(refitter, means, flat)
    assert (size < TOLERANCE).all()
    make_plain(monkeypatch, refit_room)
    plain, again = refit(refitter, means, flat)
    assert np.allclose(plain, compiled, atol=1e-9)
    assert (again < TOLERANCE).all()

"""Units within groups: likelihood against the normal density of all rows, slopes, draws, tables."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from werksem.bayes.latent.cells import likelihood_cells
from werksem.bayes.latent.design import LatentDesign, with_moments
from werksem.bayes.latent.graph import data_of
from werksem.bayes.latent.groups import GroupMoments, group_moments
from werksem.bayes.latent.likelihood import nested_log_likelihood
from werksem.bayes.latent.links import Links, link_arrays, model_links, theta_of
from werksem.bayes.latent.nested import EACH, draw_units
from werksem.bayes.latent.parameters import names, nesting, with_latent_means
from werksem.bayes.latent.prepare import prepared
from werksem.bayes.latent.units import Units, nested_arrays, unit_means
from werksem.bayes.priors import show
from werksem.errors import DataError, SpecError
from werksem.implied import implied_moments, matrices
from werksem.kernels.grouped_latent import linked_latent
from werksem.kernels.nested_latent import nested_latent
from werksem.model import Model
from werksem.rows import Options
from werksem.spec.load import load_model
from werksem.spec.study import Bayes
from werksem.spec.types import ModelSpec

Array = np.ndarray
# correlated residuals, an item of two latents, fixed x, an outcome whose residual covaries with a latent's
SYNTAX = "f =~ a1+a2+a3; g =~ b1+b2+b3; h =~ a1 + c1; g ~ f + x + h; y ~ g + x; y ~~ g; a1 ~~ b1"
OPTIONS = Options(True, True, Options().scaling, ())
SDS = np.array([0.3, 0.5, 0.2, 0.4])


class Case(NamedTuple):
    """Rows of two groups in units, and links at which to look."""

    model: Model
    links: Links
    rows: Array
    code: Array
    unit: Array
    moments: GroupMoments
    units: Units
    given: Array
    b: Array
    at: Array  # places in theta of what differs between units
    omega: Array


def spec(syntax: str = SYNTAX) -> ModelSpec:
    return load_model({"syntax": syntax})


def case(*, shared: bool = False) -> Case:
    """Return 14 and 11 rows in units of 1 to 5; ``shared`` has the links other than means alike."""
    rng = np.random.default_rng(1)
    model = with_latent_means(spec(), OPTIONS)
    links = model_links(model)
    code, unit = np.repeat([0, 1], [14, 11]), rng.integers(0, 4, 25).astype(str)
    rows = rng.standard_normal((25, len(model.observed)))
    found = group_moments(rows, ["A", "B"], code)
    units = unit_means(rows, code, unit.tolist(), found.n, found.mean)
    b, given = 0.2 * rng.standard_normal((2, len(links.at))), np.zeros((2, len(model.parameters)))
    for row, place in zip(model.rows, model.free_of_row, strict=True):
        if row.exo and place >= 0:
            given[:, place] = 0.1 if row.op == "~1" else 1.2
    nested = nesting(model, links, ("means",))
    if shared:
        alike = np.setdiff1d(np.arange(len(links.at)), nested)
        b[1, alike] = b[0, alike]
    return Case(model, links, rows, code, unit, found, units, given, b, links.at[nested], SDS)


def compiled(c: Case, b: Array, omega: Array, *, shared: bool) -> tuple[float, Array, Array]:
    slopes, by_omega = np.empty_like(b), np.empty_like(omega)
    nested = nested_arrays(c.model, c.units, c.at)
    arrays = (*link_arrays(c.links), c.moments.n, c.moments.mean, c.moments.cov, *nested)
    value = nested_latent(
        b, omega, c.given, *arrays, *likelihood_cells(c.model, shared=shared), slopes, by_omega
    )
    return value, slopes, by_omega


def twin(c: Case, b: Array, omega: Array) -> float:
    theta, found = theta_of(c.links, b, c.given), c.moments
    return float(
        nested_log_likelihood(c.model, theta, c.at, omega, found.n, found.mean, found.cov, c.units).sum()
    )


def reach(c: Case, theta: Array) -> Array:
    """Return (G, p, V) the items' means by the alphas that differ between units."""
    parts = matrices(c.model, theta)
    A = np.linalg.inv(np.eye(len(c.model.eta)) - parts.B)
    cells = c.model.cells[0]
    own = [cells.row[(cells.matrix == 1) & (cells.free == place)][0] for place in c.at]
    return np.asarray((parts.Lambda @ A)[:, :, own])


@pytest.mark.parametrize("shared", [False, True])
def test_the_likelihood_is_the_normal_density_of_all_rows_of_every_unit(shared: bool) -> None:
    c = case(shared=shared)
    theta = theta_of(c.links, c.b, c.given)
    mu, Sigma = implied_moments(c.model, theta)
    F, dense = reach(c, theta) * c.omega, 0.0
    for g in (0, 1):
        between = F[g] @ F[g].T
        for label in np.unique(c.unit[c.code == g]):
            rows = c.rows[(c.code == g) & (c.unit == label)]
            k = len(rows)
            cov = np.kron(np.eye(k), Sigma[g]) + np.kron(np.ones((k, k)), between)
            dense += multivariate_normal(np.tile(mu[g], k), cov).logpdf(rows.ravel())
    assert twin(c, c.b, c.omega) == pytest.approx(dense, abs=1e-8)
    assert compiled(c, c.b, c.omega, shared=shared)[0] == pytest.approx(dense, abs=1e-8)


def test_slopes_are_those_of_finite_differences() -> None:
    c, step = case(), 1e-5
    _, slopes, by_omega = compiled(c, c.b, c.omega, shared=False)
    for place in np.ndindex(c.b.shape):
        move = np.zeros_like(c.b)
        move[place] = step
        found = (twin(c, c.b + move, c.omega) - twin(c, c.b - move, c.omega)) / (2 * step)
        assert slopes[place] == pytest.approx(found, abs=1e-6)
    for v in range(len(c.omega)):
        more = c.omega + step * (np.arange(len(c.omega)) == v)
        less = c.omega - step * (np.arange(len(c.omega)) == v)
        found = (twin(c, c.b, more) - twin(c, c.b, less)) / (2 * step)
        assert by_omega[v] == pytest.approx(found, abs=1e-6)


def test_shared_measurement_has_the_sum_of_the_groups_slopes() -> None:
    c = case(shared=True)
    value, slopes, by_omega = compiled(c, c.b, c.omega, shared=True)
    apart, by_group, by_omega_apart = compiled(c, c.b, c.omega, shared=False)
    assert value == pytest.approx(apart, abs=1e-9)
    assert slopes.sum(axis=0) == pytest.approx(by_group.sum(axis=0), abs=1e-9)
    assert by_omega == pytest.approx(by_omega_apart, abs=1e-9)


def test_without_differences_between_units_they_do_not_count() -> None:
    c = case()
    value, slopes, _ = compiled(c, c.b, np.zeros(len(c.omega)), shared=False)
    plain = np.empty_like(slopes)
    arrays = (*link_arrays(c.links), c.moments.n, c.moments.mean, c.moments.cov)
    cells = likelihood_cells(c.model, shared=False)
    assert value == pytest.approx(linked_latent(c.b, c.given, *arrays, *cells, plain), abs=1e-9)
    assert slopes == pytest.approx(plain, abs=1e-9)


def test_impossible_values_are_no_likelihood() -> None:
    c = case()
    assert compiled(c, c.b, np.full(len(c.omega), 1e200), shared=False)[0] == -np.inf


def test_the_op_gives_the_kernels_slopes_in_both_modes() -> None:
    import pytensor
    import pytensor.tensor as pt

    from werksem.bayes.latent.nested_op import NestedLatent

    c = case()
    nested = nested_arrays(c.model, c.units, c.at)
    arrays = (*link_arrays(c.links), c.moments.n, c.moments.mean, c.moments.cov, *nested)
    b, omega = pt.dmatrix(), pt.dvector()
    value = 2 * NestedLatent()(b, omega, c.given, *arrays, *likelihood_cells(c.model, shared=False))[0]
    expected = compiled(c, c.b, c.omega, shared=False)
    for mode in ("NUMBA", "FAST_COMPILE"):
        graph = pytensor.function([b, omega], [value, *pytensor.grad(value, [b, omega])], mode=mode)
        found = graph(c.b, c.omega)
        for part, right in zip(found, expected, strict=True):
            assert part == pytest.approx(2 * np.asarray(right), abs=1e-9)


def test_weights_scale_units_to_their_groups_effective_size() -> None:
    c, weight = case(), np.random.default_rng(2).uniform(0.5, 2, 25)
    weight[3] = 0.0
    found = group_moments(c.rows, ["A", "B"], c.code, weight)
    units = unit_means(c.rows, c.code, c.unit.tolist(), found.n, found.mean, weight)
    for g in (0, 1):
        own = slice(units.starts[g], units.starts[g + 1])
        assert units.n[own].sum() == pytest.approx(found.n[g], abs=1e-10)
        assert units.away[:, own] @ units.n[own] == pytest.approx(np.zeros(len(found.mean[0])), abs=1e-10)
        for o in range(own.start, own.stop):
            rows = (c.code == g) & (c.unit == units.labels[o])
            right = np.average(c.rows[rows], axis=0, weights=weight[rows]) - found.mean[g]
            assert units.away[:, o] == pytest.approx(right, abs=1e-10)
    assert units.rows.sum() == 24


class Known(NamedTuple):
    """What ``draw_units`` reads of a design."""

    model: Model
    links: Links
    nested: Array


def test_units_are_drawn_from_their_conditional_normal() -> None:
    c, S = case(), 4000
    theta = theta_of(c.links, c.b, c.given)[:1]
    mu, Sigma = (part[0] for part in implied_moments(c.model, theta))
    F, n = reach(c, theta)[0], 3.0
    mean = c.rows[:3].mean(axis=0)
    # all rows of the unit and its deviation are normal together
    tall = np.tile(F, (3, 1)) * c.omega
    cov = np.kron(np.eye(3), Sigma) + tall @ tall.T
    gain = np.linalg.solve(cov, tall * c.omega).T
    right = gain @ (c.rows[:3] - mu).ravel()
    spread = np.diag(c.omega**2) - gain @ (tall * c.omega)
    known = Known(c.model, c.links, np.flatnonzero(np.isin(c.links.at, c.at)))
    drawn = draw_units(
        known, np.repeat(theta, S, axis=0), np.tile(c.omega, (S, 1)), mean[:, None], np.array([n]),  # type: ignore[arg-type]
        np.random.default_rng(3),
    )[:, :, 0].reshape(S * EACH, -1)  # fmt: skip
    size = np.sqrt(np.diag(spread))
    assert (drawn.mean(axis=0) - right) / size == pytest.approx(np.zeros(4), abs=4.5 / np.sqrt(S * EACH))
    assert np.cov(drawn.T) / np.outer(size, size) == pytest.approx(
        spread / np.outer(size, size), abs=4.5 * np.sqrt(2 / (S * EACH))
    )


@pytest.mark.parametrize("vary", [("paths",), ("variances",), ("g~f",), ("means", "g~~g")])
def test_what_units_cannot_differ_in_is_refused(vary: tuple[str, ...]) -> None:
    c = case()
    with pytest.raises(SpecError, match=r"differ in means alone.* right is vary_nested: \[means\]"):
        nesting(c.model, c.links, vary)


def test_single_means_can_differ() -> None:
    c = case()
    found = nesting(c.model, c.links, ("y ~1", "f ~1"))
    assert {names(c.model, c.links)[j] for j in found} == {"y ~1", "f ~1"}


RECOVERED = "f =~ a0+a1+a2; h =~ b0+b1+b2; h ~ f + x; y ~ h + x"


def simulated(seed: int, omega: Array, groups: int, units: int, size: int) -> tuple[pd.DataFrame, Array]:
    """Return answers to items of f and h and an outcome y, and the units' means (groups units, 3) of the
    three, which differ by SDs ``omega`` within groups.
    """
    rng, parts, means = np.random.default_rng(seed), [], []
    loadings = (1, 0.8, 0.9)
    for g in range(groups):
        own = 0.2 * rng.standard_normal(3)
        for o in range(units):
            n, u = int(rng.integers(size // 2, 3 * size // 2)), own + omega * rng.standard_normal(3)
            x, f = rng.standard_normal(n), u[0] + rng.standard_normal(n)
            h = u[1] + 0.4 * f + 0.3 * x + 0.8 * rng.standard_normal(n)
            y = 2 + u[2] + 0.5 * h + 0.2 * x + 0.7 * rng.standard_normal(n)
            columns = {"x": x, "y": y, "sector": f"s{g}", "organisatie": f"o{o}"}
            for i, load in enumerate(loadings):
                columns[f"a{i}"] = 3 + load * f + 0.6 * rng.standard_normal(n)
                columns[f"b{i}"] = 3 + load * h + 0.6 * rng.standard_normal(n)
            parts.append(pd.DataFrame(columns))
            means.append([u[0], u[1], 2 + u[2]])
    return pd.concat(parts, ignore_index=True), np.array(means)


def design_of(data: pd.DataFrame, settings: Bayes) -> LatentDesign:
    unit = data["organisatie"]
    return prepared(spec(RECOVERED), data, data["sector"], None, settings, OPTIONS, nested=unit)


def test_rows_without_a_unit_are_left_out_and_counted() -> None:
    data, _ = simulated(1, np.full(3, 0.2), 2, 5, 12)
    data.loc[[2, 5, 30], "organisatie"] = None
    settings = Bayes(level="latent", vary=("means",), nested="organisatie")
    design = design_of(data, settings)
    assert design.moments.units is not None
    assert design.moments.units.without == 3
    assert design.moments.units.rows.sum() == design.moments.rows.sum() == len(data) - 3
    data["organisatie"] = None
    with pytest.raises(DataError, match="0 rows answer all 8 items of the model and have a unit"):
        design_of(data, settings)


def test_priors_of_sds_between_units_are_those_of_the_study() -> None:
    data, _ = simulated(1, np.full(3, 0.2), 2, 5, 12)
    given = {"nested_sd": "halfnormal(0.3)", "nested_sd of y ~1": "exponential(4)"}
    settings = Bayes(level="latent", vary=("means",), nested="organisatie", priors=given)
    design = design_of(data, settings)
    found = {
        design.names[j]: show(prior) for j, prior in zip(design.nested, design.nested_priors, strict=True)
    }
    assert found == {"f ~1": "halfnormal(0.3)", "h ~1": "halfnormal(0.3)", "y ~1": "exponential(4)"}


def test_other_respondents_bring_their_own_units() -> None:
    settings = Bayes(level="latent", vary=("means",), nested="organisatie")
    one, two = (design_of(simulated(seed, np.full(3, 0.2), 3, 6, 20)[0], settings) for seed in (1, 2))
    other = with_moments(one, replace(two.moments, mean=two.moments.mean + two.centre))
    b = np.tile(one.expansion.base, (3, 1))
    moved = replace(two, moments=other.moments, given=one.given, links=one.links)
    omega = np.full(3, 0.2)
    values = []
    for design in (other, moved):
        assert design.units is not None
        found = design.moments
        arrays = (*link_arrays(design.links), found.n, found.mean, found.cov, *design.units, *design.cells)
        values.append(nested_latent(b, omega, design.given, *arrays, np.empty_like(b), np.empty(3)))
    assert values[0] == values[1]
    assert data_of(other)["away"].shape == (8, 18)


@pytest.mark.slow
def test_known_differences_between_units_are_found_again() -> None:
    """Intervals of 3 SDs and 180 units' intercepts in each of 4 surveys hold what they were drawn from."""
    from werksem.bayes.latent.run import fit_latent

    omega, sds, intercepts = {"f": 0.3, "h": 0.2, "y": 0.25}, [], []
    settings = Bayes(
        level="latent", vary=("means",), nested="organisatie", chains=2, draws=500, tune=500
    )  # fmt: skip
    for seed in range(4):
        data, means = simulated(seed, np.array(list(omega.values())), 6, 30, 25)
        found = fit_latent(design_of(data, settings), settings, quiet=True)
        table = found.tables["between"].query("level == 'nested'")
        sds += [row.ci_lower < omega[row.lhs] < row.ci_upper for row in table.itertuples()]
        assert set(found.idata.posterior["varying_nested"].values) == {"f ~1", "h ~1", "y ~1"}
        own = found.tables["nested"].query("lhs == 'y'")
        assert list(own["unit"]) == [f"o{o}" for o in range(30)] * 6
        intercepts.append(((own["ci_lower"] < means[:, 2]) & (means[:, 2] < own["ci_upper"])).mean())
    # of 12 intervals of 95%, fewer than 9 hold the truth with probability 2e-4
    assert len(sds) == 12
    assert sum(sds) >= 9
    # 720 intervals; what they share, the typical mean of h, moves each survey's by less than their width
    assert 0.90 < np.mean(intercepts) < 0.99

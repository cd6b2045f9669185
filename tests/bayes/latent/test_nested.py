"""Units within groups: their likelihood against the normal distribution of all rows, slopes, draws, tables."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from werksem.bayes.latent.cells import likelihood_cells
from werksem.bayes.latent.groups import GroupMoments, group_moments
from werksem.bayes.latent.likelihood import nested_log_likelihood
from werksem.bayes.latent.links import Links, link_arrays, model_links, theta_of
from werksem.bayes.latent.nested import EACH, draw_units
from werksem.bayes.latent.parameters import names, nesting, with_latent_means
from werksem.bayes.latent.prepare import prepared
from werksem.bayes.latent.units import Units, nested_arrays, unit_means
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
    """Return 14 and 11 rows in units of 1 to 5; ``shared`` has the measurement of items alike in both groups."""
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
        found = pytensor.function([b, omega], [value, *pytensor.grad(value, [b, omega])], mode=mode)(c.b, c.omega)
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
    with pytest.raises(SpecError, match=r"units within groups differ in means alone.* right is vary_nested: \[means\]"):
        nesting(c.model, c.links, vary)


def test_single_means_can_differ() -> None:
    c = case()
    found = nesting(c.model, c.links, ("y ~1", "f ~1"))
    assert {names(c.model, c.links)[j] for j in found} == {"y ~1", "f ~1"}


def simulated(seed: int, omega: Array, groups: int, units: int, size: int) -> pd.DataFrame:
    """Return answers to items of f and h and an outcome y; units differ in f, h and y by SDs ``omega``."""
    rng, parts = np.random.default_rng(seed), []
    for g in range(groups):
        own = 0.2 * rng.standard_normal(3)
        for o in range(units):
            n, u = int(rng.integers(size // 2, 3 * size // 2)), own + omega * rng.standard_normal(3)
            x, f = rng.standard_normal(n), u[0] + rng.standard_normal(n)
            h = u[1] + 0.4 * f + 0.3 * x + 0.8 * rng.standard_normal(n)
            y = 2 + u[2] + 0.5 * h + 0.2 * x + 0.7 * rng.standard_normal(n)
            items = {f"a{i}": 3 + load * f + 0.6 * rng.standard_normal(n) for i, load in enumerate((1, 0.8, 0.9))}
            items |= {f"b{i}": 3 + load * h + 0.6 * rng.standard_normal(n) for i, load in enumerate((1, 0.8, 0.9))}
            parts.append(pd.DataFrame(items | {"x": x, "y": y, "sector": f"s{g}", "organisatie": f"o{o}"}))
    return pd.concat(parts, ignore_index=True)


RECOVERED = "f =~ a0+a1+a2; h =~ b0+b1+b2; h ~ f + x; y ~ h + x"


def test_rows_without_a_unit_are_left_out_and_counted() -> None:
    data = simulated(1, np.full(3, 0.2), 2, 5, 12)
    data.loc[[2, 5, 30], "organisatie"] = None
    settings = Bayes(level="latent", vary=("means",), nested="organisatie")
    design = prepared(spec(RECOVERED), data, data["sector"], None, settings, OPTIONS, nested=data["organisatie"])
    assert design.moments.units is not None
    assert design.moments.units.without == 3
    assert design.moments.units.rows.sum() == design.moments.rows.sum() == len(data) - 3
    data["organisatie"] = None
    with pytest.raises(DataError, match="0 rows answer all 8 items of the model and have a unit"):
        prepared(spec(RECOVERED), data, data["sector"], None, settings, OPTIONS, nested=data["organisatie"])


@pytest.mark.slow
def test_known_differences_between_units_are_found_again() -> None:
    """Of 3 SDs and 180 x 3 units' means in each of 4 surveys, as many lie in their intervals as should."""
    from werksem.bayes.latent.run import fit_latent

    omega, inside, units = {"f": 0.3, "h": 0.2, "y": 0.25}, [], []
    for seed in range(4):
        data = simulated(seed, np.array(list(omega.values())), 6, 30, 25)
        settings = Bayes(level="latent", vary=("means",), nested="organisatie", chains=2, draws=500, tune=500)
        design = prepared(spec(RECOVERED), data, data["sector"], None, settings, OPTIONS, nested=data["organisatie"])
        found = fit_latent(design, settings, quiet=True)
        table = found.tables["between"]
        for row in table[table["level"] == "nested"].itertuples():
            inside.append(row.ci_lower < omega[row.lhs] < row.ci_upper)
            assert row.std == pytest.approx(row.est, rel=0.3)
        outcome = found.tables["nested"].query("lhs == 'y'")
        # a unit's intercept, from the survey's own simulation
        units += [float(outcome["se"].mean()), float(outcome["est"].std())]
    # 12 independent intervals of 95%: fewer than 9 has probability 2e-4
    assert sum(inside) >= 9
    # what is known of a unit and what is left together are the SDs of units and groups: 0.25² + 0.2²
    assert np.mean(np.square(units)) * 2 == pytest.approx(0.25**2 + 0.2**2, rel=0.35)

"""Clusters that lie in several joint groups: closed forms, and scores by central differences in NumPy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.cases import spec_of
from werksem.effects import quantity_values
from werksem.engines.estimate import estimate
from werksem.engines.sem import fit_sem
from werksem.inference.cluster_sums import over_groups
from werksem.inference.delta import complex_jacobian
from werksem.inference.sampling import quantity_errors
from werksem.inference.units import sampling_as_asked
from werksem.inference.vcov import standard_errors
from werksem.inputs import Inputs
from werksem.model import build_model
from werksem.rows import Options
from werksem.sem_data import SemData, sem_data
from werksem.spec.study import Data, Sem, Study

FACTOR = "F =~ x1 + x2 + x3 + x4"
ITEMS = ["x1", "x2", "x3", "x4"]
EQUAL = ("loadings", "intercepts")
ALL_EQUAL = (*EQUAL, "means", "lv_variances", "residuals")


def answers(n: int, orgs: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return items (n, 4) of one factor and of the organisations (n,) too; two share more."""
    rng = np.random.default_rng(seed)
    org = rng.integers(orgs, size=n)
    f = rng.normal(size=n) + 0.6 * rng.normal(size=orgs)[org]
    own = 0.5 * rng.normal(size=(orgs, 4))[org]
    more = 0.7 * rng.normal(size=n)[:, None] * [1, 1, 0, 0]
    return f[:, None] * [1, 0.8, 0.7, 0.9] + own + more + rng.normal(size=(n, 4)), org


def prepared(
    rows: np.ndarray, org: np.ndarray, group: np.ndarray, equal: tuple[str, ...], *, fiml: bool,
    estimator: str = "ML",
) -> tuple[SemData, Sem, Options]:  # fmt: skip
    """Return the data as a study with organisations (``org``) and joint groups makes them."""
    settings = Sem(estimator=estimator, se="cluster", engine="werksem", multigroup=True, group_equal=equal,
                   information="observed" if fiml else "expected")  # fmt: skip
    study = Study(
        study="s", model="m.yaml", sem=settings,
        data=Data(file="a.csv", cluster="org", group="sector", missing="fiml" if fiml else "listwise"),
    )  # fmt: skip
    items = pd.DataFrame(rows, columns=ITEMS)
    inputs = Inputs(None, items, None, pd.Series(group, name="sector"), pd.Series(org, name="org"), None,
                    None, None, {})  # fmt: skip
    options = Options(mean_structure=True, group_equal=equal)
    return sem_data(study, spec_of(FACTOR), inputs, by_group=True), settings, options


def fitted(rows: np.ndarray, org: np.ndarray, group: np.ndarray, equal: tuple[str, ...], **how: object):
    data, settings, options = prepared(rows, org, group, equal, **how)
    model = build_model(spec_of(FACTOR), data.groups, options)
    return model, estimate(model, data, settings)


@pytest.mark.parametrize("fiml", [False, True])
def test_a_group_beside_its_own_copy_is_one_sample(fiml: bool) -> None:
    """Every respondent twice, in a group of his own each: groups cannot differ, nothing is known better."""
    rows, org = answers(400, 25, 1)
    if fiml:
        rows[::7, 0] = rows[3::5, 2] = np.nan
    twice, orgs = np.vstack([rows, rows]), np.concatenate([org, org])
    group = np.repeat(["a", "b"], len(rows))
    model, joint = fitted(twice, orgs, group, (), fiml=fiml)
    V, q = joint.summary.vcov, len(model.parameters) // 2
    differences = V[:q, :q] + V[q:, q:] - V[:q, q:] - V[q:, :q]
    assert np.abs(differences).max() < 1e-8 * np.abs(V).max()
    _, alone = fitted(rows, org, group[:400], (), fiml=fiml)
    assert V[:q, :q] == pytest.approx(alone.summary.vcov, rel=1e-4, abs=1e-9)
    # all parameters equal: the sample alone, whose statistic and degrees of freedom are counted twice
    _, equal = fitted(twice, orgs, group, ALL_EQUAL, fiml=fiml)
    assert np.diag(equal.summary.vcov)[: len(alone.summary.vcov)] == pytest.approx(
        np.diag(alone.summary.vcov), rel=1e-4
    )
    one, two = alone.summary.measures, equal.summary.measures
    spread = [m["df"] * m["chisq_scaling_factor"] for m in (one, two)]
    assert two["df"] == 28 - 12
    assert spread[1] == pytest.approx(2 * spread[0], rel=1e-4)
    if fiml:
        # chi-square less its expectation, of the complete-data test behind robust RMSEA
        excess = [m["rmsea_robust"] ** 2 * m["df"] for m in (one, two)]
        assert excess[1] == pytest.approx(2 * excess[0], rel=1e-3)
        assert excess[0] > 0


@pytest.mark.parametrize("fiml", [False, True])
def test_joint_groups_have_the_sandwich_of_scores_added_over_groups(fiml: bool) -> None:
    rows, org = answers(700, 30, 2)
    group = np.where(np.random.default_rng(3).random(700) < 0.4, "a", "b")
    if fiml:
        rows[::7, 0] = rows[3::5, 2] = np.nan
    model, done = fitted(rows, org, group, EQUAL, fiml=fiml)
    parts = [group == name for name in dict.fromkeys(group)]

    def casewise(theta: np.ndarray) -> np.ndarray:
        out = np.zeros(700)
        for g, part in enumerate(parts):
            out[part] = log_density(rows[part], *implied(model, theta, g))
        return out

    A = -second(lambda t: casewise(t).sum(), done.fit.theta)
    scores = first(casewise, done.fit.theta)
    factor = np.ones(700)
    for part in parts:
        count = len(np.unique(org[part]))
        factor[part] = np.sqrt(count / (count - 1))
    sums = np.array([(scores * factor[:, None])[org == o].sum(axis=0) for o in np.unique(org)])
    bread = np.linalg.inv(A)
    expected = bread @ sums.T @ sums @ bread
    assert np.sqrt(np.diag(done.summary.vcov)) == pytest.approx(np.sqrt(np.diag(expected)), rel=2e-4)
    a, b = (model.parameters.index(name) for name in names_of_latent_variance(model))
    contrast = expected[a, a] + expected[b, b] - 2 * expected[a, b]
    V = done.summary.vcov
    assert V[a, a] + V[b, b] - 2 * V[a, b] == pytest.approx(contrast, rel=5e-4)
    # taken apart by group the same scores say something else
    apart = sum(s.T @ s for s in (per_org(scores * factor[:, None], org, part) for part in parts))
    assert abs(np.sqrt(np.diag(bread @ apart @ bread)) / np.sqrt(np.diag(expected)) - 1).max() > 0.05


def per_org(scores: np.ndarray, org: np.ndarray, part: np.ndarray) -> np.ndarray:
    return np.array([scores[part & (org == o)].sum(axis=0) for o in np.unique(org)])


def names_of_latent_variance(model) -> list[str]:
    found = [
        model.parameters[at]
        for row, at in zip(model.rows, model.free_of_row, strict=True)
        if (row.op, row.lhs, row.rhs) == ("~~", "F", "F") and at >= 0
    ]
    assert len(found) == 2
    return found


def implied(model, theta: np.ndarray, group: int) -> tuple[np.ndarray, np.ndarray]:
    """Return mean (4,) and covariances (4, 4) of a factor, from the rows of the parameter table."""
    value = {
        (row.lhs, row.op, row.rhs): theta[at] if at >= 0 else row.value
        for row, at in zip(model.rows, model.free_of_row, strict=True)
        if row.group == group
    }
    load = np.array([value["F", "=~", x] for x in ITEMS])
    mean = np.array([value[x, "~1", ""] for x in ITEMS]) + load * value["F", "~1", ""]
    own = np.diag([value[x, "~~", x] for x in ITEMS])
    return mean, value["F", "~~", "F"] * np.outer(load, load) + own


def log_density(rows: np.ndarray, mean: np.ndarray, cov: np.ndarray) -> np.ndarray:
    out = np.zeros(len(rows))
    seen = np.isfinite(rows)
    for pattern in np.unique(seen, axis=0):
        at = (seen == pattern).all(axis=1)
        z, S = rows[at][:, pattern] - mean[pattern], cov[np.ix_(pattern, pattern)]
        out[at] = -0.5 * (np.linalg.slogdet(S)[1] + np.einsum("ni,ij,nj->n", z, np.linalg.inv(S), z))
    return out


def first(f, theta: np.ndarray, step: float = 1e-5) -> np.ndarray:
    eye = step * np.eye(len(theta))
    return np.column_stack([(f(theta + e) - f(theta - e)) / (2 * step) for e in eye])


def second(f, theta: np.ndarray, step: float = 1e-4) -> np.ndarray:
    eye = step * np.eye(len(theta))
    out = np.empty((len(theta), len(theta)))
    for i, a in enumerate(eye):
        for j, b in enumerate(eye):
            out[i, j] = (f(theta + a + b) - f(theta + a - b) - f(theta - a + b) + f(theta - a - b)) / (
                4 * step**2
            )
    return out


@pytest.mark.parametrize("estimator", ["ML", "MLR", "MLM"])
def test_errors_of_quantities_are_those_of_the_fit(estimator: str) -> None:
    """Free groups, whose scores have no mean of their own, and the differences between the two."""
    rows, org = answers(700, 30, 4)
    group = np.where(np.arange(700) % 3 == 0, "a", "b")
    data, settings, options = prepared(rows, org, group, (), fiml=False, estimator=estimator)
    sem = fit_sem(spec_of(FACTOR), data, settings, options)
    jacobian = complex_jacobian(lambda t: quantity_values(sem.model, (), t)[0], sem.fit.theta)
    half = len(jacobian) // 2
    jacobian = np.vstack([jacobian, jacobian[:half] - jacobian[half:]])
    sampling = sampling_as_asked(sem.model, sem.moments, settings, data.respondents)
    own = quantity_errors(sem.model, sem.moments, sem.fit.theta, jacobian, sampling)
    assert own == pytest.approx(standard_errors(sem.vcov, jacobian), rel=1e-7, abs=1e-9)
    apart = replace(sampling, units=tuple(replace(u, label=None) for u in sampling.units))
    other = quantity_errors(sem.model, sem.moments, sem.fit.theta, jacobian, apart)
    assert own[: 2 * half] == pytest.approx(other[: 2 * half])
    changed = own[2 * half :] / np.where(other > 0, other, 1)[2 * half :]
    assert changed.min() < changed[changed > 0].max() - 0.05


def test_clusters_within_groups_have_lavaans_factor_per_group() -> None:
    """lavaan 0.6-14 takes each group's clusters by themselves, times C_g / (C_g - 1)."""
    sums = [np.arange(6.0).reshape(3, 2), np.arange(8.0).reshape(4, 2)]
    whole = over_groups(sums, [np.array([4, 0, 2]), np.array([1, 6, 5, 3])])
    by_group = sums[0].T @ sums[0] * 3 / 2 + sums[1].T @ sums[1] * 4 / 3
    assert whole.T @ whole == pytest.approx(by_group)
    assert (one := over_groups(sums, None)).T @ one == pytest.approx(by_group)


@pytest.mark.slow
def test_reported_errors_are_the_spread_over_surveys() -> None:
    """Organisations spread over two sectors: the standard error of an equal intercept is its spread."""
    found, reported = [], []
    for seed in range(400):
        rows, org = answers(600, 60, 1000 + seed)
        group = np.where(np.arange(600) % 2 == 0, "a", "b")
        model, done = fitted(rows, org, group, EQUAL, fiml=False)
        at = next(
            place
            for row, place in zip(model.rows, model.free_of_row, strict=True)
            if (row.lhs, row.op, row.group) == ("x1", "~1", 0)
        )
        found.append(done.fit.theta[at])
        reported.append(np.sqrt(done.summary.vcov[at, at]))
    # 400 surveys: the spread is known to 3.5 %
    assert np.mean(reported) / np.std(found) == pytest.approx(1, abs=0.11)

"""MLR, MLM and MLMV by cluster beside lavaan's, with a fixed covariate and without, one group and two.

``tests/reference/lavaan_clusters.R`` remakes the values.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.cases import REFERENCE, shared_csv, spec_of
from werksem.engines.estimate import estimate
from werksem.estimators.fit import Fit
from werksem.estimators.ml import fit_ml
from werksem.estimators.objective import evaluate
from werksem.estimators.problem import build_problem
from werksem.inference.mean_variance import scaled_shift
from werksem.inference.robust import robust_inference
from werksem.model import Model, build_model
from werksem.moments import Moments, moments
from werksem.respondents import Respondents
from werksem.rows import Options
from werksem.sem_data import SemData
from werksem.spec.study import Sem

ESTIMATES = pd.read_csv(REFERENCE / "lavaan_clusters_estimates.csv", keep_default_na=False)
FIT = pd.read_csv(REFERENCE / "lavaan_clusters_fit.csv")
CASES = sorted(set(ESTIMATES.case))
SYNTAX = (REFERENCE / "models" / "twolevel.lavaan").read_text()
# lavaan takes the covariances of fixed x by another formula, some 1e-6 away
MEASURES = (
    "chisq", "df", "chisq_scaled", "chisq_scaling_factor", "pvalue_scaled", "baseline_chisq_scaled",
    "baseline_chisq_scaling_factor", "cfi_scaled", "cfi_robust", "rmsea_scaled", "rmsea_robust",
)  # fmt: skip


def prepared(covariate: str, groups: str) -> tuple[Model, SemData]:
    spec = spec_of(SYNTAX if covariate == "x" else SYNTAX.replace(" + x1", ""))
    data = shared_csv("lavaan_classic", "Demo_twolevel.csv")
    # labels in the order in which the data first have them, as in lavaan
    labels = ["all"] if groups == "one" else ["odd", "even"]
    parts = [data] if groups == "one" else [data[data.cluster % 2 == 1], data[data.cluster % 2 == 0]]
    options = Options(mean_structure=True, group_equal=("loadings",) if groups == "equal" else ())
    model = build_model(spec, labels, options)
    rows = [part[list(model.observed)].to_numpy(dtype=float) for part in parts]
    found = [moments(r, model.observed, group=label) for r, label in zip(rows, labels, strict=True)]
    people = [
        Respondents(r, None, pd.factorize(part["cluster"])[0]) for r, part in zip(rows, parts, strict=True)
    ]
    return model, SemData(tuple(labels), tuple(found), tuple(people))


@pytest.mark.parametrize("name", CASES)
def test_errors_and_tests_by_cluster_equal_lavaan(name: str) -> None:
    covariate, groups, estimator = name.split("_")
    model, data = prepared(covariate, groups)
    information = "observed" if estimator == "MLR" else "expected"
    settings = Sem(estimator=estimator, se="cluster", information=information, engine="werksem")
    done = estimate(model, data, settings)
    se = np.sqrt(np.diag(done.summary.vcov))
    theirs = {(r.lhs, r.op, r.rhs, r.group - 1): r for r in ESTIMATES[ESTIMATES.case == name].itertuples()}
    compared = 0
    for at, row in zip(model.free_of_row, model.rows, strict=True):
        if at >= 0 and (found := theirs.get((row.lhs, row.op, row.rhs, row.group))):
            assert done.fit.theta[at] == pytest.approx(found.est, abs=5e-5, rel=1e-4), row
            assert se[at] == pytest.approx(found.se, abs=1e-5, rel=1e-3), row
            compared += 1
    assert compared >= 18 * len(model.groups)
    value = FIT[FIT.case == name].set_index("measure").value
    value.index = value.index.str.replace(".", "_")
    for measure in MEASURES:
        assert done.summary.measures[measure] == pytest.approx(value[measure], abs=1e-3, rel=1e-5), measure


@pytest.mark.parametrize("se", ["robust", "cluster"])
def test_least_squares_say_robust_where_clusters_are_left_out(se: str) -> None:
    model, data = prepared("none", "one")
    alone = replace(data, respondents=(replace(data.respondents[0], cluster=None),))
    settings = Sem(estimator="DWLS", se=se, engine="werksem")
    found, plain = estimate(model, data, settings).summary, estimate(model, alone, settings).summary
    assert found.method == plain.method == "robust"
    assert (found.vcov == plain.vcov).all()


def test_what_groups_share_enters_both_scaled_tests_alike() -> None:
    """tr(U Gamma) is the mean-adjusted test's factor times df, and (df - shift) times the other's factor."""
    model, apart = prepared("x", "equal")
    codes = [code // 2 for code in (np.arange(len(g.rows)) % 60 for g in apart.respondents)]
    people = [
        replace(group, cluster=code, cluster_of_all=code if g == 0 else code + 7)
        for g, (group, code) in enumerate(zip(apart.respondents, codes, strict=True))
    ]
    fit = fit_ml(model, apart.moments)
    for shared in (people, [replace(group, cluster_of_all=None) for group in people]):
        factor = robust_inference(model, apart.moments, fit, shared, kind="MLM").factor
        shift = scaled_shift(model, apart.moments, fit, shared)
        assert (model.df - shift.shift) * shift.factor == pytest.approx(factor * model.df, rel=1e-9)


@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize("covariate", ["none", "x"])
def test_weights_enter_errors_and_tests_as_full_matrices_say(covariate: str, clustered: bool) -> None:
    """lavaan 0.6-14 leaves weights out of Gamma. A weighted mean m of values v moves by w (v - m)."""
    model, data = prepared(covariate, "one")
    rows, cluster = data.respondents[0].rows, data.respondents[0].cluster
    weights = 0.5 + (np.arange(1, len(rows) + 1) % 7) / 4
    people = Respondents(rows, weights / weights.mean(), cluster if clustered else None)
    found = moments(rows, model.observed, weights=people.weights)
    fit = fit_ml(model, [found])
    vcov, trace, square = dense(model, found, fit, people)
    robust = robust_inference(model, [found], fit, [people], kind="MLM")
    free = ~np.array(model.exogenous)
    assert np.diag(robust.vcov)[free] == pytest.approx(np.diag(vcov), rel=1e-5)
    assert robust.factor == pytest.approx(trace / model.df, rel=1e-6)
    shift = scaled_shift(model, [found], fit, [people])
    assert shift.factor == pytest.approx(np.sqrt(square / model.df), rel=1e-6)
    assert shift.shift == pytest.approx(model.df - trace / shift.factor, rel=1e-4)


def dense(model: Model, found: Moments, fit: Fit, people: Respondents) -> tuple[np.ndarray, float, float]:
    """Return the sandwich of what is free, tr(U Gamma) and tr((U Gamma)²), Delta by differences."""
    problem = build_problem(model, [found])
    group, free = problem.groups[0], np.flatnonzero(~np.array(model.exogenous))
    point = evaluate(problem, fit.theta * problem.scale).expansions[0]
    gamma = spread(model, found, people, group.units)
    V = normal_weight(point.inverse)
    i, j = np.tril_indices(len(found.mean))
    delta = np.empty((len(V), len(free)))
    for column, k in enumerate(free):
        step = np.where(np.arange(len(fit.theta)) == k, 1e-5, 0.0)
        up, down = (evaluate(problem, fit.theta * problem.scale + s).expansions[0] for s in (step, -step))
        delta[:, column] = np.concatenate([(up.Sigma - down.Sigma)[i, j], down.residual - up.residual]) / 2e-5
    bread = np.linalg.inv(delta.T @ V @ delta)
    A = V @ delta @ bread
    vcov = A.T @ gamma @ A / people.weights.sum() / np.outer(problem.scale[free], problem.scale[free])
    UG = (V - A @ delta.T @ V) @ gamma
    return vcov, float(np.trace(UG)), float(np.trace(UG @ UG))


def spread(model: Model, found: Moments, people: Respondents, units: np.ndarray) -> np.ndarray:
    """Return Gamma of covariances and means, less what fixed x explains, over clusters where there are."""
    i, j = np.tril_indices(len(found.mean))
    z = (people.rows - found.mean) / units
    v = np.hstack([z[:, i] * z[:, j], z])
    if given := [model.observed.index(name) for name in model.fixed_x]:
        cov = found.cov / np.outer(units, units)
        y = z[:, given] @ np.linalg.solve(cov[np.ix_(given, given)], cov[given])
        v -= np.hstack([y[:, i] * y[:, j], y])
    moved = people.weights[:, None] * (v - np.average(v, axis=0, weights=people.weights))
    if people.cluster is None:
        return moved.T @ moved / people.weights.sum()
    sums = pd.DataFrame(moved).groupby(people.cluster).sum().to_numpy()
    return sums.T @ sums / people.weights.sum() * len(sums) / (len(sums) - 1)


def normal_weight(inverse: np.ndarray) -> np.ndarray:
    """Return V of vech and means: half D'(Sigma^-1 x Sigma^-1)D beside Sigma^-1."""
    p = len(inverse)
    i, j = np.tril_indices(p)
    D = np.zeros((p * p, len(i)))
    D[i * p + j, np.arange(len(i))] = D[j * p + i, np.arange(len(i))] = 1.0
    V = np.zeros((len(i) + p, len(i) + p))
    V[: len(i), : len(i)] = D.T @ np.kron(inverse, inverse) @ D / 2
    V[len(i) :, len(i) :] = inverse
    return V

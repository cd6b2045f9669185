"""Robust estimators, clusters, weights, groups, invariance and modification indices beside lavaan's.

``tests/reference/lavaan_robust.R`` remakes the values.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.cases import REFERENCE, case, data_of, shared_csv, spec_of
from werksem.engines.estimate import estimate
from werksem.engines.invariance import LEVELS, invariance_ladder
from werksem.estimators.ml import fit_ml
from werksem.inference.modification import modification_indices
from werksem.inference.release import release_indices
from werksem.model import build_model
from werksem.moments import moments
from werksem.respondents import Respondents
from werksem.rows import Options
from werksem.sem_data import SemData
from werksem.spec.study import Sem

ESTIMATES = pd.read_csv(REFERENCE / "lavaan_robust_estimates.csv", keep_default_na=False)
FIT = pd.read_csv(REFERENCE / "lavaan_robust_fit.csv")
STEPS = pd.read_csv(REFERENCE / "lavaan_invariance.csv")
INDICES = pd.read_csv(REFERENCE / "lavaan_modification.csv")
CASES = sorted(set(ESTIMATES.case))

# lavaan under clusters leaves the covariances of fixed x to another formula, some 1e-6 away
FIT_TOLERANCE = 1e-3


def syntax(name: str) -> str:
    return (REFERENCE / "models" / f"{name}.lavaan").read_text()


def by_school(equal: tuple[str, ...] = ()):
    data = shared_csv("lavaan_classic", "HolzingerSwineford1939.csv")
    spec = spec_of(syntax("holzinger"))
    labels = list(dict.fromkeys(data.school))
    model = build_model(spec, labels, Options(group_equal=equal))
    rows = [data[data.school == label][list(model.observed)].to_numpy(dtype=float) for label in labels]
    found = tuple(moments(r, model.observed, group=label) for r, label in zip(rows, labels, strict=True))
    return spec, model, SemData(tuple(labels), found, tuple(Respondents(r) for r in rows))


SETTINGS = {
    "MLR": Sem(estimator="MLR", information="observed", engine="werksem"),
    "MLM": Sem(estimator="MLM", engine="werksem"),
    "MLMV": Sem(estimator="MLMV", engine="werksem"),
    "wishart": Sem(likelihood="wishart", engine="werksem"),
    "design": Sem(se="robust", engine="werksem"),
}


def prepared(name: str):
    kind, how = name.rsplit("_", 1)
    settings = SETTINGS[how if how in SETTINGS else "design"]
    if kind == "school":
        _, model, data = by_school()
        return model, data, settings
    if kind == "restricted":
        model = build_model(spec_of(syntax("restricted_means")))
        rows = data_of("holzinger_full")[list(model.observed)].to_numpy(dtype=float)
        return model, SemData(("all",), (moments(rows, model.observed),), (Respondents(rows),)), settings
    if kind != "twolevel":
        _, model, found, rows = case(kind)
        return model, SemData(("all",), (found,), (Respondents(rows),)), settings
    data = shared_csv("lavaan_classic", "Demo_twolevel.csv")
    model = build_model(spec_of(syntax("twolevel")), options=Options(mean_structure=how != "weights"))
    weights = 0.5 + (np.arange(1, len(data) + 1) % 7) / 4 if how != "cluster" else None
    weights = None if weights is None else weights / weights.mean()
    cluster = pd.factorize(data["cluster"])[0] if how != "weights" else None
    rows = data[list(model.observed)].to_numpy(dtype=float)
    found = moments(rows, model.observed, weights=weights)
    return model, SemData(("all",), (found,), (Respondents(rows, weights, cluster),)), settings


@pytest.mark.parametrize("name", CASES)
def test_robust_errors_and_tests_equal_lavaan(name: str) -> None:
    model, data, settings = prepared(name)
    done = estimate(model, data, settings)
    fit, summary = done.fit, done.summary
    se = np.sqrt(np.diag(summary.vcov))
    compared = 0
    for row in ESTIMATES[ESTIMATES.case == name].itertuples():
        for at, ours in zip(model.free_of_row, model.rows, strict=True):
            same = (ours.lhs, ours.op, ours.rhs, ours.group + 1) == (row.lhs, row.op, row.rhs, row.group)
            if same and at >= 0:
                assert fit.theta[at] == pytest.approx(row.est, abs=5e-5, rel=1e-4), ours
                assert se[at] == pytest.approx(row.se, abs=1e-5, rel=1e-3), ours
                compared += 1
    assert compared >= 14
    shared = 0
    for measure, value in FIT[FIT.case == name][["measure", "value"]].itertuples(index=False):
        ours_name = _ours(measure)
        if ours_name in summary.measures and np.isfinite(value):
            assert summary.measures[ours_name] == pytest.approx(value, abs=FIT_TOLERANCE, rel=1e-6), measure
            shared += 1
    assert shared >= 18


def _ours(measure: str) -> str:
    """Return our name of one of lavaan's measures."""
    return measure.replace(".", "_").replace("rmsea_pvalue_scaled", "-").replace("rmsea_pvalue_robust", "-")


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_invariance_ladder_equals_lavaan(estimator: str) -> None:
    spec, _, data = by_school()
    settings = Sem(estimator=estimator, information="observed" if estimator == "MLR" else "expected")
    table = invariance_ladder(spec, data, settings, list(LEVELS)).table.set_index("level")
    robust = estimator == "MLR"
    names = {
        "chisq": "chisq.scaled" if robust else "chisq", "df": "df", "bic": "bic", "srmr": "srmr",
        "cfi": "cfi.robust" if robust else "cfi", "tli": "tli.robust" if robust else "tli",
        "rmsea": "rmsea.robust" if robust else "rmsea", "delta_chisq": "delta_chisq",
    }  # fmt: skip
    for ours, theirs in names.items():
        values = STEPS[(STEPS.estimator == estimator) & (STEPS.measure == theirs)]
        assert len(values) >= 3
        for level, value in values[["level", "value"]].itertuples(index=False):
            assert table.loc[level, ours] == pytest.approx(value, abs=1e-3, rel=1e-6), (level, ours)
    assert table.loc["metric", "delta_cfi"] == pytest.approx(table.cfi["metric"] - table.cfi["configural"])


@pytest.mark.parametrize("name", ["holzinger", "democracy"])
def test_modification_indices_equal_lavaan(name: str) -> None:
    _, model, found, _ = case(name)
    table = modification_indices(model, [found], fit_ml(model, [found]))
    ours = {_pair(row.lhs, row.op, row.rhs): row for row in table.itertuples()}
    theirs = INDICES[INDICES.case == name]
    assert len(theirs) >= 30
    for row in theirs.itertuples():
        mine = ours[_pair(row.lhs, row.op, row.rhs)]
        assert mine.mi == pytest.approx(row.mi, abs=2e-3, rel=1e-4), (row.lhs, row.op, row.rhs)
        assert mine.epc == pytest.approx(row.epc, abs=1e-3, rel=1e-3)
        assert mine.sepc_all == pytest.approx(row.sepc_all, abs=1e-3, rel=1e-3)


def _pair(lhs: str, op: str, rhs: str) -> tuple[str, str, str]:
    left, right = sorted((lhs, rhs)) if op == "~~" else (lhs, rhs)
    return left, op, right


def test_weights_times_37_change_nothing() -> None:
    rows = data_of("holzinger")[[f"x{k}" for k in range(1, 10)]].to_numpy(dtype=float)
    weights = np.random.default_rng(1).uniform(0.5, 2, len(rows))
    names = [f"x{k}" for k in range(1, 10)]
    one, many = (moments(rows, names, weights=weights * factor) for factor in (1, 37))
    assert np.allclose(one.cov, many.cov, rtol=1e-14)
    assert np.allclose(one.mean, many.mean, rtol=1e-14)


def test_releasing_an_equality_gains_what_lavaan_says() -> None:
    """lavTestScore of the scalar model by school: x3 19.193, x7 15.021, x2 6.863, x1 5.847, x8 4.710."""
    _, model, data = by_school(("loadings", "intercepts"))
    table = release_indices(model, data.moments, fit_ml(model, data.moments))
    rows = table[table.group == "Pasteur"]
    best = dict(zip(zip(rows.lhs, rows.op, strict=True), rows.mi, strict=True))
    published = {"x3": 19.193, "x7": 15.021, "x2": 6.863, "x1": 5.847, "x8": 4.710}
    for item, value in published.items():
        assert best[item, "~1"] == pytest.approx(value, abs=1e-3)

"""Ordinal and mixed models beside lavaan (``tests/reference/lavaan_ordinal.R`` remakes the values)."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.cases import REFERENCE
from tests.ordinal_cases import CASES, ordinal_case
from werksem.estimators.fit import Fit
from werksem.estimators.ls import fit_ls
from werksem.estimators.ls_statistics import ordinal_statistics
from werksem.implied import standardised
from werksem.inference.delta import complex_jacobian
from werksem.inference.ls_inference import LSInference, ls_inference
from werksem.inference.vcov import standard_errors

ESTIMATES = pd.read_csv(REFERENCE / "lavaan_ordinal_estimates.csv", keep_default_na=False, na_values="NA")
FIT = pd.read_csv(REFERENCE / "lavaan_ordinal_fit.csv")
PAIRS = sorted(set(zip(FIT.model, FIT.estimator, strict=True)))


@cache
def ours(name: str, estimator: str) -> tuple[Fit, LSInference]:
    ls, data = ordinal_case(name)
    statistics = ordinal_statistics(ls, data, estimator)
    fit = fit_ls(ls, statistics, estimator)
    return fit, ls_inference(ls, statistics, fit)


def test_every_case_has_values() -> None:
    assert set(FIT.model) == set(CASES)


@pytest.mark.parametrize(("name", "estimator"), PAIRS)
def test_estimates_and_standard_errors(name: str, estimator: str) -> None:
    ls, _ = ordinal_case(name)
    fit, inference = ours(name, estimator)
    assert fit.gradient_max < 1e-8
    assert fit.status in ("ok", "heywood")
    se = np.sqrt(np.diag(inference.vcov))
    rows = ESTIMATES[(ESTIMATES.model == name) & (ESTIMATES.estimator == estimator)]
    found = {(r.lhs, r.op, r.rhs, r.group): r for r in rows.itertuples()}
    compared = 0
    for row, at in zip(ls.model.rows, ls.model.free_of_row, strict=True):
        key = (row.lhs, row.op, row.rhs, row.group + 1)
        r = found.get(key) or found[(row.rhs, row.op, row.lhs, row.group + 1)]
        est = fit.theta[at] if at >= 0 else row.value
        assert est == pytest.approx(r.est, abs=2e-5, rel=2e-5), key
        if at >= 0 and not ls.model.exogenous[at]:
            assert se[at] == pytest.approx(r.se, rel=1e-4), key
            compared += 1
    assert compared >= inference.measures["npar"] > 5


@pytest.mark.parametrize(("name", "estimator"), PAIRS)
def test_fit_measures(name: str, estimator: str) -> None:
    _, inference = ours(name, estimator)
    rows = FIT[(FIT.model == name) & (FIT.estimator == estimator)]
    for measure, value in zip(rows.measure, rows.value, strict=True):
        found = inference.measures[measure.replace(".", "_")]
        assert found == pytest.approx(value, abs=1e-4, rel=1e-5), measure
    robust = {"WLSMV", "ULSMV", "WLSM"} & {estimator}
    if robust and not rows.measure.eq("cfi.robust").any():
        assert np.isnan(inference.measures["cfi_robust"])


def test_naive_standard_errors_are_warned_about() -> None:
    assert "se: robust" in ours("hs5", "DWLS")[1].warnings[0]
    assert ours("hs5", "WLSMV")[1].warnings == ()


@pytest.mark.parametrize("name", sorted(CASES))
def test_standardised_solution_with_delta_errors(name: str) -> None:
    ls, _ = ordinal_case(name)
    fit, inference = ours(name, "WLSMV")
    std = standardised(ls.model, fit.theta)
    jacobian = complex_jacobian(lambda theta: standardised(ls.model, theta), fit.theta)
    se = standard_errors(inference.vcov, jacobian)
    rows = ESTIMATES[(ESTIMATES.model == name) & (ESTIMATES.estimator == "WLSMV")]
    found = {(r.lhs, r.op, r.rhs, r.group): r for r in rows.itertuples()}
    for k, row in enumerate(ls.model.rows):
        key = (row.lhs, row.op, row.rhs, row.group + 1)
        r = found.get(key) or found[(row.rhs, row.op, row.lhs, row.group + 1)]
        assert std[k] == pytest.approx(r.est_std, abs=1e-5), key
        assert se[k] == pytest.approx(r.est_std_se, abs=1e-5), key

"""Every number of an ML fit beside lavaan's (``tests/reference/lavaan_ml.R`` remakes them)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.cases import DATA, REFERENCE, case, fitted
from werksem.effects import quantities, quantity_values
from werksem.engines.sem import r2_rows
from werksem.inference.delta import complex_jacobian
from werksem.inference.model_fit import measures
from werksem.inference.vcov import standard_errors, vcov_ml

# lavaan stops at a relative change of 1e-10 of its function, which leaves 1e-5 in the estimates
ESTIMATE = 5e-5
ERROR = 1e-3
ESTIMATES = pd.read_csv(REFERENCE / "lavaan_ml_estimates.csv", keep_default_na=False, na_values="NA")
FIT = pd.read_csv(REFERENCE / "lavaan_ml_fit.csv")


def ours(name: str, information: str) -> dict[tuple[str, str, str], tuple[float, ...]]:
    spec, model, data, _ = case(name)
    fit = fitted(name)
    effects = spec.effects
    raw, std = quantity_values(model, effects, fit.theta)
    jacobian = complex_jacobian(lambda t: quantities(model, effects, t), fit.theta)
    se = standard_errors(vcov_ml(model, [data], fit, information), jacobian)
    keys = [(row.lhs, row.op, row.rhs) for row in model.rows] + [(e.name, ":=", e.text) for e in effects]
    K = len(keys)
    return {
        key: tuple(float(value) for value in (raw[k], se[k], std[k], se[K + k])) for k, key in enumerate(keys)
    }


def reference(name: str, information: str) -> pd.DataFrame:
    rows = ESTIMATES[(ESTIMATES.model == name) & (ESTIMATES.information == information)]
    return rows[rows.op != "r2"]


@pytest.mark.parametrize("information", ["expected", "observed"])
@pytest.mark.parametrize("name", sorted(DATA))
def test_estimates_equal_lavaan(name: str, information: str) -> None:
    found = ours(name, information)
    compared = 0
    for row in reference(name, information).itertuples():
        rhs = "" if row.op == "~1" else row.rhs
        key = next(k for k in found if k[0] == row.lhs and k[1] == row.op and (k[1] == ":=" or k[2] == rhs))
        est, se, std, std_se = found[key]
        assert est == pytest.approx(row.est, abs=ESTIMATE, rel=1e-4), key
        assert se == pytest.approx(row.se, abs=1e-6, rel=ERROR), key
        assert std == pytest.approx(row.est_std, abs=ESTIMATE, rel=1e-4), key
        assert std_se == pytest.approx(row.est_std_se, abs=2e-5, rel=ERROR), key
        compared += 1
    assert compared >= 8


@pytest.mark.parametrize("name", sorted(DATA))
def test_fit_measures_equal_lavaan(name: str) -> None:
    _, model, data, _ = case(name)
    found = measures(model, [data], fitted(name))
    for measure, value in FIT[FIT.model == name][["measure", "value"]].itertuples(index=False):
        name_here = measure.replace(".", "_")
        assert found[name_here] == pytest.approx(value, abs=1e-4, rel=1e-6), measure


@pytest.mark.parametrize("name", sorted(DATA))
def test_r2_equals_lavaan(name: str) -> None:
    _, model, _, _ = case(name)
    found = {row["lhs"]: row["est"] for row in r2_rows("sem", model, fitted(name).theta, "ok")}
    rows = ESTIMATES[(ESTIMATES.model == name) & (ESTIMATES.op == "r2")]
    assert len(rows) >= 2
    for row in rows.itertuples():
        if row.lhs in found:
            assert found[row.lhs] == pytest.approx(row.est, abs=1e-5), row.lhs
        else:
            assert np.isclose(row.est, 1.0), row.lhs


def test_published_chi_squares() -> None:
    """Holzinger-Swineford 85.306 (df 24) and Political Democracy 38.125 (df 35), as in every textbook."""
    for name, chisq, df in (
        ("holzinger", 85.306, 24),
        ("democracy", 38.125, 35),
        ("democracy_equal", 40.179, 38),
    ):
        _, model, data, _ = case(name)
        found = measures(model, [data], fitted(name))
        assert round(found["chisq"], 3) == chisq
        assert found["df"] == df

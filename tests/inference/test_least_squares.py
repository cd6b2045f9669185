"""The two doors of least squares give what the steps behind them give."""

from __future__ import annotations

import numpy as np
import pytest

from tests.cases import spec_of
from tests.inference.test_ls_continuous import ls_case
from tests.inference.test_ls_continuous import ours as continuous
from tests.inference.test_ls_ordinal import ours as ordinal
from tests.ordinal_cases import ITEMS, ordinal_data
from werksem.errors import SpecError
from werksem.inference.least_squares import fit_continuous, fit_ordinal
from werksem.model import build_model
from werksem.rows import Options

THREE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"


def test_continuous() -> None:
    ls, moments, rows = ls_case("holzinger")
    found = fit_continuous(ls.model, moments, "DWLS", rows)
    assert np.array_equal(found.fit.theta, continuous("holzinger", "DWLS")[0].theta)
    assert "naive" in found.warnings[0]
    robust = fit_continuous(ls.model, moments, "DWLS", rows, se="robust", test="scaled_shifted")
    for measure, value in continuous("holzinger", "WLSMV")[1].measures.items():
        assert robust.inference.measures[measure] == pytest.approx(value, nan_ok=True)
    assert np.array_equal(robust.inference.vcov, continuous("holzinger", "WLSMV")[1].vcov)
    assert fit_continuous(ls.model, moments, "GLS").fit.status == "ok"


def test_ordinal() -> None:
    base = build_model(spec_of(THREE), options=Options(mean_structure=True))
    found = fit_ordinal(base, [ordinal_data("hs5")[ITEMS].to_numpy(dtype=float)], ITEMS)
    assert found.fit.theta == pytest.approx(ordinal("hs5", "WLSMV")[0].theta, abs=1e-12)
    assert found.inference.measures["cfi_robust"] == ordinal("hs5", "WLSMV")[1].measures["cfi_robust"]
    assert any("empty cells" in note for note in found.notes)


def test_ordered_predictors_are_taken_as_they_are() -> None:
    base = build_model(spec_of("f =~ x4 + x5 + x6\nf ~ x1"), options=Options(mean_structure=True))
    data = ordinal_data("hs3")[list(base.observed)].to_numpy(dtype=float)
    found = fit_ordinal(base, [data], ITEMS[:6])
    assert found.ls.x == ("x1",)
    assert any(note.startswith("x1:") for note in found.notes)
    # lavaan 0.6-14: chisq.scaled 2.7181, npar 10
    assert found.inference.measures["chisq_scaled"] == pytest.approx(2.7181, abs=1e-4)


def test_unknown_estimators_are_named() -> None:
    ls, moments, _ = ls_case("holzinger")
    with pytest.raises(SpecError, match="WLSMV"):
        fit_continuous(ls.model, moments, "WLSMVV")

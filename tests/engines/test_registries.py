"""Registries and study files name the same things, and every entry keeps its contract."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from tests.cases import case
from werksem.engines.estimate import ESTIMATORS, LEAST_SQUARES, estimate
from werksem.engines.sem import fit_sem
from werksem.estimators import minimise
from werksem.intervals import INTERVALS
from werksem.intervals.places import KINDS
from werksem.model import build_model
from werksem.respondents import Respondents
from werksem.rows import Options
from werksem.sem_data import SemData
from werksem.spec.study import Bootstrap, Sem


def test_study_files_know_every_entry_and_no_other() -> None:
    assert set(get_args(Sem.model_fields["estimator"].annotation)) == set(ESTIMATORS)
    assert set(get_args(Bootstrap.model_fields["interval"].annotation)) == set(INTERVALS) == set(KINDS)


@pytest.mark.parametrize("name", sorted(ESTIMATORS))
def test_every_estimator_keeps_the_contract(name: str) -> None:
    """Converged, covariances of every parameter, a chi-square on 24 df, and no wild estimates."""
    spec, _, found, rows = case("holzinger")
    model = build_model(spec, options=Options(fixed_x=name not in LEAST_SQUARES))
    settings = Sem(estimator=name, engine="werksem", information="observed" if name == "MLR" else "expected")
    done = estimate(model, SemData(("all",), (found,), (Respondents(rows),)), settings)
    q = len(done.model.parameters)
    assert done.fit.converged
    assert done.fit.gradient_max < 1e-8
    assert done.summary.vcov.shape == (q, q)
    assert np.isfinite(done.summary.vcov).all()
    assert done.summary.measures["df"] == 24
    # the same factors by another yardstick: within a fifth of ML's loadings
    loading = done.fit.theta[done.model.parameters.index("visual=~x3")]
    assert loading == pytest.approx(0.729, abs=0.2)


def test_no_p_values_where_the_optimum_was_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """One Newton step is not enough: estimates with their status, and nothing that looks like a test."""
    monkeypatch.setattr(minimise, "MAX_ITERATIONS", 1)
    spec, _, found, _ = case("democracy")
    sem = fit_sem(spec, SemData(("all",), (found,)), Sem(engine="werksem"), Options())
    table = sem.tables.estimates
    assert set(table["status"]) == {"not_converged"}
    assert table[["se", "pvalue", "ci_lower", "std_se"]].isna().all().all()
    assert set(sem.tables.fit["measure"]) == {"npar", "df", "ntotal"}

"""A simulated survey is estimated as the study itself would be: the numbers of the engines' own tables."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.calibrate.calibrated import answers, scratch, study_file
from werksem.calibrate.method import Method
from werksem.calibrate.simulated import plan_of
from werksem.engines.bootstrap import run_bootstrap
from werksem.engines.ols import ols_from_scores
from werksem.engines.sem import fit_sem
from werksem.inputs import Inputs, read_inputs
from werksem.sem_data import sem_data, sem_options
from werksem.spec.calibrating import Calibrate
from werksem.spec.equations import equations
from werksem.spec.load import load_study
from werksem.spec.study import Sem, Study
from werksem.spec.types import ModelSpec

KEYS = ["group", "lhs", "op", "rhs"]
STD = ["std", "std_se", "std_ci_lower", "std_ci_upper"]
RAW = ["est", "se", "ci_lower", "ci_upper"]

# case: sections, what stands in data, the study's own kind
SEMS = {
    "ML": ("sem: {}", "", "standard"),
    "observed": ("sem: {information: observed}", "", "standard"),
    "wishart": ("sem: {likelihood: wishart}", "", "standard"),
    "robust": ("sem: {se: robust}", "", "robust"),
    "MLR": ("sem: {estimator: MLR}", "", "robust"),
    "MLM": ("sem: {estimator: MLM}", "", "robust"),
    "cluster": ("sem: {estimator: MLR}", ", cluster: org", "cluster"),
    "ML by cluster": ("sem: {}", ", cluster: org", "cluster"),
    "weights": ("sem: {}", ", weights: w", "robust"),
    "FIML": ("sem: {}", ", missing: fiml", "standard"),
    "FIML MLR": ("sem: {estimator: MLR}", ", missing: fiml", "robust"),
    "FIML by cluster": ("sem: {}", ", missing: fiml, cluster: org", "cluster"),
    "GLS": ("sem: {estimator: GLS}", "", "standard"),
    "two groups": ("sem: {multigroup: true, group_equal: [loadings]}", ", group: half", "standard"),
    # every cluster lies in one of the groups
    "groups by cluster": (
        "sem: {estimator: MLR, multigroup: true}",
        ", cluster: org, group: half",
        "cluster",
    ),
    "FIML groups by cluster": (
        "sem: {estimator: MLR, multigroup: true}",
        ", cluster: org, group: half, missing: fiml",
        "cluster",
    ),
    "ordered": ("sem: {estimator: WLSMV}", ", ordered: [x1, x2, x3, y1, y2, y3]", "robust"),
}


@cache
def made(case: str) -> tuple[Study, ModelSpec, Inputs, Method, Inputs, int]:
    """Return a study, its inputs, the method of its SEM, and one simulated survey with its seed."""
    sections, data, _ = SEMS[case]
    frame = answers()
    frame["w"] = np.where(np.arange(len(frame)) % 3 == 0, 2.0, 0.5)
    frame["half"] = np.where(np.arange(len(frame)) % 2 == 0, "a", "b")
    path = study_file(scratch(), frame, sections, data)
    if case == "ordered":  # regressions of ordered latents on a column are not simulated
        path.write_text(path.read_text().replace("y ~ x + z", "y ~ x"))
    study, spec = load_study(path, ())
    inputs = read_inputs(study, spec)
    plan = plan_of(study, spec, inputs, Calibrate(replicates=59))
    drawn, seed = plan.draw(4)
    return study, spec, inputs, plan.methods[-1], drawn, seed


def held(method: Method, values: np.ndarray, engine: str, kind: str, table: pd.DataFrame) -> int:
    """Hold a kind's values to an engine's own table; return how many were."""
    keys = method.keys.reset_index(drop=True)
    mine = keys.index[(keys["engine"] == engine) & (keys["interval"] == kind)]
    known = table.set_index(KEYS)
    for place in mine:
        row = known.loc[tuple(keys.loc[place, KEYS])]
        columns = STD if keys["quantity"][place] == "std" else RAW
        theirs = row[columns].to_numpy(dtype=float)
        assert values[place] == pytest.approx(theirs, rel=2e-6, abs=2e-7), tuple(keys.loc[place])
    return len(mine)


@pytest.mark.parametrize("case", SEMS)
def test_the_studys_own_limits_are_those_of_the_engine(case: str) -> None:
    study, spec, _, method, drawn, seed = made(case)
    own = SEMS[case][2]
    assert set(method.keys.loc[method.keys["own"], "interval"]) == {own}
    found = method.estimate(drawn, seed)
    settings = study.sem or Sem()
    data = sem_data(study, spec, drawn, by_group=settings.multigroup)
    theirs = fit_sem(spec, data, settings, sem_options(study)).tables.estimates
    assert held(method, found.values, "sem", own, theirs) > 10
    assert found.status == theirs["status"].iloc[0]


def test_the_other_kinds_are_what_the_engine_would_give_if_asked() -> None:
    study, spec, _, method, drawn, seed = made("cluster")
    values = method.estimate(drawn, seed).values
    plain = replace(drawn, cluster=None)
    asked = study.model_copy(update={"data": study.data.model_copy(update={"cluster": None})})
    assert study.sem is not None
    same = study.sem.information
    for kind, settings in (("standard", Sem(information=same)), ("robust", Sem(estimator="MLR"))):
        data = sem_data(asked, spec, plain, by_group=False)
        theirs = fit_sem(spec, data, settings, sem_options(study)).tables.estimates
        assert held(method, values, "sem", kind, theirs) > 10


@pytest.mark.parametrize("interval", ["percentile", "basic", "bc", "bca"])
def test_intervals_of_resamples_are_those_of_the_bootstrap(interval: str) -> None:
    study, spec, inputs, _, drawn, seed = made("cluster")
    wanted = {"scheme": "cluster", "interval": interval}
    study = Study.model_validate(study.model_dump() | {"bootstrap": wanted})
    method = plan_of(study, spec, inputs, Calibrate(replicates=59)).methods[-1]
    values = method.estimate(drawn, seed).values
    data = sem_data(study, spec, drawn, by_group=False)
    sem = fit_sem(spec, data, study.sem or Sem(), sem_options(study))
    assert study.bootstrap is not None
    asked = study.bootstrap.model_copy(update={"replicates": 59, "seed": seed})
    theirs = run_bootstrap(sem, data, study.sem or Sem(), asked, quiet=True).tables.estimates
    assert held(method, values, "bootstrap", interval, theirs) > 10
    assert method.keys.loc[
        method.keys["own"] & (method.keys["engine"] == "bootstrap"), "interval"
    ].unique() == [interval]


def test_one_step_is_the_engines_own_where_that_is_all_there_is() -> None:
    study, spec, inputs, _, drawn, seed = made("FIML")
    study = Study.model_validate(study.model_dump() | {"bootstrap": {"interval": "bca"}})
    method = plan_of(study, spec, inputs, Calibrate(replicates=59)).methods[-1]
    kinds = set(method.keys.loc[method.keys["engine"] == "bootstrap", "interval"])
    assert kinds == {"monte_carlo", *(f"one-step {kind}" for kind in ("percentile", "basic", "bc", "bca"))}
    values = method.estimate(drawn, seed).values
    data = sem_data(study, spec, drawn, by_group=False)
    sem = fit_sem(spec, data, study.sem or Sem(), sem_options(study))
    assert study.bootstrap is not None
    asked = study.bootstrap.model_copy(update={"replicates": 59, "seed": seed})
    theirs = run_bootstrap(sem, data, study.sem or Sem(), asked, quiet=True).tables.estimates
    assert held(method, values, "bootstrap", "one-step bca", theirs) > 10


@pytest.mark.parametrize("kind", ["classical", "HC3", "cluster"])
def test_regressions_are_those_of_the_engine(kind: str) -> None:
    study, spec, inputs, _, drawn, seed = made("cluster")
    study = Study.model_validate(study.model_dump() | {"ols": {"se": kind}})
    method = plan_of(study, spec, inputs, Calibrate(replicates=59)).methods[0]
    cluster = drawn.cluster if kind == "cluster" else None
    assert drawn.scores is not None
    theirs = ols_from_scores(equations(spec), drawn.scores, se=kind, cluster=cluster).estimates
    assert held(method, method.estimate(drawn, seed).values, "ols", kind, theirs) == 4
    assert set(method.keys.loc[method.keys["own"], "interval"]) == {kind}

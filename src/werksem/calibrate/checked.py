"""The output check of a calibration: its groups, its models, and the n of its tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from werksem.calibrate.folder import read_calibration
from werksem.calibrate.smallest_table import SECTOR
from werksem.compare.few_claimed import inputs_of_many
from werksem.engines.few import Withheld, behind
from werksem.inputs import Inputs
from werksem.model import build_model
from werksem.release.fitted import (
    group_outputs,
    posterior_output,
    rare_outputs,
    smallest_output,
    weighing_outputs,
)
from werksem.release.rules import Output, rule_output
from werksem.sem_data import sem_data, sem_options
from werksem.spec.equations import equations
from werksem.spec.study import Sem, Study
from werksem.spec.types import ModelSpec

__all__ = ["calibrated_outputs"]

COVERAGE, SECTORS = "calibration.csv", "smallest_sector.csv"


def calibrated_outputs(
    folder: Path, study: Study, model: ModelSpec, inputs: Inputs, withheld: Withheld
) -> list[Output]:
    """Return the rule, a row per group, per model, and per table with an n, from a finished folder.

    The truth of ``calibration.csv`` is the study's own fit, raw and standardised, and so held to the rules of
    exact coefficients. Simulated sectors are no respondents.
    """
    found, shown = read_calibration(folder), inputs_of_many(inputs, withheld)
    sectors = found.sectors
    if len(sectors):
        sectors = sectors[sectors["n"].notna() & (sectors["group"] != SECTOR)]
    tables = {COVERAGE: found.coverage, "power.csv": found.power, SECTORS: sectors}
    return [
        rule_output(study.disclosure, withheld),
        *group_outputs(shown),
        *_models(study, model, inputs, found.coverage),
        *([replace(posterior_output(model, shown), file="sbc.csv")] if len(found.sbc) else []),
        *(smallest_output(name, table) for name, table in tables.items() if len(table)),
        *rare_outputs(folder, study, model, inputs, (COVERAGE,)),
        *weighing_outputs(folder, study, model, inputs, withheld, (COVERAGE,)),
    ]


def _models(study: Study, model: ModelSpec, inputs: Inputs, coverage: pd.DataFrame) -> Iterator[Output]:
    """Yield the regressions and the SEM whose fit is the truth: respondents less parameters."""
    rows = coverage[coverage["engine"] == "ols"]
    n = {str(outcome): float(part["n"].iloc[0]) for outcome, part in rows.groupby("lhs", sort=False)}
    if inputs.items is not None and inputs.scores is not None:
        sizes = behind(study, model, inputs.items, inputs.scores).sum()
        n = {outcome: float(sizes[outcome]) for outcome in n}
    for equation in equations(model):
        if equation.outcome in n:
            size, name = n[equation.outcome], f"OLS: {equation.outcome}"
            df = size - len(equation.predictors) - 1
            yield Output("model", name, "all", COVERAGE, n=size, df=df)
    if coverage["engine"].isin(["sem", "bootstrap"]).any():
        data = sem_data(study, model, inputs, by_group=(study.sem or Sem()).multigroup)
        size = float(sum(moments.n for moments in data.moments) or sum(map(len, data.places or ())))
        df = size - build_model(model, data.groups, sem_options(study)).npar
        yield Output("model", "SEM", "all", COVERAGE, n=size, df=df)

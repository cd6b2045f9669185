"""``passport.csv``: every path once, rung by rung, each with what changed since the rung it stands on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from werksem.compare.cells import records
from werksem.compare.passport.groups import group_betas
from werksem.compare.passport.ladder import ladder_of
from werksem.compare.passport.records import NOTES, REPLICATES, Ladder
from werksem.compare.passport.steps import Step, step_rows
from werksem.engines.all import Results
from werksem.errors import WerksemError
from werksem.inputs import Inputs
from werksem.spec.equations import equations
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = ["COLUMNS", "TEXT", "everyone", "passport"]

COLUMNS = [
    "lhs", "rhs", "group", "rung", "base", "std", "delta", "delta_ci_lower", "delta_ci_upper", "level",
    "replicates", "explains", "n", "flag", "verdict", "note",
]  # fmt: skip
TEXT = ("lhs", "rhs", "group", "rung", "base", "explains", "flag", "verdict", "note")
ENGINES = ("published", "ols", "sem", "bayes")
# what a posterior on scale means, and one of latent variables, have all but the pooling in common with
ALIKE = {"scores": ("ols", "rows", "predictors"), "latent": ("sem", "full_information")}
# rows of comparison.csv that are of no respondents
NOBODY = ("typical",)


def passport(
    study: Study, spec: ModelSpec, inputs: Inputs, results: Results, compared: pd.DataFrame,
    published: pd.DataFrame | None = None, replicates: int = REPLICATES,
) -> pd.DataFrame | None:  # fmt: skip
    """Return the passport of a study (``COLUMNS``), None where it has fewer than two kinds of beta.

    ``compared`` is the comparison, whose published values and posterior means become rungs. All respondents
    have the whole ladder, other groups a rung per estimate. What stands on a rung is what stands on its
    ``base`` plus ``delta``, back to the path's first rung.
    """
    if sum(compared[name].notna().any() for name in ENGINES) < 2:
        return None
    printed = () if published is None else tuple(zip(published["lhs"], published["rhs"], strict=True))
    try:
        ladder, why = ladder_of(study, spec, inputs, results, printed, replicates), ""
    except (WerksemError, np.linalg.LinAlgError) as error:
        # what the engines found still stands side by side, with the reason why there is no more
        ladder, why = Ladder((), ()), str(error)
    known = {(equation.outcome, rhs) for equation in equations(spec) for rhs in equation.predictors}
    lacking = {lhs for lhs, rhs in printed if (lhs, rhs) not in known}
    own = group_betas(spec, inputs)
    rows: list[dict[str, Any]] = []
    for row in records(compared[~compared["group"].isin(NOBODY)]):
        whole = row["group"] == "all"
        steps = list(everyone(ladder, row, why) if whole else _of_group(row, own))
        steps = [*_published(row), *_told(steps, row["lhs"] in lacking and not pd.isna(row["published"]))]
        names = {key: row[key] for key in ("lhs", "rhs", "group")}
        rows += [names | found for found in step_rows([*steps, *_pooled(study, row, steps)])]
    return _typed(pd.DataFrame(rows, columns=COLUMNS)) if rows else None


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with empty text where there is none, and numbers as numbers."""
    numbers = [name for name in COLUMNS if name not in TEXT]
    return table.assign(
        **{name: table[name].astype(object).where(table[name].notna(), "").astype(str) for name in TEXT},
        **{name: pd.to_numeric(table[name]).astype(float) for name in numbers},
    )


def everyone(ladder: Ladder, row: Mapping[str, Any], why: str) -> Iterator[Step]:
    """Yield one path of the ladder; where there is none what the engines have of it, and ``why``."""
    if (row["lhs"], row["rhs"]) not in ladder.paths:
        yield Step("ols", float(row["ols"]), note=why)
        yield Step("sem", float(row["sem"]), note=why)
        return
    k = ladder.paths.index((row["lhs"], row["rhs"]))
    for rung in ladder.rungs:
        drawn, against = (None if part is None else part[:, k] for part in (rung.drawn, rung.against))
        note = rung.notes[k] if rung.notes else ""
        yield Step(rung.name, float(rung.est[k]), float(rung.n[k]), drawn, against, rung.base, note)


def _of_group(
    row: Mapping[str, Any], own: Mapping[tuple[str, str, str], tuple[float, float]]
) -> Iterator[Step]:
    """Yield a group's own regression, and its own paths where the SEM is of groups."""
    key = (row["lhs"], row["rhs"], row["group"])
    if key in own:
        yield Step("ols", *own[key])
    yield Step("sem", float(row["sem"]))


def _published(row: Mapping[str, Any]) -> Iterator[Step]:
    yield Step("published", float(row["published"]))


def _told(steps: list[Step], lacking: bool) -> Iterator[Step]:
    """Yield the steps; the first says what a published regression has that the model lacks."""
    first = next((step.name for step in steps if np.isfinite(step.est)), "")
    for step in steps:
        told = lacking and step.name == first and not step.note
        yield replace(step, note=NOTES["other_predictors"]) if told else step


def _pooled(study: Study, row: Mapping[str, Any], steps: list[Step]) -> Iterator[Step]:
    """Yield the posterior mean, beside what it has all but the pooling in common with.

    Of several such rungs the one whose respondents are nearest in number. Outcomes of yes or no that have
    a probit or logit of their own are on another scale, and have no such rung.
    """
    if study.bayes is None or row["lhs"] in study.bayes.outcomes or pd.isna(row["bayes"]):
        return
    n = np.nan if pd.isna(row["n_bayes"]) else float(row["n_bayes"])
    alike = [s for s in steps if s.name in ALIKE[study.bayes.level] and np.isfinite(s.est)]
    if any(step.name == "predictors" for step in alike):
        alike = [step for step in alike if step.name == "predictors"]
    nearest = min(
        alike, key=lambda step: abs(step.n - n) if np.isfinite(n) else 0.0, default=Step("", np.nan)
    )
    depth = 2 if study.bayes.level == "latent" else 0
    note = NOTES["posterior"]
    if np.isfinite(n) and nearest.name and nearest.n != n:
        note += "; " + NOTES["rows_differ"]
    yield Step("pooled", float(row["bayes"]), n, base=nearest.name, note=note, depth=depth)

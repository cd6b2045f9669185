"""The invariance ladder: configural, metric, scalar, strict, in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan, nan

import numpy as np
import pandas as pd

from werksem.engines.estimate import estimate
from werksem.errors import DataError, EstimationError
from werksem.estimators.ml import fit_ml
from werksem.inference.difference import chisq_difference
from werksem.inference.release import release_indices
from werksem.inference.summary import Summary
from werksem.model import Model, build_model, model_of_rows
from werksem.moments import Moments
from werksem.rows import Options, Row
from werksem.sem_data import SemData
from werksem.spec.study import Sem
from werksem.spec.types import ModelSpec

__all__ = [
    "COLUMNS",
    "LEVELS",
    "Ladder",
    "invariance_ladder",
    "level_model",
    "start_values",
    "started",
    "step_holds",
]

LEVELS: dict[str, tuple[str, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}
COLUMNS = [
    "level", "chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr", "bic",
    "delta_chisq", "delta_df", "delta_pvalue", "delta_cfi", "delta_rmsea", "status",
]  # fmt: skip
CFI_FALL = 0.010
RMSEA_RISE = 0.015
SUGGESTED = 20
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The levels' table, and where a step failed: the equalities worth releasing."""

    table: pd.DataFrame
    suggestions: pd.DataFrame


def invariance_ladder(
    spec: ModelSpec, data: SemData, settings: Sem, levels: Sequence[str], *, freed: Sequence[str] = ()
) -> Ladder:
    """Return one row per level with its fit and its difference from the level before.

    With robust estimators chisq is the scaled one, CFI, TLI and RMSEA the robust ones, and
    differences are scaled after Satorra and Bentler (2001). A step fails where CFI falls by more
    than .010 or RMSEA rises by more than .015 (Chen, 2007); then the parameters whose release
    would gain most are listed. Loadings and intercepts of ``freed`` items stay free in every level, whose
    names then begin with ``partial_`` (Byrne, Shavelson and Muthén, 1989). Raises ``DataError`` with one
    group.
    """
    if len(data.groups) < 2:
        raise DataError("invariance needs data.group with two groups or more")
    rows: list[dict[str, object]] = []
    suggested = []
    before: Summary | None = None
    starts = start_values(spec, data, settings)
    for level in levels:
        model = started(level_model(spec, data.groups, settings, level, freed), starts)
        done = estimate(model, data, _own(settings))
        name = f"partial_{level}" if freed and LEVELS[level] else level
        row = _row(name, model, done.summary, before, rows[-1] if rows else None)
        rows.append(row | {"status": done.fit.status})
        if _failed(row) and data.patterns is None:
            found = release_indices(model, done.moments, done.fit).head(SUGGESTED)
            suggested.append(found.assign(level=name))
        before = done.summary
    columns = ["level", "group", "lhs", "op", "rhs", "mi", "epc"]
    suggestions = pd.concat(suggested) if suggested else pd.DataFrame(columns=columns)
    return Ladder(pd.DataFrame(rows, columns=COLUMNS), suggestions[columns])


def level_model(
    spec: ModelSpec, groups: Sequence[str], settings: Sem, level: str, freed: Sequence[str] = ()
) -> Model:
    """Return the model of a level; loadings and intercepts of ``freed`` items are each group's own."""
    model = build_model(spec, groups, Options(True, settings.fixed_x, settings.scaling, LEVELS[level]))
    if not freed:
        return model

    def own(row: Row) -> Row:
        item = row.rhs if row.op == "=~" else row.lhs if row.op == "~1" else ""
        shared = row.label == f"{row.lhs}{row.op}{row.rhs}"
        return replace(row, label="") if shared and item in freed else row

    return model_of_rows(model.name, [own(row) for row in model.rows], groups, model.constraints)


def start_values(spec: ModelSpec, data: SemData, settings: Sem) -> dict[Key, float]:
    """Return the estimates of the model for all groups as one, about their own means, from moments.

    From there a dozen groups take Newton's method a few steps; from scratch Hessians are indefinite, and
    their eigenvalues cost minutes.
    """
    if not data.moments or data.ordered or any(len(s.fixed + s.label + s.start) > 1 for s in spec.statements):
        return {}
    share = np.array([part.n for part in data.moments]) / sum(part.n for part in data.moments)
    mean = sum(w * part.mean for w, part in zip(share, data.moments, strict=True))
    cov = sum(w * part.cov for w, part in zip(share, data.moments, strict=True))
    one = build_model(spec, ("all",), Options(True, settings.fixed_x, settings.scaling, ()))
    n = sum(part.n for part in data.moments)
    try:
        fit = fit_ml(one, [Moments(data.moments[0].names, n, np.asarray(mean), np.asarray(cov))])
    except EstimationError:
        return {}
    found = zip(one.rows, one.free_of_row, strict=True)
    return {(row.lhs, row.op, row.rhs): float(fit.theta[at]) for row, at in found if at >= 0}


def started(model: Model, starts: Mapping[Key, float]) -> Model:
    """Return the model with start values for its free parameters, where the model itself gives none."""
    rows = [
        replace(row, start=starts[row.lhs, row.op, row.rhs])
        if row.free and isnan(row.start) and (row.lhs, row.op, row.rhs) in starts
        else row
        for row in model.rows
    ]
    return replace(model, rows=tuple(rows))


def step_holds(delta_cfi: float, delta_rmsea: float) -> bool:
    """Return whether a step costs no more fit than the rule of thumb allows (Chen, 2007); not where unknown.

    >>> step_holds(-0.009, 0.001), step_holds(-0.011, 0.001), step_holds(nan, 0.0)
    (True, False, False)
    """
    return delta_cfi >= -CFI_FALL and delta_rmsea <= RMSEA_RISE


def _failed(row: Mapping[str, object]) -> bool:
    """Return whether a step costs more fit than the rule of thumb allows."""
    return float(str(row["delta_cfi"])) < -CFI_FALL or float(str(row["delta_rmsea"])) > RMSEA_RISE


def _own(settings: Sem) -> Sem:
    """Return the settings for our own estimator: semopy knows no equality across groups."""
    return settings.model_copy(update={"group_equal": (), "engine": "werksem"})


def _row(
    level: str, model: Model, summary: Summary, before: Summary | None,
    above: dict[str, object] | None,
) -> dict[str, object]:  # fmt: skip
    found = summary.measures
    if "chisq" not in found:
        return {"level": level, "df": model.df} | dict.fromkeys([*COLUMNS[1:2], *COLUMNS[3:14]], nan)
    robust = "chisq_scaled" in found
    row: dict[str, object] = {
        "level": level,
        "chisq": found["chisq_scaled" if robust else "chisq"],
        "df": model.df,
        "pvalue": found["pvalue_scaled" if robust else "pvalue"],
        "srmr": found["srmr"],
        "bic": found["bic"],
    }
    row |= {name: found[f"{name}_robust" if robust else name] for name in ("cfi", "tli", "rmsea")}
    if before is None or above is None or "chisq" not in before.measures:
        return row | dict.fromkeys(COLUMNS[9:14], nan)
    difference = chisq_difference(summary.measures, before.measures)
    return row | {
        "delta_chisq": difference.chisq,
        "delta_df": difference.df,
        "delta_pvalue": difference.pvalue,
        "delta_cfi": float(str(row["cfi"])) - float(str(above["cfi"])),
        "delta_rmsea": float(str(row["rmsea"])) - float(str(above["rmsea"])),
    }

"""The invariance ladder: configural, metric, scalar, strict, in one table."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

import pandas as pd

from werksem.engines.estimate import estimate
from werksem.errors import DataError
from werksem.inference.difference import chisq_difference
from werksem.inference.summary import Summary
from werksem.model import Model, build_model
from werksem.rows import Options
from werksem.sem_data import SemData
from werksem.spec.study import Sem
from werksem.spec.types import ModelSpec

__all__ = ["COLUMNS", "LEVELS", "invariance_table"]

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


def invariance_table(spec: ModelSpec, data: SemData, settings: Sem, levels: Sequence[str]) -> pd.DataFrame:
    """Return one row per level with its fit and its difference from the level before.

    With robust estimators chisq is the scaled one, CFI, TLI and RMSEA the robust ones, and
    differences are scaled after Satorra and Bentler (2001). Raises ``DataError`` with one group.
    """
    if len(data.groups) < 2:
        raise DataError("invariance needs data.group with two groups or more")
    rows: list[dict[str, object]] = []
    before: tuple[Model, Summary] | None = None
    for level in levels:
        options = Options(True, settings.fixed_x, settings.scaling, LEVELS[level])
        model = build_model(spec, data.groups, options)
        done = estimate(model, data, _own(settings))
        row = _row(level, model, done.summary, before, rows[-1] if rows else None)
        rows.append(row | {"status": done.fit.status})
        before = (model, done.summary)
    return pd.DataFrame(rows, columns=COLUMNS)


def _own(settings: Sem) -> Sem:
    """Return the settings for our own estimator: semopy knows no equality across groups."""
    return settings.model_copy(update={"group_equal": (), "engine": "werksem"})


def _row(
    level: str, model: Model, summary: Summary, before: tuple[Model, Summary] | None,
    above: dict[str, object] | None,
) -> dict[str, object]:  # fmt: skip
    found = summary.measures
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
    if before is None or above is None:
        return row | dict.fromkeys(COLUMNS[9:14], nan)
    difference = chisq_difference(summary.measures, before[1].measures)
    return row | {
        "delta_chisq": difference.chisq,
        "delta_df": difference.df,
        "delta_pvalue": difference.pvalue,
        "delta_cfi": float(str(row["cfi"])) - float(str(above["cfi"])),
        "delta_rmsea": float(str(row["rmsea"])) - float(str(above["rmsea"])),
    }

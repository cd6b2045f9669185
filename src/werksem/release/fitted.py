"""The output check of a fitted study: its groups, its models, and tables with cells of their own."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from werksem.compare.cells import read_table, records
from werksem.inputs import Inputs
from werksem.release.rules import Output, concentration
from werksem.spec.equations import equations
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = ["fitted_outputs"]

# tables of a result folder whose rows have an n of their own
WITH_N = ("ledger.csv", "importance.csv", "nested.csv", "left_out.csv", "loo.csv", "design.csv")


def fitted_outputs(folder: Path, study: Study, model: ModelSpec, inputs: Inputs) -> list[Output]:
    """Return a row per group of respondents, per model, and per table with cells, from a finished folder."""
    fit = read_table(folder / "fit.csv", ("engine", "group", "measure"))
    return [
        *_groups(inputs),
        *_ols(fit, model),
        *_sem(fit),
        *_posterior(folder, study, model, inputs),
        *_ends(model, inputs),
        *_tables(folder),
    ]


def _groups(inputs: Inputs) -> Iterator[Output]:
    """Yield how the weight of all respondents, and of each group, is spread."""
    if inputs.items is None:
        return
    n = len(inputs.items)
    weights = np.ones(n) if inputs.weights is None else inputs.weights.to_numpy(dtype=float)
    cluster = None if inputs.cluster is None else pd.factorize(inputs.cluster)[0].astype(np.int64)
    masks = {"all": np.ones(n, dtype=bool)}
    if inputs.group is not None:
        masks |= {str(label): (inputs.group == label).to_numpy() for label in dict.fromkeys(inputs.group)}
    for label, mask in masks.items():
        found = concentration(weights[mask], None if cluster is None else cluster[mask])
        yield Output(
            "group", label, label, n=found.n, smallest=found.n, units=found.units or math.nan,
            largest_respondent=found.respondent, largest_unit=found.unit, p_percent=found.p_percent,
        )  # fmt: skip


def _measures(fit: pd.DataFrame, engine: str) -> dict[str, dict[str, float]]:
    """Return an engine's fit measures by group."""
    found: dict[str, dict[str, float]] = {}
    for row in records(fit[fit["engine"] == engine]):
        found.setdefault(row["group"], {})[row["measure"]] = float(row["value"])
    return found


def _ols(fit: pd.DataFrame, model: ModelSpec) -> Iterator[Output]:
    for group, values in _measures(fit, "ols").items():
        for equation in equations(model):
            n = values.get(f"n.{equation.outcome}", math.nan)
            df = values.get(f"f_df2.{equation.outcome}", n - len(equation.predictors) - 1)
            yield Output("model", f"ols: {equation.outcome}", group, "estimates.csv", n=n, df=df)


def _sem(fit: pd.DataFrame) -> Iterator[Output]:
    """Yield the latent model: degrees of freedom are respondents less parameters, over all its groups."""
    groups = _measures(fit, "sem")
    sizes = [values["ntotal"] for values in groups.values() if "ntotal" in values]
    parameters = max((values["npar"] for values in groups.values() if "npar" in values), default=math.nan)
    if sizes:
        n = max(sizes)
        yield Output("model", "sem", "all", "estimates.csv", n=n, df=n - parameters)


def _posterior(folder: Path, study: Study, model: ModelSpec, inputs: Inputs) -> Iterator[Output]:
    """Yield the smallest group of the posterior, whose own estimates stand in the ledger."""
    if study.bayes is None or not (folder / "posterior.nc").is_file():
        return
    sizes = {"all": 0.0 if inputs.items is None else float(len(inputs.items))}
    if inputs.group is not None:
        sizes = {str(label): float(count) for label, count in inputs.group.value_counts().items()}
    label = min(sizes, key=lambda name: sizes[name])
    most = max((len(equation.predictors) for equation in equations(model)), default=0)
    yield Output("model", "bayes", label, "estimates.csv", n=sizes[label], df=sizes[label] - most - 1)


def _ends(model: ModelSpec, inputs: Inputs) -> Iterator[Output]:
    """Yield the fewest respondents at an end of a scale: ``items.csv`` has such shares (floor, ceiling)."""
    if inputs.items is None:
        return
    counts: dict[str, int] = {}
    for scale in model.scales:
        for item in scale.items:
            if scale.scale is None or item not in inputs.items or len(scale.items) < 2:
                continue
            found = inputs.items[item].to_numpy(dtype=float)
            for end in scale.scale:
                if (count := int((found == end).sum())) > 0:
                    counts[f"{item} = {end:g}"] = count
    if counts:
        least = min(counts, key=lambda name: counts[name])
        yield Output("cells", "items.csv", least, "items.csv", cells=len(counts), smallest=counts[least])


def _tables(folder: Path) -> Iterator[Output]:
    for name in WITH_N:
        if (folder / name).is_file():
            table = pd.read_csv(folder / name, dtype=str, keep_default_na=False)
            if "n" in table and (pd.to_numeric(table["n"], errors="coerce") > 0).any():
                yield _smallest(name, table)


def _smallest(name: str, table: pd.DataFrame) -> Output:
    """Return the row of a table with an n: its smallest, and whose that is."""
    rows = [row for row in records(table) if row["n"] and float(row["n"]) > 0]
    least = min(rows, key=lambda row: float(row["n"]))
    whose = " ".join(least[key] for key in ("group", "unit") if least.get(key))
    most = max(float(row["n"]) for row in rows)
    return Output("cells", name, whose, name, n=most, cells=len(rows), smallest=float(least["n"]))

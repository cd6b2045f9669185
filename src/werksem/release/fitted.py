"""The output check of a fitted study: its groups, its models, and tables with cells of their own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from werksem.compare.cells import read_table, records
from werksem.compare.few_claimed import inputs_of_many
from werksem.describe.table import HIDDEN
from werksem.engines.few import Withheld, tells_sizes
from werksem.engines.rare_cells import rare
from werksem.inputs import Inputs
from werksem.release.rules import Output, concentration, rule_output
from werksem.spec.equations import equations
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.survey.formulas import undone_table

__all__ = [
    "fitted_outputs", "group_outputs", "posterior_output", "rare_outputs", "smallest_output",
    "weighing_outputs",
]  # fmt: skip

# tables of a result folder whose rows have an n of their own
WITH_N = (
    "sample.csv", "distributions.csv", "ledger.csv", "importance.csv", "nested.csv", "left_out.csv",
    "loo.csv", "design.csv", "lavaan/moments.csv",
)  # fmt: skip
# files of exact coefficients or moments
TELLING = ("estimates.csv", "intervals.csv", "between.csv", "modification.csv", "lavaan/moments.csv")


def fitted_outputs(
    folder: Path, study: Study, model: ModelSpec, inputs: Inputs, withheld: Withheld
) -> list[Output]:
    """Return the rule, a row per group, per model, and per table with cells, from a finished folder."""
    fit = read_table(folder / "fit.csv", ("engine", "group", "measure"))
    shown = inputs_of_many(inputs, withheld)
    return [
        rule_output(study.disclosure, withheld),
        *group_outputs(shown),
        *_ols(fit, model),
        *_sem(fit),
        *([posterior_output(model, shown)] if _has_draws(folder, study) else []),
        *_ends(folder, model, inputs),
        *_tables(folder, withheld),
        *rare_outputs(folder, study, model, inputs, TELLING),
        *weighing_outputs(folder, study, model, inputs, withheld),
    ]


def group_outputs(inputs: Inputs) -> Iterator[Output]:
    """Yield how the weight of all respondents, and of each group, is spread."""
    if inputs.items is None:
        return
    n = len(inputs.items)
    weights = np.ones(n) if inputs.weights is None else inputs.weights.to_numpy(dtype=float)
    cluster = None if inputs.cluster is None else pd.factorize(inputs.cluster)[0].astype(np.int64)
    masks = {"all": np.ones(n, dtype=bool)}
    if inputs.group is not None:
        labels = inputs.group.dropna().unique()
        masks |= {str(label): (inputs.group == label).to_numpy() for label in labels}
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
            df = n - len(equation.predictors) - 1
            yield Output("model", f"OLS: {equation.outcome}", group, "estimates.csv", n=n, df=df)


def _sem(fit: pd.DataFrame) -> Iterator[Output]:
    """Yield the latent model: degrees of freedom are respondents less parameters, over all its groups."""
    groups = _measures(fit, "sem")
    sizes = [values["ntotal"] for values in groups.values() if "ntotal" in values]
    parameters = max((values["npar"] for values in groups.values() if "npar" in values), default=math.nan)
    if sizes:
        n = max(sizes)
        yield Output("model", "SEM", "all", "estimates.csv", n=n, df=n - parameters)


def _has_draws(folder: Path, study: Study) -> bool:
    return study.bayes is not None and (folder / "posterior.nc").is_file()


def posterior_output(model: ModelSpec, inputs: Inputs) -> Output:
    """Return the smallest group of the posterior, whose own estimates stand in the ledger."""
    sizes = {"all": 0.0 if inputs.items is None else float(len(inputs.items))}
    if inputs.group is not None and inputs.group.notna().any():
        sizes = {str(label): float(count) for label, count in inputs.group.value_counts().items()}
    label = min(sizes, key=lambda name: sizes[name])
    most = max((len(equation.predictors) for equation in equations(model)), default=0)
    return Output("model", "bayes", label, "estimates.csv", n=sizes[label], df=sizes[label] - most - 1)


def _ends(folder: Path, model: ModelSpec, inputs: Inputs) -> Iterator[Output]:
    """Yield the fewest respondents at an end of a scale whose share ``items.csv`` shows (floor, ceiling)."""
    path = folder / "items.csv"
    if inputs.items is None or not path.is_file():
        return
    limits = {item: scale.scale for scale in model.scales for item in scale.items}
    counts: dict[str, int] = {}
    for row in records(read_table(path, ("construct", "item", "group"))):
        place = limits.get(row["item"])
        if place is None or row["item"] not in inputs.items:
            continue
        found = inputs.items[row["item"]].to_numpy(dtype=float)
        for end, share in zip(place, (row["floor"], row["ceiling"]), strict=True):
            if share > 0:
                counts[f"{row['item']} = {end:g}"] = int((found == end).sum())
    if counts:
        least = min(counts, key=lambda name: counts[name])
        yield Output("cells", "items.csv", least, "items.csv", cells=len(counts), smallest=counts[least])


def rare_outputs(
    folder: Path, study: Study, model: ModelSpec, inputs: Inputs, files: Iterable[str]
) -> Iterator[Output]:
    """Yield those of ``files`` from which the count of a rare answer follows, with the variables it is of.

    Raw and standardised coefficients together give a variable's standard deviation, and of a yes/no question
    that is a count; exact moments do so at once.
    """
    names = rare(model, inputs, study.disclosure)
    if study.sem is not None and study.sem.multigroup and inputs.group is not None:
        for label in inputs.group.dropna().unique():
            names |= rare(model, inputs, study.disclosure, (inputs.group == label).to_numpy())
    for name in files if names else ():
        if (folder / name).is_file():
            yield Output("cells", name, ", ".join(sorted(names)), name, held="rare")


def weighing_outputs(
    folder: Path, study: Study, model: ModelSpec, inputs: Inputs, withheld: Withheld,
    exact: tuple[str, ...] = ("estimates.csv", "intervals.csv"),
) -> Iterator[Output]:  # fmt: skip
    """Yield the files with exact weighted means or variances of answers, while groups are hidden.

    Their products with the sum of weights are whole numbers, which tells it; and, with the weight of every
    group known, the sizes of those hidden. A regression has them as its intercept, or as its residual
    variance over 1 - R². The first of ``exact`` says whether these files have any.
    """
    if not withheld.largest:
        return
    items = {item for scale in model.scales for item in scale.items}
    plain = {str(name) for name in ({} if inputs.items is None else inputs.items)} - items
    found = read_table(folder / exact[0], ("engine", "lhs", "op", "rhs"))
    found = found[found["engine"].isin(("ols", "sem", "bootstrap"))]
    means = (found["op"] == "~1") & found["lhs"].isin(items | plain)
    spread = (found["op"] == "~~") & found["lhs"].isin(plain) & found["rhs"].isin(plain)
    names = (*(exact if (means | spread).any() else ()), "lavaan/moments.csv")
    for name in names:
        if (folder / name).is_file():
            yield Output("cells", name, str(study.data.weights), name, held="rare")


def _tables(folder: Path, withheld: Withheld) -> Iterator[Output]:
    """Yield the tables with an n per row; ``rare`` those from which a hidden group's size follows."""
    for name in WITH_N:
        if (folder / name).is_file():
            table = undone_table(pd.read_csv(folder / name, dtype=str, keep_default_na=False))
            if "n" in table and len(table):
                told = tells_sizes(name, table.mask(table == ""), withheld)
                yield replace(smallest_output(name, table), held="rare" if told else "")


def smallest_output(name: str, table: pd.DataFrame) -> Output:
    """Return what a table with an n comes to: its smallest, whose that is, and what it has hidden itself."""
    rows = [row for row in records(table) if row["n"] and float(row["n"]) > 0]
    least = min(rows, key=lambda row: float(row["n"]), default={})
    named = (least.get(key) for key in ("group", "unit", "item", "answer"))
    status = list(table["status"]) if "status" in table else []
    hidden = [float(status.count(why)) if "status" in table else math.nan for why in HIDDEN]
    return Output(
        "cells", name, " ".join(filter(None, named)), name,
        n=max((float(row["n"]) for row in rows), default=math.nan), cells=len(rows),
        smallest=float(least.get("n", math.nan)), hidden=hidden[0], hidden_also=hidden[1],
    )  # fmt: skip

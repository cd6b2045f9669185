"""Answers of few respondents that no table shows, and that means, spreads and thresholds would tell."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.engines.all import Results
from werksem.engines.distributions import answers_of, hidden_cells, without_means
from werksem.inputs import Inputs
from werksem.spec.disclosure import Disclosure
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = [
    "hidden_answers",
    "rare",
    "untold",
    "untold_anywhere",
    "without_priors",
    "without_rare_cells",
    "without_shares",
]

Mask = NDArray[np.bool_]
# rows of predictive.csv that show what a group answered
SHARE = "top2box"


def hidden_answers(
    spec: ModelSpec, inputs: Inputs, rule: Disclosure, keep: Mask | None = None
) -> Iterator[tuple[str, bool]]:
    """Yield every observed variable with a cell to hide among those who are in ``keep``, and whether all are.

    Variables are items and plain columns of at most 12 different answers. Where all cells are to be hidden,
    n, mean and standard deviation give the small one away.
    """
    limits = {item: scale.scale for scale in spec.scales for item in scale.items}
    for name, column in ({} if inputs.items is None else inputs.items).items():
        y = column.to_numpy(dtype=float)
        y = y[np.isfinite(y) & (True if keep is None else keep)]
        places = answers_of(limits.get(str(name)), y)
        counts = np.array([int((y == place).sum()) for place in places])
        if counts.any():
            hidden = hidden_cells(places, counts, rule)[counts > 0]
            if hidden.any():
                yield str(name), bool(hidden.all())


def rare(spec: ModelSpec, inputs: Inputs, rule: Disclosure, keep: Mask | None = None) -> frozenset[str]:
    """Return the observed variables of which n, mean and standard deviation give a small cell away.

    Such is a yes/no question that few answered yes, and many a question put to few.
    """
    return frozenset(name for name, every in hidden_answers(spec, inputs, rule, keep) if every)


def untold(spec: ModelSpec, inputs: Inputs, rule: Disclosure, keep: Mask | None = None) -> frozenset[str]:
    """Return the variables of ``rare`` and constructs of one such item: no table has their mean and SD."""
    found = rare(spec, inputs, rule, keep)
    return found | {scale.name for scale in spec.scales if len(scale.items) == 1 and scale.items[0] in found}


def untold_anywhere(study: Study, spec: ModelSpec, inputs: Inputs) -> frozenset[str]:
    """Return the variables of ``untold`` among all, and where the SEM has groups among those of each."""
    found = untold(spec, inputs, study.disclosure)
    joint = study.sem is not None and study.sem.multigroup
    return found.union(
        *(untold(spec, inputs, study.disclosure, keep) for _, keep in (_groups(inputs) if joint else ()))
    )


def without_rare_cells(results: Results, spec: ModelSpec, inputs: Inputs, rule: Disclosure) -> Results:
    """Return the results without thresholds of variables with a hidden cell, and what would tell of few.

    A threshold is a cumulative share: n times it is a count. Of groups go the mean, SD and share that
    ``predictive`` and ``items`` have of a variable of which they would give a small cell away, and of
    ``nested`` the units of few respondents.
    """
    if inputs.items is None:
        return results
    names = {name for name, _ in hidden_answers(spec, inputs, rule)}
    engines = tuple(
        replace(engine, estimates=_without_thresholds(engine.estimates, names)) for engine in results.engines
    )
    told = {group: untold(spec, inputs, rule, keep) for group, keep in _groups(inputs)}
    return replace(
        results, engines=engines, intervals=_without_thresholds(results.intervals, names),
        predictive=_predicted(results.predictive, told, inputs, rule), items=_items(results.items, told),
        scales=_scales(results.scales, untold(spec, inputs, rule)), nested=_units(results.nested, rule),
    )  # fmt: skip


def without_shares(sentences: Iterable[str], names: Collection[str]) -> tuple[str, ...]:
    """Return warnings that say of a variable with a hidden cell that nearly all answer alike, not how many.

    >>> without_shares(["near-constant: 98.7% of the answers to leaves are 0"], {"leaves"})
    ('near-constant: nearly all of the answers to leaves are 0',)
    """
    found = []
    for text in sentences:
        said = re.match(r"near-constant: [\d.]+% of the answers to (?P<name>\S+) are ", text)
        if said and said["name"] in names:
            text = re.sub(r"[\d.]+%", "nearly all", text, count=1)
        found.append(text)
    return tuple(found)


def without_priors(lines: Iterable[str], names: Collection[str]) -> tuple[str, ...]:
    """Return what is said of priors without lines that name a variable: their scales are its mean and SD.

    >>> without_priors(["y~seldom: normal(0, 21.2)", "y~x: normal(0, 0.9)"], {"seldom"})
    ('y~x: normal(0, 0.9)',)
    """
    named = [re.compile(rf"(?<![\w.]){re.escape(name)}(?![\w.])") for name in names]
    return tuple(line for line in lines if not any(one.search(line) for one in named))


def _groups(inputs: Inputs) -> Iterator[tuple[str, Mask]]:
    if inputs.group is not None:
        for label in inputs.group.dropna().unique():
            yield str(label), (inputs.group == label).to_numpy()


def _without_thresholds(table: Any, names: Iterable[str]) -> Any:
    if table is None:
        return table
    gone = (table["op"] == "|") & table["lhs"].isin(list(names))
    return table[~gone].reset_index(drop=True)


def _predicted(
    table: pd.DataFrame | None, told: dict[str, frozenset[str]], inputs: Inputs, rule: Disclosure
) -> pd.DataFrame | None:
    """Return ``predictive.csv`` without rows of a group that give a small cell away, or are of one."""
    if table is None or inputs.group is None or table.empty:
        return table
    sizes = inputs.group.astype(str).value_counts()
    count = (table["observed"] * table["group"].map(sizes)).round()
    rest = table["group"].map(sizes) - count
    few = ((count > 0) & (count < rule.smallest)) | ((rest > 0) & (rest < rule.smallest))
    gone = [
        (statistic == SHARE and small) or any(part in told.get(group, ()) for part in variable.split("~~"))
        for group, statistic, variable, small in zip(
            table["group"], table["statistic"], table["variable"].astype(str), few, strict=True
        )
    ]
    return table[~np.array(gone, dtype=bool)].reset_index(drop=True)


def _units(table: pd.DataFrame | None, rule: Disclosure) -> pd.DataFrame | None:
    return None if table is None else table[table["n"] >= rule.smallest].reset_index(drop=True)


def _scales(table: pd.DataFrame | None, names: frozenset[str]) -> pd.DataFrame | None:
    return None if table is None else without_means(table, "scale", names)


def _items(table: pd.DataFrame | None, told: dict[str, frozenset[str]]) -> pd.DataFrame | None:
    if table is None:
        return None
    gone = [item in told.get(group, ()) for group, item in zip(table["group"], table["item"], strict=True)]
    ends = [name for name in ("mean", "sd", "floor", "ceiling") if name in table]
    return table.assign(**{name: table[name].mask(np.array(gone, dtype=bool), np.nan) for name in ends})

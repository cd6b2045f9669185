"""Models with given resamples, which ``reference/lavaan_replicates.R`` fits one by one with lavaan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from tests.cases import REFERENCE, data_of, spec_of
from werksem.bootstrap.replicates import Replicates
from werksem.bootstrap.run import bootstrap
from werksem.estimators.fit import Fit
from werksem.estimators.ml import fit_ml
from werksem.model import Model, build_model
from werksem.moments import Moments, moments
from werksem.resampling.units import resampling_units
from werksem.respondents import Respondents
from werksem.rows import Options
from werksem.spec.types import ModelSpec

REPLICATES = 25
EQUAL = ("loadings", "intercepts")


@dataclass(frozen=True)
class Case:
    """A model file, its data, and how lavaan is asked to fit it; ``seed`` is of the resamples."""

    model: str
    seed: int
    data: str = "holzinger"
    means: bool = False
    groups: bool = False
    equal: tuple[str, ...] = ()
    weighted: bool = False
    rows: int | None = None


CASES = {
    "holzinger": Case("holzinger", 2025),
    "democracy": Case("democracy", 2026, "democracy"),
    "path": Case("path", 2027),
    "intercepts": Case("holzinger", 2028, means=True),
    "restricted_means": Case("restricted_means", 2029, means=True),
    "groups": Case("holzinger", 2030, means=True, groups=True),
    "groups_equal": Case("holzinger", 2031, means=True, groups=True, equal=EQUAL),
    "weighted": Case("holzinger", 2032, weighted=True),
    "small": Case("holzinger", 2033, rows=60),
}


@dataclass(frozen=True)
class Prepared:
    """A case's table, and what the bootstrap takes of it."""

    spec: ModelSpec
    table: pd.DataFrame
    model: Model
    respondents: tuple[Respondents, ...]
    moments: tuple[Moments, ...]


def resamples(seed: int, sizes: list[int]) -> np.ndarray:
    """Return (replicates, n) numbers of rows drawn within groups, counted over the groups in order.

    Park and Miller's generator, x -> 16807 x mod (2^31 - 1): x n / (2^31 - 1) rounded down.
    """
    n, x = sum(sizes), seed
    size, before = np.repeat(sizes, sizes), np.repeat(np.cumsum([0, *sizes[:-1]]), sizes)
    drawn = np.empty(REPLICATES * n, dtype=np.int64)
    for k in range(len(drawn)):
        x = 16807 * x % 2147483647
        drawn[k] = x
    return drawn.reshape(REPLICATES, n) * size // 2147483647 + before


@cache
def prepared(name: str) -> Prepared:
    """Return a case ready to be fitted."""
    case = CASES[name]
    table = data_of(case.data).head(case.rows).reset_index(drop=True)
    table = table.assign(weight=1 + (np.arange(len(table)) % 5) / 2)
    labels = tuple(dict.fromkeys(table["school"])) if case.groups else ("all",)
    spec = spec_of((REFERENCE / "models" / f"{case.model}.lavaan").read_text(), case.model)
    model = build_model(spec, labels, Options(mean_structure=case.means, group_equal=case.equal))
    people, found = [], []
    for label in labels:
        part = table[table["school"] == label] if case.groups else table
        rows = part[list(model.observed)].to_numpy(dtype=float)
        weights = (part["weight"] / table["weight"].mean()).to_numpy() if case.weighted else None
        people.append(Respondents(rows, weights, place=part.index.to_numpy()))
        own = moments(rows, model.observed, weights=weights, group=label)
        found.append(replace(own, n=float(len(rows))))
    return Prepared(spec, table, model, tuple(people), tuple(found))


@cache
def full_fit(name: str) -> Fit:
    """Return the fit of the whole sample."""
    ready = prepared(name)
    return fit_ml(ready.model, ready.moments)


def drawn_units(name: str) -> np.ndarray:
    """Return a case's resamples as numbers of units, counted over the groups in order."""
    return resamples(CASES[name].seed, [len(people.rows) for people in prepared(name).respondents])


@cache
def replicates_of(name: str) -> Replicates:
    """Return our replicates of the given resamples."""
    ready, drawn = prepared(name), drawn_units(name)
    units = [resampling_units(people) for people in ready.respondents]
    return bootstrap(ready.model, ready.moments, full_fit(name), units, replicates=0, seed=1, indices=drawn)


@dataclass(frozen=True)
class Solution:
    """One of lavaan's fits: number of the replicate, estimates in our order (NaN: not reported), its end."""

    replicate: int
    theta: np.ndarray
    status: str


@cache
def lavaan_solutions(name: str) -> tuple[Solution, ...]:
    """Return lavaan's fits, two of a replicate where it finds another minimum from another start."""
    table = pd.read_csv(REFERENCE / "lavaan_replicates.csv", dtype=str, keep_default_na=False)
    table = table[table["case"] == name]
    model = prepared(name).model
    place = {f"{row.lhs}{row.op}{row.rhs}@{row.group + 1}": k for k, row in enumerate(model.rows)}
    columns = [model.free_of_row[place[parameter]] for parameter in table["values"].iloc[0].split(" ")]
    found = []
    for row in table.iloc[1:].itertuples():
        theta = np.full(len(model.parameters), np.nan)
        theta[columns] = [float(part) for part in row.values.split(" ")]
        found.append(Solution(int(row.replicate) - 1, theta, row.status))
    return tuple(found)

"""Data with blanks made by the rules of ``reference/lavaan_fiml.R``, and models fitted to them once each."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from tests.cases import REFERENCE, data_of, shared_csv, spec_of
from werksem.estimators.fiml import fit_fiml
from werksem.estimators.fit import Fit
from werksem.model import Model, build_model
from werksem.patterns import Patterns, patterns
from werksem.rows import Options
from werksem.spec.types import ModelSpec

CASES = (
    "holzinger",
    "democracy",
    "fiml_constrained",
    "mimic",
    "growth",
    "fiml_groups",
    "fiml_bfi",
    "fiml_random_x",
)
ITEMS = tuple(f"x{k}" for k in range(1, 10))


def blanked(data: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return the data with blanks where (7 i² + 31 i j + 17 j² + 13 i) mod 101 < 9, j from 1."""
    out = data.copy()
    i = np.arange(len(data))
    for j, column in enumerate(columns, start=1):
        out[column] = out[column].astype(float).mask((7 * i**2 + 31 * i * j + 17 * j**2 + 13 * i) % 101 < 9)
    return out


def blanked_holzinger() -> pd.DataFrame:
    """Return Holzinger and Swineford's data with blanks, one row without any answer, teams and weights."""
    data = blanked(data_of("holzinger_full"), ITEMS)
    data.loc[6, list(ITEMS)] = np.nan
    row = np.arange(len(data))
    return data.assign(team=row % 40, weight=1 + (row % 5) / 2 + (data.school == "Pasteur"))


def blanked_growth() -> pd.DataFrame:
    data = data_of("growth").copy()
    row = np.arange(len(data))
    data.loc[((data.t1 > 1) & (row % 2 == 0)) | (row % 7 == 0), "t4"] = np.nan
    data.loc[row % 7 == 0, "t3"] = np.nan
    return data


@cache
def blank_data(name: str) -> pd.DataFrame:
    """Return the data of a case, or skip."""
    match name:
        case "democracy" | "fiml_constrained":
            return blanked(data_of("democracy"), (*(f"y{k}" for k in range(1, 9)), "x1", "x2", "x3"))
        case "growth":
            return blanked_growth()
        case "fiml_bfi":
            return shared_csv("bfi", "bfi.csv")
        case "mimic" | "fiml_random_x":
            data = blanked_holzinger()
            data["ageyr"] = data.ageyr.astype(float)
            data.loc[[2, 49], "ageyr"] = np.nan
            return data
    return blanked_holzinger()


@cache
def fiml_case(name: str) -> tuple[ModelSpec, Model]:
    """Return (specification, model) of a case; ``fiml_groups`` is over schools."""
    spec = spec_of((REFERENCE / "models" / f"{name}.lavaan").read_text(), name)
    groups = tuple(blank_data(name).school.unique()) if name == "fiml_groups" else ("all",)
    return spec, build_model(spec, groups, Options(mean_structure=True, fixed_x=name != "fiml_random_x"))


@cache
def fiml_data(name: str, weighted: bool = False) -> tuple[Patterns, ...]:
    """Return a case's patterns, one for each group, weights normalised over all rows used."""
    _, model = fiml_case(name)
    data = blank_data(name)
    used = data[list(model.observed)].notna().any(axis=1)
    found = []
    for group in model.groups:
        rows = data if group == "all" else data[data.school == group]
        weights = (rows.weight / data.weight[used].mean()).to_numpy() if weighted else None
        values = rows[list(model.observed)].to_numpy(dtype=float)
        found.append(patterns(values, model.observed, given=model.fixed_x, weights=weights, group=group))
    return tuple(found)


@cache
def fiml_fitted(name: str, weighted: bool = False) -> Fit:
    """Return the FIML fit of a case."""
    return fit_fiml(fiml_case(name)[1], fiml_data(name, weighted))

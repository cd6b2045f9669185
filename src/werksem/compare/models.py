"""Models of the same answers two by two: which is nested in which, and how much fit lies between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import isfinite, nan
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from werksem.compare.across import names_of
from werksem.compare.cells import read_table
from werksem.compare.nested import data_key, robust_fit, sem_fit
from werksem.errors import WerksemError
from werksem.estimates import TEXT
from werksem.estimators.ml import fit_ml
from werksem.implied import implied_moments
from werksem.inference.difference import chisq_difference
from werksem.model import Model, build_model, model_of_rows
from werksem.moments import Moments, select
from werksem.reliabilities import stated_reliabilities
from werksem.sem_data import sem_options
from werksem.spec.load import load_study
from werksem.spec.support import LEAST_SQUARES

__all__ = ["COLUMNS", "bifactor_of", "model_pairs", "nested_in"]

COLUMNS = [
    "narrow", "wide", "nested", "delta_chisq", "delta_df", "delta_pvalue", "delta_cfi", "delta_bic",
]  # fmt: skip
# chi-square of the wide model on the narrow one's own moments that counts as 0, as semTools::net has it
ZERO = 1e-4
SCALINGS = ("marker", "unit_variance")


@dataclass(frozen=True, slots=True)
class _Found:
    """A folder's SEM: its name, data, measures, model and estimates; no model where it cannot be rebuilt."""

    name: str
    key: str
    fit: Mapping[str, float]
    model: Model | None = None
    scaled: tuple[Model, ...] = ()
    implied: Moments | None = None


def model_pairs(folders: Sequence[Path]) -> pd.DataFrame:
    """Return a row per pair of folders with an SEM: the narrower model (more df) against the wider.

    ``nested`` is ``yes``, ``no``, ``equivalent``, ``untested`` (least squares, several groups, stated
    reliabilities, or a folder without its study), ``other data`` or ``other variables`` (or other given
    ones, or means in one model only). Differences of chi-square (scaled after Satorra & Bentler, 2001,
    where both are) only where nested; those of CFI (robust where both are) and BIC, narrow minus wide,
    wherever rows and variables are the same.
    """
    found = []
    for name, folder in zip(names_of(folders), folders, strict=True):
        fit = sem_fit(folder)
        if "chisq" in fit:
            found.append(_Found(name, data_key(folder), fit, *_rebuilt(folder, fit)))
    found.sort(key=lambda entry: entry.fit["df"])
    return pd.DataFrame([_row(wide, narrow) for wide, narrow in combinations(found, 2)], columns=COLUMNS)


def _row(wide: _Found, narrow: _Found) -> dict[str, Any]:
    nested = _nested(narrow, wide)
    row: dict[str, Any] = {"narrow": narrow.name, "wide": wide.name, "nested": nested}
    row |= dict.fromkeys(COLUMNS[3:], nan)
    if nested.startswith("other") or (nested == "untested" and None in (narrow.model, wide.model)):
        return row
    row["delta_cfi"] = robust_fit(narrow.fit, "cfi", [wide.fit]) - robust_fit(wide.fit, "cfi", [narrow.fit])
    row["delta_bic"] = narrow.fit.get("bic", nan) - wide.fit.get("bic", nan)
    if nested == "yes":
        test = chisq_difference(*_alike(narrow.fit, wide.fit))
        row |= {"delta_chisq": test.chisq, "delta_df": test.df, "delta_pvalue": test.pvalue}
    return row


def _alike(*fits: Mapping[str, float]) -> Iterator[Mapping[str, float]]:
    """Yield the fits, without their scaling factor where not all of them have one."""
    scaled = all("chisq_scaling_factor" in fit for fit in fits)
    for fit in fits:
        yield fit if scaled else {key: fit[key] for key in ("chisq", "df")}


def _nested(narrow: _Found, wide: _Found) -> str:
    if narrow.key != wide.key:
        return "other data"
    if narrow.model is None or wide.model is None or narrow.implied is None:
        return "untested"
    if _speaks_of(narrow.model) != _speaks_of(wide.model):
        return "other variables"
    inside = nested_in(narrow.implied, wide.scaled)
    if inside is None:
        return "untested"
    same = narrow.fit["df"] == wide.fit["df"]
    return ("equivalent" if same else "yes") if inside else "no"


def _speaks_of(model: Model) -> tuple[set[str], set[str], bool]:
    """Return what a likelihood is one of: variables, which of them are given, and whether means are in it."""
    return set(model.observed), set(model.fixed_x), model.mean_structure


def nested_in(implied: Moments, wide: Sequence[Model]) -> bool | None:
    """Return whether a model reproduces the moments that another one implies; None where its fits fail.

    The procedure of Bentler & Satorra (2010, NET): the wider model is fitted to the narrower one's
    implied moments; a chi-square of 0 says that the narrower lies within the wider. ``wide`` is one
    model scaled in several ways: a disturbance of 0 lies at infinity where its variance is the unit.
    """
    inside = [_reproduces(implied, model) for model in wide]
    return True if True in inside else False if False in inside else None


def _reproduces(implied: Moments, model: Model) -> bool | None:
    try:
        fit = fit_ml(model, (select(implied, model.observed),))
    except WerksemError:
        return None
    if fit.n * fit.discrepancy < ZERO:
        return True
    return False if fit.converged else None


def _rebuilt(folder: Path, fit: Mapping[str, float]) -> tuple[Any, ...]:
    """Return a folder's model, its other scalings, and the moments it implies; nothing where it cannot."""
    try:
        study, spec = load_study(folder / "study.yaml")
    except WerksemError:
        return ()
    settings = study.sem
    least_squares = settings is not None and settings.estimator in LEAST_SQUARES
    if (
        least_squares
        or study.data.ordered
        or stated_reliabilities(spec)
        or (settings and settings.multigroup)
    ):
        return ()
    options = sem_options(study)
    model = build_model(spec, ("all",), options)
    scaled = tuple(build_model(spec, ("all",), replace(options, scaling=kind)) for kind in SCALINGS)
    table = read_table(folder / "estimates.csv", TEXT)
    table = table[table["engine"] == "sem"]
    keys = zip(table["lhs"], table["op"], table["rhs"], strict=True)
    values = dict(zip(keys, table["est"].astype(float), strict=True))
    return model, scaled, _implied(model, values, fit["ntotal"])


def _implied(model: Model, values: Mapping[tuple[str, str, str], float], n: float) -> Moments | None:
    theta, rows = np.full(len(model.parameters), nan), []
    for row, at in zip(model.rows, model.free_of_row, strict=True):
        value = values.get((row.lhs, row.op, row.rhs), nan)
        if at >= 0:
            theta[at] = value
        rows.append(row if at >= 0 else replace(row, value=value if isfinite(value) else row.value))
    if not np.isfinite(theta).all():
        return None
    known = model_of_rows(model.name, rows, model.groups, model.constraints)
    mean, Sigma = implied_moments(known, theta)
    return Moments(model.observed, n, mean, Sigma)


def bifactor_of(folders: Sequence[Path]) -> Iterator[tuple[str, float, float]]:
    """Yield (name, omega hierarchical, ECV) of the general factor of every folder with a bifactor model."""
    for name, folder in zip(names_of(folders), folders, strict=True):
        path = folder / "bifactor.csv"
        if path.is_file():
            table = read_table(path, ("factor", "group"))
            row = table[table["general"].astype(str) == "True"].iloc[0]
            yield name, float(row["omega_h"]), float(row["ecv"])

"""Studies of every estimator that bootstraps by one step, as the engines get them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tests.cases import REFERENCE, data_of, spec_of
from tests.fiml_cases import blank_data
from tests.ordinal_cases import CASES as ORDINAL
from tests.ordinal_cases import ordinal_data
from werksem.engines.sem import SemResult, fit_sem
from werksem.model import build_model
from werksem.moments import moments
from werksem.patterns import patterns
from werksem.respondents import Respondents
from werksem.rows import Options
from werksem.sem_data import SemData
from werksem.spec.study import Sem
from werksem.spec.types import ModelSpec

FREE = Options(fixed_x=False)
MEANS = Options(mean_structure=True)
MORE = {
    "equal_means": "visual =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9\nx1 ~ i*1\nx7 ~ i*1\nx2 ~ j*1\nx8 ~ j*1"
}
EQUAL = Options(group_equal=("loadings",))


@dataclass(frozen=True)
class Case:
    """A study: model, what is estimated and how, and rows, weights per group."""

    spec: ModelSpec
    settings: Sem
    options: Options
    groups: tuple[str, ...]
    names: tuple[str, ...]
    given: tuple[str, ...]
    rows: tuple[np.ndarray, ...]
    weights: tuple[np.ndarray, ...] | None = None
    ordered: tuple[str, ...] = ()
    blanks: bool = False


def numbers(model: str, estimator: str = "ML", options: Options = MEANS, *, school: bool = False,
            weighted: bool = False, likelihood: str = "normal") -> Case:  # fmt: skip
    """Return a case of complete rows of numbers from the classics."""
    wanted = "democracy" if model in ("democracy", "fiml_constrained") else "holzinger_full"
    return _case(model, data_of(wanted), Sem(estimator=estimator, likelihood=likelihood), options,
                 school=school, weighted=weighted)  # fmt: skip


def blanked(model: str, *, weighted: bool = False) -> Case:
    """Return a case of FIML."""
    return _case(model, blank_data(model), Sem(), MEANS, school=model == "fiml_groups", weighted=weighted,
                 blanks=True)  # fmt: skip


def ordinal(name: str, estimator: str) -> Case:
    """Return a case of ordered items, some beside numbers or given covariates."""
    model, ordered = ORDINAL[name]
    return _case(model, ordinal_data(name), Sem(estimator=estimator), MEANS, school=name.startswith("school"),
                 weighted=name == "weighted", ordered=tuple(ordered))  # fmt: skip


def _case(
    model: str, data: pd.DataFrame, settings: Sem, options: Options, *, school: bool = False,
    weighted: bool = False, ordered: tuple[str, ...] = (), blanks: bool = False,
) -> Case:  # fmt: skip
    text = MORE.get(model) or (REFERENCE / "models" / f"{model}.lavaan").read_text()
    spec = spec_of(text, model)
    groups = tuple(dict.fromkeys(data.school)) if school else ("all",)
    built = build_model(spec, groups, options)
    parts = [data[data.school == group] for group in groups] if school else [data]
    rows = tuple(part[list(built.observed)].to_numpy(dtype=float) for part in parts)
    weights = None
    if weighted:
        raw = [1 + (np.arange(len(part)) % 5) / 2 for part in parts]
        mean = np.concatenate(raw).mean()
        weights = tuple(part / mean for part in raw)
    return Case(
        spec, settings, options, groups, built.observed, built.fixed_x, rows, weights, tuple(ordered), blanks
    )


def sem_data_of(case: Case, copies: int = 1, **design: np.ndarray) -> SemData:
    """Return the data with every respondent ``copies`` times; ``design`` are codes of one group."""
    rows = [np.repeat(part, copies, axis=0) for part in case.rows]
    none = (None,) * len(rows)
    weights = none if case.weights is None else [np.repeat(part, copies) for part in case.weights]
    each = list(zip(rows, weights, case.groups, strict=True))
    if case.blanks:
        found = tuple(patterns(r, case.names, given=case.given, weights=w, group=g) for r, w, g in each)
        clusters, strata = ((design[key],) if key in design else None for key in ("cluster", "stratum"))
        return SemData(case.groups, patterns=found, clusters=clusters, strata=strata)
    found = tuple(
        replace(moments(r, case.names, weights=w, group=g), n=float(len(r) if w is None else w.sum()))
        for r, w, g in each
    )
    people = tuple(Respondents(r, w, **design) for r, w, _ in each)
    return SemData(case.groups, found, people, ordered=case.ordered)


def fitted_sem(case: Case, data: SemData) -> SemResult:
    """Return the fit of a case."""
    return fit_sem(case.spec, data, case.settings, case.options)

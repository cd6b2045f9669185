"""The respondents of a study as claims about them need: scale means, items, other columns, the design."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache, partial

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from werksem.compare.beliefs import Belief
from werksem.compare.found import Found, Function, Say, derived
from werksem.compare.measured import People, groups_in, measured
from werksem.describe.design import design_of
from werksem.errors import DataError, SpecError
from werksem.estimators.joint import Joint
from werksem.estimators.ols_joint import correlations_from_scores
from werksem.inputs import Inputs
from werksem.spec import filters
from werksem.spec.claims import Claim, Classes, Correlation, Statistic, claimed_columns, load_classes, tidy
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.survey import intake
from werksem.survey.answers import Coding, labels, numbers
from werksem.survey.read import Table, kept, read_columns

__all__ = ["classed", "claimed_sample", "data_found", "sample_of"]

Array = NDArray[np.float64]


def claimed_sample(
    claims: tuple[Claim, ...], study: Study, model: ModelSpec, inputs: Inputs
) -> People | None:
    """Return the respondents that claims are about, None without claims; before anything is fitted."""
    if not claims or study.claims is None:
        return None
    return sample_of(claims, study, model, inputs, load_classes(study.claims))


def sample_of(
    claims: Collection[Claim], study: Study, model: ModelSpec, inputs: Inputs, classes: Mapping[str, Classes]
) -> People | None:
    """Return the respondents with every variable that claims name, None where the study gives moments.

    A variable is a scale mean, an item, else a column of the data file. Raises ``SpecError`` for a name
    that is none of these.
    """
    if inputs.survey is None or inputs.scores is None or inputs.items is None:
        return None
    variables, sorting = claimed_columns(claims)
    frame = inputs.scores.join(inputs.items[[c for c in inputs.items if c not in inputs.scores]])
    known = inputs.survey.data
    wanted = [name for name in variables if name not in frame]
    texts = [name for name in sorting if name not in classes and name not in known]
    counted = [entry.column for name, entry in classes.items() if name in sorting]
    extra = _columns(study, [*wanted, *texts, *(c for c in counted if c not in frame)])
    as_numbers = {
        name: _numbers(name, extra, study)
        for name in (*wanted, *counted)
        if name in extra.columns.column_names
    }
    values = frame.join(pd.DataFrame(as_numbers).reindex(frame.index)) if as_numbers else frame
    kept = {
        name: known[name] for name in (inputs.survey.group, *sorting) if name is not None and name in known
    }
    kept |= {name: pd.Series(labels(extra.columns[name], extra.value_labels.get(name))) for name in texts}
    kept |= {name: classed(classes[name], values) for name in sorting if name in classes}
    sorted_by = pd.DataFrame({name: column.reindex(frame.index) for name, column in kept.items()})
    spans = {scale.name: scale.scale for scale in model.scales if scale.scale is not None}
    return People(values, sorted_by.reindex(frame.index), design_of(inputs), inputs.survey.group, spans)


def _columns(study: Study, names: list[str]) -> Table:
    """Return columns of the data file for the rows that the study keeps."""
    data = study.data
    if not names or data.file is None:
        return Table(pa.table({}))
    needed = [*names, *(filters.columns(data.where) if data.where else ()), *intake.text_columns(data)]
    try:
        table = read_columns(data.file, needed, obtain=data.obtain)
    except DataError as problem:
        raise SpecError(f"a claim is about a variable: {problem.message}", where=str(study.claims)) from None
    keep, _ = intake.kept_rows(table, data)
    return kept(table, keep)


def _numbers(name: str, table: Table, study: Study) -> Array:
    coding = Coding(study.data.codes.get(name, {}), list(study.data.missing_codes))
    return numbers(name, table.columns[name], coding)[0]


def classed(classes: Classes, values: pd.DataFrame) -> pd.Series:
    """Return the class of each respondent, by name; None where the answer is blank.

    Raises ``DataError`` where the column is no numbers.
    """
    if classes.column not in values:
        raise DataError(f'a claim: classes are of numbers, and "{classes.column}" is text')
    column = values[classes.column].to_numpy(dtype=float)
    at = np.searchsorted(np.array(classes.at), column, side="right")
    named = pd.Series(np.array(classes.labels, dtype=object)[at], index=values.index)
    return named.where(np.isfinite(column))


def data_found(
    sample: People, inputs: Inputs, say: Say, ranked: Callable[[Statistic], bool]
) -> Callable[[Claim], Found]:
    """Return what turns a claim into the data's answers about it."""
    return partial(_found, sample, inputs, say, ranked)


def _found(
    sample: People, inputs: Inputs, say: Say, ranked: Callable[[Statistic], bool], claim: Claim
) -> Found:
    # a claim is judged at many levels on the same numbers
    statistics = cache(lambda asked: measured(asked, sample))
    correlations = cache(lambda variables: _correlations(claim, sample, inputs, variables))

    def combined(names: Collection[str], function: Function, name: str) -> Belief | None:
        parts = [part for pair in names for part in tidy(pair).split(" ~~ ")]
        joint = correlations(tuple(dict.fromkeys(parts)))
        return None if joint is None else derived(joint, list(names), function, name)

    return Found(
        "data", say, lambda path: combined([path], lambda v: v[..., 0], tidy(path)), combined,
        measured=lambda asked: statistics(tuple(asked)),
        labels=lambda by: groups_in(sample, by), ranked=ranked,
    )  # fmt: skip


def _correlations(claim: Claim, sample: People, inputs: Inputs, variables: tuple[str, ...]) -> Joint | None:
    """Return the correlations of variables, of the claim's group; None for other claims and names."""
    if not isinstance(claim, Correlation) or not set(variables) <= set(sample.values):
        return None
    keep = np.ones(len(sample.values), dtype=bool)
    if claim.group is not None and sample.group is not None:
        keep = (sample.labels[sample.group].astype(str) == claim.group).to_numpy()
    answered = np.isfinite(sample.values.loc[keep, list(variables)].to_numpy(dtype=float)).all(axis=1)
    if answered.sum() < max(sample.smallest, 1):
        return None
    weights, cluster = (None if c is None else c[keep] for c in (inputs.weights, inputs.cluster))
    return correlations_from_scores(variables, sample.values[keep], weights, cluster)

"""From respondents (or moments) to what the engines take: items, scale means, groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.errors import DataError, did_you_mean
from werksem.moments import Moments
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.survey.header import MissingColumnsError
from werksem.survey.moments_input import read_moments
from werksem.survey.scales import items, scale_scores
from werksem.survey.survey import Survey, read_survey

__all__ = ["Inputs", "read_inputs"]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the engines take; from a file, or from moments alone (then only those are there).

    ``items``: recoded answers, one column per observed variable of the model. ``scores``: scale
    means. The others have one entry per row (``replicate_weights`` R), None where the study names
    none; ``fraction`` is the sampling fraction of the row's stratum, ``nested`` its unit within the group.
    """

    survey: Survey | None
    items: pd.DataFrame | None
    scores: pd.DataFrame | None
    group: pd.Series | None
    cluster: pd.Series | None
    weights: pd.Series | None
    strata: pd.Series | None
    given: Moments | None
    n_of_outcome: Mapping[str, int]
    fraction: pd.Series | None = None
    replicate_weights: NDArray[np.float64] | None = None
    nested: pd.Series | None = None


def read_inputs(study: Study, model: ModelSpec) -> Inputs:
    """Return the engines' inputs of a study; raises ``DataError`` where the data are wrong."""
    if study.data.moments is not None:
        given, n_of_outcome = read_moments(study, model)
        return Inputs(None, None, None, None, None, None, None, given, n_of_outcome)
    try:
        survey = read_survey(study, model)
    except MissingColumnsError as error:
        raise _or_construct(error, model) from None
    answers, scores = items(survey, model), scale_scores(survey, model)
    keep = _common(answers, scores) if study.data.sample == "common" else np.ones(len(answers), dtype=bool)
    columns = (survey.group, survey.cluster, survey.weights, survey.strata)
    group, cluster, weights, strata = (_column(survey, name, keep) for name in columns)
    fraction, nested = (_column(survey, name, keep) for name in (survey.fpc, survey.nested))
    replicates = None if survey.replicate_weights is None else survey.replicate_weights[keep]
    return Inputs(
        survey, answers[keep], scores[keep], group, cluster, weights, strata, None, {}, fraction, replicates,
        nested,
    )  # fmt: skip


def _common(answers: pd.DataFrame, scores: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows answer every item and have every scale mean: the sample all engines share."""
    complete = np.isfinite(answers.to_numpy(dtype=float)).all(axis=1)
    return complete & np.isfinite(scores.to_numpy(dtype=float)).all(axis=1)


def _or_construct(error: MissingColumnsError, model: ModelSpec) -> DataError:
    """Return the error with the nearest construct, where a name that is no column resembles one."""
    name = error.names[0]
    asked = [s for s in model.statements if name in (s.lhs, s.rhs)]
    at = f" (named at {asked[0].where})" if asked and asked[0].where else ""
    items = any(s.op == "=~" for s in asked)
    near = "" if items else did_you_mean(name, (scale.name for scale in model.scales))
    construct = f"; or is it the construct {near.split('did you mean ')[1]}" if near else ""
    return DataError(error.message + construct + at, where=error.where)


def _column(survey: Survey, name: str | None, keep: NDArray[np.bool_]) -> pd.Series | None:
    return None if name is None else survey.data.loc[keep, name]

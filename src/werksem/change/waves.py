"""Waves read again from the data that their result folders name: nothing of a respondent is kept in those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from werksem.change.mixture import GroupSums, group_sums
from werksem.engines.drawn_scores import draws_of
from werksem.engines.resampling_of import design_resampling
from werksem.errors import DataError, EstimationError
from werksem.estimators.fit import Fit
from werksem.estimators.ml import fit_ml
from werksem.files import file_hash
from werksem.inputs import Inputs, read_inputs
from werksem.model import Model, build_model
from werksem.moments import Moments
from werksem.reliabilities import stated_reliabilities, with_reliabilities
from werksem.resampling.draws import Resampling
from werksem.results import read_manifest
from werksem.rows import Options
from werksem.sem_data import sem_data
from werksem.spec.check import group_count
from werksem.spec.load import load_study
from werksem.spec.study import Sem, Study
from werksem.spec.types import ModelSpec

__all__ = ["UNREADABLE", "Wave", "read_wave", "unreadable", "wave_of"]


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave's complete rows as sums, its ML estimate, and how its resamples are drawn."""

    name: str
    spec: ModelSpec
    model: Model
    moments: Moments
    fit: Fit
    source: GroupSums
    resampling: Resampling


# why a result folder cannot be read as a wave, by the key of its sentence in reports
UNREADABLE = {
    "moments": "the study has moments only; why a beta changed takes respondents",
    "gone": "the data file of its study is gone",
    "changed": "the data file of its study has changed since: run fit again",
    "groups": "its model has parameters per group (c(…)); right is one for all",
}


def unreadable(folder: Path) -> str:
    """Return the key in ``UNREADABLE`` of what keeps a result folder from being a wave, else empty."""
    study, spec = load_study(folder / "study.yaml")
    if study.data.file is None:
        return "moments"
    if not study.data.file.is_file():
        return "gone"
    if read_manifest(folder).get("data", {}).get("sha256") != file_hash(study.data.file):
        return "changed"
    return "groups" if group_count(spec) > 1 else ""


def read_wave(folder: Path, number: int) -> Wave:
    """Return the wave of a result folder; ``number`` tells the draws of several waves apart.

    Raises ``DataError`` where the data that the folder names are gone or are not those it was made of.
    """
    why = unreadable(folder)
    if why:
        raise DataError(UNREADABLE[why], where=str(folder))
    study, spec = load_study(folder / "study.yaml")
    return wave_of(study, spec, read_inputs(study, spec), number)


def wave_of(study: Study, spec: ModelSpec, inputs: Inputs, number: int = 0) -> Wave:
    """Return a study as a wave, by ML on its complete rows, groups together.

    Raises ``EstimationError`` where ML does not converge.
    """
    seed = (study.bootstrap.seed if study.bootstrap else 2024) + number
    settings, draws = study.sem or Sem(), draws_of(study, 1, seed)
    plain = study.model_copy(
        update={
            "data": study.data.model_copy(update={"missing": "listwise", "ordered": ()}),
            "sem": Sem(fixed_x=settings.fixed_x, scaling=settings.scaling),
            "bootstrap": draws,
        }
    )
    data = sem_data(plain, spec, inputs, by_group=False)
    if data.respondents is None or inputs.items is None:
        raise DataError("why a beta changed takes respondents, the study gives moments")
    people, found = data.respondents[0], data.moments[0]
    model = build_model(spec, ("all",), Options(False, settings.fixed_x, settings.scaling))
    model = with_reliabilities(model, spec, data.moments, stated_reliabilities(spec))
    fit = fit_ml(model, [found])
    if not fit.converged:
        raise EstimationError(f"{study.study}: the model does not converge by ML, so changes cannot be split")
    resampling = design_resampling((people,), draws, sums=False)
    labels = _labels(inputs, model.observed)
    source = group_sums(people.rows, labels, resampling.groups[0].unit, people.weights)
    return Wave(study.study, spec, model, found, fit, source, resampling)


def _labels(inputs: Inputs, names: Sequence[str]) -> NDArray[np.object_]:
    """Return the group of every complete row, ``all`` without groups."""
    if inputs.items is None:
        raise DataError("there are no respondents")
    complete = np.isfinite(inputs.items[list(names)].to_numpy(dtype=float)).all(axis=1)
    if inputs.group is None:
        return np.full(int(complete.sum()), "all", dtype=object)
    return inputs.group[complete].to_numpy(dtype=object)

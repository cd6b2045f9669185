"""The respondents of a study: read, filtered, checked, as numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.errors import DataError, SpecError
from werksem.files import file_hash
from werksem.spec.equations import equations, observed_names
from werksem.spec.study import Data, Study
from werksem.spec.types import ModelSpec
from werksem.survey import check, check_groups, intake, notice, notice_groups
from werksem.survey.answers import Coding, labels, numbers
from werksem.survey.codebook import Codebook, read_codebook
from werksem.survey.read import Table, kept, place_of, read_columns
from werksem.survey.sampling import (
    design_notes,
    replicate_columns,
    replicate_weights,
    sampling_fractions,
)
from werksem.survey.scales import complete, scale_scores

__all__ = ["Survey", "fits_items", "group_sizes", "read_survey", "refuse_used_twice"]

Array = NDArray[np.float64]
Texts = NDArray[np.object_]


@dataclass(frozen=True)
class Survey:
    """The respondents that a study uses.

    ``data`` (n rows) holds the model's columns ``names`` as numbers, NaN where there is no
    answer, reversed items as answered; and under their own names the group, cluster and strata
    as trimmed text (``nested``, the units of the posterior's third level, too), the weights, and the fpc
    as the sampling fraction of the row's stratum.
    ``replicate_weights`` (n, R) hold the sampling weight. ``rows_read`` counts the file,
    ``rows_used`` what the filter kept and has a group. ``notes`` are what a reader should know. ``sha256``
    is the file's, as it was before it was read.
    """

    data: pd.DataFrame
    names: tuple[str, ...]
    group: str | None
    weights: str | None
    cluster: str | None
    strata: str | None
    rows_read: int
    notes: tuple[str, ...] = ()
    codebook: Codebook = field(default_factory=Codebook)
    fpc: str | None = None
    replicate_weights: Array | None = None
    nested: str | None = None
    sha256: str = ""

    @property
    def rows_used(self) -> int:
        """How many respondents are left after the filter."""
        return len(self.data)

    @property
    def synthetic(self) -> bool:
        """Whether the codebook says that nobody gave these answers."""
        return self.codebook.synthetic


def group_sizes(survey: Survey) -> dict[str, int]:
    """Return how many respondents every group has, in order of appearance; empty without groups."""
    return _sizes(survey.data[survey.group]) if survey.group else {}


def _sizes(column: pd.Series) -> dict[str, int]:
    at, found = pd.factorize(column)
    return dict(zip(map(str, found), np.bincount(at).tolist(), strict=True))


def read_survey(study: Study, model: ModelSpec) -> Survey:
    """Return the respondents of a study, checked against what the study and model say of them.

    Raises ``DataError`` naming file, column, value, count and first row of what is wrong, and
    ``SpecError`` where the study cannot mean what it says.
    """
    data = study.data
    if data.file is None:
        raise SpecError("the study has moments, there are no respondents to read")
    nested = study.bayes.nested if study.bayes else None
    refuse_used_twice(study, model)
    needed = intake.needed_columns(data, model, nested)
    sha256 = file_hash(data.file) if data.file.is_file() else ""
    table = read_columns(data.file, needed, obtain=data.obtain, derived=data.derive)
    try:
        survey = replace(_survey(table, study, model), sha256=sha256)
        _refuse(survey, study, model)
    except DataError as problem:
        raise DataError(problem.message, where=problem.where or str(data.file)) from None
    return survey


def refuse_used_twice(study: Study, model: ModelSpec) -> None:
    """Raise ``SpecError`` for a variable of the model that sorts or weighs respondents too."""
    data, nested = study.data, study.bayes.nested if study.bayes else None
    sorting = (*intake.text_columns(data), data.weights, data.fpc, nested)
    used_twice = [name for name in sorting if name in observed_names(model)]
    if used_twice:
        raise _used_twice(used_twice[0], study, model)


def _used_twice(name: str, study: Study, model: ModelSpec) -> SpecError:
    keys = {key: getattr(study.data, key) for key in ("group", "cluster", "strata", "weights", "fpc")}
    key = next((f"data.{key}" for key, column in keys.items() if column == name), "bayes.nested")
    where = next((s.where for s in model.statements if name in (s.lhs, s.rhs)), "")
    does, how = "sorts", ", or put dummies of it in the model (data.derive)"
    if key == "data.weights":
        does, how = "weighs", ""
    message = (
        f'"{name}" {does} respondents ({key}) and is a variable of the model; take it out of one of them{how}'
    )
    return SpecError(message, where=where)


def _survey(table: Table, study: Study, model: ModelSpec) -> Survey:
    data, names = study.data, observed_names(model)
    keep, notes = intake.kept_rows(table, data)
    used = kept(table, keep)
    found, coded = intake.answers(used, data, model)
    found |= intake.derived(used, found, data, model)
    frame = pd.DataFrame({name: found[name] for name in names}, index=np.flatnonzero(keep))
    del found  # a copy of every answer
    check.refuse_sizes(frame, table.place)
    check.refuse_columns(frame)
    for scale in model.scales:
        check.refuse_outside(frame, scale, table.value_labels, table.place)
    notes += coded
    nested = study.bayes.nested if study.bayes else None
    sorting = _sorting(used, data, frame, nested)
    replicates = _replicate_weights(used, data, sorting, frame)
    return Survey(
        data=frame.assign(**sorting).reset_index(drop=True),
        names=names,
        group=data.group,
        weights=data.weights,
        cluster=data.cluster,
        strata=data.strata,
        rows_read=table.rows,
        notes=(*notes, *_notes(frame, sorting, study, model), *_design_notes(study, sorting, replicates)),
        codebook=read_codebook(data.file) if data.file else Codebook(),
        fpc=data.fpc,
        replicate_weights=replicates,
        nested=nested,
    )


def _sorting(used: Table, data: Data, frame: pd.DataFrame, nested: str | None) -> dict[str, Array | Texts]:
    """Return group, cluster, strata and nested units as text, the weights, and the fpc as sampling
    fractions."""
    sorting: dict[str, Array | Texts] = {}
    for name in dict.fromkeys((*intake.text_columns(data), *((nested,) if nested else ()))):
        sorting[name] = labels(used.columns[name], used.value_labels.get(name))
    if data.weights:
        sorting[data.weights] = weights = _weights(data.weights, used)
        check.refuse_weights(data.weights, weights, frame, used.place)
        check.refuse_weightless(data.weights, weights, sorting[data.group] if data.group else None)
    if data.cluster and data.strata:
        check_groups.refuse_crossed(sorting[data.cluster], sorting[data.strata], data.cluster, data.strata)
    if data.fpc:
        strata, cluster = (sorting[name] if name else None for name in (data.strata, data.cluster))
        sorting[data.fpc] = sampling_fractions(data.fpc, _weights(data.fpc, used), strata, cluster)
    return sorting


def _weights(name: str, used: Table) -> Array:
    return numbers(name, used.columns[name], Coding(), place_of(used))[0]


def _replicate_weights(
    used: Table, data: Data, sorting: Mapping[str, Array | Texts], frame: pd.DataFrame
) -> Array | None:
    settings = data.replicate_weights
    if settings is None or data.weights is None:
        return None
    names = replicate_columns(settings, used.columns.column_names, data.weights)
    columns = pd.DataFrame({name: _weights(name, used) for name in names}, index=frame.index)
    base = sorting[data.weights].astype(float)
    return replicate_weights(columns, base, combined=settings.combined, place=used.place)


def _design_notes(
    study: Study, sorting: Mapping[str, Array | Texts], replicates: Array | None
) -> Iterator[str]:
    base = sorting[study.data.weights].astype(float) if study.data.weights else None
    return design_notes(study, base, replicates)


def fits_items(study: Study) -> bool:
    """Tell whether an engine of the study needs the items jointly, not scale means one equation at a time."""
    latent = study.bayes is not None and study.bayes.level == "latent"
    return bool(study.sem or study.bootstrap or study.invariance or latent)


def _refuse(survey: Survey, study: Study, model: ModelSpec) -> None:
    frame = survey.data[list(survey.names)]
    if fits_items(study):
        check.refuse_few_rows(frame, fiml=study.data.missing == "fiml")
    check.refuse_labels(survey.group or "", list(group_sizes(survey)))
    if study.ols or study.bayes:
        check.refuse_few_scores(scale_scores(survey, model), equations(model))
    _refuse_one_cluster(survey, study)
    _refuse_groups(survey, frame, study, model)
    check.refuse_dependence(frame, fiml=study.data.missing == "fiml")


def _refuse_one_cluster(survey: Survey, study: Study) -> None:
    """Refuse one cluster that is to give errors of regressions; of a SEM ``sem_data`` does."""
    if survey.cluster is not None and study.ols is not None and study.ols.se in ("cluster", "CR2"):
        check_groups.refuse_one_cluster(survey.data[survey.cluster].to_numpy(), survey.cluster)


def _refuse_groups(survey: Survey, frame: pd.DataFrame, study: Study, model: ModelSpec) -> None:
    """Refuse groups that are to be estimated jointly and cannot be."""
    ladder, settings = study.invariance is not None, study.sem
    if survey.group is None or not (ladder or (settings is not None and settings.multigroup)):
        return
    labels, fiml = survey.data[survey.group].to_numpy(), study.data.missing == "fiml"
    if ladder and len(set(labels)) < 2:
        raise DataError(f'invariance compares groups, and column "{survey.group}" has one group: {labels[0]}')
    check_groups.refuse_groups(frame, labels, survey.group, model.name, study.disclosure, fiml=fiml)
    ordered = survey.names if study.data.ordered == "all" else study.data.ordered
    check_groups.refuse_categories(frame, labels, survey.group, ordered)


def _notes(
    frame: pd.DataFrame, sorting: Mapping[str, Array | Texts], study: Study, model: ModelSpec
) -> Iterator[str]:
    data = study.data
    whole = int(complete(frame, list(frame.columns)).sum())
    if fits_items(study) and data.missing == "listwise" and whole < len(frame):
        yield (
            f"listwise: {len(frame) - whole} of {len(frame)} respondents left one or more of the "
            f"{frame.shape[1]} variables blank; the SEM uses the other {whole}"
        )
    unused = [name for name in data.codes if name not in intake.needed_columns(data, model)]
    if unused:
        yield f"codes: data.codes names {', '.join(unused)}, which the study does not use"
    for kind in ("group", "cluster", "stratum"):
        name = getattr(data, {"stratum": "strata"}.get(kind, kind))
        if name:
            yield from notice_groups.label_notes(kind, name, _sizes(pd.Series(sorting[name])))
    if data.group:
        asked = frame.drop(columns=[name for name in data.derive if name in frame])
        yield from notice_groups.group_notes(data.group, sorting[data.group], asked)
    if data.group and data.cluster and data.cluster != data.group:
        yield from notice_groups.split_notes(
            data.cluster, sorting[data.cluster], data.group, sorting[data.group]
        )
    if data.weights:
        yield from notice_groups.weight_notes(data.weights, sorting[data.weights].astype(float))
    if fits_items(study) and data.missing == "fiml":
        yield from notice.coverage_notes(frame)
    yield from notice.data_notes(frame, model)

"""One data file as tables need it: every column they name, items, scale means and the design."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from werksem.describe.variables import dont_know_column
from werksem.errors import DataError
from werksem.files import file_hash
from werksem.spec import filters
from werksem.spec.describe import Describe
from werksem.spec.describe_rules import names_of
from werksem.spec.equations import observed_names
from werksem.spec.study import Data, Study
from werksem.spec.table_spec import WAVE
from werksem.spec.types import ModelSpec
from werksem.survey import check, check_groups, intake
from werksem.survey.answers import Coding, is_text, labels, numbers
from werksem.survey.header import MissingColumnsError, expanded
from werksem.survey.notice import data_notes
from werksem.survey.notice_groups import label_notes, weight_notes
from werksem.survey.read import Table, kept, place_of, read_columns
from werksem.survey.sampling import sampling_fractions
from werksem.survey.scales import recoded, scale_mean

__all__ = ["Wave", "read_wave"]


@dataclass(frozen=True, slots=True)
class Wave:
    """One file: columns by name, items, scale means, and the columns of the design."""

    frame: pd.DataFrame
    items: pd.DataFrame
    scores: pd.DataFrame
    design: pd.DataFrame
    read: int
    value_labels: Mapping[str, Mapping[str, str]]
    notes: tuple[str, ...] = ()
    sha256: str = ""


def read_wave(
    file: Path, study: Study, model: ModelSpec, describe: Describe, also: Collection[str], own: bool
) -> Wave:
    """Return one file of a study; ``own`` is the study's, which may lack no column. Errors name the file."""
    data = study.data
    extra = _extra(study, model, describe, also)
    wanted = tuple(dict.fromkeys((*intake.needed_columns(data, model), *extra)))
    sha256 = file_hash(file) if file.is_file() else ""
    table, absent = _table(file, wanted, data, own)
    try:
        _refuse_unsorted(absent, data)
        asked = expanded([name for name in extra if name not in absent], table.columns.column_names)
        return replace(_read(table, absent, asked, data, model, describe), sha256=sha256)
    except DataError as problem:
        raise DataError(problem.message, where=problem.where or str(file)) from None


def _refuse_unsorted(absent: Collection[str], data: Data) -> None:
    """Raise ``DataError`` where another wave lacks a column by which rows are kept, grouped or weighed."""
    used = {key: getattr(data, key) for key in ("group", "cluster", "strata", "weights", "fpc")}
    named = [(f"data.{key}", name) for key, name in used.items() if name is not None]
    named += [("data.where", name) for name in (filters.columns(data.where) if data.where else ())]
    for key, name in named:
        if name in absent:
            raise DataError(f'this wave has no column "{name}" ({key}), which every wave needs')


def _extra(study: Study, model: ModelSpec, describe: Describe, also: Collection[str]) -> list[str]:
    """Return the columns of the file that only tables and claims name, and the study's group."""
    named = [name for table in describe.tables for name, _ in names_of(table)] + [*also]
    named += [study.data.group] if study.data.group is not None else []
    made = {scale.name for scale in model.scales} | set(study.data.derive) | set(observed_names(model))
    made |= {WAVE} if describe.waves else set()
    return [name for name in dict.fromkeys(named) if name not in made]


def _table(file: Path, wanted: tuple[str, ...], data: Data, own: bool) -> tuple[Table, tuple[str, ...]]:
    """Return the columns of a file, and which it lacks; the study's own lacks none."""
    try:
        return read_columns(file, wanted, obtain=data.obtain, derived=data.derive), ()
    except MissingColumnsError as problem:
        if own:
            raise
        kept = tuple(name for name in wanted if name not in problem.names)
        return read_columns(file, kept, obtain=data.obtain, derived=data.derive), problem.names


def _read(
    table: Table, absent: Collection[str], extra: list[str], data: Data, model: ModelSpec, describe: Describe
) -> Wave:
    table = _with_blank(table, [name for name in absent if name in observed_names(model)])
    keep, _ = intake.kept_rows(table, data)
    used = kept(table, keep)
    rows = np.flatnonzero(keep)
    answered, _ = intake.answers(used, data, model)
    items = pd.DataFrame(answered, index=rows)
    check.refuse_sizes(items, table.place)
    for scale in model.scales:
        check.refuse_outside(items, scale, table.value_labels, table.place)
    columns: dict[str, Any] = {**answered, **_plain(used, extra, data)}
    if all(name not in absent for name in intake.needed_columns(data, model)):
        columns |= intake.derived(used, answered, data, model)
    columns |= _dont_know(used, describe, data, model)
    recoded_items = recoded(items, model)
    # a scale of fewer items is another scale: its means are not comparable with those of other waves
    unasked = {scale.name: sorted({*scale.items} & {*absent}) for scale in model.scales}
    scores = {
        scale.name: scale_mean(scale, recoded_items, model) * (np.nan if unasked[scale.name] else 1.0)
        for scale in model.scales
    }
    return Wave(
        pd.DataFrame(columns).reindex(columns=[*columns, *(name for name in absent if name not in columns)]),
        recoded_items.reset_index(drop=True), pd.DataFrame(scores, index=range(len(rows))),
        _design_columns(used, data, items), table.rows, _value_labels(table),
        (*_unasked_notes(unasked, model), *_notes(used, data, items, model)),
    )  # fmt: skip


def _unasked_notes(unasked: Mapping[str, list[str]], model: ModelSpec) -> Iterator[str]:
    for scale in model.scales:
        lacking = unasked[scale.name]
        if lacking and len(lacking) < len(scale.items):
            said = f"{len(lacking)} of the {len(scale.items)} items of {scale.name} ({', '.join(lacking)})"
            yield f"unasked items: there is no column of {said}, so {scale.name} has no mean here"


def _notes(used: Table, data: Data, items: pd.DataFrame, model: ModelSpec) -> Iterator[str]:
    """Yield what a reader should know of a file: spellings, weights, keying, codes left over."""
    for kind, name in (("group", data.group), ("cluster", data.cluster), ("stratum", data.strata)):
        if name is not None and name in used.columns.column_names:
            sizes = pd.Series(labels(used.columns[name], used.value_labels.get(name))).value_counts(
                sort=False
            )
            yield from label_notes(kind, name, {str(label): int(n) for label, n in sizes.items()})
    if data.weights is not None:
        yield from weight_notes(data.weights, numbers(data.weights, used.columns[data.weights])[0])
    answered = items.loc[:, items.notna().any()]
    if answered.shape[1]:
        yield from data_notes(answered, model)


def _with_blank(table: Table, absent: list[str]) -> Table:
    """Return a table with blank columns for items that a wave did not ask."""
    columns = table.columns
    for name in absent:
        columns = columns.append_column(name, pa.nulls(table.rows, pa.float64()))
    return replace(table, columns=columns)


def _plain(used: Table, extra: list[str], data: Data) -> dict[str, NDArray[Any]]:
    """Return columns as numbers where all their answers are numbers or have codes, else as text."""
    found: dict[str, NDArray[Any]] = {}
    for name in extra:
        column, coding = used.columns[name], Coding(data.codes.get(name, {}), data.missing_codes)
        try:
            found[name] = numbers(name, column, coding, place_of(used))[0]
        except DataError:
            if coding.codes or not is_text(column):
                raise
            texts = labels(column, used.value_labels.get(name))
            texts[[text in data.missing_codes for text in texts]] = None
            found[name] = texts
    return found


def _dont_know(used: Table, describe: Describe, data: Data, model: ModelSpec) -> dict[str, NDArray[np.bool_]]:
    """Return who gave each "don't know" that a table counts (n,), a missing code or not."""
    found = {}
    for spec in describe.tables:
        for code in getattr(spec, "dont_know", ()):
            for name in spec.of:
                for item in _items_of(name, model):
                    if item in used.columns.column_names:
                        coding = Coding(data.codes.get(item, {}))
                        given = numbers(item, used.columns[item], coding)[0]
                        found[dont_know_column(item, code)] = given == code
    return found


def _items_of(name: str, model: ModelSpec) -> tuple[str, ...]:
    scale = model.scale(name)
    return (name,) if scale is None else scale.items


def _design_columns(used: Table, data: Data, items: pd.DataFrame) -> pd.DataFrame:
    """Return weights, labels of clusters and strata, and sampling fractions, as far as the study has them."""
    found: dict[str, NDArray[Any]] = {}
    for key, name in (("cluster", data.cluster), ("stratum", data.strata)):
        if name is not None:
            found[key] = labels(used.columns[name], used.value_labels.get(name))
    if data.cluster is not None:
        check_groups.refuse_one_cluster(found["cluster"], data.cluster)
    if data.group is not None:
        group = labels(used.columns[data.group], used.value_labels.get(data.group))
        check.refuse_labels(data.group, list(pd.unique(group[group != None])))  # noqa: E711
    if data.weights is not None:
        found["weights"] = numbers(data.weights, used.columns[data.weights], place=place_of(used))[0]
        check.refuse_weights(data.weights, found["weights"], items, used.place)
    if data.cluster is not None and data.strata is not None:
        check_groups.refuse_crossed(found["cluster"], found["stratum"], data.cluster, data.strata)
    if data.fpc is not None:
        given = numbers(data.fpc, used.columns[data.fpc])[0]
        found["fraction"] = sampling_fractions(data.fpc, given, found.get("stratum"), found.get("cluster"))
    return pd.DataFrame(found, index=range(used.rows))


def _value_labels(table: Table) -> dict[str, dict[str, str]]:
    return {
        name: {f"{code:g}" if isinstance(code, float) else str(code): text for code, text in found.items()}
        for name, found in table.value_labels.items()
    }

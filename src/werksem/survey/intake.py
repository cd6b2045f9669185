"""Which columns a study reads, which rows it keeps, and its answers as numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from werksem.errors import DataError, SpecError
from werksem.spec import filters
from werksem.spec.equations import observed_names
from werksem.spec.study import Data
from werksem.spec.types import ModelSpec, Scale
from werksem.survey.answers import Coding, is_text, labels, numbers, plain, refuse_no_label
from werksem.survey.read import Table, place_of
from werksem.survey.scales import recoded, scale_mean

__all__ = [
    "answers", "derived", "kept_rows", "needed_columns", "scale_of_item", "text_columns", "within_scale",
]  # fmt: skip

Array = NDArray[np.float64]
NUMBER = r"^[-+]?[0-9.]+$"


def needed_columns(data: Data, model: ModelSpec, nested: str | None = None) -> tuple[str, ...]:
    """Return the columns of the file that a study needs, each once: model, derive, filter, design, units."""
    names = [name for name in observed_names(model) if name not in data.derive]
    for position, formula in enumerate(data.derive.values()):
        earlier = list(data.derive)[:position]
        used = filters.columns(formula)
        names += [name for name in used if name not in earlier and model.scale(name) is None]
    names += filters.columns(data.where) if data.where else ()
    names += [name for name in (*text_columns(data), data.weights, data.fpc, nested) if name]
    if data.replicate_weights is not None:
        asked = data.replicate_weights.columns
        names += (asked,) if isinstance(asked, str) else asked
    return tuple(dict.fromkeys(names))


def text_columns(data: Data) -> tuple[str, ...]:
    """Return the columns that sort respondents into groups, clusters and strata, each once."""
    return tuple(dict.fromkeys(name for name in (data.group, data.cluster, data.strata) if name))


def kept_rows(table: Table, data: Data) -> tuple[NDArray[np.bool_], list[str]]:
    """Return which rows (n,) the filter keeps and which have a group, cluster and stratum; and notes."""
    keep = np.ones(table.rows, dtype=bool)
    notes: list[str] = []
    if data.where:
        needed = filters.columns(data.where)
        frame = pd.DataFrame({name: _natural(name, table.columns[name], Coding()) for name in needed})
        condition = filters.parse_filter(data.where, "data.where")
        try:
            keep = filters.rows(condition, frame)
        except SpecError as problem:
            raise SpecError(problem.message + _meant(table, data.where), where=problem.where) from None
        if not keep.any():
            raise DataError(f"where: none of the {table.rows} respondents satisfies {data.where}")
        notes.append(f"filter: {int(keep.sum())} of {table.rows} respondents satisfy {data.where}")
    for name in text_columns(data):
        refuse_no_label(name, table.columns[name])
        blank = np.array([label is None for label in labels(table.columns[name])])
        if (blank & keep).any():
            notes.append(f"blank {name}: {int((blank & keep).sum())} respondents without {name} are left out")
            keep &= ~blank
        if not keep.any():
            raise DataError(f'column "{name}" is blank for all respondents')
    return keep, notes


def _meant(table: Table, where: str) -> str:
    """Return which numbers of the file stand for labels that a filter has, empty where none does."""
    found = [
        f'"{name}" {plain(number)} is {text!r}'
        for name in filters.columns(where)
        for number, text in table.value_labels.get(name, {}).items()
        if f"'{text}'" in where or f'"{text}"' in where
    ]
    if found:
        return f"; right is the number, not its label: {', '.join(found)}"
    return "".join(_not_numbers(name, table) for name in filters.columns(where))


def _not_numbers(name: str, table: Table) -> str:
    """Return which answers of a column are text, where others are numbers; else empty."""
    column = table.columns[name]
    if not is_text(column) or not pc.any(pc.match_substring_regex(_as_text(column), NUMBER)).as_py():
        return ""
    try:
        numbers(name, column, Coding(), place_of(table))
    except DataError as problem:
        return f"; {problem.message.split(';')[0]}, beside numbers"
    return ""


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(labels(column).tolist(), pa.string())])


def _natural(name: str, column: pa.ChunkedArray, coding: Coding) -> Array | NDArray[np.object_]:
    """Return a column as numbers where all answers are numbers, else as text."""
    if not is_text(column) or coding.codes:
        return numbers(name, column, coding)[0]
    try:
        return numbers(name, column, coding)[0]
    except DataError:
        return labels(column)


def answers(table: Table, data: Data, model: ModelSpec) -> tuple[dict[str, Array], list[str]]:
    """Return the model's columns of the file as numbers, each (n,), missing codes blank; and notes."""
    found: dict[str, Array] = {}
    coded: dict[str, int] = {}
    scales = scale_of_item(model)
    for name in observed_names(model):
        if name not in data.derive:
            found[name], coded[name] = _answers(name, table, data, scales.get(name))
    return found, list(_coded_note(coded))


def scale_of_item(model: ModelSpec) -> dict[str, Scale]:
    """Return the scale each item belongs to; of several, the one that says most of its answers."""
    found: dict[str, Scale] = {}
    for scale in model.scales:
        for name in scale.items:
            if name not in found or (not found[name].missing_codes and scale.missing_codes):
                found[name] = scale
    return found


def _answers(name: str, table: Table, data: Data, scale: Scale | None) -> tuple[Array, int]:
    column, place, codes = table.columns[name], place_of(table), data.codes.get(name, {})
    if scale is not None and scale.missing_codes:
        return numbers(name, column, Coding(codes, scale.missing_codes), place)
    within = [code for code in data.missing_codes if within_scale(code, scale)]
    outside = [code for code in data.missing_codes if code not in within]
    values, times = numbers(name, column, Coding(codes, outside), place)
    answered = int(np.isin(values, within).sum())
    if answered and scale is not None and scale.scale is not None:
        lowest, highest = scale.scale
        listed = ", ".join(f"{code:g}" for code in within)
        raise DataError(
            f'item "{name}": data.missing_codes has {listed}, but the scale of {scale.name} runs from '
            f"{lowest:g} to {highest:g} and {answered} respondents gave that answer; give {scale.name} "
            "missing_codes of its own in the model"
        )
    return values, times


def within_scale(code: float | str, scale: Scale | None) -> bool:
    """Return whether a code is an answer of the scale, so that it cannot stand for none."""
    if isinstance(code, str) or scale is None or scale.scale is None:
        return False
    return scale.scale[0] <= code <= scale.scale[1]


def _coded_note(coded: Mapping[str, int]) -> Iterator[str]:
    total = sum(coded.values())
    if total:
        each = ", ".join(f"{name} ({times})" for name, times in coded.items() if times)
        yield f"missing codes: {total} answers count as blank: {each}"


def derived(table: Table, found: Mapping[str, Array], data: Data, model: ModelSpec) -> dict[str, Array]:
    """Return the derived columns, each (n,); a construct's name in a formula is its scale mean.

    Columns with ``codes`` and missing codes count as the model sees them, before recoding;
    products are centred over these rows.
    """
    answered = recoded(pd.DataFrame(dict(found)), model)
    made: dict[str, Array] = {}
    for name, formula in data.derive.items():
        inputs: dict[str, Array | NDArray[np.object_]] = {}
        for used in filters.columns(formula):
            scale = model.scale(used)
            if used in made:
                inputs[used] = made[used]
            elif scale is not None:
                inputs[used] = _scale_mean(name, scale, answered, model)
            else:
                coding = Coding(data.codes.get(used, {}), data.missing_codes)
                inputs[used] = found[used] if used in found else _natural(used, table.columns[used], coding)
        told = filters.parse_derived(formula, f"data.derive.{name}")
        made[name] = filters.derive(told, pd.DataFrame(inputs))
    return made


def _scale_mean(derived: str, scale: Scale, answered: pd.DataFrame, model: ModelSpec) -> Array:
    absent = [name for name in scale.items if name not in answered and model.scale(name) is None]
    if absent:
        raise SpecError(f'derive: "{derived}" needs {scale.name}, whose item "{absent[0]}" is itself derived')
    return scale_mean(scale, answered, model)

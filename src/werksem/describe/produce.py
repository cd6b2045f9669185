"""All tables of a study: each kind asked, small cells left out, as one long table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.describe.coarse import largest_of
from werksem.describe.grouping import group_of
from werksem.describe.hidden_groups import Groupings, Hidden, Place, hidden_groups
from werksem.describe.kinds import KINDS
from werksem.describe.nested_groupings import nested_groupings
from werksem.describe.reading import Respondents, of_rows
from werksem.describe.sample import Sample
from werksem.describe.suppress import suppressed
from werksem.describe.table import COLUMNS, no_number
from werksem.describe.variables import values
from werksem.errors import DataError, SpecError
from werksem.spec.describe import Describe, Grouping, TableSpec
from werksem.spec.describe_more import MultiResponse
from werksem.spec.disclosure import Disclosure
from werksem.spec.filters import columns, parse_filter, rows
from werksem.spec.table_spec import WAVE
from werksem.spec.types import ModelSpec
from werksem.survey.codebook import Codebook

__all__ = ["all_rows", "largest_weight", "shown_rows", "table_rows", "table_sample", "tables"]

Mask = NDArray[np.bool_]
Rows = list[dict[str, Any]]


def tables(describe: Describe, model: ModelSpec, respondents: Respondents, rule: Disclosure) -> pd.DataFrame:
    """Return the long table of all tables (``table.COLUMNS``), with small cells left out."""
    known = Groupings(within=nested_groupings(describe, respondents))
    found = all_rows(describe, model, respondents)
    return shown_rows(found, rule, largest_weight(respondents), hidden_groups(found, rule, known))


def all_rows(describe: Describe, model: ModelSpec, respondents: Respondents) -> Rows:
    """Return the rows of all tables before small cells are left out, as ``table_rows``."""
    return [line for spec in describe.tables for line in table_rows(spec, describe, model, respondents)]


def largest_weight(respondents: Respondents) -> float:
    """Return the largest weight in means of its wave, over all waves (``largest_of``)."""
    weights, wave = respondents.sample.design.weights, respondents.sample.wave
    if weights is None or wave is None:
        return largest_of(weights)
    return max((largest_of(weights[(wave == name).to_numpy()]) for name in wave.unique()), default=0.0)


def shown_rows(
    found: Rows, rule: Disclosure, largest: float = 0.0, groups: Hidden | None = None
) -> pd.DataFrame:
    """Return rows as the long table, each in its place, with small cells left out (``suppressed``)."""
    shown = pd.DataFrame(suppressed(found, rule, largest, groups), columns=list(COLUMNS))
    return shown.assign(n=pd.array([None if no_number(n) else int(n) for n in shown["n"]], dtype="Int64"))


def table_rows(spec: TableSpec, describe: Describe, model: ModelSpec, respondents: Respondents) -> Rows:
    """Return the rows of one table before small cells are left out, each with its cell's system set.

    Raises ``DataError`` naming the table.
    """
    written = _written_out(_with_defaults(spec, describe), model)
    try:
        sample = table_sample(written, describe, respondents)
        found = _asked(written, sample, respondents.codebook)
    except (DataError, SpecError) as problem:
        raise DataError(f'table "{spec.table}": {problem.message}', where=problem.where) from None
    # waves are not parts of one population: they have no total
    kept = [line for line in found if spec.by != WAVE or spec.kind == "difference" or line["group"]]
    return [_in_system(line | {"place": _place(line, spec, describe)}, spec, model) for line in kept]


def table_sample(spec: TableSpec, describe: Describe, respondents: Respondents) -> Sample:
    """Return the respondents that a table is about: those of its wave, narrowed by its filter."""
    sample = _own_wave(respondents.sample, describe, spec)
    return sample if spec.where is None else narrowed(sample, _kept(spec.where, sample))


def _with_defaults(spec: TableSpec, describe: Describe) -> TableSpec:
    """Return a table with what the section says for all: the rule of marks, the breaks of series."""
    given = {"rule": describe.marks, "breaks": describe.breaks}
    return spec.model_copy(
        update={key: value for key, value in given.items() if getattr(spec, key, value) in (None, ())}
    )


def _written_out(spec: TableSpec, model: ModelSpec) -> TableSpec:
    """Return a table of items with every scale it names written out as its items."""
    if spec.kind not in ("items", "top2", "three_way"):
        return spec
    scales = {scale.name: scale.items for scale in model.scales}
    return spec.model_copy(update={"of": tuple(i for name in spec.of for i in scales.get(name, (name,)))})


def _own_wave(sample: Sample, describe: Describe, spec: TableSpec) -> Sample:
    """Return the respondents of the study's own wave, unless the table is about all of them.

    Of a table by wave the waves are the groups.
    """
    if sample.wave is None or spec.all_waves:
        return sample
    if spec.by == WAVE:
        return replace(sample, wave=None, frame=sample.frame.assign(**{WAVE: sample.wave}))
    return of_rows(sample, (sample.wave == describe.wave).to_numpy())


def _kept(where: str, sample: Sample) -> Mask:
    """Return which respondents a filter keeps; a scale's name is its mean."""
    frame = {n: sample.scores[n] if n in sample.scores.columns else sample.frame[n] for n in columns(where)}
    keep = rows(parse_filter(where), pd.DataFrame(frame))
    if not keep.any():
        raise DataError(f"none of the {len(keep)} respondents satisfies {where}")
    return keep


def narrowed(sample: Sample, keep: Mask) -> Sample:
    """Return the sample with the others' answers blank; they stay in the design, which was drawn whole."""
    if keep.all():
        return sample
    kept = pd.Series(keep)
    return replace(
        sample, frame=sample.frame.where(kept, axis=0), scores=sample.scores.where(kept, axis=0),
        items=sample.items.where(kept, axis=0), group=sample.group,
    )  # fmt: skip


def _asked(spec: TableSpec, sample: Sample, codebook: Codebook) -> Rows:
    """Return the rows of a table's kind; of overlapping groups one after the other."""
    kind = KINDS[spec.kind]
    if isinstance(spec.by, Grouping) and spec.by.indicators:
        return _of_indicators(spec, spec.by, sample)
    if spec.by is None:
        return kind(spec, sample)
    group = group_of(spec.by, sample, codebook)
    return kind(spec, replace(narrowed(sample, group.notna().to_numpy()), group=group))


def _of_indicators(spec: TableSpec, by: Grouping, sample: Sample) -> Rows:
    found: Rows = []
    for name, label in zip(by.indicators, by.labels or by.indicators, strict=True):
        inside = values(sample, name) == 1
        for line in KINDS[spec.kind](spec, narrowed(sample, inside)):
            found.append(line | {"group": label})
    return found


def _place(line: dict[str, Any], spec: TableSpec, describe: Describe) -> Place | None:
    """Return the grouping, wave and filter of a row; None where its groups are none, waves, or overlap."""
    if spec.by in (None, WAVE) or (isinstance(spec.by, Grouping) and spec.by.indicators):
        return None
    return repr(spec.by), str(line["wave"] or describe.wave or ""), _filter(spec)


def _filter(spec: TableSpec) -> str:
    return "" if spec.where is None else " ".join(spec.where.split())


def _in_system(line: dict[str, Any], spec: TableSpec, model: ModelSpec) -> dict[str, Any]:
    """Return a row whose cell knows with which others it could be combined."""
    cell = line.get("cell")
    if cell is None:
        return line
    scale = model.scale(line["variable"])
    single = scale is not None and len(scale.items) == 1 and not scale.reversed
    variable = scale.items[0] if scale is not None and single else line["variable"]
    if isinstance(spec, MultiResponse):  # its columns share their base
        variable = " ".join((*spec.of, spec.base or ""))
    by, group = repr(spec.by), ""
    if isinstance(spec.by, Grouping) and spec.by.indicators:
        group = line["group"]
    return line | {"cell": replace(cell, system=(variable, _filter(spec), str(line["wave"]), by, group))}

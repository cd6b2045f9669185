"""The tables of a study that names none: marks and means of its scales, and every item's answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from werksem.spec.describe import Describe, Items, Marks, Means, TableSpec, Top2
from werksem.spec.model_file import LabelText
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec, Scale

__all__ = ["with_tables"]

# more answers than this are not shown one by one
MOST_ANSWERS = 11


def with_tables(study: Study, model: ModelSpec) -> Describe:
    """Return the study's ``describe`` section; where it names no tables, with those of every scale.

    Marks (of scales that run from 1 to 5) and means by ``data.group``, and per scale the answers to its
    items; the two highest answers by group.
    """
    described = study.describe or Describe()
    if described.tables:
        return described
    return described.model_copy(update={"tables": tuple(_tables(study, model))})


def _tables(study: Study, model: ModelSpec) -> Iterator[TableSpec]:
    by, scales = study.data.group, model.scales
    rated = tuple(scale.name for scale in scales if scale.scale == (1.0, 5.0))
    if rated:
        title = LabelText(nl="Rapportcijfers", en="Marks")
        yield Marks(table="rapportcijfers", kind="marks", of=rated, by=by, title=title, insufficient=True)
    names = tuple(scale.name for scale in scales)
    if names:
        title = LabelText(nl="Gemiddelden", en="Means")
        yield Means(table="gemiddelden", kind="means", of=names, by=by, title=title)
    for scale in scales:
        if _by_answer(scale):
            title = LabelText(nl=scale.label.nl or scale.name, en=scale.label.en or scale.name)
            yield Items(table=_file_name(f"items {scale.name}"), kind="items", of=(scale.name,), title=title)
            if by is not None and _answers(scale) >= 4:
                yield Top2(
                    table=_file_name(f"eens {scale.name}"), kind="top2", of=(scale.name,), by=by, title=title
                )


def _file_name(table: str) -> str:
    """Return a table's name without the signs that a file may not have, and not too long for one."""
    return re.sub(r"[^\w .+-]", "-", table)[:100]


def _answers(scale: Scale) -> float:
    return 0 if scale.scale is None else scale.scale[1] - scale.scale[0] + 1


def _by_answer(scale: Scale) -> bool:
    return 2 <= _answers(scale) <= MOST_ANSWERS

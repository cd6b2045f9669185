"""What the ``describe`` section may not ask for, as far as that can be told without the data."""

from __future__ import annotations

from collections.abc import Iterator

from werksem.errors import SpecError
from werksem.spec.describe import Grouping, TableSpec
from werksem.spec.filters import columns, parse_filter
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.spec.yaml import Document, Loc

__all__ = ["check_describe", "names_of"]


# the keys of tables that hold row filters
CONDITIONS = ("where", "base", "leavers", "within")


def check_describe(study: Study, model: ModelSpec, document: Document) -> None:
    """Raise ``SpecError`` for the first table that cannot be made, whatever the data."""
    if study.describe is None:
        return
    if study.data.moments is not None:
        where = document.where(("describe",))
        raise SpecError("describe needs respondents, but the study has moments only", where=where)
    for at, table in enumerate(study.describe.tables):
        if table.where is not None:
            parse_filter(table.where, document.where(("describe", "tables", at, "where")))
        for loc, message in _scales(table, model):
            where = document.where(("describe", "tables", at, *loc))
            raise SpecError(f'table "{table.table}": {message}', where=where)


def _scales(table: TableSpec, model: ModelSpec) -> Iterator[tuple[Loc, str]]:
    """Yield scales that are no marks of 1 to 10, and scores whose scale has no width."""
    rule = getattr(table, "rule", None)
    for at, name in enumerate(table.of):
        scale = model.scale(name)
        limits = scale.scale if scale is not None else None
        if table.kind != "marks" or rule == "direct" or scale is None or limits == (1.0, 5.0):
            continue
        if limits is None:
            yield (
                ("of", at),
                f"marks come from means of 1 to 5; give {name} its scale in the model (scale: [1, 5])",
            )
            continue
        found = ", ".join(f"{limit:g}" for limit in limits)
        yield ("of", at), f"marks come from means of 1 to 5, the scale of {name} is [{found}]"


def names_of(table: TableSpec) -> Iterator[tuple[str, Loc]]:
    """Yield every name of a scale or column that a table uses, and where in the table it stands."""
    yield from ((name, ("of", at)) for at, name in enumerate(table.of))
    if isinstance(table.by, str):
        yield table.by, ("by",)
    elif isinstance(table.by, Grouping):
        if table.by.classes is not None:
            yield table.by.classes, ("by", "classes")
        yield from ((name, ("by", "indicators", at)) for at, name in enumerate(table.by.indicators))
    for key in CONDITIONS:
        found = getattr(table, key, None) or ()
        for at, text in enumerate((found,) if isinstance(found, str) else found):
            loc: Loc = (key,) if isinstance(found, str) else (key, at)
            yield from ((name, loc) for name in columns(text))

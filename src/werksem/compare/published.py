"""Published numbers to compare with, from ``data/published/*.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from werksem.errors import SpecError, did_you_mean
from werksem.spec.problems import validated
from werksem.spec.published import Beta, Outcome, Published, Value
from werksem.spec.study import Section
from werksem.spec.yaml import Document, load

__all__ = ["read_published", "read_values", "remarks", "strangers"]

FIELDS = ("lhs", "rhs", "group", "beta", "stars", "certainty", "t", "df")
COLUMNS = (*FIELDS, "rounding", "sign", "place", "known_deviation", "n", "adj_r2")
NUMBERS = ("beta", "t", "df", "n", "adj_r2")
# betas are printed in three decimals where a file does not say otherwise
ROUNDING = 0.001
# what identifies a value: the same number may not be given twice
WHO = ("id", "variable", "measure", "category", "group", "wave")


def read_published(path: Path) -> pd.DataFrame:
    """Return published betas, one row each; NaN where the source's text lost the number.

    Columns: ``lhs, rhs, group, beta, stars, certainty, t, df, rounding, sign, place, known_deviation, n,
    adj_r2``. The file holds ``betas``, a list of mappings with those keys; ``group`` is ``all`` where it is
    absent; n and adjusted R2 are the outcome's in ``outcomes``; ``certainty`` is ``exact``, ``words`` or
    ``lost``. Raises ``SpecError`` with file, line and column for anything else: an unknown key, a beta
    outside -2 to 2, a path given twice.
    """
    document = load(path)
    content = validated(Published, document)
    if not content.betas:
        raise SpecError(
            "there are no published betas here, a list of {lhs, rhs, beta}", where=document.where()
        )
    _refuse_twice(document, "betas", content.betas, ("lhs", "rhs", "group"))
    rows = [_row(beta, content) for beta in content.betas]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(NUMBERS, float))


def read_values(path: Path) -> pd.DataFrame:
    """Return the other published numbers, one row each, with the keys of ``spec.published.Value`` as columns.

    Certainty and rounding are filled in from the file's; ``value``, ``low``, ``high`` and ``rounding`` are
    NaN where there is none. Raises ``SpecError`` as ``read_published``, and for a number given twice.
    """
    document = load(path)
    content = validated(Published, document)
    _refuse_twice(document, "values", content.values, WHO)
    rows = [_filled(value, content).model_dump() for value in content.values]
    table = pd.DataFrame(rows, columns=list(Value.model_fields))
    return table.astype(dict.fromkeys(("value", "low", "high", "rounding"), float))


def remarks(published: pd.DataFrame, estimates: pd.DataFrame) -> tuple[str, ...]:
    """Return what a reader must know of published betas: paths the model lacks, values the source lacks."""
    lost = int(published["beta"].isna().sum())
    paths = estimates[estimates["op"] == "~"]
    said = [*strangers(published, zip(paths["lhs"], paths["rhs"], strict=True))]
    if lost:
        said.append(f"published: {lost} of {len(published)} betas have no value in the source's text")
    return tuple(said)


def strangers(published: pd.DataFrame, paths: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return a sentence for every published path that is none of the model's (outcome, predictor).

    >>> strangers(pd.DataFrame({"lhs": ["y"], "rhs": ["xx"]}), [("y", "x")])
    ('published: y ~ xx is not in the model; did you mean "y ~ x"?',)
    """
    known = {f"{lhs} ~ {rhs}" for lhs, rhs in paths}
    asked = (f"{lhs} ~ {rhs}" for lhs, rhs in zip(published["lhs"], published["rhs"], strict=True))
    return tuple(
        f"published: {path} is not in the model{did_you_mean(path, known)}"
        for path in dict.fromkeys(asked)
        if path not in known
    )


def _row(beta: Beta, content: Published) -> dict[str, object]:
    known = content.outcomes.get(beta.lhs, Outcome())
    certainty = beta.certainty or content.certainty or ("lost" if beta.beta is None else "exact")
    return beta.model_dump() | {
        "stars": beta.stars or "",
        "certainty": certainty,
        "rounding": beta.rounding or content.rounding or ROUNDING,
        "n": known.n,
        "adj_r2": known.adj_r2,
    }


def _filled(value: Value, content: Published) -> Value:
    certainty = value.certainty or content.certainty or "exact"
    return value.model_copy(update={"certainty": certainty, "rounding": value.rounding or content.rounding})


def _refuse_twice(document: Document, part: str, entries: Sequence[Section], keys: tuple[str, ...]) -> None:
    """Refuse an entry with the names of an earlier one."""
    seen: set[tuple[object, ...]] = set()
    for place, entry in enumerate(entries):
        names = tuple(getattr(entry, key) for key in keys)
        if names in seen:
            said = ", ".join(f"{key} {name}" for key, name in zip(keys, names, strict=True) if name != "")
            raise SpecError(f"{said} is given twice", where=document.where((part, place)))
        seen.add(names)

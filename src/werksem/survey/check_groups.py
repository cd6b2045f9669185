"""What makes groups unfit to be estimated jointly, each with its own moments: refused before anything is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.errors import DataError
from werksem.spec.disclosure import Disclosure, few_or
from werksem.survey.dependence import exact_dependence

__all__ = [
    "leave_out", "refuse_blank", "refuse_categories", "refuse_crossed", "refuse_few_complete",
    "refuse_groups", "refuse_one_cluster",
]  # fmt: skip

SHOWN = 5

Array = NDArray[np.float64]


def refuse_crossed(clusters: NDArray[Any], strata: NDArray[Any], cluster: str, stratum: str) -> None:
    """Raise ``DataError`` for a cluster in several strata: it cannot have been drawn within each.

    >>> refuse_crossed(np.array(["a", "b"]), np.array(["1", "2"]), "org", "s")
    """
    pairs = pd.DataFrame({"cluster": clusters, "stratum": strata}).drop_duplicates()
    split = pairs[pairs["cluster"].duplicated(keep=False)]
    if len(split):
        first = split["cluster"].iloc[0]
        where = ", ".join(f'"{name}"' for name in split.loc[split["cluster"] == first, "stratum"][:SHOWN])
        raise DataError(
            f'column "{cluster}" (data.cluster): cluster "{first}" lies in the strata {where} of "{stratum}" '
            "(data.strata); right are clusters within strata, each with a name of its own"
        )


def refuse_one_cluster(clusters: NDArray[Any], column: str, of_group: str = "", how: str = "") -> None:
    """Raise ``DataError`` where the rows used (n,) lie in one cluster; ``how`` leaves their group out.

    >>> refuse_one_cluster(np.array(["a", "b"]), "org")
    """
    if len(clusters) and len(pd.unique(clusters)) < 2:
        raise DataError(
            f'column "{column}" (data.cluster) has one cluster among the rows{of_group} that are used; '
            f"standard errors by cluster need two or more{how}"
        )


def refuse_groups(
    data: pd.DataFrame, labels: NDArray[Any], column: str, model: str, rule: Disclosure, *, fiml: bool = False
) -> None:
    """Raise ``DataError`` for a group in which the model's variables (n, p) cannot have covariances.

    Too few complete rows (with FIML: a variable that nobody answered), a variable that does not vary, or one
    that copies or adds up others.
    """
    rows, names = data.to_numpy(), [str(name) for name in data.columns]
    code, groups = pd.factorize(labels)
    for at, group in enumerate(map(str, groups)):
        own = rows[code == at]
        complete = own[~np.isnan(own).any(axis=1)]
        how = leave_out(column, group)
        if fiml:
            refuse_blank(own, names, f" in group {group!r}", how)
        else:
            refuse_few_complete(complete, len(rows), model, rule, f" of group {group!r}", how)
        _refuse_same(own if fiml else complete, names, column, group)
        found = exact_dependence(complete, names) if len(complete) > len(names) and _vary(complete) else None
        if found:
            raise DataError(f"in group {group!r} column {found}; leave one out{how}")


def refuse_categories(data: pd.DataFrame, labels: NDArray[Any], column: str, ordered: Sequence[str]) -> None:
    """Raise ``DataError`` for an ordered variable with an answer that nobody of a group gives."""
    complete = ~np.isnan(data.to_numpy()).any(axis=1)
    for name in ordered:
        given = pd.crosstab(labels[complete], data.loc[complete, name].to_numpy())
        for group, answer in np.argwhere(given.to_numpy() == 0)[:1]:
            raise DataError(
                f"ordered variable {name!r}: nobody in group '{given.index[group]}' gives answer "
                f"{given.columns[answer]:g}; merge answers (data.codes) so that every group uses all of them"
                f"{leave_out(column, str(given.index[group]))}"
            )


def refuse_blank(rows: Array, names: Sequence[str], in_group: str = "", how: str = "") -> None:
    """Raise ``DataError`` where none of the rows (n, p) answers a variable.

    >>> refuse_blank(np.array([[1.0, np.nan], [np.nan, 2.0]]), ["a", "b"])
    """
    blank = [name for at, name in enumerate(names) if np.isnan(rows[:, at]).all()]
    if blank:
        more = f" and {len(blank) - SHOWN} more" if len(blank) > SHOWN else ""
        raise DataError(f"nobody{in_group} answered {', '.join(blank[:SHOWN])}{more}{how}")


def refuse_few_complete(
    complete: Array, n: int, model: str, rule: Disclosure, of_group: str = "", how: str = ""
) -> None:
    """Raise ``DataError`` where no more of all ``n`` rows are complete (m, p) than the model has variables.

    Of a group a number below the limit of the rule is said in words.

    >>> refuse_few_complete(np.ones((3, 2)), 4, "m", Disclosure())
    """
    found, items = complete.shape
    if found <= items:
        shown = few_or(found, rule) if of_group else str(found)
        raise DataError(
            f"{shown} of {n} rows{of_group} answer all {items} items of model {model!r}: more complete rows "
            f"than items are needed{how}"
        )


def _refuse_same(rows: Array, names: Sequence[str], column: str, group: str) -> None:
    same = np.nanmin(rows, axis=0) == np.nanmax(rows, axis=0)
    if same.any():
        name = names[int(np.argmax(same))]
        raise DataError(f'column "{name}" is constant in group {group!r}{leave_out(column, group)}')


def _vary(rows: Array) -> bool:
    return bool((rows.min(axis=0) < rows.max(axis=0)).all())


def leave_out(column: str, group: str) -> str:
    """Return how a study leaves a group out.

    >>> leave_out("sector", "2")
    '; to leave the group out: data.where: sector != 2'
    """
    try:
        shown = f"{float(group):g}"
    except ValueError:
        shown = repr(group)
    return f"; to leave the group out: data.where: {column} != {shown}"

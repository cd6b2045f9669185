"""From respondents' rows to the moments of ordered and continuous variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from werksem.categorical.casewise import Sides, fit_casewise
from werksem.categorical.categories import category_codes
from werksem.categorical.sparse import sparse_notes
from werksem.categorical.tables import fit_tables, table_gamma
from werksem.errors import DataError, did_you_mean
from werksem.ordinal import OrdinalMoments

__all__ = ["ordinal_moments"]

Array = NDArray[np.float64]
NEARLY_ONE = 0.99
SMALLEST = 1.5e-8


def ordinal_moments(
    rows: Sequence[Array], names: Sequence[str], ordered: Sequence[str], *, x: Sequence[str] = (),
    groups: Sequence[str] = ("all",), weights: Sequence[Array] | None = None,
) -> tuple[OrdinalMoments, ...]:  # fmt: skip
    """Return each group's thresholds, correlations and their sampling covariances.

    ``rows`` has one array (n_g, len(names)) per group, without blanks; ``ordered`` names the
    variables that are categories, ``x`` the covariates given which the others are modelled (they
    are taken as they are, also where they are categories). ``weights`` (n_g,) are rescaled to sum
    to n. Raises ``DataError`` for blanks and unknown names, ``EstimationError`` for a category
    that a group does not use. After Muthen (1984); numbers as lavaan's.
    """
    for name in (*ordered, *x):
        if name not in names:
            raise DataError(f"no variable is called {name!r}{did_you_mean(name, names)}", where=name)
    outcomes = [name for name in names if name not in x]
    is_ordered = tuple(name in ordered for name in outcomes)
    columns = {name: [part[:, at] for part in rows] for at, name in enumerate(names)}
    for name, column in columns.items():
        if any(np.isnan(part).any() for part in column):
            raise DataError(f"{name!r} has blanks: ordinal estimation takes complete rows", where=name)
    coded = {name: category_codes(columns[name], name, groups) for name in outcomes if name in ordered}
    found = []
    for g, group in enumerate(groups):
        w = np.ones(len(rows[g])) if weights is None else weights[g] * len(rows[g]) / weights[g].sum()
        covariates = np.column_stack([columns[name][g] for name in x]) if x else np.empty((len(rows[g]), 0))
        if all(is_ordered) and not x:
            found.append(_from_tables(outcomes, coded, g, w, group))
        else:
            sides = Sides(outcomes, is_ordered, columns, coded, g)
            found.append(fit_casewise(sides, covariates, tuple(x), w, group))
    return tuple(_told(group) for group in found)


def _told(data: OrdinalMoments) -> OrdinalMoments:
    """Return the moments with notes on correlations that no sample of y* could have, or of almost 1."""
    size = np.sqrt(np.diag(data.cov))
    R = data.cov / np.outer(size, size)
    where = "" if data.group == "all" else f" in group {data.group!r}"
    notes = list(data.notes)
    p = len(R)
    close = [(i, j) for j in range(p) for i in range(j + 1, p) if abs(R[i, j]) > NEARLY_ONE]
    if close:
        pairs = ", ".join(f"{data.names[j]} x {data.names[i]}" for i, j in close[:10])
        notes.append(f"correlations of nearly 1{where}: {pairs}")
    if np.linalg.eigvalsh(R)[0] < SMALLEST:
        notes.append(f"the correlations{where} are not positive definite: no robust CFI, TLI and RMSEA")
    return replace(data, notes=tuple(notes))


def _from_tables(
    names: Sequence[str],
    coded: Mapping[str, tuple[list[NDArray[np.uint8]], int]],
    g: int,
    w: Array,
    group: str,
) -> OrdinalMoments:
    codes = [coded[name][0][g] for name in names]
    tables = fit_tables(codes, [coded[name][1] for name in names], w, names)
    p = len(names)
    return OrdinalMoments(
        tuple(names), (True,) * p, (), float(len(w)), tables.thresholds, np.zeros(p), np.zeros((p, 0)),
        tables.correlations, np.zeros(0), np.zeros((0, 0)), table_gamma(tables, codes, w), group,
        sparse_notes(names, tables.counts, tables.empty, group),
    )  # fmt: skip

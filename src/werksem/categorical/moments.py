"""From respondents' rows to the moments of ordered and continuous variables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from werksem.categorical.casewise import Sides, casewise_influence, fit_casewise
from werksem.categorical.categories import category_codes
from werksem.categorical.exact import exact_tables
from werksem.categorical.sparse import sparse_notes
from werksem.categorical.tables import Tables, fit_tables, table_gamma, table_influence
from werksem.errors import DataError, did_you_mean
from werksem.ordinal import OrdinalMoments

__all__ = ["ordinal_influence", "ordinal_moments"]

Array = NDArray[np.float64]
NEARLY_ONE = 0.99
SMALLEST = 1.5e-8
BLOCK = 4096


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
    return tuple(
        _told(_from_tables(part.sides, part.weights, group) if part.tables else fit_casewise(
            part.sides, part.covariates, tuple(x), part.weights, group
        ))
        for group, part in zip(groups, _parts(rows, names, ordered, x, groups, weights), strict=True)
    )  # fmt: skip


def ordinal_influence(
    rows: Sequence[Array], names: Sequence[str], ordered: Sequence[str], *, x: Sequence[str] = (),
    groups: Sequence[str] = ("all",), weights: Sequence[Array] | None = None,
    exact: bool = False, pull: Sequence[Array] | None = None,
) -> Iterator[tuple[int, Array]]:  # fmt: skip
    """Yield (group, influence (block, m)) of respondents, in their order, on every statistic of a group.

    Arguments as for ``ordinal_moments``; columns in the order of its gamma, which is the mean outer
    product of these rows. Influence is n_g times the change that counting a respondent once more
    makes; weights are in it. A block is overwritten by the next. ``exact`` and ``pull`` (per group)
    as in ``exact_tables``, where all is ordered and there are no covariates; elsewhere, as in
    gamma, outer products of scores stand for the curvature and weights are held.
    """
    for g, part in enumerate(_parts(rows, names, ordered, x, groups, weights)):
        if part.tables:
            codes, tables = _tables(part.sides, part.weights)
            if exact:
                force = None if pull is None else pull[g]
                tables = exact_tables(tables, codes, part.weights, force)
            for block in table_influence(tables, codes, part.weights):
                yield g, block
            continue
        columns = casewise_influence(part.sides, part.covariates, part.weights)[2]
        for begin in range(0, len(columns), BLOCK):
            yield g, columns[begin : begin + BLOCK]


@dataclass(frozen=True, slots=True)
class _Part:
    """One group ready to be counted: its outcomes, covariates (n, k) and weights (n,) that sum to n."""

    sides: Sides
    covariates: Array
    weights: Array
    tables: bool


def _parts(
    rows: Sequence[Array], names: Sequence[str], ordered: Sequence[str], x: Sequence[str],
    groups: Sequence[str], weights: Sequence[Array] | None,
) -> Iterator[_Part]:  # fmt: skip
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
    for g in range(len(groups)):
        w = np.ones(len(rows[g])) if weights is None else weights[g] * len(rows[g]) / weights[g].sum()
        covariates = np.column_stack([columns[name][g] for name in x]) if x else np.empty((len(rows[g]), 0))
        yield _Part(Sides(outcomes, is_ordered, columns, coded, g), covariates, w, all(is_ordered) and not x)


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


def _tables(sides: Sides, w: Array) -> tuple[list[NDArray[np.uint8]], Tables]:
    codes = [sides.coded[name][0][sides.group] for name in sides.names]
    return codes, fit_tables(codes, [sides.coded[name][1] for name in sides.names], w, sides.names)


def _from_tables(sides: Sides, w: Array, group: str) -> OrdinalMoments:
    codes, tables = _tables(sides, w)
    names, p = sides.names, len(sides.names)
    return OrdinalMoments(
        tuple(names), (True,) * p, (), float(len(w)), tables.thresholds, np.zeros(p), np.zeros((p, 0)),
        tables.correlations, np.zeros(0), np.zeros((0, 0)), table_gamma(tables, codes, w), group,
        sparse_notes(names, tables.counts, tables.empty, group),
    )  # fmt: skip

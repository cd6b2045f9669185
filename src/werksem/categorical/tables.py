"""All variables ordered, no covariates: everything from pair tables, cases only looked up.

The influence of a respondent on a threshold depends on his category, on a correlation on his cell;
so gamma is the mean outer product of rows of look-ups, formed block by block. Equal rows are
counted once where that helps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.categorical.categories import margin_influence, shares, thresholds_of
from werksem.categorical.sparse import filled, perfect
from werksem.kernels.polychoric import LIMIT, cell_scores, fill_influence, pair_table, polychoric

__all__ = ["Tables", "fit_tables", "pearson", "table_gamma", "table_influence"]

Array = NDArray[np.float64]
Codes = NDArray[np.uint8]
BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Tables:
    """Thresholds and correlations of ordered variables, and the look-up tables of their influence.

    ``margins`` (p, K, K - 1) and ``cells`` (pairs, K, K) are padded; ``empty`` as in ``sparse_notes``.
    """

    thresholds: tuple[Array, ...]
    correlations: Array
    margins: Array
    cells: Array
    counts: tuple[Array, ...]
    empty: tuple[tuple[str, str, int, bool], ...]


def pearson(table: Array) -> float:
    """Return the product-moment correlation of a table's category numbers, a start for rho."""
    n = table.sum()
    a, b = np.arange(table.shape[0]), np.arange(table.shape[1])
    row, col = table.sum(axis=1) / n, table.sum(axis=0) / n
    cross = float(a @ table @ b) / n - (row @ a) * (col @ b)
    spread = (row @ a**2 - (row @ a) ** 2) * (col @ b**2 - (col @ b) ** 2)
    return float(cross / np.sqrt(spread)) if spread > 0 else 0.0


def fit_tables(codes: Sequence[Codes], k: Sequence[int], weights: Array, names: Sequence[str]) -> Tables:
    """Return thresholds and correlations of ordered variables (one code column each)."""
    p, most = len(codes), max(k)
    share = [shares(column, weights, size) for column, size in zip(codes, k, strict=True)]
    thresholds = [thresholds_of(part) for part in share]
    limits = [np.concatenate([[-np.inf], part, [np.inf]]) for part in thresholds]
    margins = np.zeros((p, most, most - 1))
    for i in range(p):
        margins[i, : k[i], : k[i] - 1] = margin_influence(share[i], thresholds[i])
    correlations = np.eye(p)
    cells = np.zeros((p * (p - 1) // 2, most, most))
    empty = []
    pair = 0
    for j in range(p):
        for i in range(j + 1, p):
            table = np.empty((k[j], k[i]))
            pair_table(codes[j], codes[i], weights, table)
            zeros = int((table == 0).sum())
            if zeros:
                empty.append((names[j], names[i], zeros, table.shape == (2, 2) and zeros == 1))
            rho = _correlation(limits[j], limits[i], table)
            correlations[i, j] = correlations[j, i] = rho
            influence = np.empty(table.shape)
            cell_scores(
                limits[j], limits[i], table, min(max(rho, -LIMIT), LIMIT), margins[j, : k[j], : k[j] - 1],
                margins[i, : k[i], : k[i] - 1], influence,
            )  # fmt: skip
            cells[pair, : k[j], : k[i]] = influence
            pair += 1
    counts = tuple(
        np.bincount(column, minlength=size).astype(float) for column, size in zip(codes, k, strict=True)
    )
    return Tables(tuple(thresholds), correlations, margins, cells, counts, tuple(empty))


def _correlation(a: Array, b: Array, table: Array) -> float:
    known = perfect(table)
    return float(polychoric(a, b, filled(table), pearson(table))) if known is None else known


def table_gamma(tables: Tables, codes: Sequence[Codes], weights: Array) -> Array:
    """Return gamma (m, m): the mean outer product of respondents' influence, squared weights counted."""
    rows, squares = _collapsed(np.column_stack(list(codes)), weights)
    m = sum(len(part) for part in tables.thresholds) + len(tables.cells)
    gamma = np.zeros((m, m))
    for out in _looked_up(tables, rows, np.sqrt(squares)):
        gamma += out.T @ out
    return gamma / weights.sum()


def table_influence(tables: Tables, codes: Sequence[Codes], weights: Array) -> Iterator[Array]:
    """Yield respondents' influence (block, m) on every statistic, in their order; weights are in it.

    Each block is overwritten by the next.
    """
    return _looked_up(tables, np.ascontiguousarray(np.column_stack(list(codes))), weights)


def _looked_up(tables: Tables, rows: Codes, scale: Array) -> Iterator[Array]:
    starts = np.concatenate([[0], np.cumsum([len(part) for part in tables.thresholds])]).astype(np.int64)
    block = np.empty((min(BLOCK, len(rows)), int(starts[-1]) + len(tables.cells)))
    for begin in range(0, len(rows), BLOCK):
        part = rows[begin : begin + BLOCK]
        out = block[: len(part)]
        fill_influence(part, tables.margins, starts, tables.cells, scale[begin : begin + BLOCK], out)
        yield out


def _collapsed(rows: Codes, weights: Array) -> tuple[Codes, Array]:
    """Return distinct rows with the sums of their squared weights, or all rows where few are equal."""
    bits = np.ceil(np.log2(rows.max(axis=0).astype(float) + 2)).astype(int)
    if bits.sum() > 62:
        return np.ascontiguousarray(rows), weights**2
    shift = np.concatenate([[0], np.cumsum(bits)[:-1]])
    key = (rows.astype(np.int64) << shift).sum(axis=1)
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    if len(first) > 0.7 * len(rows):
        return np.ascontiguousarray(rows), weights**2
    return np.ascontiguousarray(rows[first]), np.bincount(which, weights=weights**2).astype(float)

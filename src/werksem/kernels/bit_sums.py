"""Sums of whole-number answers over many resamples, by tables of subsets (the "four Russians").

A resample counts each row 0, 1, 2, 3 … times. Eight rows have 256 subsets; their sums are tabulated
once and serve every replicate: the lowest bits of the eight counts pick one entry, the second bits
another. That is two additions where a matrix product has eight multiplications, in 16-bit numbers
and exactly (Arlazarov et al., 1970, for Boolean products). Counts of 4 and more are rare (2 %) and
are added row by row.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel

__all__ = [
    "CHUNK", "COLUMNS", "ENTRIES", "GROUP", "ROWS", "TABLES", "add_frequent", "add_sums",
    "bit_planes", "fill_products", "frequent_rows",
]  # fmt: skip

Small = NDArray[np.int16]
Bytes = NDArray[np.uint8]

ROWS = 8  # rows of one table
TABLES = 4  # tables used at once, so that an accumulator is read and written once for all of them
GROUP = ROWS * TABLES
COLUMNS = 160  # columns at a time: four tables of 256 entries then fill a third of the second-level cache
CHUNK = 2048  # rows at a time
ENTRIES = 256


@kernel
def bit_planes(words: NDArray[np.uint64], low: Bytes, high: Bytes) -> None:
    """Write the lowest and the second bits of the counts, eight rows to a byte.

    ``words`` (R, n / 8) are the counts (R, n) of one byte each, read eight at a time; ``low, high``
    (n / 32, R, 4).
    """
    ones = np.uint64(0x0101010101010101)
    gather = np.uint64(0x0102040810204080)
    for r in range(words.shape[0]):
        for at in range(words.shape[1]):
            word = words[r, at]
            g, u = at // TABLES, at % TABLES
            low[g, r, u] = np.uint8(((word & ones) * gather) >> np.uint64(56))
            high[g, r, u] = np.uint8((((word >> np.uint64(1)) & ones) * gather) >> np.uint64(56))


@kernel
def fill_products(rows: Small, begin: int, count: int, Z: Small) -> None:
    """Write [x, x x'] of ``count`` rows into ``Z`` (chunks of columns, rows, COLUMNS), the rest zero.

    Products stand in the order of ``numpy.tril_indices``.
    """
    p = rows.shape[1]
    line = np.zeros(Z.shape[0] * COLUMNS, dtype=np.int16)
    for row in range(Z.shape[1]):
        if row < count:
            x = rows[begin + row]
            for i in range(p):
                line[i] = x[i]
            at = p
            for i in range(p):
                part = line[at : at + i + 1]
                for j in range(i + 1):
                    part[j] = x[i] * x[j]
                at += i + 1
        else:
            line[:] = 0
        for c in range(Z.shape[0]):
            for j in range(COLUMNS):
                Z[c, row, j] = line[c * COLUMNS + j]


@kernel
def _tabulate(Z: Small, first: int, table: Small, at: int) -> None:
    """Write the sums of all subsets of eight rows into ``table[at : at + 256]``."""
    table[at, :] = 0
    for bit in range(ROWS):
        size = 1 << bit
        for subset in range(size):
            for j in range(COLUMNS):
                table[at + size + subset, j] = table[at + subset, j] + Z[first + bit, j]


@kernel
def add_sums(Z: Small, low: Bytes, high: Bytes, table: Small, total: Small, out: NDArray[np.int32]) -> None:
    """Add (counts modulo 4) × Z of one chunk of rows and of columns to ``out`` (R, COLUMNS).

    ``Z`` (rows, COLUMNS), rows a multiple of 32, ``low, high`` (rows / 32, R, 4) their bits; ``table``
    (1024, COLUMNS) and ``total`` (R, COLUMNS) are scratch.
    """
    total[:] = 0
    for g in range(len(Z) // GROUP):
        for u in range(TABLES):
            _tabulate(Z, GROUP * g + ROWS * u, table, ENTRIES * u)
        a, b = low[g], high[g]
        for r in range(len(total)):
            a0, a1 = np.intp(a[r, 0]), ENTRIES + np.intp(a[r, 1])
            a2, a3 = 2 * ENTRIES + np.intp(a[r, 2]), 3 * ENTRIES + np.intp(a[r, 3])
            b0, b1 = np.intp(b[r, 0]), ENTRIES + np.intp(b[r, 1])
            b2, b3 = 2 * ENTRIES + np.intp(b[r, 2]), 3 * ENTRIES + np.intp(b[r, 3])
            for j in range(COLUMNS):
                once = table[a0, j] + table[a1, j] + table[a2, j] + table[a3, j]
                twice = table[b0, j] + table[b1, j] + table[b2, j] + table[b3, j]
                total[r, j] += np.int16(once + twice + twice)
    for r in range(len(total)):
        for j in range(COLUMNS):
            out[r, j] += total[r, j]


@kernel
def frequent_rows(words: NDArray[np.uint64], begin: int, count: int, found: NDArray[np.int32]) -> int:
    """Write (replicate, row, count without its two lowest bits) of rows drawn 4 times or more.

    ``words`` (R, n / 8) as for ``bit_planes``; looks at ``count`` words from ``begin`` on; returns how
    many were found, of which those that fit are written into ``found`` (F, 3).
    """
    number = 0
    for r in range(words.shape[0]):
        for at in range(begin, begin + count):
            word = words[r, at] & np.uint64(0xFCFCFCFCFCFCFCFC)
            if word == np.uint64(0):
                continue
            for byte in range(ROWS):
                times = np.int32((word >> np.uint64(8 * byte)) & np.uint64(0xFF))
                if times > 0:
                    if number < len(found):
                        found[number, 0] = r
                        found[number, 1] = ROWS * (at - begin) + byte
                        found[number, 2] = times
                    number += 1
    return number


@kernel
def add_frequent(Z: Small, found: NDArray[np.int32], out: NDArray[np.int32]) -> None:
    """Add the rows found by ``frequent_rows`` to ``out`` (R, COLUMNS)."""
    for k in range(len(found)):
        r, row, times = found[k, 0], found[k, 1], found[k, 2]
        for j in range(COLUMNS):
            out[r, j] += times * Z[row, j]

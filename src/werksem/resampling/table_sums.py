"""Exact sums of whole-number answers over resamples, through the kernels of ``bit_sums``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.bit_sums import (
    CHUNK,
    COLUMNS,
    ENTRIES,
    GROUP,
    ROWS,
    TABLES,
    add_frequent,
    add_sums,
    bit_planes,
    fill_products,
    frequent_rows,
)
from werksem.kernels.memory import aligned_zeros

__all__ = ["fits_tables", "padded", "table_sums"]

LARGEST_16, LARGEST_32 = 2**15 - 1, 2**31 - 1


def fits_tables(rows: NDArray[np.float64]) -> bool:
    """Return whether sums of products of these centred whole numbers (n, p) stay within 16 and 32 bits.

    A chunk's rows count at most three times there, and all rows as often as a resample has draws.

    >>> fits_tables(np.array([[-2.0, 2.0]])), fits_tables(np.array([[200.0]]))
    (True, False)
    """
    largest = float(np.abs(rows).max(initial=0.0)) ** 2
    return 3 * largest * _chunk(largest) <= LARGEST_16 and largest * len(rows) <= LARGEST_32


def _chunk(largest: float) -> int:
    """Return how many rows may be summed in 16 bits, a multiple of the rows of one round of tables."""
    allowed = int(LARGEST_16 // (3 * max(largest, 1.0)))
    return max(min(allowed, CHUNK) // GROUP, 1) * GROUP


def padded(units: int) -> int:
    """Return the bytes that a resample's counts take: a multiple of the rows of one round of tables.

    >>> padded(33)
    64
    """
    return -(-units // GROUP) * GROUP


def table_sums(rows: NDArray[np.int16], counts: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return counts (R, n or padded) × [x, x x'] (n, p + p(p+1)/2) of centred whole numbers ``rows`` (n, p).

    Products stand in the order of ``numpy.tril_indices``. ``rows`` must pass ``fits_tables``. The same
    numbers as a matrix product, which is the plain form:

    >>> rows = np.array([[1, -2], [0, 2], [2, 1]], dtype=np.int16)
    >>> table_sums(rows, np.array([[3, 0, 1]], dtype=np.uint8)).tolist()
    [[5.0, -5.0, 7.0, -4.0, 13.0]]
    """
    n, p = rows.shape
    R, columns = len(counts), p + p * (p + 1) // 2
    words = _words(counts, n)
    groups = words.shape[1] * ROWS // GROUP
    low, high = (np.empty((groups, R, TABLES), dtype=np.uint8) for _ in range(2))
    bit_planes(words, low, high)
    chunk, strips = _chunk(float(np.abs(rows).max(initial=0)) ** 2), -(-columns // COLUMNS)
    Z, table = (
        aligned_zeros(shape, np.int16) for shape in ((strips, chunk, COLUMNS), (TABLES * ENTRIES, COLUMNS))
    )
    total, out = aligned_zeros((R, COLUMNS), np.int16), aligned_zeros((strips, R, COLUMNS), np.int32)
    for begin in range(0, n, chunk):
        count = min(chunk, n - begin)
        size = padded(count)
        fill_products(rows, begin, count, Z[:, :size])
        found = _frequent(words, begin // ROWS, size // ROWS)
        part = slice(begin // GROUP, (begin + size) // GROUP)
        for strip in range(strips):
            add_sums(Z[strip, :size], low[part], high[part], table, total, out[strip])
            add_frequent(Z[strip, :size], found, out[strip])
    return out.transpose(1, 0, 2).reshape(R, -1)[:, :columns].astype(float)


def _words(counts: NDArray[np.uint8], n: int) -> NDArray[np.uint64]:
    """Return the counts eight to a word, padded with zeros where they are not yet."""
    width = padded(n)
    if counts.shape[1] == width and counts.flags.c_contiguous:
        return counts.view(np.uint64)
    filled = np.zeros((len(counts), width), dtype=np.uint8)
    filled[:, :n] = counts[:, :n]
    return filled.view(np.uint64)


def _frequent(words: NDArray[np.uint64], begin: int, count: int) -> NDArray[np.int32]:
    """Return the rows of a chunk drawn four times or more: (replicate, row, count without its low bits)."""
    found = np.empty((max(len(words) * count // 4, 16), 3), dtype=np.int32)
    number = frequent_rows(words, begin, count, found)
    if number > len(found):
        found = np.empty((number, 3), dtype=np.int32)
        frequent_rows(words, begin, count, found)
    return found[:number]

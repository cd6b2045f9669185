"""Sums by tables of subsets: exactly counts @ [x, x x'], at the edges of 16 and 32 bits too."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.plain import make_plain
from werksem.kernels import bit_sums
from werksem.kernels.bit_sums import CHUNK, COLUMNS, ENTRIES, GROUP, TABLES
from werksem.resampling import table_sums as room
from werksem.resampling.table_sums import fits_tables, padded, table_sums

# the largest code whose products, three times in each of 32 rows, stay within 16 bits
WIDEST = 18


def exact(rows: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return counts @ [x, x x'] in 64-bit whole numbers."""
    x, (i, j) = rows.astype(np.int64), np.tril_indices(rows.shape[1])
    return counts[:, : len(rows)].astype(np.int64) @ np.concatenate([x, x[:, i] * x[:, j]], axis=1)


@settings(deadline=None, max_examples=60)
@given(
    n=st.integers(1, 200), p=st.integers(1, 18), low=st.integers(-WIDEST, WIDEST),
    width=st.integers(0, 2 * WIDEST), most=st.sampled_from([1, 3, 4, 7, 255]), replicates=st.integers(1, 9),
    pad=st.booleans(), seed=st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_equal_to_the_product_of_whole_numbers(
    n: int, p: int, low: int, width: int, most: int, replicates: int, pad: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(low, min(low + width, WIDEST) + 1, (n, p)).astype(np.int16)
    assert fits_tables(rows.astype(float))
    counts = np.zeros((replicates, padded(n) if pad else n), dtype=np.uint8)
    counts[:, :n] = rng.integers(0, most + 1, (replicates, n))
    assert np.array_equal(table_sums(rows, counts), exact(rows, counts))


@pytest.mark.parametrize("n", [1, 31, 32, 33, CHUNK - 1, CHUNK, CHUNK + 33])
def test_chunks_and_padding(n: int) -> None:
    """Codes of one make the longest chunks; what stands beyond the rows counts for nothing."""
    rng = np.random.default_rng(n)
    rows = rng.integers(-1, 2, (n, 3)).astype(np.int16)
    counts = rng.poisson(1.0, (5, n)).astype(np.uint8)
    assert np.array_equal(table_sums(rows, counts), exact(rows, counts))


@pytest.mark.parametrize("code", range(1, WIDEST + 1))
@pytest.mark.parametrize("sign", [-1, 1])
def test_sixteen_bits_at_their_edge(code: int, sign: int) -> None:
    """Every row at the extreme, drawn three times, over more than one chunk: 3 code^2 chunk <= 32,767."""
    chunk = room._chunk(float(code) ** 2)
    assert chunk % GROUP == 0
    assert 3 * code**2 * chunk <= 2**15 - 1
    # as long as chunks of whole tables can be
    assert chunk == CHUNK or 3 * code**2 * (chunk + GROUP) > 2**15 - 1
    rows = np.full((2 * chunk + 5, 2), code, dtype=np.int16)
    rows[:, 1] *= sign
    counts = np.full((2, len(rows)), 3, dtype=np.uint8)
    counts[1] = 255
    assert np.array_equal(table_sums(rows, counts), exact(rows, counts))


def test_wider_codes_are_refused() -> None:
    assert fits_tables(np.full((32, 1), WIDEST * 1.0))
    assert not fits_tables(np.full((32, 1), WIDEST + 1.0))
    assert not fits_tables(np.array([[0.0], [-(WIDEST + 1.0)]]))
    assert fits_tables(np.zeros((5, 2)))


def test_thirty_two_bits_at_their_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    """A resample of n draws adds at most n code^2, reached where one extreme row is drawn n times."""
    n = (2**31 - 1) // WIDEST**2
    few = np.full((40, 1), float(WIDEST))
    monkeypatch.setattr(room, "LARGEST_32", WIDEST**2 * 40)
    assert fits_tables(few)
    monkeypatch.setattr(room, "LARGEST_32", WIDEST**2 * 40 - 1)
    assert not fits_tables(few)
    monkeypatch.undo()
    # the same sum through the accumulator: one strip that already holds what n - 252 draws add
    Z, found = np.zeros((32, COLUMNS), dtype=np.int16), np.array([[0, 4, 252]], dtype=np.int32)
    Z[4, 0], out = WIDEST**2, np.zeros((1, COLUMNS), dtype=np.int32)
    out[0, 0] = WIDEST**2 * (n - 252)
    bit_sums.add_frequent(Z, found, out)
    assert out[0, 0] == WIDEST**2 * n
    assert n * WIDEST**2 <= 2**31 - 1 < (n + 1) * WIDEST**2


@pytest.mark.parametrize("n", [1, 8, 200, 255])
def test_one_row_drawn_every_time(n: int) -> None:
    rows = np.full((n, 2), -WIDEST, dtype=np.int16)
    rows[:, 1] = WIDEST
    counts = np.zeros((2, n), dtype=np.uint8)
    counts[0, 0] = counts[1, n - 1] = n
    assert np.array_equal(table_sums(rows, counts), exact(rows, counts))


def test_more_frequent_rows_than_expected() -> None:
    """All rows drawn 4 times or more: what is found does not fit at first and is looked up again."""
    rows = np.random.default_rng(2).integers(-2, 3, (300, 4)).astype(np.int16)
    counts = np.random.default_rng(3).integers(4, 256, (70, 300)).astype(np.uint8)
    assert np.array_equal(table_sums(rows, counts), exact(rows, counts))


def test_compiled_equals_plain_python(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    rows = rng.integers(-4, 5, (41, 3)).astype(np.int16)
    counts = rng.integers(0, 7, (2, 41)).astype(np.uint8)
    compiled = table_sums(rows, counts)
    make_plain(monkeypatch, room)
    with np.errstate(over="ignore"):  # unsigned arithmetic wraps around on purpose
        assert np.array_equal(table_sums(rows, counts), compiled)
    assert np.array_equal(compiled, exact(rows, counts))


def test_each_part_alone() -> None:
    """Bits, products and rows drawn often, against their own formulas."""
    rng = np.random.default_rng(8)
    counts = rng.integers(0, 256, (3, 64)).astype(np.uint8)
    words = counts.view(np.uint64)
    low, high = (np.empty((2, 3, TABLES), dtype=np.uint8) for _ in range(2))
    bit_sums.bit_planes(words, low, high)
    for plane, bit in ((low, 0), (high, 1)):
        packed = np.packbits((counts >> bit) & 1, axis=1, bitorder="little")
        assert np.array_equal(plane.transpose(1, 0, 2).reshape(3, -1), packed)
    found = np.zeros((200, 3), dtype=np.int32)
    number = bit_sums.frequent_rows(words, 2, 5, found)
    r, row = np.nonzero(counts[:, 16:56] >= 4)
    assert np.array_equal(found[:number], np.column_stack([r, row, counts[:, 16:56][r, row] & 252]))
    assert bit_sums.frequent_rows(words, 2, 5, found[:3]) == number
    rows = rng.integers(-3, 4, (10, 17)).astype(np.int16)
    Z = np.full((2, 8, COLUMNS), 99, dtype=np.int16)
    bit_sums.fill_products(rows, 4, 5, Z)
    i, j = np.tril_indices(17)
    flat = Z.transpose(1, 0, 2).reshape(8, -1)
    assert np.array_equal(
        flat[:5, : 17 + len(i)], np.concatenate([rows, rows[:, i] * rows[:, j]], axis=1)[4:9]
    )
    assert not flat[5:].any()
    assert not flat[:, 17 + len(i) :].any()
    out, table = np.ones((3, COLUMNS), dtype=np.int32), np.zeros((TABLES * ENTRIES, COLUMNS), dtype=np.int16)
    whole = rng.integers(-9, 10, (64, COLUMNS)).astype(np.int16)
    bit_sums.add_sums(whole, low, high, table, np.zeros((3, COLUMNS), dtype=np.int16), out)
    assert np.array_equal(out - 1, (counts & 3).astype(np.int64) @ whole)

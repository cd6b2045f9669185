"""Counts: the right totals, uniform, independent of who draws them; moments exact."""

from __future__ import annotations

import numpy as np
import pytest

from werksem.kernels.resample import case_counts, coins, stratum_counts
from werksem.resampling.products import block_moments, products


def counts_of(seed: int, first: int, size: int, starts: list[int]) -> np.ndarray:
    out = np.zeros((size, starts[-1]), dtype=np.uint8)
    case_counts(seed, first, 0, np.array(starts), out)
    return out


def test_compiled_equals_plain_python() -> None:
    plain, sides = np.zeros((3, 20), dtype=np.float32), np.empty((3, 4))
    with np.errstate(over="ignore"):  # unsigned arithmetic wraps around on purpose
        compiled = counts_of(5, 2, 3, [0, 8, 20])
        from werksem.kernels import resample

        mix, key, drawn, draw = resample._mix, resample.stream_key, resample.stratum_counts, resample._draw
        resample._mix, resample.stream_key = mix.py_func, key.py_func
        resample.stratum_counts, resample._draw = drawn.py_func, draw.py_func
        try:
            resample.case_counts.py_func(5, 2, 0, np.array([0, 8, 20]), plain)
            resample.coins.py_func(5, 2, np.arange(4), sides)
        finally:
            resample._mix, resample.stream_key = mix, key
            resample.stratum_counts, resample._draw = drawn, draw
    assert np.array_equal(plain, compiled)
    expected = np.empty((3, 4))
    coins(5, 2, np.arange(4), expected)
    assert np.array_equal(sides, expected)


def test_coins_are_fair_and_independent() -> None:
    out = np.empty((10_000, 3))
    coins(7, 0, np.array([0, 5, 9]), out)
    assert set(np.unique(out)) == {-1.0, 1.0}
    assert np.abs(out.mean(axis=0)).max() < 0.05
    assert np.abs(np.corrcoef(out.T) - np.eye(3)).max() < 0.05


def test_strata_are_drawn_as_often_as_asked() -> None:
    """With all of a stratum's draws the counts are those of ``case_counts``, from the same stream."""
    starts, counts = np.array([0, 5, 6, 20]), np.empty((40, 20))
    stratum_counts(3, 0, 0, starts, np.array([4, 0, 14]), counts)
    assert (np.add.reduceat(counts, starts[:-1], axis=1) == [4, 0, 14]).all()
    assert np.array_equal(counts[:, 6:], counts_of(3, 0, 40, [0, 5, 6, 20])[:, 6:])


def test_each_stratum_keeps_its_size_and_replicates_their_number() -> None:
    block = counts_of(11, 0, 50, [0, 30, 100])
    assert (block[:, :30].sum(axis=1) == 30).all()
    assert (block[:, 30:].sum(axis=1) == 70).all()
    assert np.array_equal(block[20:], counts_of(11, 20, 30, [0, 30, 100]))


def test_draws_are_uniform() -> None:
    """Chi-square over 200 rows and 4,000 replicates; a false alarm once in ten thousand runs."""
    total = counts_of(3, 0, 4000, [0, 200]).sum(axis=0)
    chisq = float(((total - 4000) ** 2 / 4000).sum())
    assert 126 < chisq < 287  # the 1e-4 tails of chi-square with 199 df are 131 and 282


@pytest.mark.parametrize("kind", ["items", "reals"])
def test_moments_equal_those_of_copied_rows(kind: str) -> None:
    rng = np.random.default_rng(4)
    rows = rng.integers(1, 6, (400, 5)).astype(float) if kind == "items" else rng.normal(3, 2, (400, 5))
    source = products(rows)
    assert source.exact == (kind == "items")
    block = counts_of(1, 0, 6, [0, 400])
    mean, cov = block_moments(source, block)
    for r in range(6):
        copied = np.repeat(rows, block[r].astype(int), axis=0)
        assert np.allclose(mean[r], copied.mean(axis=0), atol=1e-12)
        assert np.allclose(cov[r], np.cov(copied.T, bias=True), atol=1e-12)

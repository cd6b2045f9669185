"""Every public kernel has a plain form that a test holds it to."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

from tests.kernels.plain import public_kernels
from tests.kernels.twins import TWINS
from werksem.kernels.polychoric import pair_table
from werksem.kernels.resample import case_counts, stream_key

WORD = 2**64
GOLDEN = 0x9E3779B97F4A7C15


def mixed(z: int) -> int:
    """Return SplitMix64's finaliser of whole numbers without end."""
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % WORD
    z = (z ^ z >> 27) * 0x94D049BB133111EB % WORD
    return z ^ z >> 31


def key_of(seed: int, replicate: int, stratum: int) -> int:
    """Return the state of a stream."""
    state = mixed((seed + GOLDEN) % WORD)
    state = mixed(state ^ (replicate * GOLDEN + GOLDEN) % WORD)
    return mixed(state ^ (stratum * 0xD1B54A32D192ED03 + GOLDEN) % WORD)


def table_of(left: np.ndarray, right: np.ndarray, weights: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return the weighted table of two codes."""
    table = np.zeros(shape)
    np.add.at(table, (left, right), weights)
    return table


def test_every_public_kernel_is_in_the_table() -> None:
    assert set(TWINS) == set(public_kernels())


@pytest.mark.parametrize("name", sorted(set(TWINS.values())))
def test_every_twin_is_there(name: str) -> None:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        module, _, function = name.rpartition(".")
        assert callable(getattr(importlib.import_module(module), function))


@pytest.mark.parametrize("key", [(0, 0, 0), (2024, 17, 3), (2**32 - 1, 199_999, 40)])
def test_streams_begin_where_their_formula_says(key: tuple[int, int, int]) -> None:
    assert int(stream_key(*key)) == key_of(*key)


def test_counts_follow_from_the_formula() -> None:
    """Draw k of a stream is SplitMix64's word k: its 53 highest bits times the number of rows."""
    counts = np.empty((2, 300), dtype=np.uint8)
    case_counts(9, 4, 2, np.array([0, 120, 300]), counts)
    for r in range(2):
        for stratum, (begin, size) in enumerate(((0, 120), (120, 180))):
            state = key_of(9, 4 + r, 2 + stratum)
            words = [mixed((state + k * GOLDEN) % WORD) for k in range(1, size + 1)]
            drawn = [(word >> 11) * size >> 53 for word in words]
            assert np.array_equal(counts[r, begin : begin + size], np.bincount(drawn, minlength=size))


def test_tables_of_pairs() -> None:
    rng = np.random.default_rng(3)
    left, right, weights = rng.integers(0, 3, 50), rng.integers(0, 4, 50), rng.uniform(size=50)
    found = np.zeros((3, 4))
    pair_table(left, right, weights, found)
    assert np.allclose(found, table_of(left, right, weights, (3, 4)), atol=1e-14)

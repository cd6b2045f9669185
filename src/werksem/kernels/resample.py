"""Resamples as counts, from a stream keyed by (seed, replicate, stratum).

A counter-based generator (SplitMix64; Steele, Lea & Flood, 2014) hashes the key and the number of
the draw, so a replicate's counts are the same on any number of workers, alone or among others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel

__all__ = ["case_counts", "coins", "stratum_counts", "stream_key"]

AT_ONCE = 128  # draws made before they are counted


@kernel
def _mix(z: np.uint64) -> np.uint64:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@kernel
def stream_key(seed: int, replicate: int, stratum: int) -> np.uint64:
    """Return the 64-bit state at which this replicate's stream of this stratum begins."""
    golden = np.uint64(0x9E3779B97F4A7C15)
    state = _mix(np.uint64(seed) + golden)
    state = _mix(state ^ (np.uint64(replicate) * golden + golden))
    return _mix(state ^ (np.uint64(stratum) * np.uint64(0xD1B54A32D192ED03) + golden))


@kernel
def stratum_counts(
    seed: int, first: int, stratum: int, starts: NDArray[np.int64], draws: NDArray[np.int64],
    counts: NDArray[Any],
) -> None:  # fmt: skip
    """Fill ``counts`` (replicates, n or more) with how often each row is drawn, ``draws[s]`` times in s.

    Rows ``starts[s] … starts[s + 1]`` form the stratum numbered ``stratum + s`` and are drawn among
    themselves, with replacement. Replicate r has number ``first + r``.
    """
    drawn = np.empty(AT_ONCE, dtype=np.int64)
    for r in range(counts.shape[0]):
        for row in range(counts.shape[1]):
            counts[r, row] = 0
        for s in range(len(starts) - 1):
            begin, size = starts[s], starts[s + 1] - starts[s]
            state = stream_key(seed, first + r, stratum + s)
            for done in range(0, draws[s], AT_ONCE):
                _draw(state, done, size, drawn)
                for k in range(min(AT_ONCE, draws[s] - done)):
                    counts[r, begin + drawn[k]] += 1


@kernel
def _draw(state: np.uint64, done: int, size: int, drawn: NDArray[np.int64]) -> None:
    """Write the numbers (below ``size``) of the draws after the first ``done`` of a stream.

    53 bits, times the size: a bias of 2^-53 size. Apart from the counting, so that it is vectors.
    """
    golden = np.uint64(0x9E3779B97F4A7C15)
    for k in range(AT_ONCE):
        bits = _mix(state + np.uint64(done + k + 1) * golden) >> np.uint64(11)
        drawn[k] = np.int64(np.float64(bits) * 1.1102230246251565e-16 * size)


@kernel
def case_counts(seed: int, first: int, stratum: int, starts: NDArray[np.int64], counts: NDArray[Any]) -> None:
    """Fill ``counts`` (replicates, n or more) with how often each row is drawn: as many as a stratum has."""
    stratum_counts(seed, first, stratum, starts, starts[1:] - starts[:-1], counts)


@kernel
def coins(seed: int, first: int, strata: NDArray[np.int64], out: NDArray[np.float64]) -> None:
    """Fill ``out`` (replicates, strata) with fair coins of -1 or 1, each from its stratum's own stream."""
    golden = np.uint64(0x9E3779B97F4A7C15)
    for r in range(out.shape[0]):
        for at in range(len(strata)):
            bit = _mix(stream_key(seed, first + r, strata[at]) + golden) >> np.uint64(63)
            out[r, at] = 2.0 * np.float64(bit) - 1.0

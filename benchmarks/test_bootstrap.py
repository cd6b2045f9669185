"""The bootstrap of the binding chain, whole and in parts, one job: draws, moments (with draws), refits.

    python -m pytest benchmarks

Each runs one block of replicates at a time; ``ms_per_replicate`` stands among the extra information
(``--benchmark-json FILE`` writes it).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.parts import Parts
from werksem.bench.case import Case
from werksem.bench.own import own_refits, own_units

ROUNDS = 7


def timed(benchmark: BenchmarkFixture, work: Callable[[], object], case: Case, size: int) -> object:
    result = benchmark.pedantic(work, rounds=ROUNDS, warmup_rounds=1)
    benchmark.extra_info["n"] = len(case.rows)
    if benchmark.stats is not None:  # None where --benchmark-disable runs it once as a test
        benchmark.extra_info["ms_per_replicate"] = 1e3 * benchmark.stats.stats.median / size
    return result


def test_draws(benchmark: BenchmarkFixture, chain: Case, parts: Parts) -> None:
    timed(benchmark, parts.draws, chain, parts.size)


def test_moments(benchmark: BenchmarkFixture, chain: Case, parts: Parts) -> None:
    timed(benchmark, parts.moments, chain, parts.size)


def test_refits(benchmark: BenchmarkFixture, chain: Case, parts: Parts) -> None:
    gradient = timed(benchmark, parts.refits, chain, parts.size)
    assert np.max(gradient) < 1e-8


def test_whole(benchmark: BenchmarkFixture, chain: Case, parts: Parts) -> None:
    units = own_units(chain)
    found = timed(benchmark, lambda: own_refits(chain, units, 1, parts.size), chain, parts.size)
    assert not np.isnan(found.theta).any()

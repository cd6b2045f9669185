"""Holzinger & Swineford and Political Democracy: our bootstrap beside each peer's, as ratios of CPU time.

    python -m pytest benchmarks/test_classics.py -s

Rounds in turn on the same resamples, as ``werksem bench`` does it; the largest difference of a parameter,
on the data's own units, is printed beside the ratio.
"""

from __future__ import annotations

from statistics import median

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from werksem.bench.case import Case
from werksem.bench.own import own_refits, own_units
from werksem.bench.peers import PEERS
from werksem.bench.rounds import play

REPLICATES = 1000


@pytest.mark.parametrize("peer", PEERS)
def test_ratio(benchmark: BenchmarkFixture, classic: Case, peer: str) -> None:
    units = own_units(classic)
    benchmark.pedantic(lambda: own_refits(classic, units, 1, REPLICATES), rounds=5, warmup_rounds=1)
    played = play(classic, (peer,), replicates=REPLICATES, rounds=5)
    if peer in played.absent:
        pytest.skip(f"{peer}: {played.absent[peer]}")
    own, theirs = played.lines
    said = {
        "ms_per_replicate": 1e3 * median(own.cpu),
        f"{peer}_ms_per_replicate": 1e3 * median(theirs.cpu),
        "ratio_cpu": theirs.ratio_cpu,
        "ratio_low": min(theirs.ratios),
        "ratio_high": max(theirs.ratios),
        "max_abs_difference": theirs.difference,
    }
    benchmark.extra_info.update(said)
    words = ", ".join(f"{name} {value:.3g}" for name, value in said.items())
    print(f"\n{classic.model.name} beside {peer} {theirs.version}: {words}")

"""Rounds in turn: werksem, each peer, werksem again, on the same resamples within a round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

import numpy as np

from werksem import __version__
from werksem.bench.case import Array, Case, Timed
from werksem.bench.own import own_refits, own_units, resamples
from werksem.bench.peer import Peer, PeerAbsentError
from werksem.bench.peers import PEERS
from werksem.progress import Tick

__all__ = ["OWN", "PEER_REPLICATES", "Line", "play"]

OWN = "werksem"
# peers need hundreds of times as long for one
PEER_REPLICATES = 10
SEED = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One program at one n: seconds per replicate of every round, and how far its numbers are from ours.

    ``ratio_cpu, ratio_wall`` are medians over rounds of the program ÷ those of werksem, ``ratios``
    its CPU ÷ ours round by round. ``difference`` is the largest absolute one of any parameter over
    the replicates that both solved; ``failed`` counts those of all rounds without a solution.
    """

    peer: str
    version: str
    n: int
    items: int
    parameters: int
    replicates: int
    jobs: int
    cpu: tuple[float, ...]
    wall: tuple[float, ...]
    ratio_cpu: float
    ratio_wall: float
    ratios: tuple[float, ...]
    difference: float
    failed: int


@dataclass(frozen=True, slots=True)
class Played:
    """What came of one n: a line per program, the peers that stood ready, and why others did not."""

    lines: tuple[Line, ...]
    peers: Mapping[str, Peer]
    absent: Mapping[str, str]


def play(
    case: Case, names: Iterable[str], *, replicates: int, rounds: int, tick: Tick = lambda steps: None
) -> Played:
    """Return a line for werksem and for each peer that is there; a peer that fails on the way is absent.

    A round fits ``replicates`` resamples with werksem and the first of them, at most
    ``PEER_REPLICATES``, with every peer. The clock holds draws, moments and refits of werksem, moments
    (row copies where the peer makes them) and refits of a peer.
    """
    units = own_units(case)
    few = min(replicates, PEER_REPLICATES)
    times: dict[str, list[Timed]] = {OWN: []}
    gaps: dict[str, list[float]] = {OWN: [0.0]}
    with ExitStack() as stack:
        peers, absent = _opened(case, names, stack)
        own_refits(case, units, SEED, 2)  # compilation
        for turn in range(rounds):
            seed = SEED + turn
            ours = own_refits(case, units, seed, replicates)
            times[OWN].append(ours)
            drawn = resamples(len(case.rows), seed, few)
            for name in [name for name in peers if name not in absent]:
                try:
                    theirs = peers[name].refit(drawn)
                except PeerAbsentError as problem:
                    absent[name] = str(problem)
                    continue
                times.setdefault(name, []).append(theirs)
                gaps.setdefault(name, []).append(_apart(ours.theta[:few], theirs.theta))
            tick(1)
    there = {name: peer for name, peer in peers.items() if name not in absent}
    versions = {OWN: __version__} | {name: peer.version for name, peer in there.items()}
    lines = [_line(case, name, versions[name], times[name], times[OWN], gaps[name]) for name in versions]
    return Played(tuple(lines), there, absent)


def _opened(case: Case, names: Iterable[str], stack: ExitStack) -> tuple[dict[str, Peer], dict[str, str]]:
    """Return the peers that stand ready, and why the others do not."""
    peers, absent = {}, {}
    for name in names:
        try:
            peers[name] = stack.enter_context(PEERS[name](case))
        except PeerAbsentError as reason:
            absent[name] = str(reason)
    return peers, absent


def _apart(ours: Array, theirs: Array) -> float:
    """Return the largest difference of any parameter, NaN where no replicate was solved by both."""
    both = np.isfinite(ours).all(axis=1) & np.isfinite(theirs).all(axis=1)
    return float(np.abs(ours - theirs)[both].max()) if both.any() else float("nan")


def _line(
    case: Case, name: str, version: str, times: list[Timed], own: list[Timed], gaps: list[float]
) -> Line:
    cpu, wall = _per_replicate(times)
    own_cpu, own_wall = _per_replicate(own)
    return Line(
        name, version, len(case.rows), len(case.model.observed), case.model.npar, len(times[0].theta), 1,
        cpu, wall, median(cpu) / median(own_cpu), median(wall) / median(own_wall),
        tuple(theirs / ours for theirs, ours in zip(cpu, own_cpu, strict=True)),
        max((gap for gap in gaps if gap == gap), default=float("nan")),
        sum(int(np.isnan(timed.theta).any(axis=1).sum()) for timed in times),
    )  # fmt: skip


def _per_replicate(times: list[Timed]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return CPU and wall seconds per replicate, one of each per round."""
    return tuple(t.cpu / len(t.theta) for t in times), tuple(t.wall / len(t.theta) for t in times)

"""The verb ``bench``, from the command line's words to files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from werksem.bench.case import case_of
from werksem.bench.chain import answers, chain_model
from werksem.bench.files import check_place, write_bench
from werksem.bench.peer import Peer
from werksem.bench.peers import PEERS
from werksem.bench.rounds import Line, play
from werksem.bench.start import Start, own_starts
from werksem.bench.table import print_bench
from werksem.errors import WerksemError, did_you_mean
from werksem.progress import progress_bar

__all__ = ["SMALLEST", "BenchRequest", "run_bench"]

# fewer respondents have resamples with fewer different rows than items
SMALLEST = 200


@dataclass(frozen=True, slots=True)
class BenchRequest:
    """Peers and sizes as written, separated by commas; replicates of werksem per round."""

    against: str = "semopy,lavaan"
    n: str = "2000,10000,40000"
    replicates: int = 1000
    out: Path | None = None
    rounds: int = 5


def run_bench(request: BenchRequest) -> tuple[Line, ...]:
    """Print the benchmark, write its files where asked, and return its lines.

    Raises ``WerksemError`` for an unknown peer or a wrong n, ``DataError`` where FILE cannot be
    written; peers that are absent are named and skipped.
    """
    from rich.console import Console

    names, sizes = _peers(request.against), _sizes(request.n)
    if request.out is not None:
        check_place(request.out)
    lines: list[Line] = []
    starts: list[Start] = list(own_starts(max(sizes)))
    absent: dict[str, str] = {}
    model = chain_model()
    with progress_bar("rounds", len(sizes) * request.rounds) as tick:
        for n in reversed(sizes):  # a peer's start is what it takes before the largest n
            case = case_of(model, answers(n))
            played = play(case, names, replicates=request.replicates, rounds=request.rounds, tick=tick)
            lines += played.lines
            if n == max(sizes):
                starts += [_peer_start(name, peer, n) for name, peer in played.peers.items()]
            absent |= played.absent
    lines.sort(key=lambda line: line.n)
    console = Console()
    print_bench(lines, starts, absent, console)
    if request.out is not None:
        for path in write_bench(lines, starts, request.out):
            console.print(f"written: {path}", markup=False, highlight=False, soft_wrap=True)
    return tuple(lines)


def _peer_start(name: str, peer: Peer, n: int) -> Start:
    return Start(name, peer.version, "first", n, peer.start, peer.first_fit)


def _peers(text: str) -> Sequence[str]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in PEERS:
            known = ", ".join(PEERS)
            raise WerksemError(f"--against: no peer {name!r}; there are {known}{did_you_mean(name, PEERS)}")
    return names


def _sizes(text: str) -> Sequence[int]:
    """Return the numbers of respondents, in ascending order.

    >>> _sizes("10000, 2000")
    (2000, 10000)
    """
    words = [word.strip() for word in text.split(",") if word.strip()]
    wrong = [word for word in words if not word.isdecimal() or int(word) < SMALLEST]
    if wrong or not words:
        found = repr(wrong[0]) if wrong else "nothing"
        raise WerksemError(
            f"--n takes whole numbers of {SMALLEST} or more, separated by commas; found {found}"
        )
    return tuple(sorted({int(word) for word in words}))

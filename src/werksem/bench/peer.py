"""What a peer shows: its version, what its start costs, and refits of given resamples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from werksem.bench.case import Index, Timed

__all__ = ["Peer", "PeerAbsentError"]


class PeerAbsentError(Exception):
    """A peer is not there or cannot fit the model; its text is the reason."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer with its data in place and the model fitted once.

    ``start`` are the seconds until it stood ready to fit, ``first_fit`` those of its first fit;
    ``refit`` takes resamples (k, n) as numbers of rows.
    """

    version: str
    start: float
    first_fit: float
    refit: Callable[[Index], Timed]

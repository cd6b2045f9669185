"""The peers, each behind the same door."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from werksem.bench.case import Case
from werksem.bench.lavaan_peer import lavaan_peer
from werksem.bench.peer import Peer
from werksem.bench.semopy_peer import semopy_peer

__all__ = ["PEERS"]

PEERS: dict[str, Callable[[Case], AbstractContextManager[Peer]]] = {
    "semopy": semopy_peer,
    "lavaan": lavaan_peer,
}

"""Where the bootstrap keeps finished replicates, and which earlier ones it takes up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["NOWHERE", "Earlier", "Keeping"]


@dataclass(frozen=True, slots=True)
class Earlier:
    """The table of replicates of a finished, shorter run, and the fingerprint of its bootstrap."""

    table: Path
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Keeping:
    """The folder of finished blocks, and whether those there (and ``earlier`` ones) are taken up.

    Without a folder nothing is kept.
    """

    folder: Path | None = None
    resume: bool = False
    earlier: Earlier | None = None


NOWHERE = Keeping()

"""Where engines keep finished work, and which earlier work they take up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["NOWHERE", "Earlier", "Keeping"]


@dataclass(frozen=True, slots=True)
class Earlier:
    """The table of replicates of a finished, shorter run, the fingerprint of its bootstrap, and its hash."""

    table: Path
    fingerprint: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Keeping:
    """The folder of finished blocks and posteriors, and whether those there (and ``earlier``) are taken up.

    Without a folder nothing is kept.
    """

    folder: Path | None = None
    resume: bool = False
    earlier: Earlier | None = None


NOWHERE = Keeping()

"""Every fault that is tried, in the order of the page."""

from __future__ import annotations

import sys

from trust.faults.case import Case
from trust.faults.disks import DISKS
from trust.faults.stops import STOPS
from trust.faults.surroundings import AROUND, may_mount
from trust.faults.workers import WORKERS
from trust.faults.world import WORLD

__all__ = ["CASES", "here"]

CASES: tuple[Case, ...] = (*STOPS, *DISKS, *WORKERS, *WORLD)


def here(case: Case) -> bool:
    """Return whether a fault can be made on this machine: disks take an administrator, signals no Windows."""
    return sys.platform != "win32" and (not AROUND[case.around].disk or may_mount())

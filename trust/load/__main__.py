"""Measures some axes of the load again, or some of their sizes, and keeps what was measured of the others.

python -m trust.load AXIS[:SIZE] …
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd

from trust.load.axes import AXES, CASES, Case
from trust.load.measure import measured, warmed
from trust.load.report import PART
from trust.make import run
from trust.part import FIGURES

ORDER = [axis.name for axis in AXES]


def _asked(name: str) -> list[Case]:
    axis, _, size = name.partition(":")
    return [case for case in CASES if case.axis == axis and size in ("", str(case.size))]


def _beside(cases: Sequence[Case], folder: Path) -> pd.DataFrame:
    """Return what is kept with these cases measured again, in the order of the axes."""
    new = measured(cases, folder)
    file = FIGURES / "load.csv"
    old = pd.read_csv(file) if file.is_file() else new.iloc[:0]
    again = {(case.axis, case.size) for case in cases}
    kept = [key not in again for key in zip(old["axis"], old["size"], strict=True)]
    both = pd.concat([old[kept], new], ignore_index=True)
    places = both["axis"].map(ORDER.index)
    return both.iloc[sorted(range(len(both)), key=lambda at: (places[at], both["size"][at]))]


def _first(cases: Sequence[Case], folder: Path) -> pd.DataFrame:
    warmed(folder)
    return _beside(cases, folder)


if __name__ == "__main__":
    found = {name: _asked(name) for name in sys.argv[1:]}
    if not found or not all(found.values()):
        sys.exit(f"which axes, or sizes of them (effects:16)? there are {', '.join(ORDER)}")
    for number, cases in enumerate(found.values()):
        run(replace(PART, measure=partial(_beside if number else _first, cases)))

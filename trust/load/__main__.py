"""Measures some axes of the load again and keeps what was measured of the others.

python -m trust.load AXIS [AXIS …]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pandas as pd

from trust.load.axes import AXES, CASES
from trust.load.measure import measured, warmed
from trust.part import FIGURES

if __name__ == "__main__":
    asked = sys.argv[1:]
    order = [axis.name for axis in AXES]
    if not asked or set(asked) - set(order):
        sys.exit(f"which axes? there are {', '.join(order)}")
    file = FIGURES / "load.csv"
    FIGURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="werksem-load-") as folder:
        warmed(Path(folder))
        for axis in asked:
            new = measured([case for case in CASES if case.axis == axis], Path(folder))
            old = pd.read_csv(file) if file.is_file() else new.iloc[:0]
            both = pd.concat([old[old["axis"] != axis], new], ignore_index=True)
            both = both.sort_values("axis", key=lambda names: names.map(order.index), kind="stable")
            both.to_csv(file, index=False, lineterminator="\n")

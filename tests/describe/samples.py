"""Samples to describe: that of the R references, and small ones made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from werksem.describe.ratios import Design
from werksem.describe.sample import Sample

REFERENCE = Path(__file__).resolve().parents[1] / "reference" / "describe"


def sample_of(frame: pd.DataFrame, design: Design | None = None, wave: pd.Series | None = None) -> Sample:
    """Return a sample without scales."""
    return Sample(
        frame, pd.DataFrame(index=frame.index), pd.DataFrame(), design or Design(), None, wave, 0.95
    )


def reference_sample(waves: bool = False) -> Sample:
    """Return the sample of differences.R: clusters in strata, of which 1, 2 and 3-4 are the waves."""
    frame = pd.read_csv(REFERENCE / "ratios_data.csv").query("y == y").reset_index(drop=True)
    frame["high"] = (frame["y"] >= 4).astype(float)
    frame["t1"] = (frame["y"] > 3).astype(float)
    frame["t2"] = (frame["y"] % 2 == 0).astype(float)
    frame["t3"] = (frame["c"] % 3 == 0).astype(float)
    frame["to"] = np.where(frame["t2"] == 1, frame["g"], "elders")
    frame["year"] = frame["h"].map({1: 2019, 2: 2022, 3: 2024, 4: 2024})
    design = Design(frame["w"].to_numpy(), frame["c"].to_numpy(), frame["h"].to_numpy())
    return sample_of(frame, design, frame["year"] if waves else None)


def expected(what: str) -> pd.Series:
    """Return a row of differences.csv."""
    found = pd.read_csv(REFERENCE / "differences.csv").query("what == @what")
    assert len(found) == 1
    return found.iloc[0]


def only(rows: list[dict[str, Any]], **cells: Any) -> dict[str, Any]:
    """Return the one row with these cells."""
    found = [row for row in rows if all(row[key] == value for key, value in cells.items())]
    assert len(found) == 1, (cells, len(found), rows[:3])
    return found[0]

"""Limits and p-values beside R's boot, on the replicates in ``reference/boot_replicates.csv``."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.cases import REFERENCE
from werksem.intervals import INTERVALS
from werksem.intervals.pvalue import pvalues

REPLICATES = pd.read_csv(REFERENCE / "boot_replicates.csv")
LIMITS = pd.read_csv(REFERENCE / "boot_intervals.csv")
P = pd.read_csv(REFERENCE / "boot_pvalues.csv")
NAMES = list(REPLICATES.columns)
DRAWS = REPLICATES.to_numpy()


def rows(table: pd.DataFrame, kind: str, name: str) -> pd.DataFrame:
    found = table[(table["kind"] == kind) & (table["quantity"] == name)]
    assert len(found) >= 4
    return found


def limits(kind: str, row: pd.Series, column: np.ndarray) -> np.ndarray:
    found = INTERVALS[kind](
        column, np.array([row["estimate"]]), row["level"], np.array([row["acceleration"]])
    )
    return np.concatenate(found)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["percentile", "basic", "bca"])
def test_limits_equal_those_of_linear_interpolation(kind: str, name: str) -> None:
    for _, row in rows(LIMITS, kind, name).iterrows():
        found = limits(kind, row, DRAWS[:, [NAMES.index(name)]])
        assert found == pytest.approx(row[["lower_linear", "upper_linear"]].to_numpy(float), rel=1e-10)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["percentile", "basic", "bca"])
def test_limits_lie_between_the_order_statistics_that_boot_uses(kind: str, name: str) -> None:
    """boot.ci interpolates on normal scores: the same limit where the rank is whole, else within the gap."""
    column = np.sort(DRAWS[:, NAMES.index(name)])
    for _, row in rows(LIMITS, kind, name).iterrows():
        found = limits(kind, row, column[:, None])
        boot = row[["lower", "upper"]].to_numpy(float)
        if kind != "bca":
            assert found == pytest.approx(boot, rel=1e-10)
        for ours, theirs in zip(found, boot, strict=True):
            place = np.searchsorted(column, theirs)
            assert kind != "bca" or column[place - 1] - 1e-12 <= ours <= column[place] + 1e-12


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["percentile", "basic", "bca"])
def test_pvalues_equal_the_level_at_which_boot_ends_at_null(kind: str, name: str) -> None:
    for _, row in rows(P, kind, name).iterrows():
        estimate, a = np.array([row["estimate"]]), np.array([row["acceleration"]])
        found = pvalues(kind, DRAWS[:, [NAMES.index(name)]], estimate, a, null=row["null"])
        assert found[0] == pytest.approx(row["pvalue"], rel=1e-9)

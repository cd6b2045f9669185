"""Attacks on rare answers: counts from thresholds, and from n, mean and standard deviation alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from trust.disclosure.attacks import Found
from trust.disclosure.worlds import ORDINAL, data_of
from werksem.engines.distributions import hidden_cells
from werksem.spec.disclosure import Disclosure

__all__ = ["ANSWERS", "SIZES", "possible", "small_cells", "thresholds"]

Counts = NDArray[np.int64]
ANSWERS = np.arange(1.0, 6)
SIZES = (12, 50, 500, 5000)
FEW = 10


def thresholds(folder: Path) -> Iterator[Found]:
    """Take counts below ten from thresholds: n times the normal probability between two of them."""
    table, data = pd.read_csv(folder / "estimates.csv"), data_of(ORDINAL)
    steps = table[(table["op"] == "|") & (table["engine"] == "sem")]
    for item in data.columns.drop("group"):
        places = np.sort(steps.loc[steps["lhs"] == item, "est"].to_numpy())
        cells = len(data) * np.diff(norm.cdf([-np.inf, *places, np.inf])) if len(places) else np.zeros(0)
        small = [int(count) for count in data[item].value_counts() if count < FEW]
        found = [count for count in small if np.any(np.abs(cells - count) < 0.01)]
        if small:
            yield Found("estimates.csv", len(small), len(found))


def possible(counts: Counts, hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return (5, n + 1) which numbers each of five answers may have, given n, mean, SD and the shown cells.

    All counts with the same sums of 1, y and y² are c + a (-1, 3, -3, 1, 0) + b (0, -1, 3, -3, 1).

    >>> everything = np.ones(5, dtype=bool)
    >>> [np.flatnonzero(row).tolist() for row in possible(np.array([0, 1, 2, 1, 0]), everything)]
    [[0], [1], [2], [1], [0]]
    """
    n = int(counts.sum())
    one, two, three, four, five = (int(count) for count in counts)
    found = np.zeros((5, n + 1), dtype=bool)
    for a in range(-n, one + 1):
        low = max(-five, -((three - 3 * a) // 3))
        b = np.arange(low, min(two + 3 * a, (four + a) // 3) + 1)
        ways = np.stack([0 * b - a, 3 * a - b, 3 * b - 3 * a, a - 3 * b, b]) + counts[:, None]
        kept = ways[:, (ways[~hidden] == counts[~hidden, None]).all(axis=0)]
        for at, way in enumerate(kept):
            found[at, way] = True
    return found


def small_cells(n: int, items: int, seed: int = 1) -> dict[str, int]:
    """Return how many cells of fewer than ten there are among items of n answers, and how many are told.

    ``moments`` by n, mean and SD alone; ``alone`` where the other cells are shown with them; ``rule`` by what
    is shown under the rule: where all cells of an item are hidden its mean and SD are, too.
    """
    rng = np.random.default_rng([seed, n])
    told = dict.fromkeys(("cells", "moments", "alone", "rule"), 0)
    for _ in range(items):
        level = rng.uniform(2.6, 4.9)
        answers = np.clip(np.round(level + 0.85 * rng.normal(size=n)), 1, 5)
        counts = np.array([int((answers == place).sum()) for place in ANSWERS])
        small = (counts > 0) & (counts < FEW)
        if not small.any():
            continue
        every = np.ones(len(counts), dtype=bool)
        hidden = hidden_cells(ANSWERS, counts, Disclosure())
        told["cells"] += int(small.sum())
        told["moments"] += int((small & _only(counts, every)).sum())
        told["alone"] += int((small & _only(counts, small)).sum())
        silent = hidden[counts > 0].all()
        told["rule"] += 0 if silent else int((small & _only(counts, hidden)).sum())
    return told


def _only(counts: Counts, hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which hidden cells can have one number only."""
    return hidden & (possible(counts, hidden).sum(axis=1) == 1)

"""How every item was answered: ``distributions.csv``, without cells of few respondents."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.describe.table import COMPLEMENTARY, PRIMARY
from werksem.inputs import Inputs
from werksem.spec.disclosure import Disclosure
from werksem.spec.types import ModelSpec, Scale

__all__ = ["answers_of", "distributions", "hidden_cells", "without_means", "without_small_cells"]

Array = NDArray[np.float64]
COLUMNS = ["construct", "item", "answer", "n", "share", "share_weighted", "status"]
# more different answers than this are a measurement, not categories
MOST = 12
# n, mean and standard deviation are printed elsewhere: as many cells have one solution
EQUATIONS = 3


def distributions(spec: ModelSpec, inputs: Inputs, rule: Disclosure) -> pd.DataFrame | None:
    """Return a row per construct, item and answer, in the construct's direction; None for moments only.

    Cells of fewer respondents than the rule's ``smallest`` have no numbers (``status`` ``suppressed``), nor
    have as many others (``suppressed_complementary``) as it takes that n, mean and standard deviation of the
    item do not give them away. Items of more than 12 different answers are left out.
    """
    if inputs.items is None:
        return None
    weights = None if inputs.weights is None else inputs.weights.to_numpy(dtype=float)
    rows: list[dict[str, Any]] = []
    for scale in spec.scales:
        for item in scale.items:
            if item in inputs.items:
                rows += _item(scale, item, inputs.items[item].to_numpy(dtype=float), weights, rule)
    return pd.DataFrame(rows, columns=COLUMNS)


def _item(
    scale: Scale, item: str, answers: Array, weights: Array | None, rule: Disclosure
) -> Iterator[dict[str, Any]]:
    known = np.isfinite(answers)
    y, places = answers[known], answers_of(scale.scale, answers[known])
    if not len(places):
        return
    counts = np.array([int((y == place).sum()) for place in places])
    shares = None if weights is None else _weighted(y, weights[known], places)
    hidden = hidden_cells(places, counts, rule)
    for at, place in enumerate(places):
        row = {"construct": scale.name, "item": item, "answer": place, "status": ""}
        if hidden[at]:
            few = 0 < counts[at] < rule.smallest
            yield row | {"status": PRIMARY if few else COMPLEMENTARY}
            continue
        found = {"n": int(counts[at]), "share": counts[at] / max(len(y), 1)}
        yield row | found | ({} if shares is None else {"share_weighted": float(shares[at])})


def answers_of(scale: tuple[float, float] | None, y: Array) -> Array:
    """Return the answers there can be: every whole number of the declared scale, else those given."""
    given: Array = np.unique(y)
    if scale is not None:
        low, high = scale
        whole = np.arange(low, high + 1)
        if len(whole) <= MOST and np.isin(given, whole).all():
            return whole.astype(float)
    return given if len(given) <= MOST else np.empty(0)


def _weighted(y: Array, weights: Array, places: Array) -> Array:
    return np.array([weights[y == place].sum() for place in places]) / weights.sum()


def hidden_cells(answers: Array, counts: NDArray[np.int64], rule: Disclosure) -> NDArray[np.bool_]:
    """Return which cells (k,) to hide.

    Small cells are hidden, then the smallest others until enough respondents are hidden and other
    counts exist with the same n, mean and standard deviation; all that have any respondents, where no
    others do.

    >>> hidden_cells(np.arange(1.0, 6), np.array([3, 40, 200, 500, 100]), Disclosure()).tolist()
    [True, True, True, False, True]
    >>> hidden_cells(np.array([0.0, 1.0]), np.array([4, 90]), Disclosure()).tolist()
    [True, True]
    """
    hidden = (counts > 0) & (counts < rule.smallest)
    small = hidden.copy()
    if not hidden.any() or not rule.complementary:
        return hidden
    for at in np.argsort(counts, kind="stable"):
        if counts[hidden].sum() >= rule.smallest and _open(answers, counts, hidden, small):
            break
        hidden[at] |= counts[at] > 0
    return hidden


def _open(
    answers: Array, counts: NDArray[np.int64], hidden: NDArray[np.bool_], small: NDArray[np.bool_]
) -> bool:
    """Return whether every small cell could be another number with n, mean and SD as they are.

    Four cells change together by a step that keeps the sums of 1, y and y²; no count may become negative.
    """
    free: set[int] = set()
    for chosen in itertools.combinations(np.flatnonzero(hidden), EQUATIONS + 1):
        step = _step([answers[at] for at in chosen])
        own = counts[list(chosen)]
        if (own + step >= 0).all() or (own - step >= 0).all():
            free |= {int(at) for at in chosen}
    return set(np.flatnonzero(small)) <= free


def _step(values: list[float]) -> NDArray[np.int64]:
    """Return the smallest whole numbers (4,) orthogonal to 1, y and y².

    >>> _step([1.0, 2.0, 3.0, 4.0]).tolist()
    [-1, 3, -3, 1]
    """
    exact = [Fraction(value).limit_denominator(1000) for value in values]
    inverse = [1 / math.prod((a - b for b in exact if b != a), start=Fraction(1)) for a in exact]
    scale = math.lcm(*(part.denominator for part in inverse))
    whole = [int(part * scale) for part in inverse]
    shared = math.gcd(*whole)
    return np.array([part // shared for part in whole])


def without_means(table: pd.DataFrame, column: str, names: frozenset[str]) -> pd.DataFrame:
    """Return a table of n, mean and sd per variable (``column``) without mean and sd of some.

    >>> table = pd.DataFrame({"scale": ["f", "y"], "n": [9, 9], "mean": [3.0, 0.2], "sd": [1.0, 0.4]})
    >>> without_means(table, "scale", frozenset({"y"})).values.tolist()
    [['f', 9, 3.0, 1.0], ['y', 9, nan, nan]]
    """
    shown = ~table[column].isin(names)
    return table.assign(mean=table["mean"].where(shown), sd=table["sd"].where(shown))


def without_small_cells(items: pd.DataFrame, found: pd.DataFrame | None, rule: Disclosure) -> pd.DataFrame:
    """Return ``items.csv`` without what gives a small cell away.

    Floor and ceiling go where their cell is hidden, or is small in one of several groups; mean and SD
    too where every answer of the item is hidden.
    """
    if found is None or not len(found):
        return items
    table = items.copy()
    for item, part in found.groupby("item", sort=False):
        rows = table["item"] == item
        hidden = (part["status"] != "").to_numpy()
        for name, off in (("floor", hidden[0]), ("ceiling", hidden[-1])):
            counts = (table.loc[rows, name] * table.loc[rows, "n"]).round()
            if off or ((counts > 0) & (counts < rule.smallest)).any():
                table.loc[rows, name] = np.nan
        if hidden.any() and not part["n"].fillna(0).any():
            table.loc[rows, ["mean", "sd"]] = np.nan
    return table

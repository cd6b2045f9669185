"""Attacks on hidden sizes and answers where all of a group weigh the same, and clusters are the groups."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trust.disclosure.attacks import Found
from trust.disclosure.worlds import STUDY, WEIGHED, WEIGHTS, data_of, few_of
from werksem.describe.coarse import step_of
from werksem.describe.produce import all_rows, shown_rows
from werksem.describing.run import Request, describe_study, read_described
from werksem.engines.design import design_table
from werksem.engines.distributions import distributions
from werksem.engines.sample import sample_table
from werksem.inputs import read_inputs
from werksem.spec.disclosure import Disclosure
from werksem.spec.load import load_study

__all__ = [
    "answered", "by_shares", "by_squares", "by_tables", "by_weight", "described", "exact_shares", "sized",
    "unhidden",
]  # fmt: skip

NEAR = 0.01
# numbers of ten digits, and a unit of which every weight is a whole number
DIGITS, UNIT = 1e-9, 1 / 90
# the groups that the rule hides, the small one first
HIDDEN = ("Sevenfold", "Next")


def by_weight(sample: Any) -> list[float]:
    """Return the two hidden sizes that ``sample.csv`` leaves, where each group has one weight; NaN if none.

    n₁ + n₂ = n, w₁n₁ + w₂n₂ = S and w₁²n₁ + w₂²n₂ = Q, with w₂ the largest weight of all: then
    w₁ = (Q - w₂S) / (S - w₂n) and n₁ = (S - w₂n) / (w₁ - w₂).
    """
    rows = sample.set_index("group")
    whole, shown = rows.loc["all"], rows.drop("all")
    total = (shown["weight_max"] * shown["n"] / shown["weight_share"]).mean()
    n, rest = whole["n"] - shown["n"].sum(), total * (1 - shown["weight_share"].sum())
    squares = total**2 / whole["n_effective"] - (shown["weight_max"] ** 2 * shown["n"]).sum()
    over = rest - whole["weight_max"] * n
    first = over / ((squares - whole["weight_max"] * rest) / over - whole["weight_max"])
    return [float(first), float(n - first)]


def by_squares(design: Any, sample: Any) -> list[float]:
    """Return the two hidden sizes that Σn² of clusters leaves, where these are the groups, if it is there."""
    if design is None:
        return []
    row, shown = design[design["design"] == "cluster"].iloc[0], sample.set_index("group")["n"].drop("all")
    n, squares = row["n"] - shown.sum(), row["size_weighted"] * row["n"] - (shown**2).sum()
    root = math.sqrt(max(2 * squares - n**2, 0.0))
    return [(n - root) / 2, (n + root) / 2]


def sized(sample: Any, design: Any) -> Iterator[tuple[str, Found]]:
    """Yield what both attacks find of the small group's size in two tables (``design`` None: not there)."""
    truth = [dict(WEIGHED.sizes)[group] for group in few_of(WEIGHED)]
    for name, file, found in (
        ("weights", "sample.csv", by_weight(sample)),
        ("clusters", "design.csv, sample.csv", by_squares(design, sample)),
    ):
        told = any(abs(size - true) < NEAR for size in found for true in truth)
        yield name, Found(file, 1, int(told))


def unhidden(study: Path, folder: Path) -> tuple[Any, Any]:
    """Return ``sample`` and ``design`` of a study, less only the rows of groups that a folder hides."""
    asked, model = load_study(study)
    inputs = read_inputs(asked, model)
    sample, shown = sample_table(inputs, Disclosure()), pd.read_csv(folder / "sample.csv")["group"]
    return None if sample is None else sample[sample["group"].isin(shown)], design_table(asked, inputs)


def described(place: Path) -> tuple[Any, Any]:
    """Return ``tables.csv`` of the weighted world under the rule, and the same with exact numbers."""
    data_of(WEIGHED).to_csv(place / "people.csv", index=False)
    config = place / "tables.yaml"
    config.write_text(f"{STUDY}data: {{file: people.csv, group: group, weights: weight}}\n", encoding="utf-8")
    shown = pd.read_csv(describe_study(Request(config, place / "tables")) / "tables.csv")
    study, respondents, _ = read_described(*load_study(config), config)
    assert study.describe is not None
    free = shown_rows(all_rows(study.describe, load_study(config)[1], respondents), Disclosure())
    return shown, free.mask(free == "")


def exact_shares(study: Path) -> Any:
    """Return ``distributions`` of a study as they are before weighted shares are made coarse."""
    asked, model = load_study(study)
    return distributions(model, read_inputs(asked, model), Disclosure())


def by_shares(table: Any, step: float) -> list[int]:
    """Return the sizes of the small group that weighted shares of all leave, where weights are public.

    With W the sum of weights of a size, every share times W is a whole number of ``UNIT``, up to the ``step``
    that shares are rounded to.
    """
    found, near = [], step / 2 + DIGITS
    shares = table["share_weighted"].dropna().to_numpy()
    for size, (_, sums) in _sizes().items():
        low, high = (shares - near) * sums / UNIT, (shares + near) * sums / UNIT
        if (np.floor(high) >= np.ceil(low)).all():
            found.append(size)
    return found


def _sizes() -> dict[int, tuple[int, float]]:
    """Return every size of the small group with that of the other hidden one, and the sum of weights."""
    sizes = dict(WEIGHED.sizes)
    hidden = sum(sizes[group] for group in HIDDEN)
    shown = sum(WEIGHTS[group] * size for group, size in sizes.items() if group not in HIDDEN)
    u, v = (WEIGHTS[group] for group in HIDDEN)
    return {a: (hidden - a, shown + u * a + v * (hidden - a)) for a in range(1, 10)}


def by_tables(table: Any, step: float) -> dict[int, dict[str, set[tuple[int, int]]]]:
    """Return for every size of the small group that is possible the top-two counts of both hidden groups.

    Every count of the two is tried: the weighted share of all and, if it is shown, its standard error
    √(n / (n - 1) Σ w² (y - p)²) / Σw must come out. A size with an item that nothing fits is impossible.
    Items are those whose row of all, and of every group that is not hidden, is shown.
    """
    found, needed = {}, 1 + len(WEIGHED.sizes) - len(HIDDEN)
    shown = table[(table["kind"] == "top2") & table["value"].notna()]
    items = {str(item): rows for item, rows in shown.groupby("variable") if len(rows) == needed}
    for size, (other, sums) in _sizes().items():
        fits = {item: set(_fitting(rows, (size, other), sums, step)) for item, rows in items.items()}
        if all(fits.values()):
            found[size] = fits
    return found


def _fitting(rows: Any, sizes: tuple[int, int], sums: float, step: float) -> Iterator[tuple[int, int]]:
    """Yield the counts of both hidden groups that give the share and the standard error of all."""
    known = rows.set_index(rows["group"].fillna("all"))
    groups = {group: size for group, size in WEIGHED.sizes if group not in HIDDEN}
    yes = {group: round(known.loc[group, "value"] * size) for group, size in groups.items()}
    n, (value, se) = sum(dict(WEIGHED.sizes).values()), known.loc["all", ["value", "se"]]
    parts = groups | dict(zip(HIDDEN, sizes, strict=True))
    for counts in itertools.product(*(range(size + 1) for size in sizes)):
        agreed = yes | dict(zip(HIDDEN, counts, strict=True))
        p = sum(WEIGHTS[group] * count for group, count in agreed.items()) / sums
        squares = sum(
            WEIGHTS[group] ** 2 * (agreed[group] * (1 - p) ** 2 + (size - agreed[group]) * p**2)
            for group, size in parts.items()
        )
        error = math.sqrt(n / (n - 1) * squares) / sums
        if abs(p - value) <= step / 2 + DIGITS and not abs(error - se) > DIGITS:
            yield counts[0], counts[1]


def answered(tables: Any, shares: Any, *, coarse: bool) -> Iterator[tuple[str, Found]]:
    """Yield what both attacks find, by public weights, of the small group: its size, and answers to items.

    ``coarse`` is whether the attacker takes numbers as rounded by the rule of ``step_of``.
    """
    sizes = dict(WEIGHED.sizes)
    n, truth = sum(sizes.values()), sizes[HIDDEN[0]]
    mean = sum(WEIGHTS[group] * size for group, size in sizes.items()) / n
    step = step_of(max(WEIGHTS.values()) / mean, n) if coarse else 0.0
    left = by_tables(tables, step)
    items = {
        item: {counts for fits in left.values() for counts in fits[item]}
        for item in next(iter(left.values()))
    }
    solved = int(list(left) == [truth]) + sum(len(counts) == 1 for counts in items.values())
    yield "tables", Found("tables.csv", 1 + len(items), solved)
    yield "shares", Found("distributions.csv", 1, int(by_shares(shares, step) == [truth]))

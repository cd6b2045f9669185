"""Attacks on hidden sizes where every respondent of a group weighs the same, and clusters are the groups."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from trust.disclosure.attacks import Found
from trust.disclosure.worlds import WEIGHED, few_of
from werksem.engines.design import design_table
from werksem.engines.sample import sample_table
from werksem.inputs import read_inputs
from werksem.spec.disclosure import Disclosure
from werksem.spec.load import load_study

__all__ = ["by_squares", "by_weight", "sized", "unhidden"]

NEAR = 0.01


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

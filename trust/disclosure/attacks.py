"""Attacks on small groups: each tries to work out what one says from all files of a result folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trust.disclosure.contents import files_of, numbers_in, text_of
from trust.disclosure.worlds import World, data_of, few_of

__all__ = ["ATTACKS", "Attack", "Found"]

Array = NDArray[np.float64]

ADDED = ("n", "share", "complete", "clusters", "weight_share")
EXACT = 1e-9
# what differences of numbers of ten digits leave
NEAR = 1e-6


@dataclass(frozen=True, slots=True)
class Found:
    """What an attack on one file (or several) tried, and how many true values it worked out."""

    file: str
    tried: int
    recovered: int


@dataclass(frozen=True, slots=True)
class Attack:
    """An attack: its name, what it does, and how.

    ``run`` takes a folder, that of the same data without a rule (whose numbers are the truth), and the world.
    ``works`` says where it must succeed, or it proves nothing: on the folder without a rule (``open``), on
    one that hides small groups only (``alone``), or one that hides their rows of ``sample.csv`` (``rows``).
    """

    name: str
    says: str
    run: Callable[[Path, Path, World], Iterator[Found]]
    works: str


def _names(folder: Path, _: Path, world: World) -> Iterator[Found]:
    """Look for the name of a small group in every file."""
    for path in files_of(folder):
        if path.suffix != ".png":
            text = text_of(path)
            yield Found(_kind(path, folder), 1, int(any(group in text for group in few_of(world))))


def _values(folder: Path, open_folder: Path, world: World) -> Iterator[Found]:
    """Look for every number that a table without the rule has of a small group only."""
    secret = _secrets(open_folder, world)
    for path in files_of(folder):
        if path.suffix != ".png":
            there = numbers_in(path)
            hits = [value for value in secret if _among(value, there)]
            yield Found(_kind(path, folder), len(secret), len(hits))


def _secrets(open_folder: Path, world: World) -> list[float]:
    """Return the numbers of small groups' rows that no other row has, and their own means and SDs."""
    data: Any = data_of(world)
    own: set[float] = set()
    others: set[float] = set()
    for path in sorted(open_folder.glob("*.csv")):
        table = _table(open_folder, path.name)
        if "group" in table:
            inside = table["group"].isin(few_of(world))
            numbers = table.select_dtypes("number")
            own |= set(numbers[inside].to_numpy().ravel())
            others |= set(numbers[~inside].to_numpy().ravel())
    for group in few_of(world):
        answers = data[data["group"] == group].drop(columns="group")
        scale = answers.T.groupby(lambda item: item.split("_")[0]).mean().T
        for frame in (answers, scale):
            own |= {*frame.mean(), *frame.std(), *frame.std(ddof=0)}
    return sorted(v for v in own - others if np.isfinite(v) and _digits(v))


def _digits(value: float) -> bool:
    """Return whether a number is long enough to be told from others by chance."""
    return abs(value * 1e4 - round(value * 1e4)) > 1e-3


def _among(value: float, there: Array) -> bool:
    at = int(np.searchsorted(there, value))
    near = there[max(at - 1, 0) : at + 1]
    return bool((np.abs(near - value) <= EXACT * max(abs(value), 1e-3)).any())


def _kind(path: Path, folder: Path) -> str:
    """Return what a file counts as: itself, or its folder and ending where there are several alike."""
    name = path.relative_to(folder).as_posix()
    return name if "/" not in name else f"{name.rpartition('/')[0]}/*{path.suffix}"


def _totals(folder: Path, _: Path, world: World) -> Iterator[Found]:
    """Take what the groups have from what all have: numbers of respondents and shares."""
    sizes = dict(world.sizes)
    n = sum(sizes.values())
    for path in sorted(folder.glob("*.csv")):
        table = _table(folder, path.name)
        if "group" not in table or "all" not in set(table["group"]):
            continue
        keys = [key for key in ("lhs", "rhs") if key in table]
        for _key, part in table.groupby(keys, dropna=False) if keys else [("", table)]:
            for name in (column for column in ADDED if column in part):
                rest = _rest(part, name)
                truth = [sizes[g] / (n if "share" in name else 1) for g in few_of(world)]
                yield Found(path.name, 1, int(_told(rest, [*truth, sum(truth)])))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["data"]
    rest = manifest["rows_used"] - sum(manifest["groups"].values())
    yield Found("manifest.json", 1, int(_told(rest, [sizes[g] for g in few_of(world)])))


def _rest(part: Any, name: str) -> float:
    whole = part.loc[part["group"] == "all", name]
    groups = part.loc[~part["group"].isin(["all", "typical"]), name]
    return float(whole.iloc[0] - groups.sum()) if len(whole) and groups.notna().all() else np.nan


def _told(rest: float, truth: list[float]) -> bool:
    """Return whether what is left is one of the true values."""
    return any(abs(rest - value) <= EXACT * max(1, abs(value)) for value in truth)


def _means(folder: Path, _: Path, world: World) -> Iterator[Found]:
    """Take the groups' means and sums of squares, weighted by their n, from those of all respondents."""
    scales, predictive = (_table(folder, name) for name in ("scales.csv", "predictive.csv"))
    sample = _table(folder, "sample.csv").set_index("group")["n"]
    scores: Any = data_of(world)
    scores = scores.assign(bond=scores[["bond_1", "bond_2", "bond_3"]].mean(axis=1))
    truth = [scores.loc[scores["group"] == g, "bond"] for g in few_of(world)]
    whole = scales.set_index("scale").loc["bond"]
    left, total = whole["n"], whole["n"] * whole["mean"]
    square = (whole["n"] - 1) * whole["sd"] ** 2 + whole["n"] * whole["mean"] ** 2
    wide = predictive[predictive["variable"] == "bond"].pivot(index="group", columns="statistic")["observed"]
    for group, row in wide.iterrows():
        n = sample[group]
        left, total = left - n, total - n * row["mean"]
        square -= (n - 1) * row["sd"] ** 2 + n * row["mean"] ** 2
    mean = total / left if left else np.nan
    means = [t.mean() for t in (*truth, pd.concat(truth))]
    sd = np.sqrt(max(square - left * mean**2, 0) / max(left - 1, 1))
    yield Found("scales.csv, predictive.csv, sample.csv", 1, int(any(abs(mean - t) < NEAR for t in means)))
    spread = [t.std() for t in (*truth, pd.concat(truth)) if len(t) > 1]
    yield Found("scales.csv, predictive.csv, sample.csv", 1, int(any(abs(sd - t) < NEAR for t in spread)))


def _paths(folder: Path, open_folder: Path, world: World) -> Iterator[Found]:
    """Take the groups' pooled paths and intercepts, weighted by their n, from those of all respondents."""
    sample = _table(folder, "sample.csv").set_index("group")["n"]
    keys = ["lhs", "op", "rhs"]
    tables = [_table(place, "estimates.csv") for place in (folder, open_folder)]
    shown, whole = (t[t["engine"] == "bayes"].fillna({"rhs": ""}).set_index(keys) for t in tables)
    for key in shown.index.unique():
        part, true = shown.loc[[key]].set_index("group")["est"], whole.loc[[key]].set_index("group")["est"]
        groups = [g for g in part.index if g in sample.index and g != "all"]
        if "all" not in part.index or not groups:
            continue
        n = sample["all"] - sample[groups].sum()
        rest = (sample["all"] * part["all"] - (sample[groups] * part[groups]).sum()) / n if n else np.nan
        few = [g for g in few_of(world) if g in true.index]
        sizes = [dict(world.sizes)[g] for g in few]
        both = [float(np.average([true[g] for g in few], weights=sizes))] if few else []
        truth = [*(float(true[g]) for g in few), *both]
        yield Found("estimates.csv, sample.csv", 1, int(any(abs(rest - t) < NEAR for t in truth)))


def _squares(folder: Path, _: Path, world: World) -> Iterator[Found]:
    """Solve the sizes of two hidden groups from the mean size of groups and that of a respondent's group."""
    if not (folder / "design.csv").is_file():
        yield Found("design.csv, sample.csv", 1, 0)
        return
    design, sample = _table(folder, "design.csv"), _table(folder, "sample.csv").set_index("group")["n"]
    shown = sample.drop("all")
    for row in design[design["design"] == "group"].itertuples():
        total = row.n - shown.sum()
        squares = row.size_weighted * row.n - (shown**2).sum()
        hidden = row.units - len(shown)
        root = 2 * squares - total**2
        found = [(total - np.sqrt(root)) / 2] if hidden == 2 and root >= 0 else [total] * (hidden == 1)
        sizes = [dict(world.sizes)[g] for g in few_of(world)]
        yield Found(
            "design.csv, sample.csv", 1, int(any(abs(n - size) < 1e-3 for n in found for size in sizes))
        )
    if not (design["design"] == "group").any():
        yield Found("design.csv, sample.csv", 1, 0)


def _table(folder: Path, name: str) -> Any:
    return pd.read_csv(folder / name)


ATTACKS = (
    Attack("name", "the name of a small group, as text, in every file but PNG", _names, "open"),
    Attack(
        "number",
        "numbers of five decimals or more in every file but PNG that are those of a small group alone: of "
        "its rows in any CSV without the rule, and the means and SDs of its answers and scale means, to 1e-9",
        _values,
        "open",
    ),
    Attack(
        "total",
        "the shown groups are taken from all in every CSV with both and in `manifest.json`: n, share, "
        "complete, clusters, share of the weight",
        _totals,
        "alone",
    ),
    Attack(
        "mean",
        "means and sums of squares of the shown groups are taken from those of all: one scale mean, "
        "`scales.csv`, `predictive.csv`, `sample.csv`",
        _means,
        "alone",
    ),
    Attack(
        "path",
        "pooled paths and intercepts of the shown groups, weighted by n, are taken from those of all: "
        "`estimates.csv`, `sample.csv`",
        _paths,
        "alone",
    ),
    Attack(
        "squares",
        "the sizes of two hidden groups are solved from mean sizes of groups: `design.csv`, `sample.csv`",
        _squares,
        "rows",
    ),
)

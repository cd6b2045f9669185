"""Surveys whose small groups and rare answers are known, and their result folders under a given rule."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from werksem.run import Request, run_study

__all__ = [
    "ORDINAL", "STUDY", "WEIGHED", "WEIGHTS", "WORLDS", "World", "data_of", "few_of", "folder_of", "study_of",
    "without_rows",
]  # fmt: skip

SCALES = ("safe", "fair", "bond")
STUDY = """\
study: attacked
language: en
model:
  measurement:
    safe: {items: [safe_1, safe_2, safe_3], scale: [1, 5]}
    fair: {items: [fair_1, fair_2, fair_3], scale: [1, 5]}
    bond: {items: [bond_1, bond_2, bond_3], scale: [1, 5]}
  structural: {bond: [safe, fair]}
"""
POOLED = """\
data: {file: people.csv, group: group}
ols: {}
sem: {}
bootstrap: {replicates: 40, interval: percentile}
bayes: {vary: [paths, means], chains: 2, draws: 200, tune: 200, method: laplace}
"""
SURVEYED = """\
data: {file: people.csv, group: group, weights: weight, cluster: again}
ols: {}
"""
ORDERED = """\
data: {file: people.csv, ordered: all}
sem: {estimator: WLSMV}
"""


@dataclass(frozen=True, slots=True)
class World:
    """A survey: respondents per group, and what is fitted to it (``settings``, below the model)."""

    name: str
    sizes: tuple[tuple[str, int], ...]
    settings: str = POOLED


WORLDS: tuple[World, ...] = (
    World("a group of 7", (("Large", 300), ("Middle", 140), ("Next", 24), ("Sevenfold", 7))),
    World("a group of 1", (("Large", 200), ("Middle", 60), ("Next", 30), ("Single", 1))),
    World(
        "groups of 4 and 5",
        (("Large", 200), ("Middle", 60), ("Next", 21), ("Quartet", 4), ("Quintet", 5)),
    ),
)
# respondents of ORDINAL who gave the lowest answer to the first item
RARE = 4
ORDINAL = World("an answer of few", (("Large", 400),), ORDERED)
# a group of 7, the groups named again as clusters, and the weight that respondents of each have
WEIGHED = World(
    "weights per group", (("Large", 300), ("Middle", 140), ("Next", 24), ("Sevenfold", 7)), SURVEYED
)
WEIGHTS = {"Large": 8 / 9, "Middle": 0.8, "Next": 4 / 3, "Sevenfold": 0.9}


def few_of(world: World) -> tuple[str, ...]:
    """Return the groups of fewer than ten respondents."""
    return tuple(group for group, size in world.sizes if size < 10)


def data_of(world: World) -> pd.DataFrame:
    """Return the respondents: answers 1 to 5 to nine items, and their group."""
    rng = np.random.default_rng(len(world.name))
    group = np.repeat([name for name, _ in world.sizes], [size for _, size in world.sizes])
    n = len(group)
    safe, fair = rng.normal(size=(2, n))
    levels = dict(zip(SCALES, (safe, fair, 0.5 * safe + 0.3 * fair + 0.8 * rng.normal(size=n)), strict=True))
    columns = {
        f"{name}_{k}": np.clip(np.round(3.4 + 0.8 * level + 0.6 * rng.normal(size=n)), 1, 5).astype(int)
        for name, level in levels.items()
        for k in (1, 2, 3)
    }
    frame = pd.DataFrame(columns).assign(group=group)
    if world is ORDINAL:
        lowest = frame.index[frame["safe_1"] == 1]
        frame.loc[lowest[RARE:], "safe_1"] = 2
    if world is WEIGHED:
        frame = frame.assign(weight=frame["group"].map(WEIGHTS), again="unit " + frame["group"])
    return frame


def without_rows(folder: Path, world: World, place: Path) -> Path:
    """Return a copy of a folder's tables whose ``sample.csv`` lacks the smallest groups."""
    out = place / f"{folder.name}-rows"
    out.mkdir(exist_ok=True)
    sizes = sorted(world.sizes, key=lambda pair: pair[1])
    hidden = [group for group, _ in sizes[: max(2, len(few_of(world)))]]
    for path in folder.glob("*.csv"):
        table = pd.read_csv(path)
        if path.name == "sample.csv":
            table = table[~table["group"].isin(hidden)]
        table.to_csv(out / path.name, index=False)
    return out


def study_of(world: World, place: Path, rule: str) -> Path:
    """Return where the study file of a world under a rule lies, beside its result folder."""
    return place / f"{''.join(sign for sign in f'{world.name} {rule}' if sign.isalnum())}.yaml"


def folder_of(world: World, place: Path, rule: str, formats: str = "[]") -> Path:
    """Return the result folder of a world under a disclosure rule (YAML), made where it is not there yet."""
    study = study_of(world, place, rule)
    out = study.with_suffix("")
    if not out.is_dir():
        data_of(world).to_csv(place / "people.csv", index=False)
        study.write_text(
            f"{STUDY}{world.settings}disclosure: {rule}\nreport: {{formats: {formats}}}\n", encoding="utf-8"
        )
        run_study(Request(study, out, quiet=True))
    return out

"""Attacks on tables that may hide a group with another partner: over variables, bases and groupings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trust.disclosure.attacks import Found
from werksem.describing.run import Request, describe_study

__all__ = ["ATTACKED", "attacked"]

NEAR = 1e-6
# respondents per sector, and blanks of the last item in the smallest shown one
SECTORS = {"A": 400, "B": 300, "Prov": 60, "Ond": 62, "Kad": 1}
BLANK = 5
# organisations within sectors, and how many of each left to which place
UNITS = {"Kad": (1,), "Prov": (25, 35), "Ond": (12, 50), "A": (150, 250), "B": (130, 170)}
LEFT = {"A": (32, 47, 17, 1), "B": (13, 26, 11, 0), "Ond": (12, 15, 13, 0), "Prov": (3, 0, 0, 0)}
PLACES = ("Markt", "Rijk", "Zorg", "Gemeente")
STUDY = """\
study: partners
language: en
model: {{measurement: {{s: {{items: [y1, y2], scale: [1, 5]}}}}}}
data: {{file: sectors.csv, group: sector}}
disclosure: {rule}
describe:
  tables:
    - {{table: m, kind: means, of: [s, y1, y2], by: sector}}
    - {{table: o, kind: origin_destination, of: [went], by: sector}}
    - {{table: u, kind: means, of: [y1], by: unit}}
"""
ATTACKED = "a group of 1, five sectors"


def _people() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    sector = np.repeat(list(SECTORS), list(SECTORS.values()))
    level = rng.normal(size=len(sector))
    items = {
        name: np.clip(np.round(3.2 + 0.8 * level + 0.7 * rng.normal(size=len(sector))), 1, 5)
        for name in ("y1", "y2")
    }
    frame = pd.DataFrame(items).assign(sector=sector, went=None, unit="")
    for name, units in UNITS.items():
        rows = frame.index[frame["sector"] == name]
        frame.loc[rows, "unit"] = np.repeat([f"{name}{k}" for k in range(len(units))], units)
        went = np.repeat(PLACES, LEFT.get(name, (0, 0, 0, 0)))
        frame.loc[rows[: len(went)], "went"] = went
    frame.loc[frame.index[frame["sector"] == "Ond"][:BLANK], "y2"] = np.nan
    return frame


def attacked(place: Path, rule: str = "{}") -> Iterator[tuple[str, Found]]:
    """Yield what each attack finds in ``tables.csv`` of ``describe`` under a rule (YAML)."""
    people = _people()
    people.to_csv(place / "sectors.csv", index=False)
    config = place / f"partners{len(rule)}.yaml"
    config.write_text(STUDY.format(rule=rule), encoding="utf-8")
    found = pd.read_csv(describe_study(Request(config, config.with_suffix(""))) / "tables.csv")
    shown = found[found["status"] == "ok"].fillna({"group": "", "category": ""})
    truth = float(people.loc[people["sector"] == "Kad", "y2"].sum())
    sums = _answers(shown[(shown["table"] == "m") & (shown["measure"] == "mean")])
    yield "partners", Found("tables.csv", 1, int(any(abs(one - truth) < NEAR for one in sums)))
    yield "leavers", Found("tables.csv", 5, _leavers(shown[shown["table"] == "o"]))
    yield "units", Found("tables.csv", 1, _units(shown[shown["measure"] == "mean"]))


def _answers(means: Any) -> Iterator[float]:
    """Yield what the sum of y2 over the smallest sector would be: by one total, and by two partners."""
    for first in [(), ("Prov",), ("Ond",)]:
        s, y1, y2 = (_rest(means[means["variable"] == name], ("Kad", *first)) for name in ("s", "y1", "y2"))
        if not first:
            yield y2[0]
            continue
        other = means[(means["variable"] == "y2") & (means["group"] == first[0])]
        if len(other):
            yield 2 * s[0] - y1[0] - float((other["value"] * other["n"]).iloc[0])


def _rest(rows: Any, unknown: Sequence[str]) -> tuple[float, float]:
    """Return sum and n of all less every sector that is not unknown; NaN where one of these is hidden."""
    known = rows.set_index("group").reindex(["", *(name for name in SECTORS if name not in unknown)])
    sums = known["value"] * known["n"]
    return float(sums.iloc[0] - sums.iloc[1:].sum(skipna=False)), float(
        known["n"].iloc[0] - known["n"].iloc[1:].sum(skipna=False)
    )


def _leavers(rows: Any) -> int:
    """Return how many numbers of fewer than ten leavers follow: of hidden sectors, of a place in a sector."""
    shares = rows[rows["measure"] == "share"]
    left = shares.groupby("group")["n"].first()
    whole = rows[(rows["measure"] == "share_of_all") & (rows["category"] == "")].set_index("group")
    left = left.combine_first((whole["value"] * whole["n"]).round())
    hidden = [name for name in SECTORS if name not in left]
    rest = left[""] - left.drop("").sum() if "" in left and hidden else np.nan
    counted = (shares["value"] * shares["n"]).groupby(shares["group"]).sum().round()
    over = (left - counted).dropna().drop("", errors="ignore")
    return int(0 < rest < 10) + int(((over > 0) & (over < 10)).sum())


def _units(means: Any) -> int:
    """Return 1 where sectors less what their shown units add up to leave fewer than ten respondents."""
    sectors = means[(means["table"] == "m") & (means["variable"] == "y1")].set_index("group")["n"]
    units = means[means["table"] == "u"].set_index("group")["n"]
    hidden = [name for name in SECTORS if name not in sectors]
    rest = sectors[""] - sectors.drop("").sum()
    rest -= sum(units.get(f"{name}{k}", 0) for name in hidden for k in range(len(UNITS[name])))
    return int(0 < rest < 10)

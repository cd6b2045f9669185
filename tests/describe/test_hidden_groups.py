"""One choice of hidden groups per run and grouping: no two tables hide a group with different partners."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.describe.studies import long_table
from werksem.describe.suppress import suppressed
from werksem.describe.table import COMPLEMENTARY, PRIMARY
from werksem.spec.disclosure import Disclosure

SCALE = {"measurement": {"s": {"items": ["y1", "y2"], "scale": [1, 5]}}}
MEANS = {"table": "m", "kind": "means", "of": ["s", "y1", "y2"], "by": "sector"}


def survey(few: int, blank: int, other: int) -> pd.DataFrame:
    """Return sectors A, B, Prov (60), Ond (``other``, of whom ``blank`` have no y2) and Kad (``few``)."""
    rng = np.random.default_rng(3)
    sector = np.repeat(["A", "B", "Prov", "Ond", "Kad"], [400, 300, 60, other, few])
    level = rng.normal(size=len(sector))
    items = {
        name: np.clip(np.round(3.2 + 0.8 * level + 0.7 * rng.normal(size=len(sector))), 1, 5)
        for name in ("y1", "y2")
    }
    frame = pd.DataFrame(items).assign(sector=sector)
    frame.loc[frame.index[frame["sector"] == "Ond"][:blank], "y2"] = np.nan
    return frame


def rest(found: pd.DataFrame, variable: str, unknown: set[str]) -> tuple[float, float] | None:
    """Return the sum and the number of respondents of the ``unknown`` groups: all less the shown others."""
    rows = found[(found["measure"] == "mean") & (found["variable"] == variable)].set_index("group")
    others = rows.loc[[group for group in rows.index if group not in {"", *unknown}]]
    if not (others["status"] == "ok").all() or rows.loc["", "status"] != "ok":
        return None
    sums, n = rows["value"] * rows["n"].astype(float), rows["n"].astype(float)
    return float(sums[""] - sums[others.index].sum()), float(n[""] - n[others.index].sum())


def solved(found: pd.DataFrame) -> float | None:
    """Return the sum of y2 over Kad by two partners: 2 Σs(Kad + P) - Σy1(Kad + P) - Σy2(P), P either."""
    means = found[found["measure"] == "mean"].set_index(["variable", "group"])
    for partner in ("Prov", "Ond"):
        s, y1 = (rest(found, name, {"Kad", partner}) for name in ("s", "y1"))
        row = means.loc[("y2", partner)]
        if s is not None and y1 is not None and row["status"] == "ok":
            return 2 * s[0] - y1[0] - row["value"] * float(row["n"])
    return None


@pytest.mark.parametrize(("few", "blank", "other"), [(1, 5, 62), (6, 2, 61), (6, 1, 60)])
def test_all_variables_hide_a_group_with_the_same_partner(
    few: int, blank: int, other: int, tmp_path: Path
) -> None:
    frame = survey(few, blank, other)
    found = long_table(tmp_path, frame, [MEANS], model=SCALE)
    hidden = found[found["status"] != "ok"].groupby("variable")["group"].agg(frozenset)
    assert (hidden.nunique(), len(hidden)) == (1, 3)
    assert "Kad" in hidden["s"]
    assert solved(found) is None
    # what the attack finds where y2 hides Kad with Ond, the others with Prov
    free = long_table(tmp_path, frame, [MEANS], model=SCALE, smallest=1)
    pairs = [("s", "Kad"), ("s", "Prov"), ("y1", "Kad"), ("y1", "Prov"), ("y2", "Kad"), ("y2", "Ond")]
    free.loc[[pair in pairs for pair in zip(free["variable"], free["group"], strict=True)], "status"] = (
        PRIMARY
    )
    if blank < 5:
        return
    assert solved(free) == pytest.approx(frame.loc[frame["sector"] == "Kad", "y2"].sum())


def test_every_table_and_comparison_hides_the_same_groups(tmp_path: Path) -> None:
    frame = survey(6, 2, 61).assign(kind=lambda frame: np.where(frame.index % 2, "a", "b"))
    wanted: list[dict[str, Any]] = [
        MEANS, {"table": "i", "kind": "items", "of": ["y1", "y2"], "by": "sector"},
        {"table": "w", "kind": "means", "of": ["y2"], "by": "sector", "where": "kind == 'a'"},
        {"table": "d", "kind": "difference", "of": ["y2"], "by": "sector", "measure": "mean"},
    ]  # fmt: skip
    found = long_table(tmp_path, frame, wanted, model=SCALE)
    of_group = found[(found["group"] != "")]
    shown = of_group[of_group["status"] == "ok"]
    for table in ("m", "i", "w"):
        assert set(shown.loc[shown["table"] == table, "group"]) == {"A", "B", "Ond"}, table
    compared = found[(found["table"] == "d") & (found["measure"] == "difference")].set_index("category")
    assert {"Kad - rest", "Prov - rest"} <= set(compared.index[compared["status"] != "ok"])


def test_a_group_of_few_on_one_variable_is_hidden_on_all(tmp_path: Path) -> None:
    # of 12 six have y2: their s less their y1 would tell the six answers' sum less that of their y1
    frame = survey(12, 0, 61)
    frame.loc[frame.index[frame["sector"] == "Kad"][:6], "y2"] = np.nan
    found = long_table(tmp_path, frame, [MEANS], model=SCALE)
    status = found[found["measure"] == "mean"].set_index(["variable", "group"])["status"]
    assert {status[name, "Kad"] for name in ("s", "y1", "y2")} == {PRIMARY}
    assert {status[name, "Prov"] for name in ("s", "y1", "y2")} == {COMPLEMENTARY}
    assert (status.drop(["Kad", "Prov"], level="group") == "ok").all()


def test_without_complementary_only_groups_of_few_are_hidden() -> None:
    rows = [
        {"table": "t", "kind": "means", "variable": v, "category": "", "group": g, "wave": "", "value": 3.0,
         "measure": "mean", "n": n, "status": "ok", "place": ("g", "", ""), "all_answers": True}
        for v, c in {"p": 63, "q": 60}.items()
        for g, n in {"": 68 + c, "a": 8, "b": 60, "c": c}.items()
    ]  # fmt: skip
    found = suppressed(rows, Disclosure(complementary=False))
    assert {row["group"] for row in found if row["status"] != "ok"} == {"a"}


def nested_survey(first: int = 12) -> pd.DataFrame:
    """Return three sectors (6, 60, 200) of organisations: of the 60 in two of 25 and 35."""
    sizes = {"k1": 6, "p1": 25, "p2": 35, "a1": first, "a2": 80, "a3": 108}
    unit = np.repeat(list(sizes), list(sizes.values()))
    rng = np.random.default_rng(5)
    items = {name: rng.integers(1, 6, len(unit)).astype(float) for name in ("y1", "y2")}
    sector = np.array([name[0] for name in unit])
    return pd.DataFrame(items).assign(unit=unit, sector=sector)


@pytest.mark.parametrize("order", [("sector", "unit"), ("unit", "sector")])
def test_groups_within_others_do_not_tell_the_hidden_one(order: tuple[str, str], tmp_path: Path) -> None:
    frame = nested_survey()
    wanted = [{"table": by, "kind": "means", "of": ["s"], "by": by} for by in order]
    found = long_table(tmp_path, frame, wanted, model=SCALE)
    means = found[(found["measure"] == "mean") & (found["group"] != "")]
    hidden = {by: set(means.loc[(means["table"] == by) & (means["status"] != "ok"), "group"]) for by in order}
    assert hidden["sector"] == {"k", "p"}
    # of what the units add up to in sectors k and p more than one is unknown, and of k more than its own
    assert "k1" in hidden["unit"]
    assert hidden["unit"] & {"p1", "p2"}
    sizes = frame["unit"].value_counts()
    assert sizes[list(hidden["unit"])].sum() >= 10
    # the sector that is shown gives the total of its own units
    own = hidden["unit"] & {"a1", "a2", "a3"}
    assert not own or (len(own) > 1) * sizes[list(own)].sum() >= 10


def test_a_small_unit_of_a_shown_sector_takes_one_of_that_sector_with_it(tmp_path: Path) -> None:
    frame = nested_survey(30).replace({"unit": {"k1": "a4"}, "sector": {"k": "a"}})
    wanted = [{"table": by, "kind": "means", "of": ["s"], "by": by} for by in ("sector", "unit")]
    found = long_table(tmp_path, frame, wanted, model=SCALE)
    gone = found[(found["status"] != "ok") & (found["measure"] == "mean")]
    # of all units p1 (25) is the smallest, but a4 hidden with p1 would follow from sector a
    assert set(zip(gone["table"], gone["group"], strict=True)) == {("unit", "a4"), ("unit", "a1")}

"""Origins and destinations: both denominators by hand, standard errors against R's survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.describe.samples import expected, only, reference_sample, sample_of
from tests.describe.studies import long_table
from werksem.describe.destinations import origin_destination
from werksem.errors import DataError
from werksem.spec.describe_more import OriginDestination


def spec(**keys: object) -> OriginDestination:
    given = {"kind": "origin_destination", "table": "vertrek", "of": ["naar"], "by": "van", **keys}
    return OriginDestination.model_validate(given)


def moves() -> pd.DataFrame:
    naar = ["A", "A", "B", None, None, None, None, None, "B", "markt", None, None]
    return pd.DataFrame(
        {
            "van": ["A"] * 8 + ["B"] * 4,
            "weg": [1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0],
            "cultuur": [1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0],
            "naar": naar,
        }
    )


def test_shares_of_all_and_of_leavers() -> None:
    rows = origin_destination(spec(leavers="cultuur == 1", within=["weg == 1"]), sample_of(moves()))
    of_a = only(rows, group="A", category="A", measure="share")
    assert (of_a["value"], of_a["n"], of_a["count"]) == (pytest.approx(2 / 3), 3, 2)
    of_all = only(rows, group="A", category="A", measure="share_of_all")
    assert (of_all["value"], of_all["n"]) == (pytest.approx(2 / 8), 8)
    total = only(rows, group="A", category="", measure="share_of_all")
    assert (total["value"], total["n"]) == (pytest.approx(3 / 8), 8)
    part = only(rows, group="A", variable="cultuur == 1", category="weg == 1")
    assert (part["value"], part["n"]) == (pytest.approx(3 / 5), 5)
    together = only(rows, group="", category="B", measure="share")
    assert (together["value"], together["n"]) == (pytest.approx(2 / 5), 5)


def test_shares_of_leavers_add_to_one_and_of_all_to_the_total() -> None:
    rows = origin_destination(spec(leavers="cultuur == 1"), sample_of(moves()))
    for group in ("", "A", "B"):
        here = [row for row in rows if row["group"] == group and row["category"]]
        assert sum(row["value"] for row in here if row["measure"] == "share") == pytest.approx(1)
        total = only(rows, group=group, category="", measure="share_of_all")["value"]
        assert sum(r["value"] for r in here if r["measure"] == "share_of_all") == pytest.approx(total)


def test_the_first_destinations_of_each_origin_with_ties() -> None:
    rows = origin_destination(spec(top=1), sample_of(moves()))
    first = {(r["group"], r["category"]): r["value"] for r in rows if r["measure"] == "rank"}
    assert first == {("", "A"): 1, ("", "B"): 1, ("A", "A"): 1, ("B", "B"): 1, ("B", "markt"): 1}


@pytest.mark.parametrize("to", ["a", "b"])
def test_standard_errors_equal_those_of_survey(to: str) -> None:
    given = spec(of=["to"], by="t3", leavers="t1 == 1")
    rows = origin_destination(given, reference_sample())
    row, reference = only(rows, group="", category=to, measure="share"), expected(f"of leavers {to}")
    assert row["value"] == pytest.approx(reference["value"], rel=1e-12)
    assert row["se"] == pytest.approx(reference["se"], rel=1e-10)


def test_where_nobody_left_there_are_totals_only() -> None:
    rows = origin_destination(spec(leavers="weg == 2"), sample_of(moves()))
    assert {(row["category"], row["measure"], row["value"]) for row in rows} == {("", "share_of_all", 0.0)}


def test_a_column_that_is_not_there() -> None:
    with pytest.raises(DataError, match='there is no column "nar"; did you mean "naar"'):
        origin_destination(spec(of=["nar"]), sample_of(moves()))


def test_destinations_of_a_group_add_up_and_so_does_who_left(tmp_path: Path) -> None:
    # of two hidden groups (14) one left; one in A went to Gemeente, what A's other shares leave
    rng = np.random.default_rng(11)
    sector = np.repeat(["A", "B", "C", "Klein", "Mini"], [464, 259, 163, 6, 8])
    went = np.concatenate([
        np.repeat(["Markt", "Rijk", "Zorg", "Gemeente", ""], [32, 47, 17, 1, 367]),
        np.repeat(["Markt", "Rijk", "Zorg", ""], [13, 26, 11, 209]),
        np.repeat(["Markt", "Rijk", "Zorg", ""], [14, 17, 10, 122]),
        np.repeat(["Rijk", ""], [1, 13]),
    ])  # fmt: skip
    frame = pd.DataFrame({"x1": 3, "x2": 3, "x3": 3, "sector": sector, "dest": went})
    frame = frame.sample(frac=1, random_state=rng)
    frame["dest"] = frame["dest"].replace("", None)
    wanted = [{"table": "o", "kind": "origin_destination", "of": ["dest"], "by": "sector"}]
    found = long_table(tmp_path, frame, wanted)
    shown = found[found["status"] == "ok"]
    bases = shown[shown["measure"] == "share"].groupby("group")["n"].first().astype(int)
    left = shown[(shown["measure"] == "share_of_all") & (shown["category"] == "")].set_index("group")
    told = bases.to_dict() | (left["value"] * left["n"].astype(float)).round().astype(int).to_dict()
    hidden = set(sector) - set(told)
    assert told[""] == 189
    assert sum((frame["sector"].isin(hidden)) & frame["dest"].notna()) >= 10
    for group, part in shown[shown["measure"] == "share"].groupby("group"):
        over = told[group] - round(float((part["value"] * part["n"].astype(float)).sum()))
        assert over == 0 or over >= 10, group

"""Shares of ticks: against R's survey, and by hand where the numbers can be counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.describe.samples import expected, only, reference_sample, sample_of
from tests.describe.studies import long_table
from werksem.describe.multi_response import multi_response
from werksem.errors import DataError
from werksem.spec.describe_more import MultiResponse

TICKS = ["t1", "t2", "t3"]
NAN = float("nan")


def spec(**keys: object) -> MultiResponse:
    return MultiResponse.model_validate({"kind": "multi_response", "table": "motieven", "of": TICKS, **keys})


def small() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "t1": [1, 1, 1, 0, 0, NAN, NAN, 1],
            "t2": [1, 0, 0, 1, 1, NAN, 1, 0],
            "t3": [0, 0, 1, 0, 0, NAN, NAN, 0],
            "jong": [1, 1, 1, 1, 0, 1, 0, 0],
        }
    )


@pytest.mark.parametrize("name", TICKS)
def test_shares_of_respondents_and_of_ticks_equal_those_of_survey(name: str) -> None:
    rows = multi_response(spec(responses=True), reference_sample())
    share, reference = only(rows, variable=name, measure="share"), expected(f"respondents {name}")
    assert share["value"] == pytest.approx(reference["value"], rel=1e-12)
    assert share["se"] == pytest.approx(reference["se"], rel=1e-10)
    assert share["ci_lower"] == pytest.approx(reference["lower"], rel=1e-8)
    assert share["ci_upper"] == pytest.approx(reference["upper"], rel=1e-8)
    ticks, reference = only(rows, variable=name, measure="share_of_responses"), expected(f"ticks {name}")
    assert ticks["value"] == pytest.approx(reference["value"], rel=1e-12)
    assert ticks["se"] == pytest.approx(reference["se"], rel=1e-10)


def test_respondents_are_the_base_and_columns_add_to_more_than_one() -> None:
    rows = multi_response(spec(), sample_of(small()))
    shares = {row["variable"]: row for row in rows if row["measure"] == "share"}
    assert [shares[name]["value"] for name in TICKS] == pytest.approx([4 / 7, 4 / 7, 1 / 7])
    assert {row["n"] for row in shares.values()} == {7}  # one answered none of the three
    assert [shares[name]["count"] for name in TICKS] == [4, 4, 1]
    assert [row["value"] for row in rows if row["measure"] == "rank"] == [1, 1, 3]


def test_top_keeps_ties_and_orders_by_rank() -> None:
    sample = sample_of(small().rename(columns={"t1": "t3", "t3": "t1"}))
    rows = multi_response(spec(top=1), sample)
    assert [row["variable"] for row in rows if row["measure"] == "share"] == ["t2", "t3"]


def test_base_and_what_it_is_a_part_of() -> None:
    rows = multi_response(spec(base="t1 == 1", within=["jong == 1"]), sample_of(small()))
    assert only(rows, variable="t2", measure="share")["value"] == pytest.approx(1 / 4)
    base = [row for row in rows if row["variable"] == "t1 == 1"]
    assert [(row["category"], row["value"], row["n"]) for row in base] == [
        ("", pytest.approx(4 / 8), 8),
        ("jong == 1", pytest.approx(3 / 5), 5),
    ]


def test_respondents_left_out_by_a_filter_are_in_no_base() -> None:
    frame = small()
    frame.loc[frame["jong"] == 0] = NAN
    rows = multi_response(spec(base="t1 == 1", within=["jong == 1"]), sample_of(frame))
    assert [row["n"] for row in rows if row["variable"] == "t1 == 1"] == [5, 5]


def test_groups_and_waves_have_rows_of_their_own() -> None:
    frame = small().assign(jaar=[2022] * 4 + [2024] * 4)
    rows = multi_response(spec(by="jong"), sample_of(frame, wave=frame["jaar"]))
    shares = {
        (r["wave"], r["group"]): r["value"] for r in rows if r["variable"] == "t2" and r["measure"] == "share"
    }
    assert shares == {
        ("2022", ""): 0.5, ("2022", "1"): 0.5,
        ("2024", ""): pytest.approx(2 / 3), ("2024", "0"): pytest.approx(2 / 3),
    }  # fmt: skip


def test_a_wave_alone_and_among_others_is_the_same() -> None:
    together = multi_response(spec(), reference_sample(waves=True))
    frame = reference_sample().frame.query("year == 2024").reset_index(drop=True)
    from werksem.describe.ratios import Design

    design = Design(frame["w"].to_numpy(), frame["c"].to_numpy(), frame["h"].to_numpy())
    alone = multi_response(spec(), sample_of(frame, design))
    for one, other in zip(alone, [row for row in together if row["wave"] == "2024"], strict=True):
        for number in ("value", "se", "ci_lower", "ci_upper", "n"):
            np.testing.assert_allclose(one[number], other[number], rtol=1e-12)


def test_more_ticks_than_one_may_give_are_refused() -> None:
    with pytest.raises(DataError, match=r"^2 respondents ticked more than 1 of the 3 columns \(up to 2\)"):
        multi_response(spec(most=1), sample_of(small()))
    assert multi_response(spec(most=2), sample_of(small()))


def test_other_answers_than_0_and_1_are_refused() -> None:
    with pytest.raises(DataError, match="t2 holds 2; columns ticked together hold 0 and 1"):
        multi_response(spec(), sample_of(small().assign(t2=2.0)))


def test_a_condition_that_cannot_be_read_is_an_error_of_the_study() -> None:
    with pytest.raises(ValueError, match="no condition"):
        spec(base="jong + 1")


def test_shares_of_ticks_do_not_tell_the_one_that_few_ticked(tmp_path: Path) -> None:
    # group a: 40, 30 and 4 ticks; the shares of two of 74 ticks, with their counts, tell 74 and so the third
    ticks = {"a": (40, 30, 4), "b": (50, 30, 30)}
    frame = pd.concat([
        pd.DataFrame({f"r{k}": (np.arange(100) < n).astype(int) for k, n in enumerate(counts)}).assign(g=g)
        for g, counts in ticks.items()
    ], ignore_index=True)  # fmt: skip
    model = {"measurement": {"f": {"items": ["r0", "r1"], "scale": [0, 1]}}}
    wanted = [
        {"table": "t", "kind": "multi_response", "of": ["r0", "r1", "r2"], "by": "g", "responses": True}
    ]
    found = long_table(tmp_path, frame, wanted, model=model)
    assert (found.loc[(found["variable"] == "r2") & (found["group"] == "a"), "status"] != "ok").all()
    for group in ticks:
        rows = found[(found["group"] == group) & (found["status"] == "ok")].set_index(["measure", "variable"])
        shares = {
            m: rows.loc[m, "value"] if m in rows.index else pd.Series()
            for m in ("share", "share_of_responses")
        }
        both = shares["share"].index.intersection(shares["share_of_responses"].index)
        left = 1 - shares["share_of_responses"].sum()
        if len(both) and len(shares["share_of_responses"]) == 2:
            total = 100 * shares["share"][both[0]] / shares["share_of_responses"][both[0]]
            assert not 0 < round(total * left) < 10, group

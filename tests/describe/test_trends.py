"""Waves compared: against R's survey, closed forms, and breaks that no slope crosses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.describe.samples import expected, only, reference_sample, sample_of
from werksem.describe.ratios import Design
from werksem.describe.trends import trend
from werksem.errors import DataError
from werksem.spec.describe_more import Trend

VARIABLES = ["y", "high"]


def spec(**keys: object) -> Trend:
    return Trend.model_validate({"kind": "trend", "table": "trend", "of": ["y"], **keys})


def of(name: str) -> dict[str, object]:
    return {"of": [name], "measure": "share" if name == "high" else "mean"}


@pytest.mark.parametrize("name", VARIABLES)
@pytest.mark.parametrize("wave", ["2022-2024", "2019-2024"])
def test_changes_equal_svycontrast(name: str, wave: str) -> None:
    row = only(
        trend(spec(**of(name)), reference_sample(True)), category="change", wave=wave, measure="difference"
    )
    reference = expected(f"{name} {wave}")
    assert (row["value"], row["se"]) == pytest.approx((reference["value"], reference["se"]), rel=1e-9)


@pytest.mark.parametrize("name", VARIABLES)
def test_the_slope_equals_svycontrast(name: str) -> None:
    row = only(trend(spec(**of(name)), reference_sample(True)), category="slope", measure="slope")
    reference = expected(f"{name} slope")
    assert row["wave"] == "2019-2024"
    assert (row["value"], row["se"]) == pytest.approx((reference["value"], reference["se"]), rel=1e-9)
    assert row["n"] == 96  # respondents of the smallest wave


def waves(years: list[int], shares: list[float], n: int = 1000) -> pd.DataFrame:
    """Return waves in which exactly these shares have y = 1."""
    ticks = [np.arange(n) < round(share * n) for share in shares]
    return pd.DataFrame({"jaar": np.repeat(years, n), "y": np.concatenate(ticks).astype(float)})


def rows_of(frame: pd.DataFrame, **keys: object) -> list[dict[str, object]]:
    return trend(spec(measure="share", **keys), sample_of(frame, wave=frame["jaar"]))


def test_estimates_stand_in_the_order_of_the_years() -> None:
    frame = waves([2024, 2016, 2019], [0.6, 0.5, 0.4])
    levels = [row for row in rows_of(frame) if row["category"] == ""]
    assert [(row["wave"], row["value"]) for row in levels] == [("2016", 0.5), ("2019", 0.4), ("2024", 0.6)]
    assert {(row["measure"], row["n"]) for row in levels} == {("share", 1000)}


def test_no_slope_or_change_crosses_a_break() -> None:
    frame = waves([2012, 2014, 2016, 2019, 2022, 2024], [0.5, 0.52, 0.54, 0.7, 0.69, 0.68])
    rows = rows_of(frame, breaks=[2016])
    slopes = {row["wave"]: row["value"] for row in rows if row["measure"] == "slope"}
    assert slopes == {"2012-2016": pytest.approx(0.01), "2019-2024": pytest.approx(-0.00395, abs=5e-5)}
    changes = [row["wave"] for row in rows if row["category"] == "change" and row["measure"] == "difference"]
    assert changes == ["2012-2014", "2014-2016", "2012-2016", "2019-2022", "2022-2024", "2019-2024"]
    flag = only(rows, category="break")
    assert (flag["wave"], flag["value"]) == ("2016-2019", 2016)


def test_without_a_break_there_is_one_slope() -> None:
    rows = rows_of(waves([2016, 2019, 2022], [0.5, 0.7, 0.7]))
    assert [row["wave"] for row in rows if row["measure"] == "slope"] == ["2016-2022"]
    assert not [row for row in rows if row["category"] == "break"]


def test_changes_have_the_error_of_independent_samples() -> None:
    rows = rows_of(waves([2019, 2024], [0.5, 0.52]))
    change = only(rows, category="change", measure="difference")
    assert change["value"] == pytest.approx(0.02)
    assert change["se"] == pytest.approx(np.sqrt((0.5 * 0.5 + 0.52 * 0.48) / 999), rel=1e-9)
    slope = only(rows, category="slope", measure="slope")
    assert slope["value"] == pytest.approx(0.004)
    assert slope["se"] == pytest.approx(change["se"] / 5)


def test_organisations_that_return_do_not_tie_the_waves_together() -> None:
    frame = waves([2019, 2024], [0.5, 0.52])
    clusters, now = np.arange(2000) % 1000 // 20, (frame["jaar"] == 2024).to_numpy()
    returning = sample_of(frame, Design(cluster=clusters), frame["jaar"])
    apart = sample_of(frame, Design(cluster=clusters + 100 * now), frame["jaar"])
    assert trend(spec(measure="share"), returning) == trend(spec(measure="share"), apart)


def test_unchanged_is_said_only_where_shown() -> None:
    words = {"gelijkwaardig", "verschil", "onbeslist"}

    def verdict(now: float, n: int) -> set[object]:
        rows = rows_of(waves([2019, 2024], [0.5, now], n))
        return {row["measure"] for row in rows if row["measure"] in words}

    assert verdict(0.5, 5000) == {"gelijkwaardig"}
    assert verdict(0.51, 5000) == {"gelijkwaardig"}
    assert verdict(0.6, 5000) == {"verschil"}
    assert verdict(0.5, 100) == {"onbeslist"}


def test_published_points_stand_beside_and_change_nothing() -> None:
    frame = waves([2019, 2024], [0.8, 0.85])
    points = {"y": {2003: 0.75, 2016: 0.85}}
    rows = rows_of(frame, breaks=[2016], published=points)
    published = [row for row in rows if row["category"] == "published"]
    assert [(row["wave"], row["value"], row["n"]) for row in published] == [
        ("2003", 0.75, None),
        ("2016", 0.85, None),
    ]
    assert only(rows, category="break")["wave"] == "2016-2019"
    others = [row for row in rows if row["category"] not in ("published", "break")]
    assert others == rows_of(frame)


def test_a_wave_that_did_not_ask_is_no_wave() -> None:
    frame = waves([2019, 2022, 2024], [0.5, 0.6, 0.7])
    frame.loc[frame["jaar"] == 2022, "y"] = np.nan
    rows = rows_of(frame)
    assert [row["wave"] for row in rows if row["category"] == "change" and row["measure"] == "p"] == [
        "2019-2024"
    ]
    assert only(rows, measure="slope")["value"] == pytest.approx(0.04)


def test_groups_have_trends_of_their_own() -> None:
    frame = waves([2019, 2024], [0.5, 0.6])
    frame["g"] = np.where(np.arange(len(frame)) % 2 == 0, "even", "odd")
    sample = sample_of(frame, wave=frame["jaar"])
    rows = trend(spec(measure="share", by="g"), sample)
    assert {row["group"] for row in rows if row["measure"] == "slope"} == {"", "even", "odd"}


def test_a_mark_is_its_mean_on_ten() -> None:
    frame = pd.DataFrame({"jaar": np.repeat([2019, 2024], 50), "y": np.tile([3.0, 4.0, 5.0, 2.0, 1.0], 20)})
    rows = trend(spec(measure="mark"), sample_of(frame, wave=frame["jaar"]))
    assert only(rows, category="", wave="2019")["value"] == pytest.approx(5.5)
    with pytest.raises(DataError, match="marks are made of values of 1-5"):
        trend(spec(measure="mark"), sample_of(frame.assign(y=frame["y"] + 1), wave=frame["jaar"]))


def test_waves_are_needed_and_are_numbers() -> None:
    frame = waves([2019, 2024], [0.5, 0.6])
    with pytest.raises(DataError, match="a trend is over waves, and these data have none"):
        trend(spec(), sample_of(frame))
    with pytest.raises(DataError, match='waves are years or other numbers, found "nu"'):
        trend(spec(), sample_of(frame, wave=frame["jaar"].map({2019: "toen", 2024: "nu"})))
    with pytest.raises(ValueError, match="shares lie between 0 and 1"):
        spec(measure="share", published={"y": {2003: 75}})

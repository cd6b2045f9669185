"""Tables 1 and 2 of Borst & Noordegraaf (2022) from the synthetic wave, which was counted to give them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.describe.samples import only, sample_of
from werksem.describe.destinations import origin_destination
from werksem.describe.multi_response import multi_response
from werksem.spec.describe_more import MultiResponse, OriginDestination

WAVE = Path(__file__).resolve().parents[2] / "data" / "werkonderzoek_2022.parquet"
# % of all, % of leavers; first three destinations with their % (the third of Rijk is a tie)
LEAVERS = {
    "Rijk": (1.7, 28.6, {"Rijk": 87.8, "Gemeenten": 3.4, "ZBO": 2.6, "HBO": 2.6}),
    "ZBO": (0.9, 30.0, {"ZBO": 52.9, "HBO": 14.0, "Gemeenten": 11.1}),
    "Gemeenten": (2.1, 35.2, {"Gemeenten": 73.5, "Rijk": 8.4, "ZBO": 5.0}),
    "GR": (1.5, 23.7, {"GR": 77.0, "Gemeenten": 9.2, "Rijk": 5.0}),
    "Provincies": (1.9, 38.3, {"Provincies": 51.9, "Rijk": 27.6, "Gemeenten": 14.3}),
    "Waterschappen": (1.1, 28.3, {"Waterschappen": 42.6, "Gemeenten": 37.2, "Rijk": 9.8}),
    "Rechterlijke macht": (0.3, 12.5, {"Rechterlijke macht": 100.0}),
}
# % of all, % of those with an intention; same employer, same sector, other public sector, private sector
INTENDING = {
    "Rijk": (5.2, 29.4, (30.3, 59.1, 48.8, 38.2)),
    "ZBO": (4.2, 36.0, (28.0, 30.3, 56.8, 48.1)),
    "Gemeenten": (6.1, 36.8, (21.0, 46.0, 45.6, 33.1)),
    "GR": (5.7, 37.9, (12.3, 25.7, 48.1, 33.4)),
    "Provincies": (4.4, 30.5, (21.8, 20.7, 65.2, 43.5)),
    "Waterschappen": (4.6, 33.9, (31.7, 38.2, 51.8, 44.1)),
    "Rechterlijke macht": (2.5, 37.5, (15.5, 35.4, 45.9, 18.7)),
}


@pytest.fixture(scope="module")
def leavers() -> list[dict[str, object]]:
    given = {
        "kind": "origin_destination", "table": "tabel_1", "of": ["bestemming"], "by": "sector",
        "leavers": "vertrek_cultuur == 1", "within": ["vertrokken == 1"], "top": 3,
    }  # fmt: skip
    return origin_destination(OriginDestination.model_validate(given), sample_of(pd.read_parquet(WAVE)))


@pytest.fixture(scope="module")
def intending() -> list[dict[str, object]]:
    given = {
        "kind": "multi_response", "table": "tabel_2", "of": [f"vi_doel_{j}" for j in (1, 2, 3, 4)],
        "by": "sector", "base": "vi_cultuur == 1", "within": ["vi_telling == 1"],
    }  # fmt: skip
    return multi_response(MultiResponse.model_validate(given), sample_of(pd.read_parquet(WAVE)))


@pytest.mark.parametrize("sector", list(LEAVERS))
def test_who_left_by_culture(leavers: list[dict[str, object]], sector: str) -> None:
    of_all, of_leavers, _ = LEAVERS[sector]
    total = only(leavers, group=sector, category="", measure="share_of_all")
    assert round(100 * total["value"], 1) == of_all
    part = only(leavers, group=sector, category="vertrokken == 1", measure="share")
    assert round(100 * part["value"], 1) == of_leavers


def test_343_of_1141_left_by_culture(leavers: list[dict[str, object]]) -> None:
    part = only(leavers, group="", category="vertrokken == 1")
    assert (part["count"], part["n"]) == (343, 1141)
    assert round(100 * part["value"], 1) == 30.1


@pytest.mark.parametrize("sector", list(LEAVERS))
def test_where_they_went(leavers: list[dict[str, object]], sector: str) -> None:
    """The same first destinations, each within two thirds of a respondent of its (weighted) percentage."""
    shares = {row["category"]: row for row in leavers if row["group"] == sector and row["measure"] == "share"}
    printed = LEAVERS[sector][2]
    assert set(printed) == set(shares) - {""} - {"vertrokken == 1"}
    for place, percentage in printed.items():
        assert 100 * shares[place]["value"] == pytest.approx(percentage, abs=67 / shares[place]["n"] + 0.05)


@pytest.mark.parametrize("sector", list(INTENDING))
def test_where_those_would_go_who_intend_to(intending: list[dict[str, object]], sector: str) -> None:
    of_all, of_intending, targets = INTENDING[sector]
    base = [row for row in intending if row["group"] == sector and row["variable"] == "vi_cultuur == 1"]
    assert [round(100 * row["value"], 1) for row in base] == [of_all, of_intending]
    for number, percentage in enumerate(targets, start=1):
        row = only(intending, group=sector, variable=f"vi_doel_{number}", measure="share")
        assert 100 * row["value"] == pytest.approx(percentage, abs=50 / row["n"] + 0.05)
    assert sum(targets) > 100

"""The shipped tables against what was published: the waves were drawn to resemble it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from werksem.describe.produce import tables
from werksem.describe.rounding import half_up
from werksem.describing.run import read_described
from werksem.spec.load import load_study

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
# De organisatie aan zet (2026): table, variable, category -> %; chapters 2 and 3
PERCENT_2024 = {
    ("tevredenheid", "tev_org", "top2"): 68, ("tevredenheid", "tev_baan", "top2"): 85,
    ("tevredenheid", "tev_leiding", "top2"): 62, ("leiderschap verdeling", "leiderschap", "< 3"): 22,
    ("hr doelen", "hr_org", "top2"): 36, ("hr doelen", "hr_pers", "top2"): 34,
    ("kansen", "kansen", "top2"): 75,
    ("monitoren", "mp_1", "top2"): 18, ("bijdrage", "bijdrage", "top2"): 91,
    ("prestaties", "effi_1", "low"): 37, ("prestaties", "effi_1", "high"): 30,
    ("prestaties", "effi_1", "middle"): 33, ("resultaatgerichtheid", "tev_resultaat", "top2"): 46,
    ("gedogen", "gedogen_1", "top2"): 50, ("deskundigheid", "desk_1", "high"): 85,
    ("deskundigheid", "desk_2", "high"): 81, ("deskundigheid", "desk_3", "high"): 80,
    ("deskundigheid", "ben_1", "high"): 42, ("deskundigheid", "ben_1", "low"): 36,
    ("deskundigheid", "ben_1", "middle"): 22, ("deskundigheid", "ben_2", "high"): 53,
}  # fmt: skip
# figure 3.4, and section 3.2.1: % by sector
RESULTS = {"ZBO": 51, "GR": 51, "Rijk": 46, "Gemeenten": 45, "Waterschappen": 42, "Provincies": 39}
# Borst & Noordegraaf (2022), figure 3: means of maat in the lowest, middle and highest class
MAAT = {"tevredenheid": (3.1, 3.4, 3.8), "trots": (3.0, 3.5, 3.9), "aanbevelen": (3.0, 3.5, 3.8)}


@cache
def shipped(name: str) -> pd.DataFrame:
    study, model = load_study(CONFIGS / f"{name}.yaml")
    study, respondents, _ = read_described(study, model, CONFIGS / f"{name}.yaml")
    assert study.describe is not None
    return tables(study.describe, model, respondents, study.disclosure)


def one(rows: pd.DataFrame, **wanted: str) -> float:
    for column, value in wanted.items():
        rows = rows[rows[column] == value]
    assert len(rows) == 1, wanted
    return float(rows["value"].iloc[0])


@pytest.mark.parametrize("place", list(PERCENT_2024), ids=lambda place: "-".join(place))
def test_published_percentages_of_2024(place: tuple[str, str, str]) -> None:
    table, variable, category = place
    found = one(
        shipped("beschrijvend_2024"),
        table=table,
        variable=variable,
        category=category,
        measure="share",
        group="",
    )
    assert 100 * found == pytest.approx(PERCENT_2024[place], abs=1.5)


def test_marks_and_sectors_of_2024() -> None:
    rows = shipped("beschrijvend_2024")
    for variable, mark in (("veilig", 7.0), ("inclusief", 6.9), ("wendbaar", 5.4)):
        found = one(rows, table="facetten", variable=variable, measure="mark", group="")
        assert half_up(found, 1) == mark
    for variable, mark in (("desk_cijfer", 7.8), ("ben_cijfer", 6.6)):
        assert half_up(one(rows, table="deskundigheid cijfers", variable=variable, group=""), 1) == mark
    for sector, percent in RESULTS.items():
        found = one(rows, table="resultaatgerichtheid", group=sector)
        assert 100 * found == pytest.approx(percent, abs=3), sector


def test_classes_and_attitudes_of_2022() -> None:
    rows = shipped("beschrijvend_cultuur_2022")
    for attitude, published in MAAT.items():
        found = rows.query(f"table == 'cultuur en {attitude}' and variable == 'maat' and measure == 'mean'")
        # published with one decimal, so up to .05 more is rounding
        assert found["value"].tolist()[1:] == pytest.approx(published, abs=0.15)
    assert 100 * one(rows, table="eNPS", category="promoter", group="") == pytest.approx(56.8, abs=1.5)
    present = rows.query("table == 'aanwezigheid' and category == '> 3.5' and status == 'ok'")
    for aspect in ("samenwerking", "missie", "wendbaarheid"):
        assert (present[present["variable"] == aspect]["value"] < 0.5).all()
    by_move = rows.query(
        "table == 'cultuur en vertrekintentie' and variable == 'leren' and measure == 'mean'"
    )
    # not the private sector: its published betas contradict one another, so the wave cannot follow them
    assert by_move["value"].iloc[:3].is_monotonic_decreasing

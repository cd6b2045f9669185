"""Innovation in 2025 and the private sector in 2024 beside public administration: exact, and as drawn."""

from __future__ import annotations

import numpy as np
import pytest

from tests.survey.population_files import STUDIED_2024, population, shipped
from werksem.survey.exact import betas, exact_moments, item_constructs
from werksem.survey.ordinal import cell_probabilities
from werksem.survey.organisations import organisations
from werksem.survey.population import Population

EMPLOYEES = tuple(s.name for s in population("innovatie_2025").sectors if s.name.startswith("Rijk"))
ORGANISATIONS = tuple(s.name for s in population("innovatie_2025").sectors if s.name not in EMPLOYEES)


def share_above_3(source: Population, column: str) -> float:
    """Return the exact share of answers 4 and 5 (of 1 in a column of 0 and 1)."""
    construct = next(c for c in source.constructs if column in [one.name for one in c.columns])
    found = next(one for one in construct.columns if one.name == column)
    j, groups = source.names.index(construct.name), organisations(source)
    centre = groups.share @ groups.mean[:, j]
    sd = np.sqrt(1 - source.icc + groups.share @ (groups.mean[:, j] - centre) ** 2)
    spread = np.sqrt((found.loading * sd) ** 2 + 1 - found.loading**2)
    cells = cell_probabilities((np.array(found.thresholds) - found.loading * centre) / spread)
    high = cells[:2].sum() if found.reversed else cells[-2:].sum()
    return float(cells[-1] if len(cells) == 2 else high)


def test_the_climate_is_rated_higher_by_organisations_than_by_employees() -> None:
    source = population("innovatie_2025")
    for sectors, mean, mark in ((EMPLOYEES, 3.1, 6), (ORGANISATIONS, 3.6, 7)):
        moments = exact_moments(source, sectors=sectors)
        found = moments.mean[moments.names.index("innovatieklimaat")]
        assert found == pytest.approx(mean, abs=0.002)
        assert np.floor(2.25 * found - 1.25 + 0.5) == mark
    wave = shipped("innovatie_2025")
    climate = wave.filter(like="inno_").mean(axis=1)
    assert climate[wave.sector.isin(EMPLOYEES)].mean() == pytest.approx(3.1, abs=0.05)
    assert climate[wave.sector.isin(ORGANISATIONS)].mean() == pytest.approx(3.6, abs=0.05)
    assert wave.sector.isin(ORGANISATIONS).sum() == 345


@pytest.mark.parametrize(
    ("sectors", "share"),
    [
        (("Organisaties Rijk kern",), 0.56),
        (("Organisaties Rijk uitvoering",), 0.92),
        (("Organisaties ZBO",), 0.85),
        (ORGANISATIONS, 0.76),
    ],
)
def test_organisations_with_an_innovation_are_as_published(sectors: tuple[str, ...], share: float) -> None:
    moments = exact_moments(population("innovatie_2025"), sectors=sectors)
    name = "innovatie_geimplementeerd"
    assert moments.mean[moments.names.index(name)] == pytest.approx(share, abs=0.005)
    wave = shipped("innovatie_2025")
    assert wave[name][wave.sector.isin(sectors)].mean() == pytest.approx(share, abs=0.02)
    assert wave[name][wave.sector.isin(EMPLOYEES)].isna().all()


def test_climate_goes_with_performance_and_taking_part_not_with_wellbeing() -> None:
    moments = exact_moments(population("innovatie_2025"), sectors=EMPLOYEES)
    wanted = {
        "output": [0.36, 0.07],
        "efficientie": [0.28, 0.04],
        "responsiviteit": [0.33, 0.06],
        "welzijn": [0.25, 0.0],
    }
    for outcome, values in wanted.items():
        assert betas(moments, outcome, ["innovatieklimaat", "deelname"]) == pytest.approx(values, abs=5e-4)


@pytest.mark.parametrize(
    ("column", "share"),
    [
        ("tev_resultaat", 0.56),
        ("gedogen_1", 0.36),
        ("hr_org", 0.47),
        ("mp_1", 0.30),
        ("eff_1", 0.74),
        ("eff_2", 0.72),
    ],
)
def test_shares_of_the_private_sector(column: str, share: float) -> None:
    assert share_above_3(population("markt_2024"), column) == pytest.approx(share, abs=0.001)
    answers = shipped("markt_2024")[column].dropna()
    assert (answers > 3).mean() == pytest.approx(share, abs=0.01)


def test_red_tape_of_the_private_sector_is_30_percent() -> None:
    scale = shipped("markt_2024").filter(like="regeldruk_").mean(axis=1, skipna=False).dropna()
    assert (scale > 3.5).mean() == pytest.approx(0.30, abs=0.01)


def test_the_private_sector_beside_public_administration() -> None:
    """F-21, F-26, F-27, F-28 and F-56, on the exact means of items (keyed) and scales."""
    private, public = population("markt_2024"), population("werkonderzoek_2024")
    ours = exact_moments(public, sectors=STUDIED_2024)
    theirs = exact_moments(private)
    gap = {n: theirs.mean[i] - ours.mean[ours.names.index(n)] for i, n in enumerate(theirs.names)}
    assert abs(gap["effectiviteit"]) < 0.005
    assert -0.2 < gap["legitimiteit"] < -0.05
    assert gap["efficientie"] > 0.1
    assert gap["managementpraktijken"] > 0.1
    assert gap["tev_resultaat"] > 0.1
    items = [
        exact_moments(p, sectors=s, constructs=item_constructs(p, ["wendbaar"])).mean
        for p, s in ((public, STUDIED_2024), (private, None))
    ]
    assert (items[1] - items[0] > 0.25).all()

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.survey.population_files import STUDIED_2024, WAVES, population
from werksem.errors import DataError
from werksem.survey.exact import betas, exact_moments
from werksem.survey.organisations import covariances, organisations
from werksem.survey.population import Population
from werksem.survey.simulate import simulate

SECTORS = ["Rijk", "ZBO", "Gemeenten", "GR", "Provincies", "Waterschappen", "Rechterlijke macht"]


def scale_means(frame: pd.DataFrame, source: Population, names: list[str]) -> pd.DataFrame:
    def keyed(construct: str) -> pd.DataFrame:
        columns = next(c.columns for c in source.constructs if c.name == construct)
        parts = {c.name: 6 - frame[c.name] if c.reversed else frame[c.name] for c in columns}
        return pd.DataFrame(parts)

    return pd.DataFrame({name: keyed(name).mean(axis=1) for name in names})


def drawn_betas(scores: pd.DataFrame, outcome: str, predictors: list[str]) -> tuple[np.ndarray, np.ndarray]:
    rows = scores[[outcome, *predictors]].dropna()
    z = ((rows - rows.mean()) / rows.std(ddof=0)).to_numpy()
    inverse = np.linalg.inv(z[:, 1:].T @ z[:, 1:])
    beta = inverse @ z[:, 1:].T @ z[:, 0]
    residual = z[:, 0] - z[:, 1:] @ beta
    scores_ = (z[:, 1:] * residual[:, None]) @ inverse
    return beta, np.sqrt((scores_**2).sum(axis=0))


@pytest.mark.parametrize("name", WAVES)
def test_the_same_seed_gives_the_same_rows(name: str) -> None:
    first, again = (simulate(population(name), 500, 9) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(simulate(population(name), 500, 10))


@pytest.mark.parametrize("n", [1, 6, 299, 4001])
def test_n_is_met_and_spread_over_sectors(n: int) -> None:
    source = population("werkonderzoek_2024")
    frame = simulate(source, n, 1)
    assert len(frame) == n
    sizes = frame["sector"].value_counts()
    for sector in source.sectors:
        assert abs(sizes.get(sector.name, 0) - n * sector.n / source.n) < 1


def test_sector_labels_and_their_order() -> None:
    for name in WAVES:
        assert list(simulate(population(name), 2000, 1)["sector"].unique()) == SECTORS


def test_weights_restore_the_workforce() -> None:
    source = population("werkonderzoek_2024")
    frame = simulate(source, 3000, 4)
    assert frame["gewicht"].mean() == pytest.approx(1, abs=1e-5)
    share = frame.groupby("sector")["gewicht"].sum() / len(frame)
    total = sum(sector.workforce for sector in source.sectors)
    for sector in source.sectors:
        assert share[sector.name] == pytest.approx(sector.workforce / total, abs=1e-5)


def test_blanks_where_not_asked_and_elsewhere_three_in_a_thousand() -> None:
    frame = simulate(population("werkonderzoek_2024"), 40_000, 3)
    court = frame["sector"] == "Rechterlijke macht"
    items = [
        c
        for c in frame
        if c.startswith(("veilig", "inclusief", "maatsch", "proced", "wendbaar", "regeldruk"))
    ]
    assert frame.loc[court, items].isna().to_numpy().all()
    last = list(frame.columns).index("domein")  # sets of ticks come after it, with a base of their own
    rest = frame.loc[~court, frame.columns[3 : last + 1]]
    blank = rest.isna().to_numpy().mean(axis=1)
    assert blank.mean() == pytest.approx(0.003, abs=4 * blank.std() / np.sqrt(len(blank)))
    assert (blank > 0).mean() == pytest.approx(0.05, abs=0.005)


def test_the_culture_module_is_asked_of_a_part() -> None:
    source = population("werkonderzoek_2022")
    frame = simulate(source, 40_000, 3)
    asked = frame["leren_1"].notna() | frame["leren_2"].notna() | frame["maat_1"].notna()
    assert asked.mean() == pytest.approx(0.225, abs=4 * np.sqrt(0.225 * 0.775 / 40_000))
    assert frame.loc[~asked, ["samen_1", "missie_1", "incl22_4"]].isna().to_numpy().all()
    assert frame["tevredenheid"].notna().mean() > 0.99


def test_reversed_items_run_the_other_way() -> None:
    frame = simulate(population("werkonderzoek_2024"), 5000, 3)
    assert frame["procedureel_2"].corr(frame["procedureel_1"]) < -0.4
    assert frame["effi_1"].corr(frame["wendbaar_2"]) < -0.1


def test_impossible_requests_are_refused() -> None:
    for n, seed in ((0, 1), (10, -1)):
        with pytest.raises(DataError, match="at least"):
            simulate(population("werkonderzoek_2024"), n, seed)


def test_organisations_deviate_by_exactly_the_stated_amounts() -> None:
    source = population("werkonderzoek_2024")
    groups = organisations(source)
    between = groups.mean - np.array([s.means for s in source.sectors])[groups.sector]
    assert (
        np.abs((between * groups.share[:, None]).T @ between - source.icc * source.correlation).max() < 1e-12
    )
    at = [source.names.index(n) for n in ("tevredenheid_org", "veilig")]
    slopes = groups.slopes[:, at[0], at[1]]
    assert groups.share @ slopes == pytest.approx(0, abs=1e-12)
    assert groups.share @ slopes**2 == pytest.approx(0.06**2)
    sizes = [size for sector in source.sectors for size in sector.sizes]
    assert len(sizes) == 300
    assert 10 <= min(sizes) <= max(sizes) <= 300


def test_paths_between_latents_reproduce_their_correlations() -> None:
    source = population("werkonderzoek_2024_null")
    within = covariances(source, organisations(source).slopes[:1])[0]
    assert np.abs(within - (1 - source.icc) * source.correlation).max() < 1e-12


FACETS = ["veilig", "inclusief", "maatschappelijk", "procedureel", "wendbaar"]


@pytest.mark.parametrize(
    ("name", "outcome", "predictors"),
    [
        ("werkonderzoek_2024", "tevredenheid_org", FACETS),
        ("werkonderzoek_2024", "vertrekintentie", FACETS),
        ("werkonderzoek_2024", "efficientie", ["bevlogenheid", "betrokkenheid", "leiderschap", "wendbaar"]),
        (
            "werkonderzoek_2022",
            "aanbevelen",
            ["samenwerking", "missie", "leren", "maat", "leeftijd"],
        ),
    ],
)
def test_a_draw_of_200000_is_within_four_standard_errors(
    name: str, outcome: str, predictors: list[str]
) -> None:
    source = population(name)
    sectors = STUDIED_2024 if name.endswith("2024") else None
    frame = simulate(source, 200_000, 77)
    frame = frame[frame["sector"].isin(sectors or SECTORS)]
    found, se = drawn_betas(scale_means(frame, source, [outcome, *predictors]), outcome, predictors)
    truth = betas(exact_moments(source, sectors=sectors), outcome, predictors)
    assert (np.abs(found - truth) < 4 * se).all()
    assert se.max() < 0.007  # the test can fail: a beta that is off by .03 would show

"""One known change at a time: its component gets all of it, the others nothing; parts sum to the whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.change.waves_made import Sector, held, wave
from werksem.change.mixture import mixed, own_shares, totals
from werksem.change.table import change_between

BASE, OTHER = Sector(), Sector(a=0.1, b=0.7)
SAME = {"Rijk": (BASE, 300), "GR": (OTHER, 200)}
PARTS = ["mix", "loadings", "variances", "path"]


def changes(
    place: Path, before: dict[str, tuple[Sector, int]], after: dict[str, tuple[Sector, int]]
) -> pd.DataFrame:
    table = change_between(wave(place, "w1", before, 1), wave(place, "w2", after, 2), replicates=0)
    return table.set_index(["engine", "lhs", "rhs", "component"])["est"].unstack("component")


def both(change: Sector, other: Sector) -> dict[str, tuple[Sector, int]]:
    return {"Rijk": (change, 300), "GR": (other, 200)}


CASES = {
    "mix": {"Rijk": (BASE, 100), "GR": (OTHER, 400)},
    "loadings": both(replace(BASE, first_loading=0.1), replace(OTHER, first_loading=0.1)),
    "variances": both(replace(BASE, leid=1.8), replace(OTHER, leid=1.8)),
    "path": both(held(BASE, a=0.2), held(OTHER, a=-0.2)),
}


@pytest.mark.parametrize("changed", CASES)
def test_a_single_change_is_wholly_in_its_component(tmp_path: Path, changed: str) -> None:
    table = changes(tmp_path, SAME, CASES[changed])
    others = [name for name in PARTS if name != changed]
    paths = table.xs("bev", level="lhs")
    assert np.abs(paths[others].to_numpy()).max() < 1e-6
    assert paths[changed].to_numpy() == pytest.approx(paths["difference"].to_numpy(), abs=1e-6)
    moved = paths["difference"].drop("sem") if changed == "loadings" else paths["difference"]
    assert moved.abs().min() > 0.01


def test_errors_of_items_move_betas_of_scale_means_only(tmp_path: Path) -> None:
    noisy = both(replace(BASE, first_error=3.0), replace(OTHER, first_error=3.0))
    table = changes(tmp_path, SAME, noisy)
    assert np.abs(table.loc["sem", [*PARTS, "difference"]].to_numpy()).max() < 1e-6
    assert table.loc["ols", "loadings"].to_numpy() == pytest.approx(
        table.loc["ols", "difference"].to_numpy(), abs=1e-6
    )
    row = change_between(wave(tmp_path, "w1", SAME), wave(tmp_path, "w2", noisy, 2), replicates=0).iloc[0]
    # a correlation is divided by the spread of the scale mean: 2.6 more in the variance of a sum of four
    spread = [sum(1 - 0.1 * j for j in range(4)) ** 2 + 4 * 0.4 + more for more in (0, 2.6)]
    assert row["beta_to"] / row["beta_from"] == pytest.approx(np.sqrt(spread[0] / spread[1]), abs=1e-6)


def test_a_path_that_takes_the_outcomes_spread_along(tmp_path: Path) -> None:
    """With the residual variance kept, beta = b s_x / s_y: each factor's rise times the other's mean."""
    before, after = {"Rijk": (BASE, 400)}, {"Rijk": (replace(BASE, a=0.8), 400)}
    row = changes(tmp_path, before, after).loc[("sem", "bev", "leid")]
    spread = [1 / np.sqrt(a**2 + BASE.bev) for a in (0.5, 0.8)]
    assert row["path"] == pytest.approx(0.3 * np.mean(spread), abs=1e-6)
    assert row["variances"] == pytest.approx(0.65 * (spread[1] - spread[0]), abs=1e-6)
    assert row["mix"] == 0


def test_parts_sum_to_the_whole_and_turn_round(tmp_path: Path) -> None:
    everything = {"Rijk": (Sector(0.3, 0.5, 0.1, 1.5, 0.4, 0.6, 0.7, 0.9), 150), "GR": (OTHER, 350)}
    forth, back = changes(tmp_path, SAME, everything), changes(tmp_path, everything, SAME)
    for table in (forth, back):
        parts = table[[*PARTS, "rest"]].fillna(0).sum(axis=1)
        assert parts.to_numpy() == pytest.approx(table["difference"].to_numpy(), abs=1e-12)
    assert forth[["path", "variances", "mix"]].to_numpy() == pytest.approx(
        -back[["path", "variances", "mix"]].to_numpy(), abs=1e-9
    )


def test_the_composition_is_that_of_the_weights(tmp_path: Path) -> None:
    """Another sample with weights that undo it has the same composition: no change at all."""
    first = wave(tmp_path, "w1", SAME)
    second = wave(tmp_path, "w2", CASES["mix"], 2, weights={"Rijk": 3.0, "GR": 0.5})
    table = change_between(first, second, replicates=0)
    assert table["est"].abs().max() < 1e-6


def test_groups_of_one_wave_only_are_left_out_of_the_other(tmp_path: Path) -> None:
    table = changes(tmp_path, SAME, {"Rijk": (BASE, 300), "GR": (OTHER, 200), "ZBO": (Sector(a=0.9), 500)})
    row = table.loc[("sem", "bev", "leid")]
    assert row[PARTS].sum() == pytest.approx(row["difference"], abs=1e-12)
    # Rijk and GR keep their proportion: what ZBO brings is no change of what both waves have
    assert abs(row["difference"]) > 0.05


def test_mixtures_are_the_moments_of_the_rows(tmp_path: Path) -> None:
    one = wave(tmp_path, "w1", SAME, exact=False)
    rows = pd.read_csv(tmp_path / "w1.csv")
    found = totals(one.source, np.ones((1, 500)))
    share = float((rows["sector"] == "Rijk").mean())
    assert own_shares(found)[0] == pytest.approx([1 - share, share], abs=1e-15)
    mean, flat = mixed(one.source, found, own_shares(found))
    assert mean[0] == pytest.approx(one.moments.mean, abs=1e-12)
    i, j = np.tril_indices(10)
    assert flat[0] == pytest.approx(one.moments.cov[i, j], abs=1e-12)
    rijk = rows.loc[rows["sector"] == "Rijk", one.model.observed].to_numpy()
    alone = mixed(one.source, found, np.array([[0.0, 1.0]]))
    assert alone[0][0] == pytest.approx(rijk.mean(axis=0), abs=1e-12)
    assert alone[1][0] == pytest.approx(np.cov(rijk.T, bias=True)[i, j], abs=1e-12)


def test_intervals_are_of_two_independent_surveys(tmp_path: Path) -> None:
    """The variance of a difference is the sum of the variances of either wave's beta."""
    first, second = (wave(tmp_path, f"w{k}", SAME, k, exact=False) for k in (1, 2))
    table = change_between(first, second, replicates=600)
    row = table[
        (table["component"] == "difference") & (table["engine"] == "ols") & (table["lhs"] == "bev")
    ].iloc[0]
    # a correlation's: (1 - r²)² / n in either wave
    expected = np.sqrt(sum((1 - r**2) ** 2 / 500 for r in (row["beta_from"], row["beta_to"])))
    assert row["se"] == pytest.approx(expected, rel=0.12)
    assert row["replicates"] == 600
    assert row["ci_lower"] < row["est"] < row["ci_upper"]


def test_resamples_without_a_solution_are_left_out_and_counted(tmp_path: Path) -> None:
    """In surveys of 30 some resamples have no admissible solution: no interval is made of those."""
    small = {"Rijk": (BASE, 20), "GR": (OTHER, 12)}
    first, second = (wave(tmp_path, f"w{k}", small, k, exact=False) for k in (1, 2))
    table = change_between(first, second, replicates=300)
    assert table["replicates"].between(200, 300).all()
    assert table[["est", "se", "ci_lower", "ci_upper"]].notna().all(axis=None)


@pytest.mark.slow
def test_intervals_cover_what_changed(tmp_path: Path) -> None:
    """Over 200 pairs of surveys with four changes, intervals of every component hold the population's."""
    before = {"Rijk": (BASE, 500), "GR": (OTHER, 500)}
    after = {"Rijk": (replace(BASE, leid=1.4, a=0.3, first_loading=0.6), 300),
             "GR": (replace(OTHER, leid=1.4, first_loading=0.6), 700)}  # fmt: skip
    truth = change_between(wave(tmp_path, "p1", before), wave(tmp_path, "p2", after, 2), replicates=0)
    inside = np.zeros(len(truth))
    for seed in range(10, 410, 2):
        first = wave(tmp_path, "w1", before, seed, exact=False)
        second = wave(tmp_path, "w2", after, seed + 1, exact=False)
        found = change_between(first, second, replicates=400)
        inside += ((found["ci_lower"] <= truth["est"]) & (truth["est"] <= found["ci_upper"])).to_numpy()
    held_in = truth.assign(share=inside / 200)
    held_in = held_in[
        (held_in["component"] != "rest")
        & ~((held_in["engine"] == "sem") & (held_in["component"] == "loadings"))
    ]
    assert held_in["share"].min() > 0.9, held_in.to_string()
    assert 0.935 < held_in["share"].mean() < 0.985

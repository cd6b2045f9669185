"""Disclosure: attacks that work where the rule is loosened bring back nothing where it holds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from trust.disclosed import controls, folders
from trust.disclosure.attacks import ATTACKS, Attack
from trust.disclosure.calibrations import attacked_calibration, calibration_of
from trust.disclosure.contents import release_of
from trust.disclosure.rare import possible, small_cells, thresholds
from trust.disclosure.resamples import resampled, solved
from trust.disclosure.sentinels import STUDIES, WEIGHT, Marked, marked, marks_in, rows_in, run_marked
from trust.disclosure.weighted import answered, by_shares, by_tables, described, exact_shares, sized, unhidden
from trust.disclosure.worlds import ORDINAL, WEIGHED, WORLDS, World, few_of, folder_of, study_of
from werksem.machine import result_document
from werksem.results import write_table

# tables with the answers of descriptive studies are quick; of the others these two
QUICK = [name for name in STUDIES if name.startswith("beschrijvend")] + ["kern_2024"]


@pytest.fixture(scope="module", params=WORLDS, ids=lambda world: world.name)
def attacked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[World, dict[str, Path]]:
    return request.param, folders(request.param, tmp_path_factory.mktemp("attacked"))


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_nothing_of_a_small_group_can_be_worked_out(
    attacked: tuple[World, dict[str, Path]], attack: Attack
) -> None:
    world, there = attacked
    found = list(attack.run(there["rule"], there["open"], world))
    assert sum(one.tried for one in found) > 0
    assert [one for one in found if one.recovered] == []
    assert controls(attack, there, world) > 0


@pytest.mark.slow
def test_the_rule_is_said_and_a_loosened_one_fails(attacked: tuple[World, dict[str, Path]]) -> None:
    world, there = attacked
    for rule, passes in (("rule", "yes"), ("alone", "no"), ("open", "no")):
        check = pd.read_csv(there[rule] / "output_check.csv", keep_default_na=False)
        assert check.set_index("section").loc["rule", "passes"] == passes
    page = (there["rule"] / "report.html").read_text(encoding="utf-8")
    assert f"no table shows {', '.join(few_of(world))}" in page
    assert '"hidden": []' in (there["open"] / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_calibration_tells_of_a_small_group_only_without_the_rule(tmp_path: Path) -> None:
    under = list(attacked_calibration(calibration_of(tmp_path, "{}")))
    free = {
        one.file for one in attacked_calibration(calibration_of(tmp_path, "{smallest: 1}")) if one.recovered
    }
    assert [one for one in under if one.recovered] == []
    by_size = "calibration.csv, smallest_sector.csv"
    assert free >= {"calibration.csv", "sbc.csv", "sbc_ranks.csv", by_size}
    assert sum(one.tried for one in under) > len(free)
    assert by_size in {one.file for one in under}


def test_a_threshold_tells_a_count_and_is_left_out(tmp_path: Path) -> None:
    free = list(thresholds(folder_of(ORDINAL, tmp_path, "{smallest: 1}")))
    assert sum(one.recovered for one in free) == sum(one.tried for one in free) >= 1
    under = folder_of(ORDINAL, tmp_path, "{}")
    assert sum(one.recovered for one in thresholds(under)) == 0
    table = pd.read_csv(under / "estimates.csv")
    assert (table["op"] == "|").any()  # items without small cells keep theirs
    assert "safe_1" not in set(table.loc[table["op"] == "|", "lhs"])


def test_moments_alone_tell_small_cells_of_few_answers_only() -> None:
    told = {n: small_cells(n, 40) for n in (12, 50)}
    share = {n: found["moments"] / found["cells"] for n, found in told.items()}
    assert share[12] > share[50] > 0
    assert share[50] < 0.05
    for found in told.values():
        assert found["alone"] > found["moments"] > found["rule"] == 0


def test_possible_counts_are_all_there_are() -> None:
    """Against every way to divide seven answers over five places."""
    counts = np.array([1, 0, 2, 3, 1])
    hidden = np.array([True, True, True, True, True])
    sums = [(np.arange(1, 6) ** power * counts).sum() for power in (0, 1, 2)]
    grid = np.stack(np.meshgrid(*[np.arange(8)] * 5, indexing="ij")).reshape(5, -1)
    same = [(np.arange(1, 6)[:, None] ** power * grid).sum(axis=0) == sums[power] for power in (0, 1, 2)]
    ways = grid[:, np.all(same, axis=0)]
    for at in range(5):
        assert set(np.flatnonzero(possible(counts, hidden)[at])) == set(ways[at])


def test_replicates_give_the_answers_back_and_are_held_inside(tmp_path: Path) -> None:
    folder, answers = resampled(tmp_path)
    assert ((solved(folder, tmp_path) - answers).abs() < 1e-3).all(axis=None)
    assert release_of(folder)["bootstrap.parquet"] == "replicates"


def test_hidden_sizes_follow_neither_from_weights_nor_from_clusters(tmp_path: Path) -> None:
    folder = folder_of(WEIGHED, tmp_path, "{}")
    assert not (folder / "design.csv").exists()
    under = dict(sized(pd.read_csv(folder / "sample.csv"), None))
    free = dict(sized(*unhidden(study_of(WEIGHED, tmp_path, "{}"), folder)))
    assert {name: one.recovered for name, one in free.items()} == {"weights": 1, "clusters": 1}
    assert {name: one.recovered for name, one in under.items()} == {"weights": 0, "clusters": 0}


def test_hidden_sizes_and_answers_follow_neither_from_tables_nor_from_shares(tmp_path: Path) -> None:
    """With public weights exact numbers leave one size, those that are written all of them."""
    folder = folder_of(WEIGHED, tmp_path, "{}")
    shown, free = described(tmp_path)
    exact, rounded = (
        exact_shares(study_of(WEIGHED, tmp_path, "{}")),
        pd.read_csv(folder / "distributions.csv"),
    )
    control = dict(answered(free, exact, coarse=False))
    assert {name: one.recovered == one.tried for name, one in control.items()} == {
        "tables": True,
        "shares": True,
    }
    under = dict(answered(shown, rounded, coarse=True))
    assert {name: one.recovered for name, one in under.items()} == {"tables": 0, "shares": 0}
    assert set(by_tables(shown, 0.005)) == set(by_shares(rounded, 0.005)) == set(range(1, 10))
    everyone = shown[shown["group"].isna() & (shown["status"] == "ok")]
    assert len(everyone)
    assert everyone[["se", "ci_lower", "ci_upper"]].isna().all(axis=None)


def test_a_weight_is_seen_wherever_it_is_written(tmp_path: Path) -> None:
    """As tables have it, of ten digits, and as a number that is no text."""
    study = Marked("s", tmp_path / "s.yaml", (f"{WEIGHT}",), 5, describes=False)
    leak = pd.DataFrame({"weight_max": [WEIGHT, 2.0]})
    write_table(leak, tmp_path / "leak.csv")
    leak.to_parquet(tmp_path / "leak.parquet", index=False)
    xr.Dataset({"weight": ("row", leak["weight_max"])}).to_netcdf(tmp_path / "leak.nc", engine="h5netcdf")
    write_table(leak + 1e-6, tmp_path / "none.csv")
    (leak + 1e-6).to_parquet(tmp_path / "none.parquet", index=False)
    found = {one.file for one in marks_in(tmp_path, study) if one.recovered}
    assert found == {"leak.csv", "leak.parquet", "leak.nc"}


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in STUDIES]
)
def test_no_mark_of_a_respondent_is_in_any_file(name: str, tmp_path: Path) -> None:
    study = marked(name, tmp_path)
    folder = run_marked(study, tmp_path)
    assert [one for one in marks_in(folder, study) if one.recovered] == []
    assert [one for one in rows_in(folder, study) if one.recovered] == []
    if not study.describes:
        document = json.dumps(result_document(folder, 0), default=str)
        assert [mark for mark in study.marks if mark in document] == []
    # the scan sees a mark that is there
    (folder / "leak.csv").write_text(f"row\n{study.marks[0]}\n" + "1\n" * (study.rows - 1), encoding="utf-8")
    assert [one.file for one in marks_in(folder, study) if one.recovered] == ["leak.csv"]
    assert [one.file for one in rows_in(folder, study) if one.recovered] == ["leak.csv"]
    (folder / "leak.csv").unlink()

"""``compare`` over waves: what is said of changes, what is written, and what is refused."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from tests.change.waves_made import Sector, held, write
from werksem.errors import DataError, SpecError
from werksem.report.change import print_change
from werksem.run import Request, run_study

BASE, OTHER = Sector(), Sector(a=0.1, b=0.7)


@pytest.fixture(scope="module")
def waves(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    place = tmp_path_factory.mktemp("waves")
    sectors = {
        "golf_2019": {"Rijk": (BASE, 300), "GR": (OTHER, 200)},
        "golf_2022": {"Rijk": (held(BASE, a=0.2), 300), "GR": (held(OTHER, a=-0.2), 200)},
        "golf_2024": {"Rijk": (held(BASE, a=0.2), 100), "GR": (held(OTHER, a=-0.2), 400)},
    }
    folders = []
    for seed, (name, of) in enumerate(sectors.items()):
        folders.append(place / f"r_{name}")
        run_study(Request(write(place, name, of, seed + 1), folders[-1], ("sem",), quiet=True))
    return folders


def said(folders: list[Path], out: Path | None = None, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width)
    print_change(folders, out, console)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_each_wave_stands_beside_the_one_before(waves: list[Path], tmp_path: Path) -> None:
    text = said([waves[2], waves[0], waves[1]], tmp_path / "o")
    assert text.index("golf_2019 → golf_2022") < text.index("golf_2022 → golf_2024")
    for part in (
        "Mix",
        "Meting",
        "Spreiding",
        "Pad",
        "Rest",
        "95%-interval",
        "sector",
        "Elke golf is één moment",
    ):
        assert part in text
    assert "Waardoor β veranderde" in text
    table = pd.read_csv(tmp_path / "o" / "change.csv")
    exact = table[(table["engine"] == "sem") & (table["lhs"] == "bev")].set_index(["from", "component"])
    for wave, cause in (("golf_2019", "path"), ("golf_2022", "mix")):
        assert exact.loc[(wave, cause), "est"] == pytest.approx(
            exact.loc[(wave, "difference"), "est"], abs=1e-6
        )
        assert exact.loc[(wave, cause), "ci_upper"] < 0
    assert (table["replicates"] == 1000).all()
    sums = table[table["component"] != "difference"].groupby(["from", "engine", "lhs", "rhs"])["est"].sum()
    whole = table[table["component"] == "difference"].set_index(["from", "engine", "lhs", "rhs"])["est"]
    assert sums.to_numpy() == pytest.approx(whole.loc[sums.index].to_numpy(), abs=1e-9)


def test_a_csv_file_may_be_named(waves: list[Path], tmp_path: Path) -> None:
    said(waves[:2], tmp_path / "c.csv")
    assert pd.read_csv(tmp_path / "c.csv")["to"].unique().tolist() == ["golf_2022"]


def test_folders_of_the_same_data_are_no_waves(waves: list[Path], tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(waves[0], again)
    assert said([waves[0], again]) == ""
    with pytest.raises(SpecError, match="different data files, one per wave"):
        said([waves[0], again], tmp_path / "c.csv")
    with pytest.raises(SpecError, match="two result folders or more, found one"):
        said([waves[0], waves[0]], tmp_path / "c.csv")


def test_changed_and_lost_data_are_named(waves: list[Path], tmp_path: Path) -> None:
    file = waves[2].parent / "golf_2024.csv"
    before = file.read_text(encoding="utf-8")
    try:
        file.write_text(before.replace("Rijk", "RIJK", 1), encoding="utf-8")
        assert "het gegevensbestand is sindsdien veranderd" in said(waves[1:], width=200)
        with pytest.raises(DataError, match="has changed since: run fit again"):
            said(waves[1:], tmp_path / "c.csv")
        file.unlink()
        assert "het gegevensbestand van de studie is er niet meer" in said(waves[1:], width=200)
    finally:
        file.write_text(before, encoding="utf-8")


def test_no_number_is_cut_off_at_eighty(waves: list[Path]) -> None:
    rows = [line for line in said(waves[:2]).splitlines() if "[" in line and "]" in line]
    assert [line.count(",") for line in rows] == [10, 10, 10, 9, 9, 9]

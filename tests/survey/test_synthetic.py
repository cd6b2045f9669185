from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.survey.population_files import FOLDER, FURTHER, ROOT, WAVES, population, shipped
from werksem.errors import DataError, SpecError
from werksem.spec.yaml import load
from werksem.survey.codebook import codebook_path, read_codebook
from werksem.survey.population import load_population
from werksem.survey.simulate import simulate
from werksem.survey.synthetic import write_synthetic
from werksem.survey.truth import true_betas

NULL = FOLDER / "werkonderzoek_2024_null.yaml"


@pytest.mark.parametrize("name", [*WAVES, *FURTHER])
def test_the_shipped_wave_is_what_its_codebook_says_was_drawn(name: str) -> None:
    codebook = load(ROOT / "data" / f"{name}.codebook.yaml").data
    fresh = simulate(population(name), codebook["n"], codebook["seed"])
    pd.testing.assert_frame_equal(shipped(name), fresh, check_dtype=False)


@pytest.mark.parametrize("name", [*WAVES, *FURTHER])
def test_the_codebook_says_synthetic_in_both_languages_and_names_every_column(name: str) -> None:
    codebook = read_codebook(ROOT / "data" / f"{name}.parquet")
    assert codebook.synthetic is True
    dutch, english = codebook.about.split("\n")
    assert dutch.startswith("Synthetische gegevens")
    assert english.startswith("Synthetic data")
    assert len(codebook.made_from.split("\n")) >= 3
    assert list(codebook.variables) == list(shipped(name).columns)
    for column, variable in codebook.variables.items():
        assert variable.label.nl, column
        assert variable.label.en, column
    for column in (name for name in codebook.variables if name.startswith("tev")):
        labels = codebook.variables[column].values
        assert [label.nl for label in labels.values()][::4] == ["zeer ontevreden", "zeer tevreden"]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("werkonderzoek_2019", 16_000),
        ("werkonderzoek_2022", 20_942),
        ("werkonderzoek_2024", 18_000),
        ("innovatie_2025", 3345),
        ("markt_2024", 3000),
    ],
)
def test_shipped_waves_are_small_files(name: str, rows: int) -> None:
    assert len(shipped(name)) == rows
    assert (ROOT / "data" / f"{name}.parquet").stat().st_size < 1_000_000


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".csv.gz", ".tsv", ".sav"])
def test_files_of_every_kind_hold_the_same_answers(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"draw{suffix}"
    frame = write_synthetic(NULL, out, 60, 3)
    if suffix == ".sav":
        import pyreadstat

        read = pyreadstat.read_sav(str(out))[0]
    else:
        read = pd.read_parquet(out) if suffix == ".parquet" else pd.read_csv(out, sep=None, engine="python")
    assert list(read.columns) == list(frame.columns)
    pd.testing.assert_series_equal(read["veilig_1"], frame["veilig_1"], check_dtype=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([out.name, "draw.codebook.yaml"])
    assert load(codebook_path(out)).data["seed"] == 3


def test_csv_files_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_synthetic(NULL, tmp_path / f"{name}.csv.gz", 50, 3)
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()


def test_other_suffixes_and_absent_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"known are \.parquet"):
        write_synthetic(NULL, tmp_path / "draw.xlsx", 10, 1)
    with pytest.raises(DataError, match="cannot write the file"):
        write_synthetic(NULL, tmp_path / "nowhere" / "draw.csv", 10, 1)
    assert not list(tmp_path.iterdir())


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = (FOLDER / "werkonderzoek_2022.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "population.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\nmissing:", "\nmising: 0\nmissing:", 'unknown key "mising"; did you mean "missing"'),
        ("\nseed: 2022", "", "not a complete population file.*seed"),
        ("loading: 0.9,", "loading: 1.9,", "samen_1: thresholds ascend"),
        ("{leren: {}}", "{lerem: {}}", "trots ~ lerem varies but is no path"),
        ("  - [0.5", "  - [1.5", "not positive definite"),
        (
            "  tevredenheid: [samenwerking",
            "  tevredenheid: [trots, samenwerking",
            "stands before its predictor trots",
        ),
    ],
)
def test_errors_of_population_files_name_the_fault(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        load_population(changed(tmp_path, old, new))


def test_a_population_without_truth_says_so(tmp_path: Path) -> None:
    path = changed(tmp_path, "\ntruth:", "\ntruth: null\nabout2:")
    with pytest.raises(SpecError, match="no true betas"):
        true_betas(path)

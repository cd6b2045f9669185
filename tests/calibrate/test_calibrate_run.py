"""``werksem calibrate`` as a user runs it: the folder, the page, the exit code, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.calibrate.calibrated import answers, study_file
from werksem.calibrate.run import Request, calibrate_study
from werksem.cli import app
from werksem.errors import SpecError

FEW = "calibrate: {surveys: 24, replicates: 59, seed: 3}"
WHOLE = f"ols: {{se: cluster}}\nsem: {{estimator: MLR}}\nbootstrap: {{scheme: cluster}}\n{FEW}"
FILES = {
    "badge.svg", "calibration.csv", "calibration.html", "manifest.json", "power.csv", "study.yaml",
}  # fmt: skip


def made(folder: Path, sections: str, data: str = "", jobs: int = 1) -> tuple[Path, int]:
    """Return the folder of a calibration of the small survey, and its exit code."""
    config = study_file(folder, answers(), sections, data)
    return calibrate_study(Request(config, folder / "out", (), jobs, quiet=True))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("whole"), WHOLE, ", cluster: org", jobs=2)[0]


def test_the_folder_is_whole(whole: Path) -> None:
    assert {path.name for path in whole.iterdir()} == FILES
    manifest = json.loads((whole / "manifest.json").read_text())
    assert (manifest["verb"], manifest["n"], manifest["clusters"]) == ("calibrate", 600, 40)
    assert manifest["calibrate"]["surveys"] == 24
    assert manifest["distance"] < 1e-9


def test_every_kind_of_interval_is_there(whole: Path) -> None:
    table = pd.read_csv(whole / "calibration.csv")
    kinds = {engine: set(part["interval"]) for engine, part in table.groupby("engine")}
    resampled = {"percentile", "basic", "bc", "bca"}
    assert kinds == {
        "ols": {"classical", "HC3", "cluster"},
        "sem": {"standard", "robust", "cluster"},
        "bootstrap": {"monte_carlo"} | resampled | {f"one-step {kind}" for kind in resampled},
    }
    own = set(table.loc[table["own"], ["engine", "interval"]].itertuples(index=False, name=None))
    assert own == {("ols", "cluster"), ("sem", "cluster"), ("bootstrap", "bca")}
    assert (table["surveys"] == 24).all()
    assert (table["failed"] == 0).all()
    assert (table["coverage"] + table["below"] + table["above"]).round(9).eq(1).all()


def test_the_page_says_it_in_words(whole: Path) -> None:
    page = (whole / "calibration.html").read_text(encoding="utf-8")
    for text in (
        "Calibration: small",
        "600",
        "40 organisations as large",
        "95% intervals",
        "OLS, by cluster",
    ):
        assert text in page, text
    assert "<svg" in (whole / "badge.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("sections", [WHOLE], ids=["all engines"])
def test_the_same_bytes_on_one_thread_and_on_two(tmp_path: Path, whole: Path, sections: str) -> None:
    one, _ = made(tmp_path, sections, ", cluster: org", jobs=1)
    for name in ("calibration.csv", "power.csv", "badge.svg"):
        assert (one / name).read_bytes() == (whole / name).read_bytes(), name


def test_an_interrupt_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("werksem.calibrate.run.coverage_table", stopped)
    with pytest.raises(KeyboardInterrupt):
        made(tmp_path, f"ols: {{}}\n{FEW}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "small.yaml"]


def test_a_fit_is_not_replaced(tmp_path: Path) -> None:
    config = study_file(tmp_path, answers(), f"ols: {{}}\n{FEW}")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "estimates.csv").write_text("engine\n")
    with pytest.raises(SpecError, match=r"out has the results of fit, which calibrate would replace: name"):
        calibrate_study(Request(config, tmp_path / "out", quiet=True))


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ("describe: {}", "the study has neither ols, sem nor bootstrap, so no intervals to simulate"),
        ("ols: {}\ncalibrate: {survey: 30}", "survey"),
        ("ols: {}\ncalibrate: {surveys: 3}", "calibrate.surveys"),
    ],
)
def test_refusals_are_sentences(tmp_path: Path, sections: str, said: str) -> None:
    config = study_file(tmp_path, answers(), sections)
    done = CliRunner().invoke(app, ["calibrate", str(config), "--out", str(tmp_path / "out")])
    assert isinstance(done.exception, SpecError)
    assert said in str(done.exception)
    assert not (tmp_path / "out").exists()


def test_json_is_one_document(tmp_path: Path) -> None:
    config = study_file(tmp_path, answers(), f"ols: {{}}\n{FEW}")
    done = CliRunner().invoke(app, ["calibrate", str(config), "--out", str(tmp_path / "out"), "--json"])
    found = json.loads(done.stdout)
    assert found["exit_code"] == done.exit_code
    assert {row["interval"] for row in found["kinds"]} == {"classical", "HC3"}
    assert found["verdict"].startswith("At n = 600 this study")

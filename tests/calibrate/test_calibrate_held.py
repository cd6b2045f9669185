"""One run at a time writes into a place, and what a calibration says on the terminal is whole."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from tests.calibrate.calibrated import answers, study_file
from werksem.calibrate.console import calibration_lines
from werksem.calibrate.run import Request, calibrate_study
from werksem.errors import OutputError
from werksem.kept import held

FEW = "ols: {}\ncalibrate: {surveys: 24, replicates: 39, seed: 3}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    config = study_file(tmp_path, answers(), FEW)
    return calibrate_study(Request(config, tmp_path / "out", quiet=True))[0]


@pytest.mark.parametrize("engines", [("bootstrap",), ()], ids=["fit", "calibrate"])
def test_a_calibration_into_the_place_of_another_run_is_told(
    tmp_path: Path, engines: tuple[str, ...]
) -> None:
    config = study_file(tmp_path, answers(), FEW)
    out = tmp_path / "out"
    said = rf"another run \(process {os.getpid()}\) writes into .*out: wait for it, or use --out"
    with held(out, engines), pytest.raises(OutputError, match=said):
        calibrate_study(Request(config, out, quiet=True))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "small.yaml"]


def test_a_run_into_the_place_of_a_calibration_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While surveys are simulated the place is held, as a fit holds it."""
    config = study_file(tmp_path, answers(), FEW)
    told = []

    def meanwhile(*args: object) -> pd.DataFrame:
        try:
            with held(tmp_path / "out"):
                told.append("")
        except OutputError as error:
            told.append(str(error))
        raise KeyboardInterrupt

    monkeypatch.setattr("werksem.calibrate.run.coverage_table", meanwhile)
    with pytest.raises(KeyboardInterrupt):
        calibrate_study(Request(config, tmp_path / "out", quiet=True))
    (said,) = told
    assert said.startswith(f"another run (process {os.getpid()}) writes into")


def test_the_terminal_says_what_its_numbers_are(folder: Path) -> None:
    lines = calibration_lines(folder)
    at = lines.index("Coverage per kind of interval: mean (lowest to highest path or effect)")
    table = pd.read_csv(folder / "calibration.csv")
    part = table[(table["interval"] == "classical") & (table["quantity"] == "std")]["coverage"]
    low, high = (f"{100 * share:.1f}%" for share in (part.min(), part.max()))
    mean, span = f"{100 * part.mean():.1f}%", "" if low == high else f"  ({low} to {high})"
    assert lines[at + 1] == f"  OLS, classical standard error  {mean:>6}{span}  ← this study's"


def test_the_terminal_says_where_no_survey_gave_an_interval(folder: Path) -> None:
    table = pd.read_csv(folder / "calibration.csv")
    gone = ["coverage", "coverage_lower", "coverage_upper", "below", "above", "bias", "bias_mcse"]
    table.loc[table["interval"] == "HC3", gone] = float("nan")
    table.to_csv(folder / "calibration.csv", index=False)
    lines = calibration_lines(folder)
    assert any(line.strip() == "OLS, HC3                       no survey gave an interval" for line in lines)
    assert not any("[" in line for line in lines)


def test_the_terminal_says_which_share_of_surveys_failed(folder: Path) -> None:
    table = pd.read_csv(folder / "calibration.csv")
    off = table["own"] & table["op"].isin(["~", ":="])
    table.loc[off, "verdict"] = "not in order"
    table.loc[off, "failed"] = table["surveys"] // 2
    table.to_csv(folder / "calibration.csv", index=False)
    said = [line for line in calibration_lines(folder) if line.endswith("too often no solution (50.0%)")]
    assert len(said) == min(int(off.sum()), 10), calibration_lines(folder)

"""A calibration keeps the study's rule on few respondents, as ``fit`` does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.calibrate.calibrated import answers, study_file
from werksem.calibrate.posterior_method import run_of_rows
from werksem.calibrate.run import Request, calibrate_study
from werksem.calibrate.sbc import RANKS
from werksem.calibrate.sbc_table import KEPT
from werksem.calibrate.smallest_table import SECTOR, Errors, smallest_table
from werksem.calibrate.surveys import Run
from werksem.errors import DataError
from werksem.release.rules import COLUMNS
from werksem.run import Request as FitRequest
from werksem.run import run_study

SIZES = {"Rijk": 400, "Gemeenten": 150, "Waterschap": 43, "Eiland": 7}
SHOWN = ["Rijk", "Gemeenten"]
SURVEYS = 20
FEW = f"calibrate: {{surveys: {SURVEYS}, replicates: 39, posteriors: {SURVEYS}, seed: 3}}\n"
POOLED = f"ols: {{}}\nbayes: {{vary: [paths]}}\n{FEW}"


def people() -> pd.DataFrame:
    """Respondents of four sectors, of which the smallest has seven."""
    return answers().assign(kind=np.repeat(list(SIZES), list(SIZES.values())))


def _ranks() -> pd.DataFrame:
    numbers = np.random.default_rng(6)
    rows = [
        (s, "y~x", group, numbers.integers(0, KEPT + 1), 0.0, 0.9, 1.0, 800.0, 0)
        for s in range(SURVEYS) for group in ("all", *SIZES)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(RANKS))


def _sectors() -> pd.DataFrame:
    sizes = {**SIZES, "Eiland": 12}  # answered or not, a hidden group has no row
    numbers = np.random.default_rng(2)
    return smallest_table([
        Errors(s, "y", "x", group, n, numbers.normal(0, 2 / n**0.5), 0.05, 1.0, True, True)
        for s in range(SURVEYS) for group, n in (*sizes.items(), (SECTOR, 100), (SECTOR, 500))
    ], "posterior")  # fmt: skip


def _intervals(runs: Sequence[Run]) -> Run:
    rows = [
        {
            "survey": s, "engine": "bayes", "group": group, "lhs": "y", "op": "~", "rhs": "x", "est": 0.4,
            "se": 0.05, "ci_lower": 0.3, "ci_upper": 0.5, "level": 0.95, "std": 0.3, "std_se": 0.04,
            "std_ci_lower": 0.2, "std_ci_upper": 0.4, "status": "ok",
        }
        for s in range(SURVEYS) for group in ("all", *SIZES)
    ]  # fmt: skip
    truth = pd.Series({("y", "~", "x", "b"): 0.4, ("y", "~", "x", "std"): 0.3})
    assert len(runs) == 1
    return run_of_rows(pd.DataFrame(rows), truth)


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put tables with a row per group in the place of hours of posteriors."""
    for place, found in (
        ("sbc_run.ready_posterior", lambda *_: SimpleNamespace(left=())),
        ("sbc.ranked", lambda *_, **__: _ranks()),
        ("smallest.smallest_sector", lambda *_, **__: _sectors()),
        ("posterior.posterior_run", lambda _ready, _plan, runs, *_, **__: _intervals(runs)),
    ):
        monkeypatch.setattr(f"werksem.calibrate.{place}", found)


def calibrated(place: Path, frame: pd.DataFrame, sections: str, data: str) -> Path:
    return calibrate_study(Request(study_file(place, frame, sections, data), place / "out", (), 1, True))[0]


def test_no_file_of_a_calibration_has_a_hidden_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    folder = calibrated(tmp_path, people(), POOLED, ", group: kind")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    hidden = {"smallest": 10, "complementary": True, "hidden": ["Eiland", "Waterschap"]}
    assert manifest.pop("disclosure") == hidden
    said = [note for note in manifest.pop("notes") if "hidden in every table: Eiland, Waterschap;" in note]
    assert len(said) == 1
    assert "Eiland" not in json.dumps(manifest)
    for name in ("calibration", "sbc", "sbc_ranks", "smallest_sector"):
        groups = pd.read_csv(folder / f"{name}.csv")["group"].unique()
        assert [group for group in groups if group in SIZES] == SHOWN, name
    page = (folder / "calibration.html").read_text(encoding="utf-8")
    assert page.count("Eiland") == page.count("no table shows Eiland, Waterschap") == 1
    for path in folder.iterdir():
        if path.name not in ("manifest.json", "calibration.html"):
            text = path.read_text(encoding="utf-8")
            assert not [group for group in ("Eiland", "Waterschap") if group in text], path.name


def test_numbers_of_all_ranks_are_those_of_the_rows_that_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row of every quantity has the smallest p-value times how many rows there are."""
    quick(monkeypatch)
    folder = calibrated(tmp_path, people(), POOLED, ", group: kind")
    sbc = pd.read_csv(folder / "sbc.csv")
    assert sbc["ecdf_pvalue"][0] == pytest.approx(min(1.0, sbc["ecdf_pvalue"][1:].min() * (len(sbc) - 1)))
    assert len(sbc) == 1 + 1 + len(SHOWN)


def test_the_folder_has_the_output_check_of_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    folder = calibrated(tmp_path, people(), POOLED, ", group: kind")
    check = pd.read_csv(folder / "output_check.csv", keep_default_na=False)
    assert list(check.columns) == list(COLUMNS)
    rule = check.set_index("section").loc["rule"]
    assert (rule["smallest"], rule["hidden"], rule["hidden_also"], rule["passes"]) == ("10", "1", "1", "yes")
    groups = check[check["section"] == "group"]
    assert dict(zip(groups["name"], groups["n"], strict=True)) == {
        "all": "600", "Rijk": "400", "Gemeenten": "150"
    }  # fmt: skip
    model = check[check["section"] == "model"].set_index("name")
    fit, _ = run_study(FitRequest(tmp_path / "small.yaml", tmp_path / "fit", ("ols",), quiet=True))
    of_fit = pd.read_csv(fit / "output_check.csv", keep_default_na=False).query("section == 'model'")
    same = ["OLS: y", "n"], ["OLS: y", "df"]
    assert [model.loc[*at] for at in same] == [of_fit.set_index("name").loc[*at] for at in same]
    assert (model.loc["bayes", "group"], model.loc["bayes", "n"]) == ("Gemeenten", "150")
    cells = check[check["section"] == "cells"].set_index("name")
    assert cells.loc["smallest_sector.csv", ["group", "smallest"]].tolist() == ["Gemeenten", "150"]
    files = check[check["section"] == "file"].set_index("name")["passes"]
    assert set(files.index) == {path.name for path in folder.iterdir()}
    assert set(files[files == "no"].index) == {"output_check.csv", "output_check.html"}


def test_a_loosened_rule_shows_every_group_and_fails_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)
    sections = f"{POOLED}disclosure: {{smallest: 1}}\n"
    folder = calibrated(tmp_path, people(), sections, ", group: kind")
    assert set(SIZES) <= set(pd.read_csv(folder / "sbc.csv")["group"])
    rule = pd.read_csv(folder / "output_check.csv").set_index("section").loc["rule"]
    assert (rule["failed"], rule["passes"]) == ("units;loosened", "no")
    page = (folder / "calibration.html").read_text(encoding="utf-8")
    assert "this study loosened the rule (smallest: 1)" in page


def test_truth_that_tells_a_rare_answer_asks_for_a_decision(tmp_path: Path) -> None:
    """The truth is the study's fit: raw over standardised, times the outcome's SD, is that of a yes/no."""
    rare = answers()
    rare["z"] = (np.arange(len(rare)) % 86 == 0).astype(float)
    folder = calibrated(tmp_path, rare, f"ols: {{}}\n{FEW}", "")
    truth = pd.read_csv(folder / "calibration.csv").query("rhs == 'z'").groupby("quantity")["truth"].first()
    y = rare[["y1", "y2", "y3"]].mean(axis=1)
    p = rare["z"].mean()
    assert rare["z"].sum() == 7
    told = y.std() * truth["std"] / truth["b"]
    assert told == pytest.approx(np.sqrt(p * (1 - p)), rel=0.05)
    check = pd.read_csv(folder / "output_check.csv").query("failed == 'rare'")
    assert set(check["name"]) == {"calibration.csv"}
    assert check.loc[check["section"] == "cells", "group"].item() == "z"


@pytest.mark.parametrize(
    ("rows", "sections", "said"),
    [
        (9, "ols: {}", r"this study has fewer than 10 respondents \(disclosure.smallest\)"),
        (600, "sem: {multigroup: true}", r"'Eiland' has fewer than 10 respondents \(disclosure.smallest\)"),
    ],
)
def test_what_fit_refuses_calibrate_refuses_alike(
    tmp_path: Path, rows: int, sections: str, said: str
) -> None:
    frame, data = (_fittable(), ", group: kind") if rows == 600 else (people().dropna().head(rows), "")
    config = study_file(tmp_path, frame, sections, data)
    with pytest.raises(DataError, match=said):
        run_study(FitRequest(config, tmp_path / "fit", quiet=True))
    with pytest.raises(DataError, match=said):
        calibrate_study(Request(config, tmp_path / "out", (f"calibrate.surveys={SURVEYS}",), quiet=True))
    assert not (tmp_path / "out").exists()


def _fittable() -> pd.DataFrame:
    """Return respondents of whom nobody left anything open, nine in the smallest group."""
    frame = answers(700).dropna().head(600).reset_index(drop=True)
    return frame.assign(kind=np.where(np.arange(len(frame)) < 9, "Eiland", "Rijk"))

"""One replicate again: the bytes of the run, and rows whose own fit is that replicate."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.bootstrap_runs import DESIGNS, ITEMS, run, werksem, write_data, write_study
from werksem.errors import DataError, SpecError
from werksem.estimators.ml import fit_ml
from werksem.model import build_model
from werksem.moments import moments
from werksem.replay import replay, rows_folder
from werksem.spec.load import load_study

REPLICATES, NUMBER = 200, 171


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("replay")
    write_data(folder)
    return folder


def result(place: Path, design: str) -> Path:
    """Return a finished result of a design, made once."""
    out = place / design
    if not out.exists():
        run(write_study(place, design, f"replicates: {REPLICATES}"), out)
    return out


@pytest.mark.parametrize("design", DESIGNS)
def test_a_replicate_is_the_same_to_the_byte(place: Path, design: str) -> None:
    out = result(place, design)
    number = 33 if design == "replicate_weights" else NUMBER
    before = (out / "bootstrap.parquet").read_bytes()
    done = replay(out, number)
    assert done.off is None
    assert done.remarks == ()
    stored = pd.read_parquet(out / "bootstrap.parquet").iloc[number]
    estimates = pd.read_csv(out / f"replicate_{number}_estimates.csv").set_index("quantity")
    assert np.allclose(stored[estimates.index].astype(float), estimates["replicate"], rtol=1e-9)
    assert np.allclose(estimates["replicate"] - estimates["estimate"], estimates["difference"], atol=1e-8)
    sample = pd.read_csv(out / "estimates.csv")
    effects = sample[sample.op == ":="].groupby("lhs").est.first()
    assert np.allclose(effects[effects.index.isin(estimates.index)], estimates.loc[
        effects.index[effects.index.isin(estimates.index)], "estimate"])  # fmt: skip
    assert (rows_folder(out) / f"replicate_{number}.csv").exists() == (design != "parametric")
    assert (out / "bootstrap.parquet").read_bytes() == before


@pytest.mark.parametrize("design", ["cases", "whole_numbers", "weights", "strata", "cluster", "rao_wu", "fpc",
                                    "replicate_weights"])  # fmt: skip
def test_its_rows_give_its_estimates(place: Path, design: str) -> None:
    """An ML fit of the rows drawn, each counted as often as the file says, is the replicate."""
    out = result(place, design)
    number = 33 if design == "replicate_weights" else NUMBER
    done = replay(out, number)
    _, spec = load_study(out / "study.yaml")
    data = pd.read_csv(place / ("rounded.csv" if design == "whole_numbers" else "whole.csv"))
    rows = pd.read_csv(rows_folder(out) / f"replicate_{number}.csv")
    times = rows["times"].to_numpy(dtype=float)
    if design == "weights":
        times = times * data["weight"].to_numpy()[rows["row"]]
    model = build_model(spec)
    answers = data[list(model.observed)].to_numpy(dtype=float)[rows["row"]]
    assert model.observed == ITEMS
    fit = fit_ml(model, [moments(answers, model.observed, weights=times)])
    found = pd.read_csv(out / f"replicate_{number}_estimates.csv").set_index("quantity")["replicate"]
    assert np.allclose(found[list(model.parameters)], fit.theta, atol=2e-5, rtol=2e-5)
    if design == "cluster":
        assert rows.groupby(data["team"].to_numpy()[rows["row"]])["times"].nunique().max() == 1
        assert re.fullmatch(rf"40 clusters drawn, \d+ distinct, {len(rows)} rows", done.drawn)
    if design == "cases":
        assert times.sum() == 301
        assert done.drawn == f"301 respondents drawn, {len(rows)} distinct"


def test_the_command_fits_a_screen(place: Path) -> None:
    out = result(place, "cases")
    done = werksem("replay", out, NUMBER)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0] == f"replicate {NUMBER} (the row of bootstrap.parquet, counted from 0)"
    assert lines[1] == "same bytes as in bootstrap.parquet"
    assert any(line.startswith("speed~visual ") for line in lines)
    assert any(line.startswith("visual -> textual -> speed ") for line in lines)
    assert "parametric resample has no rows" in werksem("replay", result(place, "parametric"), 0).stdout
    said = werksem("replay", out, REPLICATES)
    assert said.returncode == 2
    assert said.stderr == f"werksem: there is no replicate 200: {out} has replicates 0 to 199\n"


def test_another_replicate_than_the_stored_one_is_said(place: Path) -> None:
    out = shutil.copytree(result(place, "cases"), place / "touched")
    table = pd.read_parquet(out / "bootstrap.parquet")
    table.loc[NUMBER, "speed~visual"] += 1e-3
    table.to_parquet(out / "bootstrap.parquet", index=False)
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["replicates"]["fingerprint"], manifest["werksem"] = "0", "0.0.9"
    (out / "manifest.json").write_text(json.dumps(manifest))
    done = werksem("replay", out, NUMBER)
    assert done.returncode == 1
    assert "NOT the same as in bootstrap.parquet: 1.0e-03 off" in done.stdout
    assert "the replicates of this folder were made by werksem 0.0.9" in done.stdout


def test_folders_without_this_replicate_are_refused(place: Path, tmp_path: Path) -> None:
    out = result(place, "cases")
    with pytest.raises(SpecError, match="there is no such folder"):
        replay(tmp_path / "nothing", 0)
    with pytest.raises(SpecError, match="is not a werksem result folder"):
        replay(tmp_path, 0)
    with pytest.raises(SpecError, match="has replicates 0 to 199"):
        replay(out, -1)
    bare = shutil.copytree(out, place / "bare")
    (bare / "bootstrap.parquet").write_bytes(b"")
    with pytest.raises(DataError, match="is damaged"):
        replay(bare, 0)
    (bare / "bootstrap.parquet").unlink()
    with pytest.raises(SpecError, match="ran without a bootstrap"):
        replay(bare, 0)


def test_other_data_are_refused(place: Path, tmp_path: Path) -> None:
    shutil.copy(place / "whole.csv", tmp_path)
    config = write_study(tmp_path, "cases", "replicates: 20")
    run(config, tmp_path / "out")
    data = pd.read_csv(tmp_path / "whole.csv")
    data.assign(x1=data["x1"] + 1).to_csv(tmp_path / "whole.csv", index=False)
    with pytest.raises(DataError, match=r"these are not the data that .*out was made from"):
        replay(tmp_path / "out", 3)
    (tmp_path / "whole.csv").unlink()
    with pytest.raises(DataError, match="are not there"):
        replay(tmp_path / "out", 3)

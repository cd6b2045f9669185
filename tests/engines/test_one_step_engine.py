"""The one-step engine from study file to result folder, and its intervals beside those of full refits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cases import data_of, shared_csv, spec_of
from tests.fiml_cases import blanked
from tests.one_step_cases import MEANS, Case, fitted_sem, numbers, sem_data_of
from tests.one_step_cases import blanked as blanked_case
from tests.ordinal_cases import BFI, ITEMS, THREE, cut
from werksem.engines import bootstrap_checks, one_step
from werksem.engines.bootstrap import run_bootstrap
from werksem.engines.influence_of import respondents_of
from werksem.engines.refits import refit
from werksem.engines.result import EngineResult
from werksem.intervals import INTERVALS
from werksem.resampling.draws import Resampling, multipliers
from werksem.resampling.units import unit_places
from werksem.spec.study import Bootstrap, Sem

STUDY = """
study: tiny
language: en
model:
  model: tiny
  measurement: {visual: {items: [x1, x2, x3]}, textual: {items: [x4, x5, x6]}, speed: {items: [x7, x8, x9]}}
  structural: {textual: [visual], speed: [visual, textual]}
  effects: {enumerate: {from: [visual], to: [speed]}}
"""
DESIGNS = {
    "fiml": "data: {file: blanks.csv, missing: fiml, cluster: team}\nsem: {}\n",
    "fiml_groups": "data: {file: blanks.csv, missing: fiml, group: school}\nsem: {multigroup: true}\n",
    "wlsmv": "data: {file: ordered.csv, ordered: all, strata: school}\nsem: {estimator: WLSMV}\n",
    "uls": "data: {file: whole.csv, weights: weight}\nsem: {estimator: ULS}\n",
    "wishart": "data: {file: whole.csv}\nsem: {likelihood: wishart}\n",
}


def fit(place: Path, name: str, jobs: int) -> Path:
    scheme = {"fiml": "cluster", "wlsmv": "strata"}.get(name, "cases")
    settings = f"bootstrap: {{replicates: 300, scheme: {scheme}}}\n"
    (place / f"{name}.yaml").write_text(STUDY + DESIGNS[name] + settings)
    out = place / f"{name}-{jobs}"
    command = ["fit", str(place / f"{name}.yaml"), "--out", str(out), "--jobs", str(jobs)]
    done = subprocess.run(
        [sys.executable, "-m", "werksem", *command], capture_output=True, text=True, check=False,
        env={**os.environ, "COLUMNS": "100", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert "one-step" in done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("one_step")
    whole = data_of("holzinger_full").assign(team=np.arange(301) % 40, weight=1 + (np.arange(301) % 5) / 2)
    whole.to_csv(folder / "whole.csv", index=False)
    blanked(whole, tuple(ITEMS)).to_csv(folder / "blanks.csv", index=False)
    whole.assign(**cut(whole[ITEMS].astype(float), THREE)).to_csv(folder / "ordered.csv", index=False)
    return folder


@pytest.mark.parametrize("name", DESIGNS)
def test_studies_bootstrap_by_one_step_and_say_so(place: Path, name: str) -> None:
    out = fit(place, name, 1)
    table = pd.read_csv(out / "estimates.csv")
    boot = table[table.engine == "bootstrap"]
    assert set(boot.method) == {"one-step bca"}
    paths = boot[boot.op == "~"]
    assert (paths.ci_lower < paths.est).all()
    assert (paths.est < paths.ci_upper).all()
    assert {"one_step_distance", "one_step_refits"} <= set(pd.read_csv(out / "diagnostics.csv").measure)
    replicates = pd.read_parquet(out / "bootstrap.parquet")
    assert len(replicates) == 300
    assert "status" in replicates
    assert "One-step bootstrap" in (out / "report.html").read_text()
    assert any("one-step" in note for note in json.loads((out / "manifest.json").read_text())["warnings"])


@pytest.mark.parametrize("name", ["fiml", "wlsmv"])
def test_equal_bytes_on_any_number_of_workers(place: Path, name: str) -> None:
    one, three = fit(place, name, 1), fit(place, name, 3)
    for file in ("estimates.csv", "bootstrap.parquet", "diagnostics.csv"):
        assert (one / file).read_bytes() == (three / file).read_bytes()


def test_standard_errors_are_near_the_sandwich() -> None:
    """One-step replicates have the sandwich's spread but for 2,000 draws' noise (1.6 % at one SD)."""
    settings = Sem(estimator="MLR", information="observed")
    study = replace(blanked_case("holzinger"), settings=settings)
    data = sem_data_of(study)
    sem = fitted_sem(study, data)
    found = run_bootstrap(sem, data, settings, Bootstrap(replicates=2000), quiet=True)
    se = np.sqrt(np.diag(sem.vcov))
    ratio = found.replicates[list(sem.model.parameters)].to_numpy(dtype=float).std(axis=0, ddof=1) / se
    assert np.abs(ratio - 1).max() < 0.07


def test_far_replicates_are_warned_about(monkeypatch: pytest.MonkeyPatch) -> None:
    study = numbers("fiml_constrained")
    data = sem_data_of(study)
    sem = fitted_sem(study, data)
    wanted = Bootstrap(replicates=130)

    def said() -> EngineResult:
        return run_bootstrap(sem, data, study.settings, wanted, quiet=True).tables

    monkeypatch.setattr(bootstrap_checks, "FAR", 1e-6)
    far = said()
    assert any("rough intervals" in text for text in far.warnings)
    assert not far.diagnostics.set_index("measure").loc["one_step_distance", "ok"]
    monkeypatch.setattr(bootstrap_checks, "FAR", 100.0)
    assert not any("rough intervals" in text for text in said().warnings)
    monkeypatch.setattr(one_step, "refit", lambda *_: None)
    none = said()
    assert any("20 of 20 full refits have no solution" in text for text in none.warnings)
    assert not none.diagnostics.set_index("measure").loc["one_step_distance", "ok"]


def test_constraints_hold_in_every_replicate_to_first_order() -> None:
    names = ("x1", "x2", "x3", "y1", "y2", "y3")
    text = "ind =~ x1 + a*x2 + b*x3\ndem =~ y1 + c*y2 + d*y3\ndem ~ ind\na == b\nc + d == 2.2"
    rows = data_of("democracy")[list(names)].to_numpy(dtype=float)
    linear = replace(numbers("democracy"), spec=spec_of(text), names=names, rows=(rows,))
    data = sem_data_of(linear)
    sem = fitted_sem(linear, data)
    found = run_bootstrap(sem, data, linear.settings, Bootstrap(replicates=140), quiet=True).replicates
    assert np.allclose(found["a"], found["b"], atol=1e-10)
    assert np.allclose(found["c"] + found["d"], 2.2, atol=1e-10)
    assert found["a"].std() > 0


def bfi(*, ordered: bool) -> Case:
    """Return 2,000 respondents of the Big Five items, with their own blanks or complete and ordered."""
    spec = spec_of("A =~ A1+A2+A3+A4+A5\nC =~ C1+C2+C3+C4+C5\nN =~ N1+N2+N3+N4+N5\nN ~ A + C")
    rows = shared_csv("bfi", "bfi.csv")[BFI].head(2000).to_numpy(dtype=float)
    settings = Sem(estimator="WLSMV") if ordered else Sem()
    kept = rows[np.isfinite(rows).all(axis=1)] if ordered else rows
    return Case(spec, settings, MEANS, ("all",), tuple(BFI), (), (kept,), None,
                tuple(BFI) if ordered else (), not ordered)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("ordered", [False, True], ids=["fiml", "wlsmv"])
def test_interval_ends_are_near_those_of_full_refits(ordered: bool) -> None:
    """1,000 refits of the same resamples by the estimator itself; ends in SDs of the refits."""
    study = bfi(ordered=ordered)
    data = sem_data_of(study)
    sem = fitted_sem(study, data)
    found = run_bootstrap(sem, data, study.settings, Bootstrap(replicates=1000), quiet=True)
    people = respondents_of(data)
    draws = Resampling("counts", 2024, (unit_places(people[0]),))
    full = []
    for first in range(0, 1000, 128):
        drawn = multipliers(draws, 0, first, min(128, 1000 - first))
        counts = drawn[: 1000 - first, : len(people[0].rows)]
        full += [refit(sem, data, study.settings, people, [row.astype(int)]) for row in counts]
    solved = np.array([theta is not None for theta in full])
    assert solved.mean() > 0.99
    theirs = np.array([theta for theta in full if theta is not None])
    ours = found.replicates[list(sem.model.parameters)].to_numpy(dtype=float)[solved]
    sd = theirs.std(axis=0)
    moving = sd > 1e-12
    none = np.zeros(int(moving.sum()))
    ends = [
        np.array(INTERVALS["percentile"](part[:, moving], sem.fit.theta[moving], 0.95, none))
        for part in (theirs, ours)
    ]
    error = np.abs(ends[0] - ends[1]) / sd[moving]
    print("median", np.median(error), "mean", error.mean(), "max", error.max())
    assert np.median(error) < 0.08
    assert error.max() < 0.4
    assert np.abs(ours.std(axis=0)[moving] / sd[moving] - 1).max() < 0.05


def test_without_an_estimate_there_is_nothing_to_linearise() -> None:
    study = blanked_case("holzinger")
    data = sem_data_of(study)
    sem = fitted_sem(study, data)
    lost = replace(sem, fit=replace(sem.fit, status="not_converged"))
    found = run_bootstrap(lost, data, study.settings, Bootstrap(replicates=10), quiet=True)
    assert set(found.tables.estimates.status) == {"not_converged"}
    assert found.tables.estimates.ci_lower.isna().all()
    assert "nothing to resample around" in found.tables.warnings[0]
    assert found.replicates is None

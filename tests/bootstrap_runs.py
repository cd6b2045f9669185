"""Small studies whose bootstrap is stopped, resumed, extended, replayed and spread over workers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from tests.cases import data_of
from tests.fiml_cases import blanked
from werksem.engines.bootstrap_job import Prepared, prepare
from werksem.engines.sem import fit_sem
from werksem.inputs import read_inputs
from werksem.run import Request, run_study
from werksem.sem_data import sem_data, sem_options
from werksem.spec.load import load_study
from werksem.spec.study import Sem

ITEMS = tuple(f"x{k}" for k in range(1, 10))
MODEL = """
study: tiny
language: en
report: {formats: []}
model:
  model: tiny
  measurement: {visual: {items: [x1, x2, x3]}, textual: {items: [x4, x5, x6]}, speed: {items: [x7, x8, x9]}}
  structural: {textual: [visual], speed: [visual, textual]}
  effects: {enumerate: {from: [visual], to: [speed]}}
"""
# what is drawn: (data, scheme, estimator)
DESIGNS = {
    "cases": ("file: whole.csv", "cases", ""),
    "whole_numbers": ("file: rounded.csv", "cases", ""),
    "weights": ("file: whole.csv, weights: weight", "cases", ""),
    "groups": ("file: whole.csv, group: school", "cases", "multigroup: true"),
    "strata": ("file: whole.csv, strata: school", "strata", ""),
    "cluster": ("file: whole.csv, cluster: team", "cluster", ""),
    "rao_wu": ("file: whole.csv, cluster: team, strata: region", "cluster", ""),
    "fpc": ("file: whole.csv, strata: region, fpc: population", "strata", ""),
    "parametric": ("file: whole.csv", "parametric", ""),
    "bollen_stine": ("file: whole.csv", "bollen-stine", ""),
    "replicate_weights": (
        "file: whole.csv, weights: weight, replicate_weights: {columns: 'rep_*', type: bootstrap}",
        "replicate_weights", "",
    ),
    "fiml": ("file: blanks.csv, missing: fiml, cluster: team", "cluster", ""),
    "uls": ("file: whole.csv, weights: weight", "cases", "estimator: ULS"),
}  # fmt: skip


def write_data(place: Path) -> None:
    """Write 301 pupils with a design: teams in regions, weights and replicate weights."""
    rng = np.random.default_rng(8)
    whole = data_of("holzinger_full")[["school", *ITEMS]].assign(
        team=np.arange(301) % 40, region=(np.arange(301) % 40) % 3, population=2000,
        weight=1 + (np.arange(301) % 5) / 2,
    )  # fmt: skip
    drawn = {f"rep_{r}": whole["weight"] * rng.integers(0, 3, 301) for r in range(40)}
    whole = pd.concat([whole, pd.DataFrame(drawn)], axis=1)
    whole.to_csv(place / "whole.csv", index=False)
    whole.assign(**{name: whole[name].round() for name in ITEMS}).to_csv(place / "rounded.csv", index=False)
    blanked(whole, ITEMS).to_csv(place / "blanks.csv", index=False)


def write_study(place: Path, design: str, more: str = "") -> Path:
    """Write the study of a design; ``more`` are keys of its bootstrap."""
    data, scheme, settings = DESIGNS[design]
    path = place / f"{design}.yaml"
    sections = f"data: {{{data}}}\nsem: {{{settings}}}\n"
    path.write_text(f"{MODEL}{sections}bootstrap: {{scheme: {scheme}, {more or 'seed: 5'}}}\n")
    return path


def prepared_of(path: Path) -> Prepared:
    """Return the bootstrap of a study file, ready to run."""
    study, spec = load_study(path)
    settings = study.sem or Sem()
    data = sem_data(study, spec, read_inputs(study, spec), by_group=settings.multigroup)
    sem = fit_sem(spec, data, settings, sem_options(study))
    assert study.bootstrap is not None
    return prepare(sem, data, settings, study.bootstrap, study.data.replicate_weights)


def run(config: Path, out: Path, *overrides: str, jobs: int = 1, resume: bool = False) -> int:
    """Run a study's bootstrap in this process; return the exit code."""
    changed = tuple(f"bootstrap.{text}" for text in overrides)
    return run_study(Request(config, out, ("bootstrap",), changed, jobs, resume, quiet=True))[1]


def werksem(*arguments: object, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, after the Python text ``before``."""
    code = f"import sys\n{before}\nsys.argv = ['werksem', *{[str(x) for x in arguments]!r}]\n"
    code += "from werksem.cli import main\nmain()\n"
    environment = {**os.environ, "COLUMNS": "80", "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
    )


def same(one: Path, two: Path) -> bool:
    """Return whether two results have the same replicates, estimates and intervals to the byte."""
    files = ("bootstrap.parquet", "estimates.csv", "intervals.csv", "diagnostics.csv")
    return all((one / name).read_bytes() == (two / name).read_bytes() for name in files)

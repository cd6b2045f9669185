"""The commands that faults strike, on a small study, and the files that each writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from trust.part import ROOT

__all__ = ["COMMANDS", "Command", "write_place"]

STUDY = """study: small
language: en
report: {formats: []}
model:
  model: small
  measurement:
    help: {items: [h1, h2, h3], scale: [1, 5]}
    joy: {items: [j1, j2, j3], scale: [1, 5]}
  structural: {joy: [help]}
data: {file: data.csv, group: team, weights: weight}
ols: {}
sem: {}
bootstrap: {replicates: 1000, seed: 5}
bayes: {level: scores, vary: [], chains: 2, draws: 150, tune: 150, seed: 5}
"""
AUDIT = """outcome,predictor,beta,stars,n,r2
joy,help,.40,***,400,.25
joy,pay,.20,***,400,.25
joy,team,.02,,400,.25
"""


@dataclass(frozen=True, slots=True)
class Command:
    """What is typed, what it writes (names in the place), and which command must have run before.

    ``again`` is added where the command is given once more.
    """

    typed: tuple[str, ...]
    writes: tuple[str, ...]
    needs: str = ""
    again: tuple[str, ...] = ()
    exit_code: int = 0


def _fit(only: str, *more: str, code: int = 0) -> Command:
    typed = ("fit", "study.yaml", "--out", "out", "--only", only, "--quiet", "--jobs", "1", *more)
    return Command(typed, ("out",), again=("--resume",), exit_code=code)


POPULATION = ROOT / "models" / "population" / "markt_2024.yaml"
HTML = ("--set", "report.formats=[html]")
SMALL = (
    "--set", "calibrate.surveys=20", "--set", "calibrate.replicates=39", "--set", "calibrate.posteriors=20",
)  # fmt: skip
COMMANDS: Mapping[str, Command] = {
    "fit ols": _fit("ols"),
    "fit": _fit("ols,bootstrap"),
    "fit html": _fit("ols,sem", *HTML),
    "fit bayes": _fit("ols,bayes", code=1),
    "fit dask": _fit("bootstrap", "--set", "bootstrap.engine=dask"),
    "describe": Command(("describe", "study.yaml", "--out", "out", "--quiet"), ("out",)),
    "calibrate": Command(
        ("calibrate", "study.yaml", "--out", "calibrated", "--quiet", "--jobs", "1", *SMALL), ("calibrated",)
    ),
    "report": Command(("report", "out"), ("out",), needs="fit ols"),
    "compare": Command(("compare", "one", "--out", "compared"), ("compared",), needs="fit ols"),
    "replay": Command(("replay", "out", "7"), ("out",), needs="fit"),
    "verify --write": Command(
        ("verify", "--write", "small.lock.yaml", "one"), ("small.lock.yaml",), needs="fit ols"
    ),
    "audit": Command(("audit", "table.csv", "--out", "cells.csv"), ("cells.csv", "cells_matrix.csv")),
    "simulate": Command(
        ("simulate", str(POPULATION), "--out", "drawn.csv", "--n", "60"),
        ("drawn.csv", "drawn.codebook.yaml"),
    ),
    "init": Command(("init", "begun", "--language", "en"), ("begun",)),
    "schema": Command(("schema", "--out", "schemas"), ("schemas",)),
    "bench": Command(
        ("bench", "--against", "", "--n", "200", "--replicates", "20", "--out", "speed.csv"),
        ("speed.csv", "speed_rounds.csv", "speed_start.csv", "speed.svg"),
    ),
}  # fmt: skip


def write_place(place: Path) -> None:
    """Write the small study, its data (400 made respondents in two teams) and a table to audit."""
    rng = np.random.default_rng(11)
    help_, noise = rng.normal(size=400), rng.normal(size=400)
    joy = 0.5 * help_ + noise
    items = {
        f"{name}{k}": of + rng.normal(size=400) for name, of in (("h", help_), ("j", joy)) for k in (1, 2, 3)
    }
    answers = {name: np.clip(np.round(3 + value), 1, 5).astype(int) for name, value in items.items()}
    team, weight = np.where(np.arange(400) % 2 == 0, "a", "b"), np.round(rng.uniform(0.5, 1.5, 400), 3)
    frame = pd.DataFrame(answers).assign(team=team, weight=weight)
    frame.to_csv(place / "data.csv", index=False)
    (place / "study.yaml").write_text(STUDY, encoding="utf-8")
    (place / "table.csv").write_text(AUDIT, encoding="utf-8")

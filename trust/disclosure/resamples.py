"""The attack that keeps ``bootstrap.parquet`` inside: answers solved from replicates and their seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from werksem.engines.bootstrap_job import prepare
from werksem.engines.sem import fit_sem
from werksem.inputs import read_inputs
from werksem.resampling.draws import multipliers
from werksem.run import Request, run_study
from werksem.sem_data import sem_data, sem_options
from werksem.spec.load import load_study
from werksem.spec.study import Bootstrap, Sem

__all__ = ["resampled", "solved"]

N, REPLICATES = 60, 90
ITEMS = ("x1", "x2", "x3", "x4")
STUDY = f"""\
study: resampled
model: {{measurement: {{f: {{items: [x1, x2, x3, x4], scale: [1, 5]}}}}}}
data: {{file: FILE}}
sem: {{meanstructure: true}}
bootstrap: {{replicates: {REPLICATES}, interval: percentile}}
report: {{formats: []}}
"""


def resampled(place: Path) -> tuple[Path, pd.DataFrame]:
    """Return a result folder with replicates of the items' means, and the answers it was made of."""
    study, answers = _study(place, "answers", 1), pd.read_csv(place / "answers.csv")
    run_study(Request(study, place / "resampled", quiet=True))
    return place / "resampled", answers


def _study(place: Path, name: str, seed: int) -> Path:
    rng = np.random.default_rng(seed)
    level = rng.normal(size=N)
    answers = {item: np.clip(np.round(3.2 + level + 0.7 * rng.normal(size=N)), 1, 5) for item in ITEMS}
    pd.DataFrame(answers).to_csv(place / f"{name}.csv", index=False)
    path = place / f"{name}.yaml"
    path.write_text(STUDY.replace("FILE", f"{name}.csv"), encoding="utf-8")
    return path


def solved(folder: Path, place: Path) -> pd.DataFrame:
    """Return the answers that solve mean_r = Σ times_ri answer_i / n, for all replicates r.

    How often respondent i was drawn in replicate r follows from n and the seed: it is drawn here for other
    answers, without a look at the real ones.
    """
    study, model = load_study(_study(place, "others", 2))
    settings, bootstrap = study.sem or Sem(), study.bootstrap or Bootstrap()
    data = sem_data(study, model, read_inputs(study, model), by_group=False)
    job = prepare(fit_sem(model, data, settings, sem_options(study)), data, settings, bootstrap, None).job
    times = np.vstack([np.asarray(multipliers(job.resampling, 0, r, 1)[0][:N]) for r in range(REPLICATES)])
    table = pd.read_parquet(folder / "bootstrap.parquet")
    means = table[[f"{item}~1" for item in ITEMS]].to_numpy(dtype=float)
    good = np.isfinite(means).all(axis=1)
    found = np.linalg.lstsq(times[good] / N, means[good], rcond=None)[0]
    return pd.DataFrame(found, columns=list(ITEMS)).round(6)

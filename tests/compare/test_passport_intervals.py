"""The paired intervals of a passport: against resamples made by hand, and whether they hold the truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.compare.passport.ladder import ladder_of
from werksem.compare.passport.measured import path_values
from werksem.compare.passport.ordinal import by_wlsmv
from werksem.compare.passport.records import LEVEL, Ladder
from werksem.compare.passport.samples import Sample
from werksem.engines.all import Results
from werksem.engines.sem import fit_sem
from werksem.estimators.ml import fit_ml
from werksem.inference.reliability import omega_ave
from werksem.inputs import Inputs
from werksem.model import build_model
from werksem.moments import moments
from werksem.sem_data import sem_data, sem_options
from werksem.spec.load import load_study
from werksem.spec.study import Sem

REFERENCE = Path(__file__).parents[1] / "reference" / "passport_data.csv"
SCALES = {"A": ["a1", "a2", "a3"], "B": ["b1", "b2"], "Y": ["y1", "y2", "y3"]}
TEXT = "    A =~ a1 + a2 + a3\n    B =~ b1 + b2\n    Y =~ y1 + y2 + y3\n    Y ~ A + B\n"
PATHS = [("Y", "A"), ("Y", "B")]


def ladder(place: Path, items: pd.DataFrame, replicates: int) -> Ladder:
    """Return the ladder of these answers."""
    config = place / "study.yaml"
    if not config.is_file():
        config.write_text(
            f"study: s\nmodel:\n  syntax: |\n{TEXT}data: {{file: none.csv}}\nols: {{}}\n"
            "sem: {engine: werksem}\n",
            encoding="utf-8",
        )
    study, spec = load_study(config)
    scores = pd.DataFrame({name: items[columns].mean(axis=1) for name, columns in SCALES.items()})
    inputs = Inputs(None, items, scores, None, None, None, None, None, {})
    data = sem_data(study, spec, inputs, by_group=False)
    sem = fit_sem(spec, data, study.sem or Sem(), sem_options(study))
    return ladder_of(study, spec, inputs, Results((), sem=sem, sem_data=data), (), replicates)


def changes(found: Ladder) -> dict[str, np.ndarray]:
    """Return the resamples' changes (R, paths) of every step that has some."""
    rungs = {rung.name: rung for rung in found.rungs}
    drawn = {name: rung.drawn for name, rung in rungs.items()}
    out = {"corrected": drawn["corrected"] - drawn["ols"], "sem": drawn["sem"] - drawn["corrected"]}
    if "ordinal" in rungs:
        out["ordinal"] = drawn["ordinal"] - rungs["ordinal"].against
    return out


def by_hand(rows: np.ndarray, model, fit, spec) -> dict[str, np.ndarray]:  # type: ignore[no-untyped-def]
    """Return one resample's changes, every rung from its rows: regressions by numpy, refits of the model."""
    names = model.observed
    W = np.array([[name in SCALES[scale] for name in names] for scale in SCALES], dtype=float)
    W /= W.sum(axis=1, keepdims=True)
    own = moments(rows, names)
    again = fit_ml(model, [own], fit.theta)
    S = W @ own.cov @ W.T
    omega = np.array([omega_ave(model, again.theta, name)[0] for name in SCALES])

    def regressed(C: np.ndarray) -> np.ndarray:
        return np.linalg.solve(C[:2, :2], C[:2, 2]) * np.sqrt(np.diag(C)[:2] / C[2, 2])

    ols, true = regressed(S), regressed(S - np.diag((1 - omega) * np.diag(S)))
    sem = path_values(model, again.theta, PATHS)
    wlsmv = by_wlsmv(spec, Sem(), names, Sample(rows, np.arange(len(rows)), None))
    assert wlsmv is not None
    ordinal = path_values(wlsmv.ls.model, wlsmv.fit.theta, PATHS)
    return {"corrected": true - ols, "sem": sem - true, "ordinal": ordinal - sem}


@pytest.mark.slow
def test_steps_spread_as_they_do_over_resamples_made_by_hand(tmp_path: Path) -> None:
    answers = pd.read_csv(REFERENCE)[[item for items in SCALES.values() for item in items]].dropna()
    answers = answers.iloc[:500].reset_index(drop=True)
    ours = changes(ladder(tmp_path, answers, 1000))
    _, spec = load_study(tmp_path / "study.yaml")
    model = build_model(spec)
    rows = answers[list(model.observed)].to_numpy(dtype=float)
    fit = fit_ml(model, [moments(rows, model.observed)])
    random = np.random.default_rng(7)
    made = [by_hand(rows[random.integers(0, len(rows), len(rows))], model, fit, spec) for _ in range(300)]
    for step in ("corrected", "sem", "ordinal"):
        theirs = np.array([one[step] for one in made])
        # 300 standard deviations vary by 4 %, one step leaves out some of the bend of categories
        assert ours[step].std(axis=0) == pytest.approx(
            theirs.std(axis=0), rel=0.2 if step == "ordinal" else 0.15
        )
        assert np.median(ours[step], axis=0) == pytest.approx(
            np.median(theirs, axis=0), abs=0.35 * float(theirs.std(axis=0).max())
        )


def population(random: np.random.Generator, n: int) -> pd.DataFrame:
    latent = np.array([[1.0, 0.5, 0.5], [0.5, 1.0, 0.45], [0.5, 0.45, 1.0]])
    eta = random.multivariate_normal(np.zeros(3), latent, n)
    loadings = {"a1": 0.8, "a2": 0.7, "a3": 0.6, "b1": 0.75, "b2": 0.7, "y1": 0.8, "y2": 0.7, "y3": 0.6}
    at = {item: k for k, items in enumerate(SCALES.values()) for item in items}
    return pd.DataFrame({
        item: loading * eta[:, at[item]] + np.sqrt(1 - loading**2) * random.normal(size=n)
        for item, loading in loadings.items()
    })  # fmt: skip


@pytest.mark.slow
def test_intervals_hold_the_attenuation_of_the_population(tmp_path: Path) -> None:
    """The truth is the step in 400,000 respondents; 300 surveys of 400, 95 % intervals of 400 resamples."""
    random = np.random.default_rng(11)
    large = ladder(tmp_path, population(random, 400_000), 2)
    rungs = {rung.name: rung.est for rung in large.rungs}
    truth = rungs["corrected"] - rungs["ols"]
    held = []
    for _ in range(300):
        drawn = changes(ladder(tmp_path, population(random, 400), 400))["corrected"]
        low, high = np.nanquantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
        held.append((low <= truth) & (truth <= high))
    share = np.mean(held, axis=0)
    # 0.95 with a standard error of 0.013
    assert (share > 0.91).all(), share
    assert (share < 0.985).all(), share

"""Proofs that take minutes: the calibration runs again to the same files, and intervals cover."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.survey.population_files import FOLDER, ROOT, population
from tests.survey.test_simulate import scale_means
from werksem.spec.yaml import load
from werksem.survey.exact import betas, exact_moments
from werksem.survey.population import load_population
from werksem.survey.simulate import simulate

pytestmark = pytest.mark.slow

REPLICATES = 500
OUTCOMES = ("tevredenheid", "trots", "aanbevelen")


@pytest.mark.parametrize("wave", ["2019", "2022", "2024", "innovatie_2025", "markt_2024"])
def test_the_calibration_gives_the_shipped_population(wave: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "tools")
    from calibrate_population import ROUNDS_THRESHOLDS, add_core, calibrate, draft, with_measurement

    design = with_measurement(load(FOLDER / f"design_{wave}.yaml").data)
    data = draft(design)
    calibrate(design, data, ROUNDS_THRESHOLDS)
    shipped = load(FOLDER / f"{design['design']}.yaml").data
    if "core" in design:
        add_core(design, data)
        for name, added in shipped["additions"].items():
            if "paths" in added:
                assert data["additions"][name]["paths"] == pytest.approx(added["paths"], abs=2e-5)
                assert data["additions"][name]["noise"] == pytest.approx(added["noise"], abs=2e-5)
    for ours, theirs in zip(data["correlation"], shipped["correlation"], strict=True):
        assert ours == pytest.approx(theirs, abs=2e-5)
    for name, construct in shipped["constructs"].items():
        for item, entry in construct.get("items", {}).items():
            solved = data["constructs"][name]["items"][item]["thresholds"]
            assert solved == pytest.approx(entry["thresholds"], abs=2e-4)


def test_betas_of_table_4_are_unbiased_and_their_intervals_cover() -> None:
    source = load_population(Path(FOLDER / "werkonderzoek_2022.yaml"))
    predictors = list(dict(source.structure)["tevredenheid"])
    exact = exact_moments(population("werkonderzoek_2022"))
    truth = np.concatenate([betas(exact, outcome, predictors) for outcome in OUTCOMES])
    found, covered = [], []
    for seed in range(REPLICATES):
        frame = simulate(source, seed=10_000 + seed)
        frame = frame[frame["leren_1"].notna()]
        scores = scale_means(frame, source, [*OUTCOMES, *predictors]).dropna()
        estimates = [classical(scores[[y, *predictors]].to_numpy(float)) for y in OUTCOMES]
        beta = np.concatenate([b for b, _ in estimates])
        se = np.concatenate([s for _, s in estimates])
        found.append(beta)
        covered.append(np.abs(beta - truth) < 1.96 * se)
    bias = np.mean(found, axis=0) - truth
    error = np.std(found, axis=0) / np.sqrt(REPLICATES)
    assert (np.abs(bias) < 4 * error).all()
    assert 0.94 < np.mean(covered) < 0.96


def classical(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return standardised betas and their classical standard errors."""
    z = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    inverse = np.linalg.inv(z[:, 1:].T @ z[:, 1:])
    beta = inverse @ z[:, 1:].T @ z[:, 0]
    residual = z[:, 0] - z[:, 1:] @ beta
    variance = residual @ residual / (len(z) - len(beta) - 1)
    return beta, np.sqrt(variance * np.diag(inverse))

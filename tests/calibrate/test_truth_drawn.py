"""What is true of a population by the study's own estimator, and samples as large as each outcome's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.calibrate.calibrated import answers, nothing, study_file
from werksem.calibrate.coverage import coverage_table
from werksem.calibrate.draw import drawn_moments, enlarged, stream
from werksem.calibrate.page import made_of
from werksem.calibrate.population import population
from werksem.calibrate.power import power_table
from werksem.calibrate.simulated import plan_of, simulated
from werksem.calibrate.truth import latent_truth
from werksem.effects import quantities
from werksem.engines.sem import fit_sem
from werksem.inputs import read_inputs
from werksem.moments import Moments
from werksem.sem_data import sem_data, sem_options
from werksem.spec.calibrating import Calibrate
from werksem.spec.load import load_study

ORDERED = ", ordered: [x1, x2, x3, y1, y2, y3]"


def misfitting() -> pd.DataFrame:
    """Return answers whose x1 and y1 share what no construct has: every estimator finds paths of its own."""
    frame = answers(900, 40, 0.0, seed=12).dropna(ignore_index=True)
    extra = np.random.default_rng(2).standard_normal(len(frame)) > 0.3
    for name in ("x1", "y1"):
        frame[name] = (frame[name] + extra).clip(1, 5)
    return frame


@pytest.mark.parametrize("estimator", ["ML", "ULS", "GLS", "WLS", "DWLS", "WLSMV"])
def test_the_truth_of_the_samples_own_moments_is_the_studys_own_estimate(
    estimator: str, tmp_path: Path
) -> None:
    ordered = estimator == "WLSMV"
    path = study_file(tmp_path, misfitting(), f"sem: {{estimator: {estimator}}}", ORDERED if ordered else "")
    if ordered:  # regressions of ordered latents on a column are not simulated
        path.write_text(path.read_text().replace("y ~ x + z", "y ~ x"))
    study, spec = load_study(path, ())
    inputs = read_inputs(study, spec)
    assert study.sem is not None
    assert inputs.items is not None
    base = fit_sem(spec, sem_data(study, spec, inputs, by_group=False), study.sem, sem_options(study))
    source = population(study, spec, inputs, base)
    rows = inputs.items[list(source.names)].to_numpy()
    part = source.parts[0]
    sample = replace(part.moments, cov=np.cov(rows.T, ddof=0), mean=rows.mean(axis=0))
    correlation = part.correlation
    if ordered:
        assert base.least_squares is not None
        known = base.least_squares.statistics[0]
        at = [source.names.index(name) for name in base.least_squares.ls.model.observed]
        correlation, places = np.eye(len(at)), np.array(at)
        r = known.values[len(known.level) + len(known.slope_y) :]
        correlation[places[known.row], places[known.col]] = correlation[places[known.col],
                                                                        places[known.row]] = r  # fmt: skip
    observed = replace(source, parts=(replace(part, moments=sample, correlation=correlation),))
    std, rows_of = len(base.model.rows), base.model.rows
    paths = [std + k for k, row in enumerate(rows_of) if row.op in ("~", "=~")]
    found, fitted = (
        quantities(base.model, (), theta)[paths] for theta in (latent_truth(base, observed), base.fit.theta)
    )
    assert found == pytest.approx(fitted, abs=2e-6)
    # in the population of the model every estimator finds the fitted model
    assert quantities(base.model, (), latent_truth(base, source))[paths] == pytest.approx(fitted, abs=2e-6)


def test_samples_grow_by_respondents_of_the_same_population() -> None:
    cov = np.array([[2.0, 0.6], [0.6, 1.0]])
    source = Moments(("a", "b"), 12.0, np.array([1.0, -1.0]), cov)
    small, large = [], []
    for survey in range(6000):
        numbers = stream(3, survey)
        small.append(drawn_moments(source, numbers))
        large.append(enlarged(small[-1], source, 30, numbers))
    found = np.array([one.cov for one in large])
    error = found.std(axis=0) / np.sqrt(len(found))
    assert (np.abs(found.mean(axis=0) - cov * 29 / 30) < 4 * error).all()
    # n S is Wishart of n - 1: var of s_jk = (n - 1) (s_jk² + s_jj s_kk) / n²
    wanted = 29 * (cov**2 + np.outer(np.diag(cov), np.diag(cov))) / 30**2
    assert found.var(axis=0) == pytest.approx(wanted, rel=0.1)
    means = np.array([[one.mean, other.mean] for one, other in zip(small, large, strict=True)])
    assert means[:, 1].var(axis=0) == pytest.approx(np.diag(cov) / 30, rel=0.1)
    # the twelve are among the thirty: cov(mean of 12, mean of 30) = var / 30
    shared = np.mean((means[:, 0] - source.mean) * (means[:, 1] - source.mean), axis=0)
    assert shared == pytest.approx(np.diag(cov) / 30, rel=0.12)


def test_a_sample_grown_in_steps_is_that_of_all_respondents() -> None:
    """One respondent more: moments by hand from the same random numbers."""
    source = Moments(("a", "b"), 8.0, np.array([0.5, 2.0]), np.array([[1.0, 0.3], [0.3, 2.0]]))
    drawn = drawn_moments(source, np.random.default_rng(1))
    found = enlarged(drawn, source, 9, np.random.default_rng(2))
    # a respondent: none of the squares, so his deviates come first
    one = source.mean + np.linalg.cholesky(source.cov) @ np.random.default_rng(2).standard_normal(2)
    mean = (8 * drawn.mean + one) / 9
    square = 8 * (drawn.cov + np.outer(drawn.mean, drawn.mean)) + np.outer(one, one)
    assert found.mean == pytest.approx(mean)
    assert found.cov == pytest.approx(square / 9 - np.outer(mean, mean))
    assert enlarged(drawn, source, 8, np.random.default_rng(2)) is drawn


def test_every_outcome_has_its_own_respondents(tmp_path: Path) -> None:
    path = tmp_path / "moments.yaml"
    path.write_text(
        "study: moments\nlanguage: en\nmodel: {syntax: 'y ~ x; w ~ x'}\nols: {}\n"
        "data: {moments: {n: {y: 400, w: 100}, correlation: {x: [], y: [0.3], w: [0.3, 0.2]}}}\n"
    )
    study, spec = load_study(path, ())
    settings = Calibrate(surveys=1500, seed=4)
    plan = plan_of(study, spec, read_inputs(study, spec), settings)
    run = simulated(plan, settings, jobs=1, tick=nothing)[0]
    table = coverage_table([run], plan.n).set_index(["lhs", "quantity"])
    for outcome, n in (("y", 400), ("w", 100)):
        row = table.loc[(outcome, "b")]
        # sd of a slope of normals: sigma / (sd of x sqrt(n - 3)), residual variance 1 - .09
        assert row["sd"] == pytest.approx(np.sqrt(0.91 / (n - 3)), rel=0.06)
        assert row["mean_se"] == pytest.approx(row["sd"], rel=0.06)
        assert row["coverage"] == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / 1500))
        assert row["n"] == n
    powers = power_table([run], table.reset_index(), 0.05, plan.n)
    manifest = {"calibrate": {"surveys": 1500, "difference": 0.05}, "n": 100, "distance": 0.0}
    said = made_of(manifest, table.reset_index(), powers, "en")
    assert any("from 100 to 400" in line for line in said)
    powers = powers.set_index("lhs")
    assert powers["n"].to_dict() == {"y": 400, "w": 100}
    # so many respondents give 80 % whichever study they are asked in
    assert powers["n_80"]["y"] == pytest.approx(powers["n_80"]["w"], rel=0.12)

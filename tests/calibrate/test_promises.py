"""What coverage is in cases whose answer is known, and that a wrong interval does not pass."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, norm

from tests.calibrate.calibrated import answers, nothing, scratch, study_file
from werksem.calibrate.coverage import coverage_table, exact_limits, off
from werksem.calibrate.method import Method, Result
from werksem.calibrate.run import Request, calibrate_study
from werksem.calibrate.simulated import plan_of, simulated
from werksem.calibrate.surveys import Run, run_surveys
from werksem.inputs import read_inputs
from werksem.spec.calibrating import Calibrate
from werksem.spec.load import load_study

SURVEYS = 400


@cache
def regressions(shared: float, clusters: int) -> Run:
    """Return many surveys of the regression of the small study, whose organisations share so much."""
    folder = scratch()
    data = answers(1200, clusters, shared, seed=8)
    study, spec = load_study(study_file(folder, data, "ols: {se: classical}", ", cluster: org"), ())
    settings = Calibrate(surveys=SURVEYS, replicates=39, seed=11)
    plan = plan_of(study, spec, read_inputs(study, spec), settings)
    return simulated(plan, settings, jobs=1, tick=nothing)[0]


def known(sd: float, width: float, surveys: int = 500, bias: float = 0.0) -> Run:
    """Return surveys of one normal estimate of 0 with ``sd``, its interval ``width`` times as wide."""
    keys = pd.DataFrame({
        "engine": ["ols"], "interval": ["classical"], "own": [True], "group": ["all"], "lhs": ["y"],
        "op": ["~"], "rhs": ["x"], "quantity": ["std"], "truth": [0.0], "level": [0.95],
    })  # fmt: skip
    estimate = bias + sd * norm.ppf((np.arange(surveys) + 0.5) / surveys)
    half = norm.ppf(0.975) * width * sd
    values = np.stack([estimate, np.full(surveys, width * sd), estimate - half, estimate + half], axis=1)
    method = Method(keys, lambda inputs, seed: Result(np.zeros((1, 4))))
    return Run(method, values[:, None, :], np.full(surveys, "ok"))


@pytest.mark.parametrize(
    ("width", "bias", "verdict"),
    [
        (1.0, 0.0, "ok"), (0.92, 0.0, "undecided"), (0.5, 0.0, "too low"), (0.8, 0.5, "too low"),
        (2.0, 0.0, "too high"), (1.0, 0.5, "biased"), (1.5, 0.6, "biased"), (1.0, 0.24, "undecided"),
    ],
)  # fmt: skip
def test_verdicts_of_intervals_whose_coverage_is_known(width: float, bias: float, verdict: str) -> None:
    table = coverage_table([known(0.1, width, surveys=2000, bias=0.1 * bias)], 100)
    z = norm.ppf(0.975) * width
    assert table["coverage"][0] == pytest.approx(norm.cdf(z - bias) - norm.cdf(-z - bias), abs=0.004)
    assert table["verdict"][0] == verdict
    assert len(off(table)) == (verdict in ("too low", "biased"))


def test_limits_of_a_share_are_exact() -> None:
    lower, upper = exact_limits(470, 500)
    assert binom.sf(469, 500, lower) == pytest.approx(0.025)
    assert binom.cdf(470, 500, upper) == pytest.approx(0.025)
    assert exact_limits(0, 9)[0] == 0
    assert exact_limits(9, 9)[1] == 1


def test_regressions_of_respondents_apart_cover_what_they_say() -> None:
    table = coverage_table([regressions(0.0, 80)], 1200)
    plain = table[(table["interval"] == "HC3") & (table["quantity"] == "b")]
    # three Monte-Carlo errors of a share of .95
    assert plain["coverage"].to_numpy() == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / SURVEYS))
    assert (plain["bias"].abs() < 3.5 * plain["bias_mcse"]).all()
    assert plain["mean_se"].to_numpy() == pytest.approx(plain["sd"].to_numpy(), rel=0.1)


def test_standard_errors_that_overlook_organisations_are_caught() -> None:
    table = coverage_table([regressions(0.4, 80)], 1200)
    verdicts = table[table["quantity"] == "b"].groupby("interval")["verdict"].unique().map(set)
    assert verdicts["classical"] == verdicts["HC3"] == {"too low"}
    assert verdicts["cluster"].isdisjoint({"too low", "biased", "not in order"})
    assert len(off(table)) == len(table[table["own"]]) == 4  # two paths, raw and standardised


def test_halved_standard_errors_are_caught() -> None:
    run = regressions(0.0, 80)
    values = run.values.copy()
    centre = values[:, :, :1]
    values[:, :, 1:2] /= 2
    values[:, :, 2:] = centre + (values[:, :, 2:] - centre) / 2
    table = coverage_table([replace(run, values=values)], 1200)
    assert (table["verdict"] == "too low").all()
    # 95 % intervals of half the width cover Phi(.98) - Phi(-.98)
    assert table["coverage"].mean() == pytest.approx(2 * norm.cdf(0.98) - 1, abs=0.03)


def test_the_command_ends_with_1_where_a_promise_is_broken(tmp_path: Path) -> None:
    few = "calibrate: {surveys: 100, replicates: 39}"
    codes = {}
    for kind in ("classical", "cluster"):
        folder = tmp_path / kind
        folder.mkdir()
        data = answers(1200, 80, 0.4, seed=8)
        config = study_file(folder, data, f"ols: {{se: {kind}}}\n{few}", ", cluster: org")
        codes[kind] = calibrate_study(Request(config, folder / "out", jobs=1, quiet=True))[1]
    assert codes == {"classical": 1, "cluster": 0}
    page = (tmp_path / "classical" / "out" / "calibration.html").read_text(encoding="utf-8")
    assert "this study does not keep its word everywhere:" in page


def test_what_cannot_be_estimated_is_counted_and_left_out() -> None:
    run = known(0.1, 1.0)
    values = run.values.copy()
    values[:7] = np.nan
    status = run.status.astype(object)
    status[:7], status[7:9] = "not_converged", "heywood"
    table = coverage_table([replace(run, values=values, status=status)], 100)
    assert (table["failed"][0], table["heywood"][0], table["surveys"][0]) == (7, 2, 500)
    assert table["coverage"][0] + table["below"][0] + table["above"][0] == pytest.approx(1)


def test_a_survey_that_is_refused_is_a_failure_and_ends_nothing() -> None:
    from werksem.errors import EstimationError

    run = known(0.1, 1.0)

    def refusing(inputs: object, seed: int) -> Result:
        if seed % 2:
            raise EstimationError("the predictors are exactly collinear")
        return Result(np.zeros((1, 4)))

    method = Method(run.method.keys, refusing)
    found = run_surveys([method], lambda survey: (None, survey), 10, jobs=2)[0]  # type: ignore[arg-type,return-value]
    assert np.isnan(found.values[1::2]).all()
    assert found.status.tolist() == ["ok", "failed"] * 5

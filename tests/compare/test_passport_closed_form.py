"""The beta passport of populations whose every number is known: no sample, no error."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.compare.passport.records import Ladder
from werksem.compare.passport.regressions import betas, corrected
from werksem.compare.passport.steps import Step, step_rows
from werksem.compare.passport.table import everyone
from werksem.run import Request, run_study

LATENT = np.array([[1.0, 0.4, 0.5], [0.4, 1.0, 0.6], [0.5, 0.6, 1.0]])  # F, G and the outcome Y
LOADINGS = {"f": (0.9, 0.7, 0.5), "g": (0.8, 0.6), "y": (0.7, 0.6, 0.8, 0.5)}


def population() -> tuple[list[str], np.ndarray]:
    """Return the items and their covariances, each with variance 1."""
    names, rows = [], []
    for at, (name, loadings) in enumerate(LOADINGS.items()):
        for number, loading in enumerate(loadings, start=1):
            names.append(f"{name}{number}")
            rows.append(loading * np.eye(3)[at])
    Lambda = np.array(rows)
    common = Lambda @ LATENT @ Lambda.T
    return names, common + np.diag(1 - np.diag(common))


def passport_of(
    place: Path, name: str, names: list[str], S: np.ndarray, model: str, rest: str = ""
) -> pd.DataFrame:
    sd = np.sqrt(np.diag(S))
    R = np.round(S / np.outer(sd, sd), 15)
    R = np.tril(R) + np.tril(R, -1).T
    lines = "\n".join(f"      {item}: {[float(v) for v in row]}" for item, row in zip(names, R, strict=True))
    spread = ", ".join(f"{item}: {float(v)}" for item, v in zip(names, sd, strict=True))
    config = place / f"{name}.yaml"
    config.write_text(
        f"study: {name}\nmodel:\n{model}\ndata:\n  moments:\n    n: 100000\n    sd: {{{spread}}}\n"
        f"    correlation:\n{lines}\nols: {{se: classical}}\n{rest}report: {{formats: []}}\n",
        encoding="utf-8",
    )
    folder, _ = run_study(Request(config, place / name, quiet=True))
    return pd.read_csv(folder / "passport.csv").set_index(["rung", "rhs"])


THREE = "  syntax: |\n    F =~ f1 + f2 + f3\n    G =~ g1 + g2\n    Y =~ y1 + y2 + y3 + y4\n    Y ~ F + G"


def reliability(loadings: tuple[float, ...]) -> float:
    """McDonald's (1999) omega of congeneric items with variance 1."""
    common = sum(loadings) ** 2
    return common / (common + sum(1 - loading**2 for loading in loadings))


def test_attenuation_is_recovered_exactly(tmp_path: Path) -> None:
    names, S = population()
    found = passport_of(tmp_path, "exact", names, S, THREE, "sem: {engine: werksem}\n")
    truth = np.linalg.solve(LATENT[:2, :2], LATENT[:2, 2])
    rho = np.sqrt([reliability(loadings) for loadings in LOADINGS.values()])
    seen = LATENT * np.outer(rho, rho)
    np.fill_diagonal(seen, 1.0)
    attenuated = np.linalg.solve(seen[:2, :2], seen[:2, 2])
    for at, name in enumerate("FG"):
        assert found.loc[("ols", name), "std"] == pytest.approx(attenuated[at], abs=1e-7)
        assert found.loc[("corrected", name), "delta"] == pytest.approx(truth[at] - attenuated[at], abs=1e-6)
        assert found.loc[("sem", name), "delta"] == pytest.approx(0.0, abs=1e-6)
    assert found["delta_ci_lower"].isna().all()


def test_one_predictor_is_spearmans_correction(tmp_path: Path) -> None:
    names, S = population()
    keep = [k for k, name in enumerate(names) if name[0] in "fy"]
    model = "  syntax: |\n    F =~ f1 + f2 + f3\n    Y =~ y1 + y2 + y3 + y4\n    Y ~ F"
    found = passport_of(
        tmp_path, "one", [names[k] for k in keep], S[np.ix_(keep, keep)], model, "sem: {engine: werksem}\n"
    )
    seen = found.loc[("ols", "F"), "std"]
    both = reliability(LOADINGS["f"]) * reliability(LOADINGS["y"])
    assert found.loc[("corrected", "F"), "std"] == pytest.approx(seen / np.sqrt(both), abs=1e-6)
    assert seen / np.sqrt(both) == pytest.approx(LATENT[0, 2], abs=1e-7)


def test_single_items_have_nothing_to_correct(tmp_path: Path) -> None:
    S = np.array([[1.0, 0.3, 0.4], [0.3, 1.0, 0.5], [0.4, 0.5, 1.0]])
    model = "  syntax: |\n    y ~ x + z"
    found = passport_of(tmp_path, "single", ["x", "z", "y"], S, model, "sem: {engine: werksem}\n")
    assert sorted(found.index.get_level_values("rung").unique()) == ["ols", "sem"]
    assert found.loc["sem"]["delta"].abs().max() < 1e-9


def test_a_stated_reliability_is_corrected_for(tmp_path: Path) -> None:
    S = np.array([[1.0, 0.3], [0.3, 1.0]])
    model = (
        "  measurement:\n    X: {items: [x], reliability: 0.64}\n    Y: {items: [y]}\n  structural: {Y: [X]}"
    )
    found = passport_of(tmp_path, "stated", ["x", "y"], S, model, "sem: {engine: werksem}\n")
    assert found.loc[("corrected", "X"), "std"] == pytest.approx(0.3 / 0.8, abs=1e-9)
    assert found.loc[("sem", "X"), "delta"] == pytest.approx(0.0, abs=1e-6)


def test_a_matrix_that_no_true_scores_can_have_is_said_not_corrected(tmp_path: Path) -> None:
    # two items that hardly agree, in scales that correlate: alpha is far below the correlation's square
    names = ["f1", "f2", "y1", "y2"]
    S = np.array([[1, 0.1, 0.5, 0.5], [0.1, 1, 0.5, 0.5], [0.5, 0.5, 1, 0.1], [0.5, 0.5, 0.1, 1.0]])
    model = "  measurement:\n    F: {items: [f1, f2]}\n    Y: {items: [y1, y2]}\n  structural: {Y: [F]}"
    published = tmp_path / "p.yaml"
    published.write_text("source: s\nbetas: [{lhs: Y, rhs: F, beta: 0.9}]\n", encoding="utf-8")
    found = passport_of(tmp_path, "no", names, S, model, f"published: {published}\n")
    row = found.loc[("corrected", "F")]
    assert np.isnan(row["std"])
    assert "no positive definite matrix" in row["note"]
    assert found.loc[("ols", "F"), "explains"] == "unexplained"


def test_correction_takes_error_off_the_diagonal_alone() -> None:
    S = np.array([[2.0, 0.6, 0.8], [0.6, 1.0, 0.5], [0.8, 0.5, 1.5]])
    done = corrected(S, np.array([0.8, 1.0, 0.9]))
    assert np.diag(done).tolist() == pytest.approx([1.6, 1.0, 1.35])
    assert done[0, 1:].tolist() == [0.6, 0.8]
    b = np.linalg.solve(done[:2, :2], done[:2, 2]) * np.sqrt(np.diag(done)[:2] / done[2, 2])
    assert betas(done, [0, 1], 2) == pytest.approx(b)


def test_rungs_that_are_passed_over_are_named_and_steps_sum() -> None:
    rows = list(step_rows([Step("sem", 0.30), Step("published", 0.20), Step("ols", 0.25)]))
    assert [row.get("explains", "") for row in rows] == ["", "unexplained", "attenuation+measurement"]
    assert sum(row.get("delta", 0.0) for row in rows) == pytest.approx(0.10)
    assert rows[0]["verdict"] == "differ > .05"


def test_a_posterior_stands_beside_what_it_shares_all_but_pooling_with() -> None:
    steps = [
        Step("ols", 0.2),
        Step("sem", -0.1),
        Step("pooled", 0.21, base="ols"),
        Step("ordinal", -0.12, base="sem"),
    ]
    found = {row["rung"]: row for row in step_rows(steps)}
    assert (found["pooled"]["base"], found["pooled"]["explains"]) == ("ols", "pooling")
    assert (found["ordinal"]["base"], found["ordinal"]["explains"]) == ("sem", "ordinality")
    assert found["sem"]["flag"] == "sign differs"


def test_a_latent_posterior_beside_scale_means_says_what_else_differs() -> None:
    found = list(step_rows([Step("ols", 0.2), Step("pooled", 0.25, depth=2)]))
    assert found[1]["explains"] == "attenuation+measurement+pooling"


def test_without_a_ladder_the_engines_still_stand_side_by_side_with_the_reason() -> None:
    row = {"lhs": "y", "rhs": "x", "ols": 0.2, "sem": 0.3}
    found = list(step_rows(list(everyone(Ladder((), ()), row, "why"))))
    assert [(one["rung"], one["std"], one["note"]) for one in found] == [
        ("ols", 0.2, "why"),
        ("sem", 0.3, "why"),
    ]
    assert found[1]["explains"] == "attenuation+measurement"


def test_one_rung_is_no_passport() -> None:
    assert list(step_rows([Step("ols", 0.2), Step("sem", float("nan"), note="why")])) == []


def test_limits_are_those_of_the_change_resample_by_resample() -> None:
    random = np.random.default_rng(1)
    before = random.normal(size=999)
    after = before + np.linspace(0.0, 1.0, 999)
    steps = [Step("ols", 0.0, drawn=before), Step("rows", 0.5, drawn=after)]
    row = list(step_rows(steps))[1]
    assert (row["delta_ci_lower"], row["delta_ci_upper"]) == pytest.approx((0.025, 0.975))


def test_too_few_usable_resamples_give_no_limits() -> None:
    drawn = np.full(100, np.nan)
    drawn[:80] = 0.1
    row = list(step_rows([Step("ols", 0.0, drawn=np.zeros(100)), Step("rows", 0.1, drawn=drawn)]))[1]
    assert row["replicates"] == 80
    assert "delta_ci_lower" not in row

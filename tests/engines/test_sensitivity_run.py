"""From a study file to the tables and the section on sensitivity."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.report.html import make
from werksem.run import Request, run_study

ROOT = Path(__file__).resolve().parents[2]
STUDY = """
study: tiny
language: {language}
model:
  model: tiny
  measurement:
    cause: {{items: [a1, a2, a3]}}
    first: {{items: [b1, b2, b3]}}
    second: {{items: [c1, c2, c3]}}
  structural: {{first: [cause, late], second: [cause, late, first], outcome: [second, first, cause, late]}}
  effects: {{enumerate: {{from: [cause], to: [outcome]}}}}
data: {{file: answers.csv, missing: {missing}}}
ols: {{}}
sem: {{engine: werksem}}
published: published.yaml
sensitivity: {{method_variance: [0, .05, .10]}}
"""
TABLES = ("fragility.csv", "mediator_order.csv", "method_variance.csv", "robustness.csv")


def answers(n: int) -> pd.DataFrame:
    """Return respondents of a chain of three constructs and a number, drawn once."""
    rng = np.random.default_rng(2)
    late = (rng.random(n) < 0.5).astype(float)
    cause = rng.normal(size=n)
    first = 0.5 * cause + 0.2 * late + rng.normal(scale=0.8, size=n)
    second = 0.4 * first + 0.3 * cause + rng.normal(scale=0.8, size=n)
    outcome = 0.4 * second + 0.3 * first + rng.normal(size=n)
    items = {
        f"{letter}{k}": construct + rng.normal(scale=0.6, size=n)
        for letter, construct in (("a", cause), ("b", first), ("c", second))
        for k in (1, 2, 3)
    }
    return pd.DataFrame(items | {"late": late, "outcome": outcome})


def run(place: Path, language: str = "nl", missing: str = "listwise") -> Path:
    answers(400).to_csv(place / "answers.csv", index=False)
    (place / "published.yaml").write_text(
        "outcomes: {outcome: {n: 500}}\nbetas:\n- {lhs: outcome, rhs: second, beta: .2, stars: '***'}\n"
    )
    (place / "tiny.yaml").write_text(STUDY.format(language=language, missing=missing))
    return run_study(Request(place / "tiny.yaml", place / "out", quiet=True))[0]


def test_a_study_has_its_tables_and_its_section(tmp_path: Path) -> None:
    out = run(tmp_path)
    fragile, order, method, robust = (pd.read_csv(out / name) for name in TABLES)
    own = pd.read_csv(out / "estimates.csv").query("engine == 'sem' and op == ':='").set_index("lhs")
    assert set(fragile["effect"]) == {name for name in own.index if not name.startswith("total")}
    for column in ("est", "se", "ci_lower", "ci_upper"):
        assert fragile[column].tolist() == pytest.approx(
            own.loc[fragile["effect"], column].tolist(), rel=1e-6
        )
    assert (order["first"].iloc[0], order["second"].iloc[0], order["equivalent"].iloc[0]) == (
        "first",
        "second",
        "yes",
    )
    assert set(method["share"]) == {0, 0.05, 0.1}
    assert robust["source"].unique().tolist() == ["ols", "published"]
    html = (out / "report.html").read_text()
    for text in (
        '<section id="sensitivity">',
        "Gevoeligheid",
        "Imai, Keele",
        "Cinelli",
        "omgekeerde volgorde",
    ):
        assert text in html, text
    assert "Harman" not in html
    assert "niet weggerekend uit" in html
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["timings"]["fragility"] > 0
    assert any(
        note.startswith("method variance: not taken out of outcome, late") for note in manifest["notes"]
    )


def test_where_no_route_is_clear_that_is_said(tmp_path: Path) -> None:
    out = run(tmp_path)
    table = pd.read_csv(out / "fragility.csv").assign(rho_interval=0.0)
    table.to_csv(out / "fragility.csv", index=False)
    assert "Geen van de 3 routes heeft een interval zonder 0" in make(out).read_text()


def test_in_english(tmp_path: Path) -> None:
    html = (run(tmp_path, "en") / "report.html").read_text()
    assert "Sensitivity" in html
    assert "Residual correlation of mediator and outcome" in html
    assert "Robustness of" in html


def test_full_information_says_that_there_is_none(tmp_path: Path) -> None:
    out = run(tmp_path, missing="fiml")
    assert not any((out / name).exists() for name in TABLES[:3])
    assert (out / "robustness.csv").exists()
    assert "is niet berekend" in (out / "report.html").read_text()


@pytest.mark.slow
def test_the_shipped_mediation_study_takes_seconds(tmp_path: Path) -> None:
    """45 items, 190 parameters, 36 routes, 5 refits without a method; the fit itself takes 2 s."""
    out, _ = run_study(
        Request(ROOT / "configs" / "mediatie_binding.yaml", tmp_path / "out", ("ols", "sem"), quiet=True)
    )
    assert json.loads((out / "manifest.json").read_text())["timings"]["fragility"] < 10
    table = pd.read_csv(out / "fragility.csv")
    assert len(table) == 36
    assert (table["chisq_change"] == 0).all()
    assert table["rho_zero"].notna().all()

"""The report on importance and controls: its words, its order, its figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.report.controls import added_table, controls_said, controls_table
from werksem.report.folder import Result, read_result
from werksem.report.html import render
from werksem.report.importance import importance_figures, importance_said, importance_table, sector_table
from werksem.report.scatter import label_heights
from werksem.run import Request, run_study

STUDY = """
study: carried
language: {language}
model:
  model: carried
  measurement:
    f: {{items: [f1, f2], scale: [1, 5], label: {{nl: Vertrouwen, en: Trust}}}}
    g: {{items: [g1, g2], scale: [1, 5]}}
    out: {{items: [y1, y2], scale: [1, 5]}}
  structural:
    out: [f, g, age]
data: {{file: data.csv, group: sector}}
ols:
blocks: {{controls: [age]}}
importance: {{replicates: 100}}
"""


def carried(place: Path, language: str) -> Result:
    rng = np.random.default_rng(2)
    f, g = rng.multivariate_normal([0, 0], [[1, 0.3], [0.3, 1]], 600).T
    age = rng.normal(45, 10, 600).round()
    y = 0.6 * f + 0.2 * g + 0.01 * (age - 45) + rng.normal(0, 0.8, 600)
    columns = {
        f"{name}{k}": np.clip(np.round(centre + value + 0.4 * rng.normal(size=600)), 1, 5)
        for name, value, centre in (("f", f, 2.4), ("g", g, 3.6), ("y", y, 3))
        for k in (1, 2)
    }
    frame = pd.DataFrame(columns | {"age": age, "sector": np.resize(["Rijk", "GR"], 600)})
    frame.to_csv(place / "data.csv", index=False)
    (place / "study.yaml").write_text(STUDY.format(language=language), encoding="utf-8")
    return read_result(run_study(Request(place / "study.yaml", place / "out", quiet=True))[0])


@pytest.fixture(scope="module")
def dutch(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return carried(tmp_path_factory.mktemp("nl"), "nl")


def test_the_word_is_explained_before_any_number(dutch: Result) -> None:
    what, first = importance_said(dutch)
    assert what.startswith("Bepalend betekent hier: welk deel van de verklaarde variantie")
    assert "Geen van beide zegt dat de voorspeller de oorzaak is" in what
    assert first.startswith("out: Vertrouwen heeft het grootste aandeel")
    assert "100% van de 100 herhalingen" in first


def test_predictors_stand_by_share_with_intervals(dutch: Result) -> None:
    table = importance_table(dutch)
    (body,) = table.bodies
    assert [row[0].text for row in body.rows] == ["Vertrouwen", "g", "age"]
    raw = pd.read_csv(dutch.folder / "importance.csv").query("group == 'all' and kind == 'predictor'")
    assert body.rows[0][3].text == f"{100 * raw['share'].iloc[0]:.0f}%"
    assert body.rows[0][4].sub == "[1; 1]"
    assert "R² OLS" in body.heading
    assert [column.header for column in table.columns][-2:] == ["Aandeel, OLS", "Rang, OLS"]


def test_a_panel_for_all_and_for_each_group_on_common_axes(dutch: Result) -> None:
    ((outcome, key, panels),) = importance_figures(dutch)
    assert (outcome, key) == ("out", "1 Vertrouwen · 2 g")
    assert [panel.title for panel in panels] == ["Alle respondenten", "Rijk", "GR"]
    for panel in panels:
        assert "Vertrouwen aandeel" in panel.svg
        assert "cijfer" in panel.svg
    assert len({svg.count("%</text>") for svg in (panel.svg for panel in panels)}) == 1
    shown = sector_table(dutch).bodies[0].rows[0]
    raw = pd.read_csv(dutch.folder / "importance.csv").query("group == 'Rijk' and predictor == 'f'").iloc[0]
    assert shown[2].sub == f"{raw['mark']:.1f}".replace(".", ",")


def test_controls_are_named_and_compared(dutch: Result) -> None:
    assert "Controlevariabelen: age." in controls_said(dutch)
    rows = controls_table(dutch).bodies[0].rows
    assert [row[0].text for row in rows] == ["Vertrouwen", "g"]
    assert all(row[3].sub.startswith("[") for row in rows)
    blocks = added_table(dutch).bodies[0].rows
    assert [row[0].text for row in blocks] == [
        "Controlevariabelen, na de andere", "Andere voorspellers, na de controles",
    ]  # fmt: skip


def test_the_page_has_both_sections_in_either_language(dutch: Result, tmp_path: Path) -> None:
    page = render(dutch)
    assert page.index('<section id="importance">') < page.index('<section id="controls">')
    assert "Met en zonder controlevariabelen" in page
    english = render(carried(tmp_path, "en"))
    assert "What carries the outcome?" in english
    assert "With and without control variables" in english
    assert "Trust" in english


def test_labels_of_close_dots_stay_apart() -> None:
    found = label_heights([5.0, 50.0, 6.0, 7.0], 10.0)
    assert found == [-4.0, 50.0, 6.0, 16.0]
    gaps = np.diff(sorted(label_heights(np.random.default_rng(1).uniform(0, 60, 12).tolist(), 5.0)))
    assert gaps.min() >= 5.0 - 1e-9

"""Claims and pooling in the report: the answer first, figures for few and for many groups."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fake_result import make_result

from werksem.compare.ledger import COLUMNS
from werksem.compare.verdicts import CONFIRMED, REFUTED, UNDECIDED
from werksem.report.claims import claims_said, verdict_word
from werksem.report.claims_pages import claims_pages
from werksem.report.folder import Result, read_result
from werksem.report.html import make
from werksem.report.panel import Mark, Panel, PanelRow, axis_limits
from werksem.report.pooling import pooling_said
from werksem.report.shrinkage import shrinkage

EVIDENCE = "betrokkenheid ~ veilig 0.094 (95% -0.078 .. 1.110), P(> 0) = 0.990; P(all) = 0.980"


def ledger_rows(groups: int) -> pd.DataFrame:
    """Groups 0, 1, … of 100, 110, … respondents with estimates .10, .11, …; the last one differs."""
    rows = []
    for rhs in ("veilig", "wendbaar"):
        at = {"lhs": "betrokkenheid", "rhs": rhs, "fixed_effects": 0.2, "fixed_effects_se": 0.01}
        whole = {"pooled": 0.2, "pooled_ci_lower": 0.18, "pooled_ci_upper": 0.22}
        rows.append(at | whole | {"group": "all", "n": 1000})
        for g in range(groups):
            pooled = 0.1 + 0.01 * g
            rows.append(at | {
                "group": f"Groep {g}", "n": 100 + 10 * g, "own": pooled - 0.02, "own_ci_lower": 0.0,
                "own_ci_upper": 0.3, "pooled": pooled, "pooled_ci_lower": pooled - 0.05,
                "pooled_ci_upper": pooled + 0.05, "shrinkage": 0.5 if g else 0.75,
                "p_differs": 0.96 if g == groups - 1 else 0.1, "rule_of_thumb": pooled - 0.02,
                "rule": "own regression",
            })  # fmt: skip
        rows.append(at | whole | {"group": "typical", "new_ci_lower": 0.05, "new_ci_upper": 0.35})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def folder(path: Path, groups: int = 3, language: str = "nl", synthetic: bool = True) -> Path:
    made = make_result(path / f"{language}{groups}{synthetic}", "binding", language, synthetic)
    ledger_rows(groups).to_csv(made / "ledger.csv", index=False)
    claims = [("F-1", "Een zin", "ols", REFUTED, "x"), ("F-1", "Een zin", "bayes", CONFIRMED, EVIDENCE),
              ("F-2", "Nog een", "bayes", UNDECIDED, "geweigerd: omdat")]  # fmt: skip
    columns = ["id", "statement", "engine", "verdict", "evidence"]
    pd.DataFrame(claims, columns=columns).to_csv(made / "claims.csv", index=False)
    return made


@pytest.fixture
def result(tmp_path: Path) -> Result:
    return read_result(folder(tmp_path))


def test_the_answer_comes_first(result: Result) -> None:
    first, second, third = pooling_said(result)
    assert first.startswith("Van de 6 schattingen van een groep wijken er 2 met een kans van ten minste 95%")
    assert "Groep 0 (n = 100), leunt gemiddeld voor 75%" in second
    assert "Groep 2 (n = 120), voor 50%" in second
    assert "vanaf 100 respondenten" in third
    assert third.endswith("haar keuze ligt hooguit ,02 van de gepoolde schatting.")


def test_a_panel_per_path_with_groups_from_large_to_small(result: Result) -> None:
    found = shrinkage(result)
    [(outcome, pictures)] = found.outcomes
    assert outcome == "Betrokkenheid"
    assert [picture.title for picture in pictures] == ["Sociaal veilig werkklimaat", "Wendbare cultuur"]
    assert re.findall(r"Groep \d \(\d+\)", pictures[0].svg)[-3:] == [
        "Groep 2 (120)", "Groep 1 (110)", "Groep 0 (100)",
    ]  # fmt: skip
    assert "van groot naar klein" in found.key
    assert "hoogste" not in found.key


def test_of_many_groups_the_ends_are_shown_and_said(tmp_path: Path) -> None:
    found = shrinkage(read_result(folder(tmp_path, 40)))
    svg = found.outcomes[0][1][0].svg
    drawn = re.findall(r"Groep (\d+) \(\d+\)<", svg)
    assert drawn == [str(g) for g in (39, 38, 37, 36, 35, 34, 5, 4, 3, 2, 1, 0)]
    assert "… 28 groepen …" in svg
    assert "van de 40 groepen alleen de 6 met de hoogste en de 6 met de laagste" in found.key


def test_own_estimates_far_out_do_not_stretch_the_axis() -> None:
    rows = (PanelRow("a", (Mark("bayes", 0.5, 0.0, 1.0),), trail=0.9),)
    assert axis_limits([Panel("", rows)]) == pytest.approx((-0.04, 1.04))
    near, far = (PanelRow("a", rows[0].marks, trail=trail) for trail in (1.2, 30.0))
    assert axis_limits([Panel("", (near,))])[1] == pytest.approx(1.2 + 0.04 * 1.2)
    assert axis_limits([Panel("", (far,))])[1] == pytest.approx(1.25 + 0.04 * 1.25)
    assert np.isnan(PanelRow("a", ()).trail)


@pytest.mark.parametrize(("synthetic", "words"), [
    (True, ["teruggevonden", "niet teruggevonden", "onbeslist"]),
    (False, ["bevestigd", "weerlegd", "onbeslist"]),
])  # fmt: skip
def test_synthetic_data_are_found_back_not_confirmed(
    tmp_path: Path, synthetic: bool, words: list[str]
) -> None:
    found = read_result(folder(tmp_path, synthetic=synthetic))
    assert [verdict_word(verdict, found) for verdict in (CONFIRMED, REFUTED, UNDECIDED)] == words
    said = claims_said(found)
    assert said == (f"Met de posterior getoetst: 2 uitspraken. Daarvan zijn er 1 {words[0]} en 1 onbeslist.")
    page = make(found.folder).read_text(encoding="utf-8")
    assert ("bevestigd" in page) is not synthetic


def test_evidence_speaks_in_labels_and_decimal_commas(result: Result) -> None:
    first, second = claims_pages(result)
    assert (first.title, first.statement) == ("F-1", "Een zin")
    assert first.methods == (
        ("OLS: niet teruggevonden", ("x",)),
        ("Posterior: teruggevonden", (
            "Sociaal veilig werkklimaat → Betrokkenheid ,094 (95%: −,078 – 1,110), P(> 0) = ,990",
            "P(alle tegelijk) = ,980",
        )),
    )  # fmt: skip
    assert second.methods == (("Posterior: onbeslist", ("geweigerd: omdat",)),)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_has_both_sections(tmp_path: Path, language: str) -> None:
    page = make(folder(tmp_path, language=language)).read_text(encoding="utf-8")
    assert '<section id="claims">' in page
    assert '<section id="pooling">' in page
    assert page.index('id="claims"') < page.index('id="pooling"')
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))

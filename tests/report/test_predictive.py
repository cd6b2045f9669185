"""The section that says whether the model predicts what was answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_result import make_result

from werksem.bayes.checks import left_out, loo, predictive
from werksem.report.folder import Result, read_result
from werksem.report.html import make
from werksem.report.left_out import left_out_table, loo_table
from werksem.report.predictive import predictive_said, predictive_tables

PREDICTIVE = f"""{",".join(predictive.COLUMNS)}
bayes,Rijk,mean,betrokkenheid,3.61,3.62,3.55,3.69,0.6
bayes,Rijk,sd,betrokkenheid,0.91,0.85,0.81,0.89,0.005
bayes,Rijk,covariance,betrokkenheid~~veilig,0.31,0.3,0.25,0.35,0.4
bayes,Rijk,top2box,betrokkenheid,0.674,0.573,0.55,0.6,0
bayes,ZBO,mean,betrokkenheid,3.71,3.7,3.6,3.8,0.4
bayes,ZBO,sd,betrokkenheid,0.85,0.85,0.8,0.9,0.5
"""
LEFT_OUT = f"""{",".join(left_out.COLUMNS)}
Rijk,6239,-15930.4,-2.553,0.22,42.5,1.003,-15950.2,1.18,-15981.3,0.29
ZBO,2169,-5280.4,-2.435,0.05,797,1.004,-5295.0,0.06,,
"""
LOO = f"""{",".join(loo.COLUMNS)}
bayes,betrokkenheid,all,8408,-20103.7,103.5,24.1,-1.140,0.7,3,0.667
bayes,betrokkenheid,Rijk,6239,-7129.9,62.2,5.3,-1.146,0.3,0,0.667
"""


def result(tmp_path: Path, language: str = "nl", **tables: str) -> Result:
    folder = make_result(tmp_path / "binding", "binding", language)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_result(folder)


SAID = {
    "nl": "Van de 6 kengetallen per groep (0 van 2 gemiddelden, 1 van 2 standaarddeviaties, 0 van 1 "
          "samenhangen, 1 van 1 aandelen (zeer) eens) liggen er 2 buiten hun voorspelde interval van 95%; "
          "bij een model dat past is dat door toeval ongeveer 0, of minder. Het slechtst voorspeld: aandeel "
          "(zeer) eens van Betrokkenheid bij Rijk.",
    "en": "Of the 6 statistics per group (0 of 2 means, 1 of 2 standard deviations, 0 of 1 associations, 1 "
          "of 1 shares that agree), 2 lie outside their 95% predictive interval; with a model that fits "
          "that is some 0 by chance, or fewer. Predicted worst: the share that agrees of Commitment in Rijk.",
}  # fmt: skip


@pytest.mark.parametrize(("language", "expected"), SAID.items())
def test_one_sentence_says_how_many_and_which(tmp_path: Path, language: str, expected: str) -> None:
    assert predictive_said(result(tmp_path, language, predictive=PREDICTIVE)) == expected


def test_counts_per_group_and_the_worst_first(tmp_path: Path) -> None:
    counts, worst = predictive_tables(result(tmp_path, predictive=PREDICTIVE))
    assert [[cell.text for cell in row] for row in counts.bodies[0].rows] == [
        ["Rijk", "0 / 1", "1 / 1", "0 / 1", "1 / 1"], ["ZBO", "0 / 1", "0 / 1", "", ""],
    ]  # fmt: skip
    first, second = worst.bodies[0].rows
    assert [cell.text for cell in first] == [
        "Rijk",
        "aandeel (zeer) eens: Betrokkenheid",
        "67,4%",
        "57,3%",
        ",00",
    ]
    assert first[3].sub == "[55,0%; 60,0%]"
    assert [cell.text for cell in second][2:4] == ["0,91", "0,85"]


def test_items_of_the_latent_model_are_summarised_per_group(tmp_path: Path) -> None:
    latent = PREDICTIVE.splitlines()[0] + "\nbayes,Rijk,covariance,,0.09,0.02,0.01,0.03,0\n"
    found = result(tmp_path, predictive=latent)
    assert predictive_said(found).endswith("Het slechtst voorspeld: de samenhangen tussen de items bij Rijk.")
    assert predictive_tables(found)[1].bodies[0].rows[0][1].text == "covariantie: alle items samen"


def test_left_out_groups_have_errors_but_no_total_and_no_ranking(tmp_path: Path) -> None:
    table = left_out_table(result(tmp_path, left_out=LEFT_OUT))
    first, second = table.bodies[0].rows
    assert [cell.text for cell in first] == ["Rijk", "6.239", "−15.930,4", "−2,553", "−15.950,2", "−15.981,3"]
    assert (first[2].sub, second[5].text, second[5].sub) == ("± 0,22", "", "")
    assert len(table.bodies[0].rows) == 2
    assert "geen rangorde van modellen" in table.notes[0]
    assert table.notes[1].startswith("Bij Rijk is de Monte-Carlofout groter dan 1")


def test_respondents_left_out_say_where_k_is_too_high(tmp_path: Path) -> None:
    table = loo_table(result(tmp_path, "en", loo=LOO))
    everyone, rijk = table.bodies[0].rows
    assert table.bodies[0].heading == "Commitment"
    assert [cell.text for cell in everyone] == [
        "all respondents", "8,408", "−20,103.7 (103.5)", "−1.140", "24.1", "3",
    ]  # fmt: skip
    assert (everyone[5].tone, rijk[5].tone) == ("warn", "")
    assert "above .67" in table.notes[0]


def test_the_section_stands_in_the_report_only_where_computed(tmp_path: Path) -> None:
    page = make(result(tmp_path, predictive=PREDICTIVE, left_out=LEFT_OUT).folder).read_text(encoding="utf-8")
    assert page.index('id="groups"') < page.index('id="predictive"') < page.index('id="diagnostics"')
    assert "Voorspelt het model wat er geantwoord is?" in page
    assert "PSIS-LOO" not in page
    bare = make(result(tmp_path / "bare").folder).read_text(encoding="utf-8")
    assert 'id="predictive"' not in bare

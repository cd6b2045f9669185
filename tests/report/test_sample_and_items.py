"""Sample, items and parameters in the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_result import SECTORS, make_result

from werksem.report.filter_words import filter_said
from werksem.report.folder import read_result
from werksem.report.item_tables import items_table
from werksem.report.parameters import measured_table, parameter_tables
from werksem.report.sample import flow_table, groups_sampled


@pytest.mark.parametrize(
    ("text", "dutch"),
    [
        ("sector != 'Rechterlijke macht'", "sector is niet ‘Rechterlijke macht’"),
        ("(a == 1 or a == 2) and b >= 3.5", "(a is 1 of a is 2) en b is ten minste 3,50"),
        ("not (a < 3)", "niet (a is kleiner dan 3)"),
        ("missing(b)", "b ontbreekt"),
        ("`Q 1` not in [1, 2, -9]", "Q 1 is niet 1, 2 of −9"),
        ("a + b > 3", ""),
        ("this is no filter", ""),
    ],
)
def test_filters_are_said_in_words_where_they_have_any(text: str, dutch: str) -> None:
    assert filter_said(text, "nl") == dutch


def test_the_flow_tells_who_was_lost_where(tmp_path: Path) -> None:
    table = flow_table(read_result(make_result(tmp_path / "r", "binding", "en")))
    rows = {row[0].text: row for row in table.bodies[0].rows}
    assert rows["Read"][1].text == "18,040"
    assert [cell.text for cell in rows["In the analysis"][1:]] == [
        "17,797", "243 (1.3%)", "sector is not ‘Rechterlijke macht’",
    ]  # fmt: skip
    assert rows["In the analysis"][3].sub == "sector != 'Rechterlijke macht'"
    assert rows["SEM"][2].text == "593 (3.3%)"


def test_groups_have_their_weights_and_effective_n(tmp_path: Path) -> None:
    table = groups_sampled(read_result(make_result(tmp_path / "r", "binding", "nl")))
    assert len(table.bodies[0].rows) == 1 + len(SECTORS)
    assert {row[-1].text for row in table.bodies[0].rows} == {"1,20"}


def test_items_have_a_bar_that_is_read_aloud_and_no_small_numbers(tmp_path: Path) -> None:
    table = items_table(read_result(make_result(tmp_path / "r", "binding", "nl")))
    first, second = table.bodies[0].rows[:2]
    assert first[0].text == "Ik kan vrijuit mijn mening geven"
    assert first[0].sub == "veilig_1"
    assert first[5].text.startswith("1: te weinig; 2: te weinig")
    assert not first[5].picture
    assert 'role="img" aria-label="1: ' in second[5].picture
    assert second[5].sub.count("·") == 4


def test_the_appendix_has_every_item_and_every_parameter(tmp_path: Path) -> None:
    result = read_result(make_result(tmp_path / "r", "mediatie", "en"))
    loadings = result.estimates[(result.estimates["op"] == "=~") & (result.estimates["engine"] == "sem")]
    assert sum(len(body.rows) for body in measured_table(result).bodies) == len(loadings)
    for table in parameter_tables(result):
        engine = {"OLS": "ols", "SEM": "sem", "Bootstrap": "bootstrap", "Posterior": "bayes"}[
            table.caption.split(":")[0]
        ]
        rows = result.estimates[(result.estimates["engine"] == engine) & (result.estimates["group"] == "all")]
        assert sum(len(body.rows) for body in table.bodies) == len(rows)

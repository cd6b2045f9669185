"""What the report shows with a claim: notes, the family, the population, and since when it stands."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from fake_result import make_result

from werksem.claims_record import claims_record
from werksem.report.claims import claims_table
from werksem.report.claims_pages import claims_hash, claims_pages
from werksem.report.folder import Result, read_result
from werksem.spec.study import Study

CLAIMS = [
    ("F-1a", "Een zin", "ols", "bevestigd", "betrokkenheid ~ wendbaar 0.240 (90% 0.200 .. 0.250)"),
    ("F-1a", "Een zin", "sem", "weerlegd", "betrokkenheid ~ wendbaar 0.300 (90% 0.280 .. 0.320)"),
    ("F-1b", "Nog een", "data", "onbeslist", "mean(wendbaar) [Rijk] - mean(wendbaar) [ZBO] 0.010"),
    ("F-2", "Samen", "sem", "bevestigd", "betrokkenheid ~~ wendbaar 0.500 (95% 0.4 .. 0.6)"),
]
DETAILS = [
    (
        "F-1a",
        "F-1",
        "small",
        "Rapport",
        "ols",
        "bevestigd",
        0.03,
        "onbeslist",
        "Lees dit.",
        "Tabel 3.",
    ),
    (
        "F-1a",
        "F-1",
        "small",
        "Rapport",
        "sem",
        "weerlegd",
        0.0001,
        "weerlegd",
        "Lees dit.",
        "Tabel 3.",
    ),
    ("F-1b", "F-1", "order of groups", "", "data", "onbeslist", 1.0, "onbeslist", "", ""),
    ("F-2", "F-2", "correlation", "", "sem", "bevestigd", 0.001, "bevestigd", "", ""),
]
TRUTH = [
    ("F-1a", "ols", "scores", "true", "betrokkenheid ~ wendbaar 0.240"),
    ("F-1a", "sem", "latent", "false", "betrokkenheid ~ wendbaar 0.306"),
    ("F-2", "sem", "latent", "true", "betrokkenheid ~~ wendbaar 0.500"),
]


@pytest.fixture
def result(tmp_path: Path) -> Result:
    made = make_result(tmp_path / "r", "mediatie_binding")
    columns = {
        "claims": ("id statement engine verdict evidence", CLAIMS),
        "claims_details": (
            "id finding type source engine verdict pvalue family note known_deviation", DETAILS,
        ),
        "claims_truth": ("id engine level truth value", TRUTH),
    }  # fmt: skip
    for name, (head, rows) in columns.items():
        pd.DataFrame(rows, columns=head.split()).to_csv(made / f"{name}.csv", index=False)
    manifest = json.loads((made / "manifest.json").read_text())
    manifest |= {
        "claims": {"file": "c.yaml", "sha256": "ab" * 32}, "claims_rules": {"sha256": "cd" * 32},
        "claims_since": {"seen": "2026-03-01T10:00:00+00:00", "data": "other"},
    }  # fmt: skip
    (made / "manifest.json").write_text(json.dumps(manifest))
    return read_result(made)


def test_a_finding_is_one_block_with_the_population_beside_it(result: Result) -> None:
    table = claims_table(result)
    assert [column.header for column in table.columns] == [
        "Uitspraak", "OLS", "SEM", "Gegevens", "In de populatie",
    ]  # fmt: skip
    assert [len(body.rows) for body in table.bodies] == [2, 1]
    assert table.bodies[0].rows[0][-1].text == "waar (schaalscores), niet waar (latent)"
    assert table.bodies[0].rows[1][-1].text == ""
    assert table.bodies[1].rows[0][-1].text == "waar"


def test_notes_say_what_a_reader_must_know(result: Result) -> None:
    first, second, third = claims_pages(result)
    source, deviation, note, family, scores, latent, why = first.notes
    assert (source, note) == ("Bron: Rapport.", "Lees dit.")
    assert deviation == "Bekende afwijking in de bron: Tabel 3."
    assert family == "Over alle 1 uitspraken die OLS beslist samen (Holm): onbeslist, p = ,030."
    assert scores == "Waarde in de populatie, schaalscores: Wendbare cultuur → Betrokkenheid ,240."
    assert latent.startswith("Waarde in de populatie, latent: ")
    alpha = result.reliability.set_index("construct")["alpha"][["betrokkenheid", "wendbaar"]]
    low, high = (f"{value:.2f}".replace("0.", ",") for value in sorted(alpha))
    assert "voor schaalscores waar en voor latente variabelen niet waar" in why
    said = low if low == high else f"{low} – {high}"
    assert f"(betrouwbaarheid α hier {said})" in why
    [(_, parts)] = second.methods
    assert parts == ("gemiddelde Wendbare cultuur: Rijk − ZBO ,010",)
    assert third.methods[0][1][0].startswith("r(Betrokkenheid, Wendbare cultuur) ,500")


def test_claims_older_than_the_data_are_said_so(result: Result) -> None:
    said = claims_hash(result)
    assert "c.yaml (SHA-256 abababababab)" in said
    assert "1 maart 2026" in said or "01-03-2026" in said
    assert "de uitspraken zijn ouder dan deze gegevens" in said


def test_the_record_goes_on_while_claims_and_rules_stay() -> None:
    study = Study.model_validate({"study": "s", "model": None, "data": {}, "claims": Path("c.yaml")})
    now = {"claims": {"sha256": "a"}, "created": "now", "data": {"sha256": "d2"}}
    first = claims_record(study, now | {"created": "then", "data": {"sha256": "d1"}}, {})
    assert first["claims_since"] == {"seen": "then", "data": "d1"}
    earlier = first | {"claims": {"sha256": "a"}}
    assert claims_record(study, now, earlier)["claims_since"] == {"seen": "then", "data": "d1"}
    other = claims_record(study, now, earlier | {"claims": {"sha256": "b"}})
    assert other["claims_since"] == {"seen": "now", "data": "d2"}
    rules = earlier | {"claims_rules": {"sha256": "x"}}
    assert claims_record(study, now, rules)["claims_since"]["seen"] == "now"
    assert claims_record(study.model_copy(update={"claims": None}), now, {}) == {}

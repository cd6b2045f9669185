"""Markdown and CSV: what stands in them, and that no cell is taken for a command or a formula."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from fake_result import make_result
from hypothesis import example, given
from hypothesis import strategies as st
from publish_cases import AWKWARD, awkward, published

from werksem.report.folder import read_result
from werksem.report.publish.csv_files import safe, sheet, write_csv
from werksem.report.publish.markdown import markdown
from werksem.report.publish.methods import methods
from werksem.report.publish.publication import Publication
from werksem.survey.formulas import OPERATORS

SNAPSHOT = Path(__file__).parent / "tables_binding.md"


def chosen(place: Path) -> Publication:
    """Return the tables that are made for publication only, without the paragraph on method."""
    found = published(place)
    names = ("scales", "loadings", "fit", "regression-ols", "regression-bayes")
    return replace(found, methods=(), tables=tuple(one for one in found.tables if one.name in names))


def tables_of(text: str) -> list[list[str]]:
    return [block.split("\n") for block in text.split("\n\n") if block.startswith("| ")]


def width(line: str) -> int:
    return len(re.findall(r"(?<!\\)\|", line)) - 1


def test_the_method_says_how_errors_and_weights_were_made(tmp_path: Path) -> None:
    result = read_result(make_result(tmp_path / "r", "binding", "en"))
    data = {**result.study.get("data", {}), "cluster": "org", "weights": "w"}
    found = " ".join(methods(replace(result, study={**result.study, "data": data})))
    assert re.search(r"SEM: latent constructs, estimator \w+, clustered standard errors, missing", found)
    assert "Estimates are weighted by w; numbers of respondents are not." in found
    plain = {**data, "cluster": None, "weights": None}
    found = " ".join(methods(replace(result, study={**result.study, "data": plain})))
    assert "clustered standard errors, missing" not in found
    assert "weighted" not in found


def test_the_snapshot(tmp_path: Path) -> None:
    """To make it anew: write what ``chosen`` gives and read the difference."""
    assert markdown(chosen(tmp_path / "r")) == SNAPSHOT.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_pipe_tables_are_rectangular(language: str, tmp_path: Path) -> None:
    for found in (awkward(language), published(tmp_path / "r", kind="mediatie", language=language)):
        tables = tables_of(markdown(found))
        assert len(tables) == len(found.tables)
        for lines, one in zip(tables, found.tables, strict=True):
            assert {width(line) for line in lines} == {len(one.table.columns)}
            assert re.fullmatch(r"(\| (:---|---:) )+\|", lines[1])


def test_the_first_table_of_a_paper(tmp_path: Path) -> None:
    """Means with leading zero, correlations without; stars at p = .05 and not above (≤)."""
    text = markdown(published(tmp_path / "r"))
    assert "| 1. Sociaal veilig werkklimaat | 1.204 | 3,66 | 0,72 |" in text
    assert r" ,47\*\*\* | – |" in text
    assert r"| −,06\* | ,00 |" in text
    assert "P-waarden van correlaties naar het steekproefontwerp." in text


def test_methods_disclose_what_reporting_standards_ask(tmp_path: Path) -> None:
    said = " ".join(published(tmp_path / "r", language="en").methods)
    for part in (
        "werksem 0.1.0", "semopy 2.3.11", "Respondents: OLS 17,204–17,424, SEM 17,204",
        "estimator ML", "rows dropped (listwise)", "5,000 replicates",
        "BCa", "χ²(349) = 2,418.30, p < .001", "RMSEA = .019 [.018, .019]", "SRMR = .015", "CFI = .972",
        "highest R̂ is 1.004", "Inadmissible", "Priors: paths: normal(0, 0.5)", "Seed: ",
    ):  # fmt: skip
        assert part in said, part


def rows(found: Publication, at: int = 0) -> list[list[str]]:
    separator = ";" if found.language == "nl" else ","
    return list(csv.reader(io.StringIO(sheet(found, 1, found.tables[at].table)), delimiter=separator))


def test_sheets_keep_numbers_apart_from_stars_and_intervals() -> None:
    found = rows(awkward())
    assert found[0][0].startswith("Tabel 1. 50% van A&B")
    assert found[1] == ["Banner & co"]
    header, first = found[2], found[3]
    assert header[1:] == [
        AWKWARD,
        f"{AWKWARD}: eronder",
        "'=1",
        "'=1: sterren",
        "'=1: interval",
        "'=2",
        "'=2: teken",
    ]
    assert first == [AWKWARD, AWKWARD, "'=SUM(A1)", "-,05", "***", "[−,11; ,01]", "1.234,5", "▪"]
    assert found[5][1] == "'+n"
    assert found[-1] == [f"Noot. {AWKWARD}"]


def test_english_sheets_have_commas_between_and_points_within(tmp_path: Path) -> None:
    found = published(tmp_path / "r", language="en", synthetic=False)
    at = [one.name for one in found.tables].index("scales")
    assert rows(found, at)[2][:4] == ["1. Psychologically safe climate", "1,204", "3.66", "0.72"]


def test_files_are_utf_8_with_a_mark(tmp_path: Path) -> None:
    found = published(tmp_path / "r")
    place = write_csv(found, tmp_path)
    assert sorted(path.stem for path in place.iterdir()) == sorted(one.name for one in found.tables)
    for path in place.iterdir():
        raw = path.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        assert b"\r\n" in raw
        assert "Synthetische gegevens" in raw.decode("utf-8-sig").split("\r\n")[1]


@given(st.text(max_size=20))
@example("-")
def test_no_cell_is_a_formula(text: str) -> None:
    shown = safe(text)
    harmless = re.fullmatch(r"[-+]?[\d.,]*\d%?", shown) or shown in OPERATORS
    assert harmless or not shown.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert shown.lstrip("'") == text.lstrip("'") or harmless

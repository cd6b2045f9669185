"""The beta passport as the report and the terminal show it, and the same rungs of two folders."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from fake_result import make_result
from rich.console import Console

from werksem.compare.passport.across import passports, read_passport
from werksem.compare.passport.records import NOTES
from werksem.compare.passport.steps import Step, step_rows
from werksem.compare.passport.table import COLUMNS
from werksem.errors import DataError
from werksem.report.folder import read_result
from werksem.report.html import make
from werksem.report.passport import passport_said, passport_table
from werksem.report.passport_console import print_passport, write_across
from werksem.results import write_table

FACETS = {"veilig": (0.20, 0.18), "wendbaar": (0.30, 0.36)}
LIMITS = {"delta_ci_lower": 0.01, "delta_ci_upper": 0.05}


def rows_of(lhs: str, rhs: str, ols: float, sem: float, note: str = "") -> list[dict[str, object]]:
    """Return a path: the correction changes what lies between but .001, categories add .02."""
    steps = [
        Step("published", 0.25), Step("ols", ols), Step("corrected", sem - 0.001), Step("sem", sem),
        Step("ordinal", sem + 0.02, base="sem", note=note), Step("pooled", ols - 0.01, base="ols"),
    ]  # fmt: skip
    names = {"lhs": lhs, "rhs": rhs, "group": "all"}
    return [names | row for row in step_rows(steps)]


def folder_of(place: Path, language: str = "nl", sem: float = 0.36) -> Path:
    folder = make_result(place, "binding", language)
    rows = rows_of("betrokkenheid", "veilig", 0.20, 0.203) + rows_of("betrokkenheid", "wendbaar", 0.30, sem)
    table = pd.DataFrame(rows, columns=COLUMNS)
    corrected = (table["rung"] == "corrected") & (table["rhs"] == "wendbaar")
    for name, value in LIMITS.items():
        table.loc[corrected, name] = value
    table.loc[table["rung"] == "sem", ["delta_ci_lower", "delta_ci_upper"]] = [-0.01, 0.01]
    write_table(table, folder / "passport.csv")
    return folder


def said(folders: list[Path], width: int = 120) -> str:
    stream = io.StringIO()
    print_passport(folders, Console(file=stream, width=width))
    return stream.getvalue()


def test_a_row_per_path_and_what_each_step_does_below_it(tmp_path: Path) -> None:
    table = passport_table(read_result(folder_of(tmp_path / "binding")))
    heads = [column.header.replace("\xad", "") for column in table.columns]
    assert heads == [
        "Voorspeller", "Gepubliceerd", "OLS", "Zonder meetfout", "SEM", "SEM ordinaal",
        "Posterior (t.o.v. OLS)", "Oordeel",
    ]  # fmt: skip
    (_, agile) = table.bodies[0].rows
    assert [cell.text for cell in agile] == [
        "Wendbare cultuur", ",25", ",30", ",36", ",36", ",38", ",29", "verschil > ,05",
    ]  # fmt: skip
    # in brackets where the interval has 0; the posterior's heading names what it is compared with
    assert [cell.sub for cell in agile[1:-1]] == [
        "", "+,050", "+,059", "(+,001)", "+,020", "−,010",
    ]  # fmt: skip
    assert [cell.tone for cell in agile[1:4]] == ["", "", "strong"]


SENTENCE = {
    "nl": "Betrokkenheid: β verandert het meest bij Wendbare cultuur, van ,25 (Gepubliceerd) naar ,36 (SEM): "
    "meetfout +,059 [,010; ,050], onverklaard +,050, itemgewichten van het model +,001 [−,010; ,010]. "
    "SEM ordinaal wijkt van SEM het verst af bij Sociaal veilig werkklimaat: +,020. Posterior wijkt",
    "en": "Commitment: β changes most for Agile culture, from .25 (Published) to .36 (SEM): measurement "
    "error +.059 [.010, .050], unexplained +.050, item weights of the model +.001 [−.010, .010]. SEM ordinal",
}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_sentence_says_what_the_difference_is_made_of(tmp_path: Path, language: str) -> None:
    sentences = passport_said(read_result(folder_of(tmp_path / "binding", language)))
    assert SENTENCE[language] in sentences[1]
    assert (",020 door ordinaliteit" if language == "nl" else ".020 by ordinality") in sentences[0]


def test_the_page_has_the_passport_once(tmp_path: Path) -> None:
    page = make(folder_of(tmp_path / "binding")).read_text(encoding="utf-8")
    assert page.count('id="passport"') == 1
    assert "Zonder meetfout: OLS nadat de meetfout" in page


def test_a_folder_without_a_passport_has_no_such_section(tmp_path: Path) -> None:
    folder = make_result(tmp_path / "binding", "binding", "nl")
    assert 'id="passport"' not in make(folder).read_text(encoding="utf-8")
    assert said([folder]) == ""
    with pytest.raises(DataError, match=r"no passport\.csv"):
        read_passport(folder)


def test_the_terminal_has_a_line_per_path(tmp_path: Path) -> None:
    shown = said([folder_of(tmp_path / "binding")])
    (line,) = [line for line in shown.splitlines() if line.startswith("Wendbare cultuur")]
    assert line.split()[2:] == [
        ",25",
        "+,050",
        "+,059",
        "+,001",
        ",36",
        "+,020",
        "−,010",
        "verschil",
        ">",
        ",05",
    ]


def test_a_probit_is_told_as_no_change_by_categories(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "binding")
    plain = rows_of("vertrekintentie", "veilig", 0.20, 0.21)
    probit = rows_of("vertrekintentie", "veilig", 0.20, 0.21, NOTES["probit"])
    for rows, told in ((plain, True), (probit, False)):
        write_table(pd.DataFrame(rows, columns=COLUMNS), folder / "passport.csv")
        (said_,) = (text for text in passport_said(read_result(folder)) if text.startswith("Vertrekintentie"))
        assert ("SEM ordinaal" in said_) == told
    far = [Step("sem", -0.13), Step("ordinal", -0.19, base="sem", note=NOTES["probit"])]
    assert [row["flag"] for row in step_rows(far) if "flag" in row] == [""]


def test_a_probit_is_no_part_of_the_average(tmp_path: Path) -> None:
    folder = make_result(tmp_path / "binding", "binding", "nl")
    rows = rows_of("vertrekintentie", "veilig", 0.2, 0.21, NOTES["probit"])
    write_table(pd.DataFrame(rows, columns=COLUMNS), folder / "passport.csv")
    assert "ordinaliteit" not in passport_said(read_result(folder))[0]


def test_the_same_rungs_of_two_folders_side_by_side(tmp_path: Path) -> None:
    first, second = folder_of(tmp_path / "a"), folder_of(tmp_path / "b", sem=0.20)
    table = passports([first, second]).set_index(["rung", "rhs"])
    assert table.loc[("sem", "wendbaar"), "verdict"] == "differ > .05"
    assert table.loc[("sem", "wendbaar"), "difference"] == pytest.approx(0.16)
    assert table.loc[("ols", "wendbaar"), "verdict"] == "agree"
    assert table.loc[("corrected", "wendbaar"), "a.explains"] == "attenuation"
    assert list(dict.fromkeys(table.index.get_level_values("rung"))) == [
        "published", "ols", "corrected", "sem", "ordinal", "pooled",
    ]  # fmt: skip
    shown = said([first, second])
    assert "Wendbare cultuur" in shown
    assert "Sociaal veilig" not in shown
    assert "gelijk op elke trede: 1" in shown


def test_a_folder_takes_the_tables_and_a_file_the_changes_only(tmp_path: Path) -> None:
    folders = [folder_of(tmp_path / "a"), folder_of(tmp_path / "b")]
    assert write_across(folders, tmp_path / "out") is None
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["across.csv", "passport.csv"]
    assert write_across(folders, tmp_path / "change.csv") == tmp_path / "change.csv"
    assert write_across(folders, None) is None

"""Formats asked for: by the study, by ``report --formats``, and what is said where one cannot be had."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from publish_cases import folder_with_scales, published

from werksem.check import check_study
from werksem.cli import app, guarded
from werksem.describing.run import Request as DescribeRequest
from werksem.describing.run import describe_study
from werksem.errors import DataError, SpecError
from werksem.report.folder import read_result
from werksem.report.publish.formats import FORMATS, formats_of, require_formats, write_reports
from werksem.report.publish.layout import laid_out
from werksem.report.publish.regressions import regression_tables
from werksem.report.table import Body, Cell, Column, Table
from werksem.run import Request, run_study
from werksem.spec.study import Report

STUDY = """\
study: small
language: en
model: {measurement: {f: {items: [x1, x2], scale: [1, 5]}}, structural: {y: [f]}}
data: {file: d.csv, group: g}
ols: {}
describe: {tables: [{table: marks, kind: means, of: [f], by: g}]}
disclosure: {smallest: 1}
report: {formats: [html, docx, tex, csv, md]}
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    lines = [f"{1 + at % 5},{1 + (at * 7) % 5},{(at * 3) % 11},{'ab'[at % 2]}" for at in range(60)]
    (tmp_path / "d.csv").write_text("\n".join(["x1,x2,y,g", *lines]) + "\n")
    (tmp_path / "s.yaml").write_text(STUDY)
    return tmp_path / "s.yaml"


def test_every_format_of_the_study_file_can_be_written() -> None:
    known = Report.model_fields["formats"].annotation.__args__[0].__args__
    assert set(known) == {"html", *FORMATS}


def test_fit_and_describe_write_what_the_study_names(study: Path, tmp_path: Path) -> None:
    folder, code = run_study(Request(study, tmp_path / "fit", quiet=True))
    assert code == 0
    made = {path.name for path in folder.iterdir()}
    assert {"report.html", "tables.docx", "tables.tex", "tables.md", "scales.csv", "correlations.csv"} <= made
    assert {path.suffix for path in (folder / "tables").iterdir()} == {".csv", ".tex"}
    assert "Means, standard deviations" in (folder / "tables.md").read_text(encoding="utf-8")
    folder = describe_study(DescribeRequest(study, tmp_path / "described"))
    assert {"tables.html", "tables.docx", "tables.tex", "tables.md"} <= {p.name for p in folder.iterdir()}
    assert (folder / "tables" / "marks.csv").is_file()


def test_report_makes_them_again_without_refitting(tmp_path: Path, capsys: Any, monkeypatch: Any) -> None:
    folder = folder_with_scales(tmp_path / "r")
    monkeypatch.setattr("sys.argv", ["werksem", "report", str(folder), "--formats", "md, csv"])
    assert guarded(app) == 0
    assert capsys.readouterr().out.split() == [str(folder / "tables.md"), str(folder / "tables")]
    assert not (folder / "report.html").exists()
    assert formats_of(folder) == ("html",)
    text = (folder / "study.yaml").read_text() + "report: {formats: [tex, md]}\n"
    (folder / "study.yaml").write_text(text)
    assert formats_of(folder) == ("html", "tex", "md")


def test_a_wrong_format_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"no format 'dox'; there are html, docx, tex, csv, md; did you mean"):
        write_reports(tmp_path, ("dox",))


def test_without_python_docx_nothing_is_estimated(study: Path, tmp_path: Path, monkeypatch: Any) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "docx" else find(name))
    for read in ("werksem.run.read_inputs", "werksem.describing.run.read_described"):
        monkeypatch.setattr(read, lambda *_: pytest.fail("data were read"))
    said = r"docx: python-docx is not installed; right is pip install 'werksem\[report\]'$"
    for act in (
        lambda: run_study(Request(study, tmp_path / "fit", quiet=True)),
        lambda: describe_study(DescribeRequest(study, tmp_path / "described")),
        lambda: list(check_study(study)),
        lambda: write_reports(tmp_path, ("docx",)),
    ):
        with pytest.raises(SpecError, match=said):
            act()
    assert not (tmp_path / "fit").exists()
    require_formats(("html", "tex", "csv", "md"))


def test_a_folder_that_is_no_result_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not a finished werksem result folder"):
        write_reports(tmp_path, ("md",))


def test_tables_come_in_the_order_of_a_paper(tmp_path: Path) -> None:
    names = [one.name for one in published(tmp_path / "r", kind="mediatie").tables]
    expected = ["sample", "scales", "reliability", "loadings", "fit", "regression-ols", "regression-sem",
                "regression-bayes", "comparison", "effects", "groups"]  # fmt: skip
    assert [name for name in names if name in expected] == expected
    assert len(names) == len(set(names))


def test_regressions_have_outcomes_as_columns_with_r2_and_n_below(tmp_path: Path) -> None:
    result = read_result(folder_with_scales(tmp_path / "r"))
    table = dict(regression_tables(result))["regression-ols"]
    assert [column.header for column in table.columns] == [
        "Voorspeller", "Tevredenheid met de organisatie", "Betrokkenheid", "Vertrekintentie",
    ]  # fmt: skip
    rows = result.estimates
    row = rows[
        (rows["engine"] == "ols") & (rows["lhs"] == "betrokkenheid") & (rows["rhs"] == "wendbaar")
    ].iloc[0]
    cell = next(line for line in table.bodies[0].rows if line[0].text == "Wendbare cultuur")[2]
    assert cell.text == f"{row['std']:.2f}".replace("0.", ",")
    assert cell.sub == f"{row['est']:.3f} ({row['se']:.3f})".replace(".", ",")
    assert cell.mark == "***"
    below = {line[0].text: [cell.text + cell.mark for cell in line[1:]] for line in table.bodies[1].rows}
    assert below["Adj. R²"] == [",300***", ",320***", ",340***"]
    assert below["n"] == ["17.204", "17.314", "17.424"]


@pytest.mark.parametrize("count", [2, 9, 16, 40, 90])
def test_a_table_too_wide_for_a_page_is_split_without_losing_a_cell(count: int) -> None:
    columns = (Column("Predictor"), *(Column(f"Outcome {at}", True) for at in range(count)))
    row = (Cell("x"), *(Cell(f"0.{at:03d}") for at in range(count)))
    parts = laid_out(Table("t", columns, (Body("", (row,)),)), "en")
    assert all(part.table.columns[0].header == "Predictor" for part in parts)
    shown = [cell.text for part in parts for cell in part.table.bodies[0].rows[0][1:]]
    assert shown == [cell.text for cell in row[1:]]
    assert all(sum(part.widths) <= 24.71 for part in parts)
    assert [part.part for part in parts] == list(range(1, len(parts) + 1))

"""``werksem describe`` from the command line to the folder, and what is said where a study is wrong."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from tests.describe.studies import REFERENCE, long_table, study_file
from werksem.check import check_study
from werksem.cli import app, guarded
from werksem.describing.run import Request, describe_study, read_described
from werksem.errors import DataError, SpecError
from werksem.report.described.console import _rich, fitting, print_tables
from werksem.report.described.folder import read_described as read_folder
from werksem.report.described.layout import Shown, shown_tables
from werksem.report.described.page import make_page
from werksem.report.folder import read_result
from werksem.report.table import Body, Cell, Column, Table
from werksem.spec.load import load_study

WANTED = [
    {"table": "marks", "kind": "marks", "of": ["f"], "by": "g", "insufficient": True},
    {"table": "items", "kind": "items", "of": ["f"]},
    {"table": "spread", "kind": "histogram", "of": ["f"]},
    {"table": "low", "kind": "one_in", "of": ["f"], "by": "g", "below": 3},
]
DATA = {"weights": "w", "cluster": "c", "strata": "h", "group": "g"}


def frame() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "tables_data.csv")


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["werksem", *words])
    return guarded(app)


def test_the_folder_holds_tables_page_study_and_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = study_file(tmp_path, frame(), WANTED, data=DATA), tmp_path / "out"
    assert run(monkeypatch, "describe", str(path), "--out", str(out)) == 0
    printed = capsys.readouterr().out
    assert "Marks by linear conversion" in printed
    assert {file.name for file in out.iterdir()} == {
        "tables.csv",
        "tables.html",
        "output_check.csv",
        "output_check.html",
        "study.yaml",
        "manifest.json",
    }
    manifest = json.loads((out / "manifest.json").read_text())
    assert (manifest["verb"], manifest["marks"]) == ("describe", "lineair")
    assert manifest["disclosure"] == {"smallest": 10, "complementary": True}
    assert manifest["data"]["rows_used"] == 600
    page = (out / "tables.html").read_text()
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("<svg") == 4 + 3 + 1 + 4
    for table in re.findall(r"<table>.*?</table>", page, flags=re.DOTALL):
        ends = re.findall(r'class="ends"><span>([^<]+)</span><span>([^<]+)</span>', table)
        assert len(ends) == ("<circle" in table)
    assert run(monkeypatch, "describe", str(path), "--out", str(out), "--quiet") == 0
    assert capsys.readouterr().out == ""


def test_the_written_study_gives_the_same_tables(tmp_path: Path) -> None:
    out = describe_study(Request(study_file(tmp_path, frame(), WANTED, data=DATA), tmp_path / "out"))
    again = describe_study(Request(out / "study.yaml", tmp_path / "again"))
    assert (out / "tables.csv").read_bytes() == (again / "tables.csv").read_bytes()


def test_tables_never_take_the_place_of_a_fit(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    for name in ("estimates.csv", "manifest.json"):
        (tmp_path / "r" / name).write_text('{"werksem": "0.1.0"}')
    with pytest.raises(
        SpecError, match="results of fit, which tables would replace: name another with --out"
    ):
        describe_study(Request(study_file(tmp_path, frame(), WANTED, data=DATA), tmp_path / "r"))
    assert len(list((tmp_path / "r").iterdir())) == 2


def test_report_makes_the_page_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = describe_study(Request(study_file(tmp_path, frame(), WANTED, data=DATA), tmp_path / "out"))
    before = (out / "tables.html").read_text()
    (out / "tables.html").unlink()
    assert run(monkeypatch, "report", str(out)) == 0
    assert (out / "tables.html").read_text() == before
    with pytest.raises(DataError, match="descriptive tables"):
        read_result(out)
    (out / "tables.csv").unlink()
    with pytest.raises(DataError, match=r"tables\.csv is missing"):
        make_page(out)


def test_a_study_without_the_section_has_tables_of_its_scales(tmp_path: Path) -> None:
    path = study_file(tmp_path, frame(), [], data=DATA)
    path.write_text("\n".join(line for line in path.read_text().splitlines() if "tables" not in line)
                    .replace("describe:", ""))  # fmt: skip
    study, _, _ = read_described(*load_study(path), path)
    assert study.describe is not None
    assert [(t.kind, t.by) for t in study.describe.tables] == [
        ("marks", "g"), ("means", "g"), ("items", None), ("top2", "g"),
    ]  # fmt: skip
    describe_study(Request(path, tmp_path / "out"))


def test_check_says_what_would_be_made(tmp_path: Path) -> None:
    lines = list(check_study(study_file(tmp_path, frame(), WANTED, data=DATA)))
    assert lines[1] == "tables: 4: marks (marks), items (items), spread (histogram), low (one_in)"
    assert lines[-1] == "ok"
    bad = [{"table": "bad", "kind": "top2", "of": ["d"]}]
    path = study_file(tmp_path, frame().assign(d=(frame()["x1"] > 3).astype(int)), bad)
    with pytest.raises(DataError, match=r'table "bad".*too few for a highest two'):
        list(check_study(path))


def test_a_wrong_table_is_named_once(tmp_path: Path) -> None:
    alone = [{"table": "alone", "kind": "trend", "of": ["f"]}]
    with pytest.raises(DataError, match='table "alone": a trend is over waves'):
        list(check_study(study_file(tmp_path, frame(), alone)))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"kind": "mean", "of": ["f"]}, r'small.yaml:\d+:\d+: .*found "mean".*did you mean "means"'),
        ({"kind": "means", "of": ["ff"]}, r'small.yaml:\d+:\d+: .*no column "ff".*did you mean "f"'),
        ({"kind": "means", "of": ["f"], "by": "gg"}, r'small.yaml:\d+:\d+: .*no column "gg"'),
        ({"kind": "means", "of": ["f"], "where": "g = 'a'"}, r"small.yaml:\d+:\d+: .*=="),
        ({"kind": "means", "of": ["f"], "below": 3}, r'unknown key "below" in describe.tables.0'),
        ({"kind": "one_in", "of": ["f"]}, "give one of below, above, answers"),
        ({"kind": "classes", "of": ["f"], "at": [3, 2]}, "bounds rise"),
        ({"kind": "means", "of": ["f"], "by": {"classes": "f"}}, "need at"),
    ],
)
def test_a_wrong_table_is_said_with_its_line(table: dict[str, object], message: str, tmp_path: Path) -> None:
    path = study_file(tmp_path, frame(), [{"table": "t", **table}])
    with pytest.raises(SpecError, match=message):
        describe_study(Request(path, tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_marks_need_to_know_the_answers(tmp_path: Path) -> None:
    """Answers of 1 to 4 would otherwise become marks as if they went to 5."""
    wanted = [{"table": "t", "kind": "marks", "of": ["f"]}]
    for scale, said in ((None, r"scale: \[1, 5\]"), ([1, 4], r"the scale of f is \[1, 4\]")):
        items = {"items": ["x1", "x2"]} | ({} if scale is None else {"scale": scale})
        path = study_file(tmp_path, frame(), wanted, model={"measurement": {"f": items}})
        with pytest.raises(SpecError, match=said):
            describe_study(Request(path, tmp_path / "out"))


def test_a_table_wider_than_the_terminal_is_printed_in_parts(tmp_path: Path) -> None:
    wanted = [{"table": "answers", "kind": "items", "of": ["f"]}]
    out = describe_study(Request(study_file(tmp_path, frame(), wanted, data=DATA), tmp_path / "out"))
    [table] = [shown.table for shown in shown_tables(read_folder(out))]
    cells = [cell.text for body in table.bodies for row in body.rows for cell in row[1:]]
    for width in (40, 200):
        screen = Console(file=io.StringIO(), width=width)
        print_tables(out, screen)
        text = screen.file.getvalue()  # type: ignore[attr-defined]
        for found in set(cells):
            assert len(re.findall(rf"(?<!\S){re.escape(found)}(?!\S)", text)) >= cells.count(found)


def test_heads_of_one_word_are_whole_at_80_columns() -> None:
    heads = ("Groep", "zeer ontevreden", "ontevreden", "niet ontevreden", "tevreden", "zeer tevreden")
    rows = tuple((Cell(name), *(Cell(f"{k}%") for k in range(11, 16))) for name in ("Totaal", "De rechters"))
    table = Table("t", tuple(Column(head, numeric=head != "Groep") for head in heads), (Body("", rows),))
    for width in (70, 80, 120):
        screen = Console(file=io.StringIO(), width=width)
        for part in fitting(table, width):
            screen.print(_rich(Shown("t", "t", "", table), part, width, first=False))
        text = screen.file.getvalue()  # type: ignore[attr-defined]
        assert len(re.findall(r"(?<!\S)tevreden(?!\S)", text)) == 2
        assert all(len(re.findall(rf"(?<!\S){k}%(?!\S)", text)) == 2 for k in range(11, 16))


def test_links_to_tables_of_one_title_differ(tmp_path: Path) -> None:
    wanted = [{"table": "a", "kind": "items", "of": ["x1"]}, {"table": "b", "kind": "top2", "of": ["x1"]}]
    out = describe_study(Request(study_file(tmp_path, frame(), wanted, data=DATA), tmp_path / "out"))
    links = re.findall(r'<li><a href="#t\d">([^<]*)</a>', (out / "tables.html").read_text())
    assert links == ["x1 (a)", "x1 (b)"]


def test_shares_differ_in_points_and_the_bound_is_said(tmp_path: Path) -> None:
    wanted = [
        {"table": "d", "kind": "difference", "of": ["x1"], "by": "g", "measure": "share", "values": [4, 5]},
        {"table": "m", "kind": "difference", "of": ["f"], "by": "g", "bound": 0.3},
    ]
    path = study_file(tmp_path, frame(), wanted, data=DATA, language="nl")
    found = read_folder(describe_study(Request(path, tmp_path / "out")))
    shares, means = shown_tables(found)
    rows = found.rows[(found.rows["table"] == "d") & (found.rows["measure"] == "difference")]
    first = f"{100 * rows['value'].iloc[0]:.1f} pp".replace(".", ",").replace("-", "−")
    name, cell = shares.table.bodies[0].rows[0][:2]
    assert (name.text, cell.text) == (rows["category"].iloc[0].replace(" - ", " − "), first)
    assert "verschil van 5 procentpunt of meer" in " ".join(shares.table.notes)
    assert "verschil van 0,30 standaarddeviatie of meer" in " ".join(means.table.notes)


def test_other_waves_are_read_and_do_not_change_the_own_wave(tmp_path: Path) -> None:
    frame().drop(columns="x3").assign(x1=5).to_csv(tmp_path / "earlier.csv", index=False)
    alone = long_table(tmp_path, frame(), WANTED, data=DATA)
    path = study_file(tmp_path, frame(), WANTED, data=DATA, wave=2024, waves={"2019": "earlier.csv"})
    _, respondents, _ = read_described(*load_study(path), path)
    sample = respondents.sample
    assert sample.wave is not None
    assert sample.wave.value_counts().to_dict() == {"2019": 600, "2024": 600}
    assert sample.items["x3"][(sample.wave == "2019").to_numpy()].isna().all()
    assert len(np.unique(sample.design.stratum)) == 8
    both = long_table(tmp_path, frame(), WANTED, data=DATA, wave=2024, waves={"2019": "earlier.csv"})
    pd.testing.assert_frame_equal(alone, both)


def test_synthetic_data_say_so(tmp_path: Path) -> None:
    path = study_file(tmp_path, frame(), WANTED, data=DATA, language="nl")
    (tmp_path / "answers.codebook.yaml").write_text("synthetic: true\n")
    page = (describe_study(Request(path, tmp_path / "out")) / "tables.html").read_text()
    assert page.count("Synthetische gegevens: zegt niets over de werkelijkheid") == 2

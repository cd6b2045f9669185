"""Published tables in YAML and CSV: the same numbers either way, and errors that name line and key."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.audit.made_tables import table
from werksem.audit.read import read_table
from werksem.errors import SpecError

ROOT = Path(__file__).resolve().parents[2]
YAML = """published: t
outcomes: {y: {n: 120, r2: 0.210}}
betas:
- {lhs: y, rhs: a, beta: 0.250, stars: '**'}
- {lhs: y, rhs: b, beta: -0.051, stars: ''}
"""
CSV = "outcome,predictor,beta,stars,n,r2\ny,a,0.250,**,120,0.21\ny,b,-0.051,,120,0.21\n"
DUTCH = "outcome;predictor;beta;stars;n;r2\ny;a;,250;**;120;,21\ny;b;-,051;;120;,21\n"


def write(folder: Path, text: str, name: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("text", [CSV, DUTCH], ids=["commas", "semicolons and decimal commas"])
def test_csv_and_yaml_are_the_same_table(tmp_path: Path, text: str) -> None:
    yaml = read_table(write(tmp_path, YAML, "t.yaml"))
    csv = read_table(write(tmp_path, text, "t.csv"))
    assert csv.cells == yaml.cells
    assert csv.outcomes == yaml.outcomes
    assert csv.decimals == 3
    assert yaml.cells[0].beta == (0.2495, 0.2505)
    assert yaml.cells[0].star_p == (0.001, 0.01)
    assert yaml.cells[1].star_p == (0.05, 1.0)
    assert yaml.outcomes["y"].r2 == (0.205, 0.215)


def test_csv_keeps_the_zeros_that_numbers_lose(tmp_path: Path) -> None:
    text = "outcome,predictor,beta,n,adj_r2,sample\ny,a,0.20,120,0.300,Rijk\n"
    cell = read_table(write(tmp_path, text, "t.csv"))
    assert cell.decimals == 2
    assert cell.cells[0].beta == (0.195, 0.205)
    assert cell.cells[0].stars is None
    assert cell.outcomes["y"].decimals == 3
    assert cell.outcomes["y"].sample == "Rijk"


@pytest.mark.parametrize("number", [3, 4])
def test_the_shipped_tables_can_be_audited(number: int) -> None:
    found = read_table(ROOT / "data" / "published" / f"cultuur_2022_tabel_{number}.yaml")
    assert len(found.cells) == 14 * len(found.outcomes)
    assert found.decimals == 3
    assert all(outcome.k == 14 and outcome.decimals == 3 for outcome in found.outcomes.values())


def test_b_becomes_beta_by_the_standard_deviations_each_with_its_rounding() -> None:
    found = table({"y": {"n": 100, "r2": 0.2}}, [{"lhs": "y", "rhs": "a", "b": 0.50, "se": 0.1}],
                  sd={"y": 2.0, "a": 0.8}, decimals={"b": 2, "se": 2, "sd": 1})  # fmt: skip
    cell = found.cells[0]
    assert cell.printed == pytest.approx(0.2)
    assert cell.beta == pytest.approx((0.495 * 0.75 / 2.05, 0.505 * 0.85 / 1.95))
    assert cell.se == pytest.approx((0.095 * 0.75 / 2.05, 0.105 * 0.85 / 1.95))
    assert cell.ratio == pytest.approx((0.495 / 0.105, 0.505 / 0.095))


def test_b_without_standard_deviations_has_a_test_and_no_beta() -> None:
    cell = table({"y": {"n": 100}}, [{"lhs": "y", "rhs": "a", "b": 5.1, "se": 1.3}]).cells[0]
    assert math.isnan(cell.printed)
    assert cell.beta[1] == math.inf
    assert 0 < cell.ratio[0] < cell.ratio[1] < math.inf


def test_a_rounding_goes_before_the_decimals_and_the_cells_before_the_tables() -> None:
    rows = [{"lhs": "y", "rhs": "a", "beta": 0.1, "rounding": 0.02}, {"lhs": "y", "rhs": "b", "beta": 0.25}]
    cells = table({"y": {"n": 100}}, rows, rounding=0.01).cells
    assert [cell.beta for cell in cells] == [pytest.approx((0.09, 0.11)), pytest.approx((0.245, 0.255))]


def test_what_other_readers_of_published_numbers_know_is_let_through(tmp_path: Path) -> None:
    text = """source: s
certainty: exact
rounding: 0.001
outcomes: {y: {n: 120, adj_r2: 0.21, stars: '***', place: p}}
betas:
- {lhs: y, rhs: a, beta: 0.25, stars: '**', sign: '+', known_deviation: why, place: p, certainty: exact}
values: []
"""
    found = read_table(write(tmp_path, text, "t.yaml"))
    assert found.name == "t"
    assert found.cells[0].beta == pytest.approx((0.2495, 0.2505))


def test_marks_are_the_tables_own_and_p_may_be_a_bound() -> None:
    rows = [
        {"lhs": "y", "rhs": "a", "beta": 0.1, "stars": "†"},
        {"lhs": "y", "rhs": "b", "beta": 0.3, "stars": "*", "p": "<.001"},
        {"lhs": "y", "rhs": "c", "beta": 0.2, "stars": "", "p": 0.032},
    ]
    cells = table({"y": {"n": 100}}, rows, stars={"†": 0.10, "*": 0.05}).cells
    assert [cell.star_p for cell in cells] == [(0.05, 0.1), (0.0, 0.05), (0.1, 1.0)]
    assert [cell.p for cell in cells] == [(0.0, 1.0), (0.0, 0.001), (0.0315, 0.0325)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("published: t\nbetas:\n- {lhs: y, rhs: a, bta: 0.1}\n", r't\.yaml:3:\d+: .*bta.*mean "beta"'),
        ("published: t\nbeta:\n- {lhs: y, rhs: a}\n", r't\.yaml:2:1: .*did you mean "betas"'),
        ("published: t\noutcomes: {trots: {}}\nbetas:\n- {lhs: trot, rhs: a}\n", r':4:\d+: .*mean "trots"'),
        ("published: t\nbetas:\n- {lhs: y, rhs: a, stars: '#'}\n", r':3:\d+: .*mark "#", right are \*, \*\*'),
        ("published: t\nbetas:\n- {lhs: y, rhs: a}\n- {lhs: y, rhs: a}\n", r":4:\d+: .*given twice"),
        ("published: t\nbetas:\n- {lhs: y, rhs: a, beta: ',1'}\n", r":3:\d+: .*a number"),
        ("published: t\nbetas:\n- {lhs: y, rhs: a, beta: 0.1, b: 2.0}\n", r":3:\d+: .*not both"),
        ("published: t\nbetas:\n- {lhs: y, rhs: a, p: ns}\n", r':3:\d+: .*"<\.001"'),
        ("published: t\nbetas:\n- {lhs: y, rhs: a, group: Rijk}\n", r":3:\d+: .*group"),
        ("published: t\noutcomes: {y: {n: 2}}\nbetas:\n- {lhs: y, rhs: a}\n", r":2:\d+: n is 2 for 1 pred"),
        ("published: t\nsd: {z: 1.0}\nbetas:\n- {lhs: y, rhs: a}\n", r':2:\d+: sd: "z" has no cell'),
        ("published: t\n", r"nothing to audit"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        read_table(write(tmp_path, text, "t.yaml"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("outcome,predictor,bta\ny,a,0.1\n", r't\.csv:1: .*did you mean "beta"'),
        ("outcome,beta\ny,0.1\n", r't\.csv:1: the column "predictor" is missing'),
        ("outcome,predictor,beta\ny,a,0.1\ny,b,0,2\n", r"t\.csv:3: 4 values under 3 columns"),
        ("outcome,predictor,beta,n\ny,a,0.1,50\ny,b,0.1,60\n", r't\.csv:3: n of "y" is 50 above and 60 here'),
        ("outcome,predictor,beta\ny,a,veel\n", r't\.csv:2: .*beta: found "veel", right is a number'),
        ("outcome,predictor,beta,beta\ny,a,1,2\n", r"there twice"),
        ("\n", "empty"),
    ],
)
def test_what_is_wrong_in_csv_is_said_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        read_table(write(tmp_path, text, "t.csv"))

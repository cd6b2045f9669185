"""Lines of the acceptance page: what is looked up, how it is judged, and what is refused."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
import pytest

from werksem.compare.acceptance import LOST, NOT, OPEN, OUT, REPRODUCED, SIGN, WITHIN, Known, Line, lines_of
from werksem.compare.agreement import agrees
from werksem.compare.printed_betas import judged, stars_line
from werksem.compare.published import COLUMNS, read_values
from werksem.describe.rounding import rounded
from werksem.errors import DataError
from werksem.spec.acceptance import Evidence, Row

VALUES = """
rounding: 1
values:
- {id: A, what: tevreden, variable: tev, measure: top2, value: 46, wave: 2024}
- {id: A, what: tevreden, variable: tev, measure: top2, group: Rijk, value: 47, wave: 2024}
- {id: A, what: tevreden, variable: tev, measure: top2, group: Markt, value: 56, wave: 2024}
- {id: A, what: tevreden, variable: tev, measure: top2, group: GR, certainty: lost, text: meer}
- {id: B, what: toename, variable: fte, measure: change, unit: thousand, certainty: words, text: bijna 48,
   low: 47, high: 48}
- {id: B, what: groei, variable: fte, measure: growth, value: 43.9, rounding: .1}
- {id: C, what: hoog, variable: opl, measure: share, wave: 2015, value: 50.4, rounding: .1}
- {id: C, what: hoog, variable: opl, measure: share, wave: 2025, value: 61.8, rounding: .1}
- {id: C, what: verschil, variable: opl, measure: change, unit: pp, value: 11, known_deviation: elf}
- {id: D, what: score 3, variable: s, measure: mark, unit: mark, category: '3', value: 6}
"""
TABLES = """table,kind,variable,category,group,wave,measure,value,se,ci_lower,ci_upper,n,status
een,top2,tev,top2,,,share,0.4649,0.006,0.453,0.477,17000,ok
een,top2,tev,top2,Rijk,,share,0.4480,0.006,0.430,0.460,6000,ok
een,top2,tev,top2,Zbo,,share,0.51,0.006,0.50,0.52,2000,ok
twee,means,x,,,,mean,7.79,0.01,7.77,7.81,100,ok
twee,means,y,,,,mean,6.64,0.01,6.62,6.66,100,ok
"""
ESTIMATES = """engine,group,lhs,op,rhs,est,pvalue,std,std_ci_lower,std_ci_upper
ols,all,y,~,a,0.2,0.0004,0.1234,0.10,0.15
ols,all,y,~,b,0.1,0.2,-0.0401,-0.06,0.02
ols,all,y,r2,y,0.1,,,,
"""


@pytest.fixture
def known(tmp_path: Path) -> Known:
    folder = tmp_path / "golf"
    folder.mkdir()
    (folder / "tables.csv").write_text(TABLES)
    (folder / "estimates.csv").write_text(ESTIMATES)
    claims = "id,statement,engine,verdict,evidence\nF-1a,Meer,ols,bevestigd,\nF-1b,Beter,sem,bevestigd,\n"
    claims += "F-2,Niets,ols,bevestigd,\nF-2,Niets,sem,onbeslist,\n"
    (folder / "claims.csv").write_text(claims)
    (tmp_path / "values.yaml").write_text(VALUES)
    measures = {"top2": {"measure": "share", "category": "top2"}}
    return Known(read_values(tmp_path / "values.yaml"), {"tabel": table()}, {"golf": folder}, measures)


def run() -> pd.DataFrame:
    """Return the estimates as they are read from a result folder: all text."""
    return pd.read_csv(io.StringIO(ESTIMATES), dtype=str, keep_default_na=False)


def table(**changed: object) -> pd.DataFrame:
    rows = [
        {"lhs": "y", "rhs": "a", "beta": 0.123, "stars": "***", "sign": "+"},
        {"lhs": "y", "rhs": "b", "beta": -0.040, "stars": "", "sign": "-"},
    ]
    common = {"group": "all", "rounding": 0.001, "known_deviation": "", "n": 400.0, "adj_r2": math.nan}
    return pd.DataFrame([common | row | changed for row in rows]).reindex(columns=list(COLUMNS))


def lines(known: Known, **row: object) -> list[Line]:
    return list(lines_of(Row(**{"source": "s", "what": "w", **row}), known))


def by_what(found: list[Line]) -> Mapping[str, Line]:
    return {line.what: line for line in found}


def test_values_are_looked_up_and_judged(known: Known) -> None:
    ours = [{"study": "golf", "of": {"group": group}} for group in ("all", "Rijk")]
    found = by_what(lines(known, id="A", out="geen markt", evidence=ours))
    total, rijk, markt, lost = (
        found[f"tevreden{who}"] for who in (" (2024)", ", Rijk (2024)", ", Markt (2024)", "")
    )
    assert (total.published, total.ours, total.verdict, total.why) == ("46%", "46,49%", REPRODUCED, "")
    assert (rijk.ours, rijk.verdict) == ("44,8%", NOT)
    assert rijk.why == "buiten de steekproefmarge (95% 43,0-46,0)"
    assert (markt.ours, markt.verdict, markt.why) == ("", OUT, "geen markt")
    assert (lost.published, lost.ours, lost.verdict) == ("meer", "", LOST)


def test_a_gap_is_told_of_what_is_not_reproduced(known: Known) -> None:
    ours = [{"study": "golf", "of": {"group": who}, "gap": "anders", "note": "n"} for who in ("all", "Rijk")]
    found = by_what(lines(known, id="A", out="x", evidence=ours))
    assert found["tevreden (2024)"].why == "n"
    assert found["tevreden, Rijk (2024)"].why.endswith("; anders; n")


def test_ours_is_not_shown_rounded_across(known: Known) -> None:
    values = known.values.assign(value=known.values["value"].replace(46.0, 46.4), rounding=0.1)
    ours = [{"study": "golf", "of": {"group": group}} for group in ("all", "Rijk")]
    folder = known.folders["golf"] / "tables.csv"
    folder.write_text(TABLES.replace("0.4649", "0.464498"))
    shown = by_what(lines(Known(values, {}, known.folders, known.measures), id="A", out="x", evidence=ours))
    total = shown["tevreden (2024)"]
    assert (total.ours, total.verdict) == ("46,4498%", REPRODUCED)


def test_cells_of_evidence_may_name_those_of_the_value(known: Known) -> None:
    ours = [
        {"study": "golf", "of": {"group": "Rijk"}, "where": {"variable": "{variable}", "group": "{group}"}}
    ]
    rijk = by_what(lines(known, id="A", out="x", evidence=ours))["tevreden, Rijk (2024)"]
    assert rijk.ours == "44,8%"


def test_what_is_within_the_margin_is_said_but_not_reproduced(known: Known) -> None:
    values = known.values.assign(value=known.values["value"].replace(47.0, 46.0))
    ours = [{"study": "golf", "of": {"group": "Rijk"}}]
    less = Known(values, known.betas, known.folders, known.measures)
    rijk = by_what(lines(less, id="A", out="x", evidence=ours))["tevreden, Rijk (2024)"]
    assert (rijk.verdict, rijk.why) == (WITHIN, "95% 43,0-46,0")


def test_numbers_computed_from_published_ones(known: Known) -> None:
    growth = {
        "compute": "growth",
        "of": {"measure": "growth"},
        "start": 109.2,
        "inputs": [{"measure": "change"}],
    }
    found = by_what(lines(known, id="B", out="invoer", evidence=[growth]))
    assert (found["groei"].verdict, found["toename"].verdict) == (REPRODUCED, OUT)
    assert "43,50% (43,04-43,96, berekend" in found["groei"].ours
    change = {"compute": "change", "of": {"measure": "change"}, "inputs": [{"wave": 2015}, {"wave": 2025}]}
    found = by_what(lines(known, id="C", out="registratie", evidence=[change]))
    assert found["verschil"].ours.startswith("11,4 procentpunt")
    assert (found["verschil"].verdict, found["verschil"].why) == (REPRODUCED, "elf")
    fallen = {**change, "inputs": change["inputs"][::-1]}
    found = by_what(lines(known, id="C", out="registratie", evidence=[fallen]))
    assert "-11,4 procentpunt (-11,5 tot -11,3, berekend" in found["verschil"].ours
    mark = by_what(lines(known, id="D", evidence=[{"compute": "mark"}]))["score 3"]
    assert (mark.ours.split()[0], mark.verdict) == ("5,5", REPRODUCED)


def test_growth_that_the_words_do_not_allow_is_not_reproduced(known: Known) -> None:
    growth = {
        "compute": "growth",
        "of": {"measure": "growth"},
        "start": 120.0,
        "inputs": [{"measure": "change"}],
    }
    assert by_what(lines(known, id="B", out="invoer", evidence=[growth]))["groei"].verdict == NOT


def test_claims_and_signs_are_no_numbers(known: Known) -> None:
    ours = [{"study": "golf", "claim": "F-1"}, {"study": "golf", "claim": "F-2"}]
    right, wrong = lines(known, id="E", evidence=ours)
    assert (right.published, right.verdict, right.why) == ("Meer; Beter", SIGN, "")
    assert right.ours == "F-1a bevestigd (ols), F-1b bevestigd (sem)"
    assert (wrong.published, wrong.verdict, wrong.why) == ("Niets", OPEN, "niet elk deel is te beslissen")


def test_betas_within_rounding_with_their_r2(known: Known) -> None:
    (line,) = lines(known, id="E", evidence=[{"study": "golf", "betas": "tabel", "note": "uit R"}])
    assert line.why == "uit R"
    assert (line.verdict, line.what) == (REPRODUCED, "bèta's van y")
    assert line.ours.startswith("2 van 2 gelijk na afronding")


def test_r2_counts() -> None:
    # 1 - .9 (399 / 397) = .0955
    estimates = run()
    assert judged(table(adj_r2=0.095), estimates)[0].same
    other = judged(table(adj_r2=0.094, known_deviation="kan niet"), estimates)[0]
    assert (other.same, other.why) == (False, "R² verschilt; a, b: kan niet")
    assert "R² 0,0955" in judged(table(adj_r2=0.095), estimates)[0].ours


def test_signs_where_the_numbers_are_lost() -> None:
    estimates = run()
    lost = table(beta=math.nan)
    (found,) = judged(lost, estimates)
    assert (found.signs, found.same, found.ours) == (True, False, "1 van 2 tekens")
    assert found.why == "niet: b -0,040"
    (none,) = judged(lost.assign(sign=["+", ""]), estimates)
    assert none.same


def test_stars_of_contradictory_cells_do_not_count() -> None:
    estimates = run()
    wrong = table().assign(stars=["***", "***"])
    assert not stars_line(wrong, estimates).same
    found = stars_line(wrong.assign(known_deviation=["", "kan niet"]), estimates)
    assert found.same
    assert found.ours == "1 van 1 cellen dezelfde sterren"


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        ({"study": "gofl"}, 'no study gofl is among those of the page; did you mean "golf"'),
        ({"study": "golf", "where": {"group": "Rjik"}}, 'no group Rjik; did you mean "Rijk"'),
        ({"study": "golf", "where": {"groep": "Rijk"}}, 'has no column groep; did you mean "group"'),
        ({"study": "golf", "where": dict.fromkeys(("variable", "category", "measure", "group"), "")},
         "different numbers"),
        ({"study": "golf", "column": "valeu"}, 'has no column valeu; did you mean "value"'),
        ({"study": "golf", "file": "tabels.csv"}, "the results of golf have no tabels.csv"),
        ({"study": "golf", "claim": "F-3"}, "has no claim F-3; did you mean"),
        ({"study": "golf", "betas": "tafel"}, "there is no published table tafel"),
    ],
)  # fmt: skip
def test_a_reference_that_finds_nothing_is_an_error(
    known: Known, evidence: dict[str, object], says: str
) -> None:
    with pytest.raises(DataError) as caught:
        lines(known, id="A", out="x", evidence=[evidence])
    assert says in str(caught.value)


def test_every_number_needs_evidence_or_a_reason(known: Known) -> None:
    with pytest.raises(DataError, match=r"row A: tevreden .* has no evidence, and out: does not say why"):
        lines(known, id="A", evidence=[])
    with pytest.raises(DataError, match="row Z has no published numbers"):
        lines(known, id="Z")
    with pytest.raises(DataError, match="row A: evidence 1 is about none"):
        lines(known, id="A", out="x", evidence=[{"study": "golf", "of": {"group": "Ergens"}}])


def test_sums_and_differences_of_our_numbers(known: Known) -> None:
    values = known.values.assign(
        id="A", what="v", measure="mean", variable="x", unit="mark", value=1.2, rounding=0.1
    )
    one = Known(values.head(1).assign(wave=""), {}, known.folders, {})
    (line,) = lines(one, id="A", evidence=[{"study": "golf", "minus": [{"variable": "y"}]}])
    assert (line.ours, line.verdict) == ("1,15", REPRODUCED)


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({}, "evidence is of a study, or compute"),
        ({"study": "a", "compute": "mark"}, "evidence is of a study, or compute"),
        ({"study": "a", "claim": "F", "betas": "t"}, "one of claim, betas, rule"),
        ({"compute": "growth", "inputs": [{"a": "b"}]}, "growth one and a start"),
        ({"compute": "change", "inputs": [{"a": "b"}]}, "change has two inputs"),
    ],
)
def test_evidence_says_one_thing(keys: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Evidence(**keys)  # type: ignore[arg-type]


def halves() -> Iterator[tuple[float, float, float]]:
    yield from ((6.85, 0.1, 6.9), (6.85 - 1e-13, 0.1, 6.9), (45.5, 1, 46), (45.4999, 1, 45), (-8.5, 1, -9))
    yield from ((0.0005, 0.001, 0.001), (2.675, 0.01, 2.68), (109_499, 1000, 109_000))


@pytest.mark.parametrize(("value", "rounding", "right"), list(halves()))
def test_halves_go_up_whatever_the_last_binary_digit(value: float, rounding: float, right: float) -> None:
    assert rounded(value, rounding) == pytest.approx(right, abs=1e-12)


def test_nothing_agrees_with_no_number() -> None:
    assert math.isnan(rounded(math.nan, 1))
    assert not agrees(math.nan, 3, 1)

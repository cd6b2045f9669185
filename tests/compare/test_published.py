from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from werksem.compare.published import read_published, read_values, remarks, strangers
from werksem.errors import SpecError
from werksem.spec.yaml import load

FOLDER = Path(__file__).parents[2] / "data" / "published"
BETAS = ("cultuur_2022_tabel_3", "cultuur_2022_tabel_4", "figuur_2_6", "figuur_3_6", "figuur_3_9")
SHIPPED = sorted(FOLDER.glob("*.yaml"))


def write(folder: Path, text: str) -> Path:
    path = folder / "published.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_lost_number_is_nan_and_the_group_is_all(tmp_path: Path) -> None:
    path = write(
        tmp_path, "betas:\n- {lhs: y, rhs: x, beta: null, stars: '**', certainty: lost, note: read}\n"
    )
    first = read_published(path).to_dict("records")[0]
    assert math.isnan(first["beta"])
    assert (first["group"], first["stars"], first["certainty"]) == ("all", "**", "lost")


def test_betas_take_what_the_file_says_of_all_of_them(tmp_path: Path) -> None:
    text = (
        "certainty: printed\nrounding: 0.01\noutcomes: {y: {n: 40}}\nbetas:\n"
        "- {lhs: y, rhs: x, beta: .12, place: p. 3}\n"
        "- {lhs: z, rhs: x, beta: .1, rounding: .1, certainty: words}\n"
    )
    table = read_published(write(tmp_path, text))
    assert table["certainty"].tolist() == ["exact", "words"]
    assert table["rounding"].tolist() == [0.01, 0.1]
    assert table["place"].tolist() == ["p. 3", ""]
    assert table["n"].iloc[0] == 40
    assert math.isnan(table["n"].iloc[1])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_published_number_can_be_read(path: Path) -> None:
    values = read_values(path)
    exact = values[values["certainty"] == "exact"]
    assert exact["value"].notna().all()
    assert exact["rounding"].notna().all()
    assert (values.loc[values["certainty"] == "words", "text"] != "").all()
    if path.stem in BETAS:
        betas = read_published(path)
        assert len(betas) > 5
        assert (betas["certainty"] == "lost").eq(betas["beta"].isna()).all()
    else:
        assert len(values) > 1


def test_tables_3_and_4_are_complete() -> None:
    """112 betas, 8 n, 8 adjusted R2: 14 predictors of eight outcomes, the same in all."""
    tables = [read_published(FOLDER / f"{name}.yaml") for name in BETAS[:2]]
    betas = pd.concat(tables)
    assert len(betas) == 112
    assert betas["beta"].notna().all()
    assert (betas.groupby("lhs")["rhs"].agg(frozenset).nunique(), betas["rhs"].nunique()) == (1, 14)
    assert betas.groupby("lhs")["n"].first().to_dict() == {
        "vi_algemeen": 4374, "vi_zelfde_werkgever": 4349, "vi_zelfde_sector": 4349, "vi_andere_publiek": 4349,
        "vi_privaat": 4349, "tevredenheid": 4578, "trots": 4578, "aanbevelen": 4567,
    }  # fmt: skip
    # starred cells counted on the printed page: 33 in table 3, 27 in table 4
    assert [int((table["stars"] != "").sum()) for table in tables] == [33, 27]
    assert betas[betas["known_deviation"] != ""][["lhs", "rhs"]].to_numpy().tolist() == [
        ["vi_privaat", "leren"],
        ["vi_privaat", "maat"],
    ]


def test_tables_3_and_4_have_eight_r2() -> None:
    outcomes = [load(FOLDER / f"{name}.yaml").data["outcomes"] for name in BETAS[:2]]
    r2 = [outcome["adj_r2"] for found in outcomes for outcome in found.values()]
    assert r2 == [0.088, 0.022, 0.046, 0.056, 0.046, 0.325, 0.347, 0.372]


def values(stem: str, **where: object) -> list[float]:
    table = read_values(FOLDER / f"{stem}.yaml")
    for column, value in where.items():
        table = table[table[column] == value]
    return [float(x) for x in table["value"]]


@pytest.mark.parametrize("wave", [2015, 2025])
def test_levels_of_education_add_to_100(wave: int) -> None:
    found = values("organisatie_aan_zet_2026", id="A0-04", measure="share", wave=wave, group="all")
    assert len(found) == 3
    assert sum(found) == pytest.approx(100, abs=1e-9)


def test_answers_add_up() -> None:
    assert sum(values("organisatie_aan_zet_2026", variable="effi_1")) == 100
    assert sum(values("organisatie_aan_zet_2026", variable="ben_1")) == 100
    # voldoende or goed 66 and matig or onvoldoende 26 leave 8 for uitstekend and no opinion
    assert sum(values("organisatie_aan_zet_2026", variable="hr_oordeel", group="all")) == 92


def test_shares_of_leavers_follow_from_their_counts() -> None:
    leavers, culture = values("cultuur_2022", id="A3-03", measure="count")
    share = values("cultuur_2022", id="A3-03", measure="share_of_leavers", group="all")
    assert [round(100 * culture / leavers, 1)] == share


def test_destinations_of_leavers_stay_below_100_and_those_of_intenders_exceed_it() -> None:
    table = read_values(FOLDER / "cultuur_2022.yaml")
    left = table[table["variable"] == "bestemming"].groupby("group")["value"].sum()
    meant = table[table["variable"] == "doel_vertrekintentie"].groupby("group")["value"].sum()
    assert len(left) == len(meant) == 7
    assert (left <= 100).all()
    assert (meant > 100).all()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("betas: 3\n", "published.yaml:1:8: betas: found 3, right is a list"),
        ("betas: [\n", "not valid YAML"),
        ("source: s\n", "needs betas: or values:"),
        ("values:\n- {id: A, what: a, variable: v, measure: m, value: 1}\n", "no published betas here"),
        ("betas:\n- {lhs: y}\n", '2:3: the key "rhs" is missing in betas.0'),
        ("betas:\n- {lhs: y, rhs: x, stras: '*'}\n", 'unknown key "stras" in betas.0; did you mean "stars"'),
        ("betas:\n- {lhs: y, rhs: x, beta: veel}\n", '"veel"'),
        ("betas:\n- {lhs: y, rhs: x, beta: .nan}\n", "finite number"),
        ("betas:\n- {lhs: y, rhs: x, beta: 2.5}\n", "at most 2"),
        ("betas:\n- {lhs: y, rhs: x, stars: '****'}\n", "right are , *, **, ***"),
        ("betas:\n- {lhs: y, rhs: x, certainty: exat}\n", 'did you mean "exact"'),
        ("betas:\n- {lhs: y, rhs: x}\n- {lhs: y, rhs: x}\n", "3:3: lhs y, rhs x, group all is given twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SpecError) as caught:
        read_published(write(tmp_path, text))
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ("certainty: lost, value: 3", "a lost number has no value"),
        ("certainty: words, low: 1, high: 2", "needs text, low and high"),
        ("text: veel", "needs a value"),
        ("value: 3, low: 4", "low and high go together"),
        ("value: 3, low: 4, high: 2", "low and high go together, low first"),
        ("value: 3, unit: procent", 'did you mean "percent"'),
    ],
)
def test_values_say_what_they_know(tmp_path: Path, keys: str, says: str) -> None:
    path = write(tmp_path, f"values:\n- {{id: A, what: a, variable: v, measure: m, {keys}}}\n")
    with pytest.raises(SpecError) as caught:
        read_values(path)
    assert says in str(caught.value)
    assert "published.yaml:2:" in str(caught.value)


def test_a_value_given_twice_is_refused(tmp_path: Path) -> None:
    one = "- {id: A, what: a, variable: v, measure: m, value: 1}\n"
    with pytest.raises(SpecError, match=r"yaml:3:3: id A, variable v, measure m, group all is given twice"):
        read_values(write(tmp_path, f"values:\n{one}{one}"))


def test_a_published_path_outside_the_model_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "betas:\n- {lhs: y, rhs: x}\n- {lhs: y, rhs: z}\n")
    said = strangers(read_published(path), [("y", "x"), ("w", "v")])
    assert said == ('published: y ~ z is not in the model; did you mean "y ~ x"?',)
    assert (
        strangers(read_published(path), [("outcome", "cause")])[1] == "published: y ~ z is not in the model"
    )
    assert strangers(read_published(path), [("y", "x"), ("y", "z")]) == ()


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"nowhere\.yaml"):
        read_published(tmp_path / "nowhere.yaml")


def test_lost_values_and_foreign_paths_are_told() -> None:
    published = pd.DataFrame(
        [("y", "x", "all", float("nan")), ("y", "z", "all", 0.2)], columns=["lhs", "rhs", "group", "beta"]
    )
    estimates = pd.DataFrame([("y", "~", "x")], columns=["lhs", "op", "rhs"])
    assert remarks(published, estimates) == (
        'published: y ~ z is not in the model; did you mean "y ~ x"?',
        "published: 1 of 2 betas have no value in the source's text",
    )

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from tests.survey.studies import SHARED, answers, small_model, study_of, survey_of
from werksem.errors import DataError, SpecError
from werksem.spec.load import load_model
from werksem.survey.scales import items, scale_scores
from werksem.survey.survey import group_sizes, read_survey


def test_answers_arrive_as_they_are_with_groups_in_order_of_appearance(tmp_path: Path) -> None:
    frame = answers()
    survey = survey_of(frame, tmp_path, group="sector")
    assert survey.names == ("x1", "x2", "x3", "x4", "x5", "x6", "age")
    np.testing.assert_array_equal(survey.data[list(survey.names)], frame[list(survey.names)])
    assert (survey.data.dtypes[list(survey.names)] == "float64").all()
    assert group_sizes(survey) == {"Rijk": 20, "GR": 20, "ZBO": 20}
    assert (survey.rows_read, survey.rows_used, survey.synthetic, survey.notes) == (60, 60, False, ())


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".tsv", ".parquet", ".sav"])
def test_every_kind_of_file_gives_the_same_survey(suffix: str, tmp_path: Path) -> None:
    frame = answers().astype(dict.fromkeys(("x1", "x2"), float))
    frame.loc[3, "x1"] = np.nan
    file = tmp_path / f"a{suffix}"
    if suffix == ".parquet":
        frame.to_parquet(file)
    elif suffix == ".sav":
        pyreadstat.write_sav(frame, file)
    else:
        frame.to_csv(file, index=False, sep="\t" if suffix == ".tsv" else ",")
    survey = read_survey(study_of(file, group="sector"), small_model())
    pd.testing.assert_frame_equal(survey.data, survey_of(frame, tmp_path, group="sector").data)


def test_the_filter_comes_first_and_is_counted(tmp_path: Path) -> None:
    frame = answers().astype({"x1": object})
    frame.loc[frame["sector"] == "ZBO", "x1"] = "not asked here"
    survey = survey_of(frame, tmp_path, where="sector != 'ZBO' and age < 60", group="sector")
    wanted = frame[(frame["sector"] != "ZBO") & (frame["age"] < 60)]
    assert (survey.rows_read, survey.rows_used) == (60, len(wanted))
    assert list(group_sizes(survey)) == ["Rijk", "GR"]
    assert survey.data.index.equals(pd.RangeIndex(len(wanted)))
    note = f"filter: {len(wanted)} of 60 respondents satisfy sector != 'ZBO' and age < 60"
    assert survey.notes == (note,)
    with pytest.raises(DataError, match="none of the 60 respondents satisfies age > 90"):
        survey_of(frame, tmp_path, where="age > 90")


def test_a_filter_by_the_label_of_an_spss_answer_is_told_its_number(tmp_path: Path) -> None:
    frame = answers()
    frame["sector"] = frame["sector"].map({"Rijk": 1.0, "GR": 2.0, "ZBO": 3.0})
    labelled = {"sector": {1.0: "Rijk", 2.0: "GR", 3.0: "ZBO's"}}
    pyreadstat.write_sav(frame, tmp_path / "a.sav", variable_value_labels=labelled)
    study = study_of(tmp_path / "a.sav", where="sector != 'GR'")
    with pytest.raises(SpecError, match=r'not its label: "sector" 2 is .GR.$'):
        read_survey(study, small_model())
    assert read_survey(study_of(tmp_path / "a.sav", where="sector != 2"), small_model()).rows_used == 40


def test_respondents_without_a_group_are_left_out_and_counted(tmp_path: Path) -> None:
    frame = answers()
    frame.loc[[0, 7], "sector"] = ["  ", None]
    survey = survey_of(frame, tmp_path, group="sector")
    assert (survey.rows_used, survey.notes) == (
        58,
        ("blank sector: 2 respondents without sector are left out",),
    )


def test_groups_that_differ_in_case_or_spaces_stay_apart_and_are_told(tmp_path: Path) -> None:
    frame = answers()
    frame.loc[[0, 3], "sector"] = ["rijk", " R ijk "]
    survey = survey_of(frame, tmp_path, group="sector")
    assert list(group_sizes(survey)) == ["rijk", "GR", "ZBO", "R ijk", "Rijk"]
    assert survey.notes == (
        'group spellings: sector has "rijk" (1), "R ijk" (1), "Rijk" (18); they count as different groups',
        "groups of one: sector has one respondent in rijk, R ijk",
    )


@pytest.mark.parametrize("label", ["all", "typical"])
def test_a_group_may_not_have_the_name_of_all_together(label: str, tmp_path: Path) -> None:
    frame = answers().replace({"sector": {"GR": label}})
    with pytest.raises(DataError, match=f'a group "{label}"'):
        survey_of(frame, tmp_path, group="sector")


def test_numeric_groups_of_spss_appear_under_their_value_labels(tmp_path: Path) -> None:
    frame = answers().assign(sector=np.resize([2.0, 1.0], 60))
    pyreadstat.write_sav(frame, tmp_path / "a.sav", variable_value_labels={"sector": {1: "Rijk", 2: "ZBO"}})
    survey = read_survey(study_of(tmp_path / "a.sav", group="sector", where="sector >= 1"), small_model())
    assert group_sizes(survey) == {"ZBO": 30, "Rijk": 30}


def test_an_answer_outside_its_scale_names_item_value_count_and_first_row(tmp_path: Path) -> None:
    frame = answers()
    frame.loc[[7, 11], "x2"] = 9
    frame.loc[3, "x2"] = 0
    with pytest.raises(DataError) as problem:
        survey_of(frame, tmp_path, where="age > 0")
    assert str(problem.value) == (
        f'{tmp_path / "answers.csv"}: item "x2" has answers outside its scale: 9 (2x, first in line 9), '
        "0 (1x, first in line 5); the scale of f runs from 1 to 5; list what means no answer in missing_codes"
    )


def test_the_meaning_of_an_answer_outside_is_told_where_spss_knows_it(tmp_path: Path) -> None:
    frame = answers().astype(float, errors="ignore")
    frame.loc[2, "x1"] = 8
    pyreadstat.write_sav(frame, tmp_path / "a.sav", variable_value_labels={"x1": {8: "weet niet"}})
    with pytest.raises(DataError, match=r'8 "weet niet" \(1x, first in row 3\)'):
        read_survey(study_of(tmp_path / "a.sav"), small_model())


def test_missing_codes_global_and_of_a_scale(tmp_path: Path) -> None:
    frame = answers()
    frame.loc[[1, 2], "x1"] = [8, 9]
    frame.loc[4, "x4"] = 7
    measurement = {
        "f": {"items": ["x1", "x2", "x3"], "scale": [1, 5]},
        "g": {"items": ["x4", "x5", "x6"], "scale": [1, 5], "reversed": ["x6"], "missing_codes": [7]},
    }
    survey = survey_of(frame, tmp_path, small_model(measurement=measurement), missing_codes=(8.0, 9.0))
    assert np.isnan(survey.data.loc[[1, 2, 4], ["x1", "x4"]].to_numpy()).sum() == 3
    assert survey.notes[0] == "missing codes: 3 answers count as blank: x1 (2), x4 (1)"
    assert survey.notes[1].startswith(
        "listwise: 3 of 60 respondents left one or more of the 7 variables blank"
    )
    frame.loc[5, "x5"] = 9
    with pytest.raises(DataError, match=r'"x5" has answers outside its scale: 9'):
        survey_of(frame, tmp_path, small_model(measurement=measurement), missing_codes=(8.0, 9.0))


def test_a_missing_code_inside_a_scale_is_never_guessed(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has 2, 5, but the scale of f runs from 1 to 5 and \d+ respondents"):
        survey_of(answers(), tmp_path, missing_codes=(2.0, 5.0))


def test_reversed_items_are_recoded_for_items_and_scores_alike(tmp_path: Path) -> None:
    frame, model = answers().astype(float, errors="ignore"), small_model()
    frame.loc[0, ["x1", "x2"]] = np.nan
    frame.loc[1, "x4"] = np.nan
    survey = survey_of(frame, tmp_path, model)
    np.testing.assert_array_equal(items(survey, model)["x6"], 6 - frame["x6"])
    np.testing.assert_array_equal(survey.data["x6"], frame["x6"])
    scores = scale_scores(survey, model)
    assert list(scores) == ["f", "g", "age"]
    assert np.isnan(scores["f"][0])  # one of three items: half of them, rounded up, is two
    assert scores["g"][1] == pytest.approx((frame["x5"][1] + 6 - frame["x6"][1]) / 2, abs=1e-15)
    np.testing.assert_array_equal(scores["age"], frame["age"])


def test_derived_dummies_and_products_of_scale_means(tmp_path: Path) -> None:
    frame = answers()
    model = small_model(structural={"g": ["f", "rijk", "old", "old_rijk", "f_age"]})
    derive = {
        "rijk": "sector == 'Rijk'",
        "old": "age >= 45",
        "old_rijk": "old * rijk",
        "f_age": "product(f, age)",
    }
    survey = survey_of(frame, tmp_path, model, derive=derive, where="sector != 'GR'")
    used = frame[frame["sector"] != "GR"].reset_index(drop=True)
    np.testing.assert_array_equal(survey.data["rijk"], used["sector"] == "Rijk")
    np.testing.assert_array_equal(survey.data["old_rijk"], (used["sector"] == "Rijk") & (used["age"] >= 45))
    f = used[["x1", "x2", "x3"]].mean(axis=1)
    product = (f - f.mean()) * (used["age"] - used["age"].mean())
    np.testing.assert_allclose(survey.data["f_age"], product - product.mean(), atol=1e-12)
    assert "sector" not in survey.data


def test_codes_are_needed_for_text_and_used_once_given(tmp_path: Path) -> None:
    frame = answers().assign(age=np.resize(["ja", "nee", "ja"], 60))
    with pytest.raises(
        DataError, match=r'"age" has answers in text: "ja" \(40x, first in line 2\), "nee" \(20x\)'
    ):
        survey_of(frame, tmp_path)
    survey = survey_of(frame, tmp_path, codes={"age": {"ja": 1.0, "nee": 0.0}, "agee": {"ja": 1.0}})
    assert survey.data["age"].tolist() == np.resize([1.0, 0.0, 1.0], 60).tolist()
    assert survey.notes == ("codes: data.codes names agee, which the study does not use",)


def test_weights_are_kept_and_bad_ones_refused(tmp_path: Path) -> None:
    frame = answers().assign(w=1.5, organisatie=np.resize(["A", "B"], 60))
    survey = survey_of(frame, tmp_path, weights="w", cluster="organisatie")
    assert (survey.weights, survey.data["w"].unique().tolist(), survey.data["organisatie"][0]) == (
        "w",
        [1.5],
        "A",
    )
    for value, says in (
        (-1, "1 negative weight, first in line 7"),
        (None, "1 blank weight"),
        ("inf", "1 infinite"),
    ):
        bad = frame.astype({"w": object})
        bad.loc[5, "w"] = value
        with pytest.raises(DataError, match=says):
            survey_of(bad, tmp_path, weights="w")
    with pytest.raises(DataError, match="all weights are zero"):
        survey_of(frame.assign(w=0), tmp_path, weights="w")
    with pytest.raises(
        DataError, match=r"too small to be squared: the largest is 1\.5e-200, right is 1e-40 or"
    ):
        survey_of(frame.assign(w=1.5e-200), tmp_path, weights="w")
    # beside ordinary ones a weight may be as small as it likes
    tiny = frame.assign(w=[1e-300, 0.0, *[1.5] * 58])
    assert survey_of(tiny, tmp_path, weights="w").data["w"][:3].tolist() == [1e-300, 0.0, 1.5]
    frame.loc[0, "w"] = 900
    assert survey_of(frame, tmp_path, weights="w").notes[0].startswith("dominating weight: the largest in w")


def test_the_group_cannot_be_a_variable_of_the_model(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match='"age" sorts respondents'):
        survey_of(answers(), tmp_path, group="age")


def test_the_codebook_says_that_data_are_synthetic(tmp_path: Path) -> None:
    (tmp_path / "answers.codebook.yaml").write_text("synthetic: true\nabout: Drawn.\n")
    survey = survey_of(answers(), tmp_path)
    assert (survey.synthetic, survey.codebook.about) == (True, "Drawn.")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")
def test_real_files() -> None:
    traits = {name: [f"{name}{i}" for i in range(1, 6)] for name in "ACENO"}
    reverse = {"A": ["A1"], "C": ["C4", "C5"], "E": ["E1", "E2"], "N": [], "O": ["O2", "O5"]}
    plain = {name: {"items": names, "scale": [1, 6]} for name, names in traits.items()}
    turned = {name: {**part, "reversed": reverse[name]} for name, part in plain.items()}
    study = study_of(SHARED / "bfi" / "bfi.csv", sections={"sem": {}}, group="education")
    survey = read_survey(study, load_model({"model": "bfi", "measurement": turned}))
    assert survey.rows_used == 2800 - 223
    assert not [note for note in survey.notes if note.startswith("reversed keying")]
    study = study_of(SHARED / "bfi" / "bfi.csv", sections={"sem": {}})
    survey = read_survey(study, load_model({"model": "bfi", "measurement": plain}))
    assert "listwise: 364 of 2800" in survey.notes[0]  # lavaan's five factors have N = 2,436
    against = [note.split()[2] for note in survey.notes if note.startswith("reversed keying")]
    assert set(against) >= {"A1", "C4", "C5", "E1", "E2", "O2", "O5"}
    bollen = load_model({"syntax": "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + y2 + y3 + y4\ndem60 ~ ind60"})
    survey = read_survey(study_of(SHARED / "lavaan_classic" / "PoliticalDemocracy.csv"), bollen)
    assert (survey.rows_used, survey.notes) == (75, ())
    assert survey.data["x1"].mean() == pytest.approx(5.054384, abs=1e-6)


def test_reading_is_quick_and_imports_nothing_heavy(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    n, blocks = 40_000, 12
    factors = rng.standard_normal((n, blocks)).repeat(5, axis=1)
    data = np.clip(np.round(3 + factors + rng.standard_normal((n, 60))), 1, 5)
    names = [f"q{j}" for j in range(60)]
    pd.DataFrame(data, columns=names).to_parquet(tmp_path / "a.parquet")
    measurement = {f"f{k}": {"items": names[5 * k : 5 * k + 5], "scale": [1, 5]} for k in range(blocks)}
    model = load_model({"model": "large", "measurement": measurement})
    start = time.process_time()
    survey = read_survey(study_of(tmp_path / "a.parquet"), model)
    assert survey.rows_used == n
    assert time.process_time() - start < 1.0
    code = (
        "import sys, werksem.survey.survey, werksem.survey.moments_input\n"
        "heavy = {'scipy', 'numba', 'semopy', 'pymc', 'statsmodels', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

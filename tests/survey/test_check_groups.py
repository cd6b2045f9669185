"""Groups that cannot be estimated jointly, and clusters that cannot have been drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.survey.studies import answers, survey_of
from werksem.errors import DataError
from werksem.spec.disclosure import Disclosure
from werksem.survey.check_groups import refuse_categories, refuse_crossed, refuse_groups

GROUPS = np.repeat(np.array(["A", "B"], dtype=object), 30)


def items(seed: int = 4) -> pd.DataFrame:
    drawn = np.random.default_rng(seed).integers(1, 6, (60, 3)).astype(float)
    return pd.DataFrame(drawn, columns=["x1", "x2", "x3"])


@pytest.mark.parametrize("fiml", [False, True])
def test_one_answer_that_differs_lets_a_group_pass(fiml: bool) -> None:
    data = items()
    data.loc[30:, "x2"] = 3
    data.loc[59, "x2"] = 4
    refuse_groups(data, GROUPS, "sector", "m", Disclosure(), fiml=fiml)
    data.loc[59, "x2"] = 3
    with pytest.raises(DataError, match="column \"x2\" is constant in group 'B'"):
        refuse_groups(data, GROUPS, "sector", "m", Disclosure(), fiml=fiml)


def test_one_respondent_who_gives_an_answer_lets_a_group_pass() -> None:
    data = items()
    data.loc[30:, "x2"] = data.loc[30:, "x2"].clip(upper=4)
    data.loc[59, "x2"] = 5
    refuse_categories(data, GROUPS, "sector", ["x1", "x2"])
    data.loc[59, "x2"] = 4
    with pytest.raises(DataError, match="'x2': nobody in group 'B' gives answer 5"):
        refuse_categories(data, GROUPS, "sector", ["x1", "x2"])


@pytest.mark.parametrize("fiml", [False, True])
def test_what_only_one_group_lacks_is_refused(fiml: bool) -> None:
    same, copy, total = items(), items(), items()
    same.loc[30:, "x2"] = 3
    copy.loc[30:, "x3"] = copy.loc[30:, "x1"]
    total.loc[30:, "x3"] = total.loc[30:, "x1"] + total.loc[30:, "x2"]
    for data, says in (
        (same, "column \"x2\" is constant in group 'B'; to leave the group out: data.where: sector != 'B'"),
        (copy, 'in group \'B\' column "x3" is an exact copy of "x1"'),
        (total, "in group 'B' column \"x3\" is exactly x1 [+] x2"),
    ):
        with pytest.raises(DataError, match=says):
            refuse_groups(data, GROUPS, "sector", "m", Disclosure(), fiml=fiml)


def test_an_unanswered_item_is_too_few_rows_or_with_fiml_nobody() -> None:
    data = items()
    data.loc[30:, "x2"] = np.nan
    with pytest.raises(DataError, match="0 of 60 rows of group 'B' answer all 3 items of model 'm'"):
        refuse_groups(data, GROUPS, "sector", "m", Disclosure())
    with pytest.raises(DataError, match="nobody in group 'B' answered x2"):
        refuse_groups(data, GROUPS, "sector", "m", Disclosure(), fiml=True)


def test_an_answer_that_nobody_of_a_group_gives_is_refused_where_items_are_ordered() -> None:
    data = items()
    data.loc[30:, "x1"] = data.loc[30:, "x1"].clip(lower=2)
    with pytest.raises(DataError, match="'x1': nobody in group 'B' gives answer 1; merge answers"):
        refuse_categories(data, GROUPS, "sector", ["x1"])


def test_clusters_lie_within_strata() -> None:
    clusters, strata = np.array(["a", "b", "b"]), np.array(["1", "1", "2"])
    with pytest.raises(DataError, match='cluster "b" lies in the strata "1", "2" of "s"'):
        refuse_crossed(clusters, strata, "org", "s")


def test_labels_that_look_alike_are_told_and_stay_apart(tmp_path: Path) -> None:
    frame = answers().assign(sector=np.resize(["1", "01", "1.0", "2"], 60))
    notes = survey_of(frame, tmp_path, group="sector", sections={"ols": {}}).notes
    assert 'group spellings: sector has "1" (15), "01" (15), "1.0" (15); they count as different' in notes[0]


def test_derived_dummies_of_the_group_are_no_news(tmp_path: Path) -> None:
    frame = answers(90)
    quiet = survey_of(frame, tmp_path, group="sector", derive={"rijk": "sector == 'Rijk'"}).notes
    assert not [note for note in quiet if note.startswith("constant in group")]
    frame["x1"] = frame["x1"].where(frame["sector"] != "GR", 3)
    assert (
        "constant in group: sector has one answer only to x1 in GR"
        in survey_of(frame, tmp_path, group="sector").notes
    )


def test_groups_of_few_are_told_nothing_of(tmp_path: Path) -> None:
    frame = answers(90)
    frame.loc[:8, "sector"], frame.loc[:8, "x1"] = "Klein", 3
    notes = survey_of(frame, tmp_path, group="sector").notes
    assert not [note for note in notes if "Klein" in note]

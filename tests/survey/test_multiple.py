"""Columns drawn after all others: they change nothing, meet their numbers, and keep to their caps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.survey.population_files import WAVES, population, shipped
from werksem.errors import SpecError
from werksem.survey.multiple import Ticks, codebook_entries, multiple_from
from werksem.survey.simulate import simulate
from werksem.survey.ticks import systematic

MOTIVES = [f"instroom_{number:02d}" for number in range(1, 17)]


@pytest.mark.parametrize("name", WAVES)
def test_all_other_columns_stay_as_they_are(name: str) -> None:
    source = population(name)
    frame, bare = simulate(source, 1500, 3), simulate(replace(source, multiple=()), 1500, 3)
    pd.testing.assert_frame_equal(frame[bare.columns], bare, check_exact=True)
    assert list(frame.columns[: bare.shape[1]]) == list(bare.columns)
    assert list(frame.columns[bare.shape[1] :]) == list(codebook_entries(source.multiple))


def test_systematic_sampling_keeps_chances_and_caps() -> None:
    chances = np.array([0.74, 0.49, 0.47, 0.29, 0.2, 0.1, 0.05])
    n = 60_000
    ticks = systematic(np.tile(chances, (n, 1)), 3, np.random.default_rng(2))
    assert set(ticks.sum(axis=1)) == {2, 3}
    assert ticks.sum(axis=1).mean() == pytest.approx(chances.sum(), abs=0.01)
    error = np.sqrt(chances * (1 - chances) / n)
    assert (np.abs(ticks.mean(axis=0) - chances) < 4 * error).all()


@pytest.mark.parametrize("name", ["werkonderzoek_2022", "werkonderzoek_2024"])
def test_motives_to_come(name: str) -> None:
    """Asked of those with less than two years, at most three, in the published shares."""
    published = {"werkonderzoek_2022": (0.47, 0.38), "werkonderzoek_2024": (0.49, 0.47)}[name]
    frame = simulate(population(name), 60_000, 5)
    newcomer = frame["dienstjaren"] < 2
    assert frame.loc[~newcomer, MOTIVES].isna().to_numpy().all()
    ticks = frame.loc[newcomer, MOTIVES]
    assert set(np.unique(ticks)) == {0, 1}
    assert ticks.sum(axis=1).max() == 3
    for column, share in zip(("instroom_02", "instroom_03"), published, strict=True):
        assert ticks[column].mean() == pytest.approx(share, abs=4 * np.sqrt(0.25 / len(ticks)))
    assert ticks.mean().drop("instroom_01").max() < ticks["instroom_01"].mean()
    young = ticks.loc[frame["leeftijd"] < 45, "instroom_03"].mean()
    assert young > ticks.loc[frame["leeftijd"] >= 45, "instroom_03"].mean()


def test_motives_to_leave_have_the_published_order_by_age() -> None:
    frame = simulate(population("werkonderzoek_2024"), 60_000, 6)
    leaving = frame[frame["vi_extern"] == 1]
    motives = [column for column in frame if column.startswith("vertrekmotief_")]
    age = pd.cut(leaving["leeftijd"], [0, 34, 54, 99], labels=["<35", "35-54", "55+"])
    first = {
        group: set(rows[motives].mean().nlargest(2).index.str.removeprefix("vertrekmotief_"))
        for group, rows in leaving.groupby(age, observed=True)
    }
    old = {"cultuur", "leidinggevende"}
    assert first == {"<35": {"salaris", "loopbaan"}, "35-54": old, "55+": old}


def test_items_and_misconduct_of_2024() -> None:
    frame = simulate(population("werkonderzoek_2024"), 60_000, 7)
    agree = (frame[["psm_1", "psm_2"]] >= 4).mean()
    assert agree.tolist() == pytest.approx([0.69, 0.59], abs=0.01)
    assert frame["psm_1"].corr(frame["psm_2"]) > 0.5
    assert 0.2 < frame["ongewenst_extern"].mean() < 0.25
    assert frame["ongewenst_intern"].mean() < frame["ongewenst_extern"].mean()


def test_a_wave_of_another_size_has_counts_in_proportion() -> None:
    frame = simulate(population("werkonderzoek_2022"), 2094, 1)
    for column, total in (("vertrokken", 1141), ("vi_telling", 3283)):
        assert frame[column].sum() == pytest.approx(total / 10, abs=4)
    assert (frame["vi_cultuur"].notna() == (frame["vi_telling"] == 1)).all()
    assert (frame["bestemming"].notna() == (frame["vertrokken"] == 1)).all()


def test_everyone_with_a_goal_has_one_and_columns_keep_their_counts() -> None:
    frame = shipped("werkonderzoek_2022")
    goals = frame.loc[frame["vi_cultuur"] == 1, [f"vi_doel_{number}" for number in (1, 2, 3, 4)]]
    assert goals.sum(axis=1).min() == 1
    counts = next(one for one in population("werkonderzoek_2022").multiple if one.name == "vi_doel")
    assert isinstance(counts, Ticks)
    assert goals.sum().tolist() == [sum(count for _, count in tick.counts) for tick in counts.columns]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"colums": {}}, "right is one of columns, words and items"),
        ({"columns": {}, "mots": 3}, "found columns, mots"),
        (
            {"columns": {"a": {"share": 0.9}, "b": {"share": 0.9}}, "most": 1},
            "add to at most 1; found a sum of 1.80",
        ),
        ({"columns": {"a": {"share": 1.2}}}, "shares lie between 0 and 1"),
        ({"columns": {"a": {"share": 0.2}}, "when": "a +"}, "a +"),
        ({"columns": {"a": {"counts": {"Rik": 2}}}}, '"Rik" is no sector; they are Rijk'),
        (
            {"columns": {"a": {"share": 0.2}}, "shifts": [{"when": "x == 1", "b": 0.1}]},
            "b is no column of it",
        ),
    ],
)
def test_wrong_entries_are_told(entry: dict[str, object], said: str) -> None:
    with pytest.raises(SpecError) as problem:
        multiple_from({"motief": entry}, {}, ["Rijk"], "p.yaml")
    assert said in str(problem.value)
    assert "p.yaml" in str(problem.value)

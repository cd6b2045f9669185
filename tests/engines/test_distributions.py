"""Answers per item: what is shown adds up, and what is hidden cannot be worked out."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from werksem.bayes.latent.groups import group_moments
from werksem.bayes.statistics import scaled_weights
from werksem.engines.distributions import (
    distributions,
    hidden_cells,
    without_means,
    without_small_cells,
)
from werksem.engines.rare_cells import untold
from werksem.engines.sample import sample_table
from werksem.inputs import Inputs
from werksem.spec.disclosure import Disclosure
from werksem.spec.types import ModelSpec, Scale
from werksem.summed import summed

RULE = Disclosure()


def inputs_of(items: pd.DataFrame, **more: pd.Series) -> Inputs:
    given = {"survey": None, "scores": None, "group": None, "cluster": None, "weights": None, "strata": None,
             "given": None, "n_of_outcome": {}} | more  # fmt: skip
    return Inputs(items=items, **given)  # type: ignore[arg-type]


def spec_of(*items: str, scale: tuple[float, float] | None = (1, 5)) -> ModelSpec:
    return ModelSpec("m", (Scale("f", items, scale=scale),), ())


def column(*counts: int) -> pd.Series:
    return pd.Series(np.repeat(np.arange(1.0, len(counts) + 1), counts))


def test_counts_and_shares_are_those_of_the_answers_with_blanks_left_out() -> None:
    y = pd.concat([column(10, 20, 30, 40, 0), pd.Series([np.nan] * 7)], ignore_index=True)
    table = distributions(spec_of("a"), inputs_of(pd.DataFrame({"a": y})), RULE)
    assert table is not None
    assert table["answer"].tolist() == [1, 2, 3, 4, 5]
    assert table["n"].tolist() == [10, 20, 30, 40, 0]
    assert table["share"].tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.0])


def test_weighted_shares_are_shares_of_weight() -> None:
    weights = pd.Series(np.r_[np.full(10, 3.0), np.full(30, 1.0)])
    table = distributions(
        spec_of("a", scale=(1, 2)), inputs_of(pd.DataFrame({"a": column(10, 30)}), weights=weights), RULE
    )
    assert table is not None
    assert table["share_weighted"].tolist() == pytest.approx([0.5, 0.5])


def test_an_item_of_many_answers_has_no_table_of_them() -> None:
    table = distributions(spec_of("a", scale=None), inputs_of(pd.DataFrame({"a": np.arange(50.0)})), RULE)
    assert table is not None
    assert table.empty


def alike(answers: np.ndarray, counts: np.ndarray, hidden: np.ndarray) -> set[tuple[int, ...]]:
    """Every way to fill the hidden cells with the same n, mean and SD, by trying them all."""
    free = np.flatnonzero(hidden)
    total = counts[free].sum()
    sums = [(answers[free] ** power * counts[free]).sum() for power in (1, 2)]
    found = set()
    for first in itertools.product(range(total + 1), repeat=len(free) - 1):
        if sum(first) > total:
            continue
        filled = np.array([*first, total - sum(first)])
        if all((answers[free] ** p * filled).sum() == s for p, s in zip((1, 2), sums, strict=True)):
            found.add(tuple(int(n) for n in filled))
    return found


@pytest.mark.parametrize("counts", [(3, 12, 15, 40, 11), (2, 11, 3, 12, 30), (1, 30, 12, 11, 9)])
def test_small_cells_cannot_be_worked_out_from_n_mean_and_sd(counts: tuple[int, ...]) -> None:
    answers, found = np.arange(1.0, 6), np.array(counts)
    hidden = hidden_cells(answers, found, RULE)
    small = (found > 0) & (found < RULE.smallest)
    assert hidden[small].all()
    assert found[hidden].sum() >= RULE.smallest
    ways = alike(answers, found, hidden)
    for at in np.flatnonzero(small):
        place = int(np.flatnonzero(hidden).tolist().index(at))
        assert len({way[place] for way in ways}) > 1


def test_nothing_is_hidden_where_no_cell_is_small() -> None:
    assert not hidden_cells(np.arange(1.0, 6), np.array([10, 0, 50, 40, 12]), RULE).any()


def test_floor_and_mean_go_with_the_cells_they_give_away() -> None:
    frame = pd.DataFrame({"a": column(3, 20, 30, 400, 40), "b": column(93, 100, 100, 100, 100)})
    frame["c"] = np.r_[np.full(4, 1.0), np.full(489, 2.0)]
    found = distributions(spec_of("a", "b", "c"), inputs_of(frame), RULE)
    items = pd.DataFrame(
        {"item": ["a", "b", "c"], "n": 493, "mean": 3.0, "sd": 1.0, "floor": [3 / 493, 93 / 493, 4 / 493],
         "ceiling": [40 / 493, 100 / 493, 0.0]}
    )  # fmt: skip
    shown = without_small_cells(items, found, RULE).set_index("item")
    assert shown[["floor", "ceiling"]].notna().to_numpy().tolist() == [
        [False, False],
        [True, True],
        [False, True],
    ]
    assert shown["mean"].notna().tolist() == [True, True, False]


def test_the_sample_counts_groups_organisations_and_the_effective_n() -> None:
    frame = pd.DataFrame({"a": [1.0, 2, np.nan, 4], "b": [1.0, 2, 3, 4]})
    inputs = inputs_of(
        frame, group=pd.Series(["x", "x", "y", "y"]), cluster=pd.Series([1, 2, 3, 3]),
        weights=pd.Series([1.0, 3.0, 2.0, 2.0]),
    )  # fmt: skip
    table = sample_table(inputs, RULE)
    assert table is not None
    assert table["group"].tolist() == ["all", "x", "y"]
    assert table["complete"].tolist() == [3, 2, 1]
    assert table["clusters"].tolist() == [3, 2, 1]
    assert table["n_effective"].tolist() == pytest.approx([64 / 18, 16 / 10, 2.0])
    assert table["weight_share"].tolist() == pytest.approx([1.0, 0.5, 0.5])
    assert table[["weight_min", "weight_max"]].isna().all(axis=None)
    shown = sample_table(inputs, Disclosure(smallest=2))
    assert shown is not None
    assert shown["weight_min"].isna().tolist() == [True, True, False]
    assert shown["weight_max"].iloc[2] == 2.0


def test_one_group_of_very_small_weights_has_its_effective_n_in_the_sample_and_the_posteriors() -> None:
    """1 : 3 is 16 / 10 respondents (Kish, 1965), whatever the size of weights."""
    frame = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [1.0, 5, 3, 4]})
    weights = np.array([1e-200, 3e-200, 1e38, 3e38])
    table = sample_table(inputs_of(frame, group=pd.Series(list("xxyy")), weights=pd.Series(weights)), RULE)
    assert table is not None
    assert table["n_effective"].tolist() == pytest.approx([1.6] * 3)
    code = np.array([0, 0, 1, 1])
    assert scaled_weights(code, 2, weights) == pytest.approx([0.4, 1.2, 0.4, 1.2])
    found = group_moments(frame.to_numpy(), ["x", "y"], code, weights)
    assert found.n == pytest.approx([1.6, 1.6])


def test_no_table_has_the_mean_of_an_item_whose_answers_are_all_hidden() -> None:
    """n and the mean of a yes or no item are its counts."""
    frame = pd.DataFrame({"leaves": column(489, 4), "a": column(93, 100, 100, 100, 100)})
    alone = (Scale("leave", ("leaves",), scale=(1, 2)), Scale("f", ("a",), scale=(1, 5)))
    spec = ModelSpec("m", alone, ())
    names = untold(spec, inputs_of(frame), RULE)
    assert names == {"leaves", "leave"}
    table = summed(inputs_of(frame, scores=frame.rename(columns={"leaves": "leave", "a": "f"})))
    shown = without_means(table, "variable", names).set_index("variable")
    for column_ in ("mean", "sd"):
        assert shown.loc[["leaves", "leave"], column_].isna().all()
        assert shown.loc[["a", "f"], column_].notna().all()
    assert (shown.loc[["leaves", "leave", "a", "f"], "n"] == 493).all()

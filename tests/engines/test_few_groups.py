"""Groups of few respondents, and those they could be worked out from, have a row in no table."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from werksem.bayes.quantities import Pooled, Quantity, Scaled
from werksem.describe.few_groups import groups_of_few
from werksem.engines.all import Results
from werksem.engines.few import (
    NOBODY,
    refuse_few_respondents,
    refuse_small_groups,
    withheld_groups,
    without_groups,
    without_names,
)
from werksem.errors import DataError
from werksem.inputs import Inputs
from werksem.spec.assemble import Parts, assemble
from werksem.spec.disclosure import Disclosure
from werksem.spec.lavaan import parse_lavaan
from werksem.spec.study import Study

SIZES = {"Big": 40, "Mid": 12, "Nine": 9, "One": 1}
MODEL = assemble(parse_lavaan("y ~ x"), Parts("m"))


def study(**more: Any) -> Study:
    return Study.model_validate({"study": "s", "model": None, "data": {"group": "g"}, **more})


def inputs_of(sizes: dict[str, int], blank: int = 0) -> Inputs:
    """Respondents of groups of these sizes, of whom the first ``blank`` did not answer y."""
    labels = pd.Series([name for name, size in sizes.items() for _ in range(size)])
    scores = pd.DataFrame({"x": 1.0, "y": 2.0}, index=labels.index)
    scores.loc[: blank - 1, "y"] = np.nan
    return cast(
        Inputs, SimpleNamespace(group=labels, items=scores, scores=scores, cluster=None, weights=None)
    )


def pooled() -> Pooled:
    groups = np.tile(np.arange(4.0), (6, 1))
    scaled = Scaled(groups, groups.mean(axis=1))
    path = Quantity("y~x", "y", "~", "x", "", scaled, scaled, scaled, np.ones(4, dtype=bool), True)
    return Pooled(
        "scores", 2, tuple(SIZES), np.array(list(SIZES.values())), np.full(4, 0.25), (path,), (path,)
    )


def results() -> Results:
    groups = ["all", *SIZES]
    table = pd.DataFrame({"group": groups, "n": 5.0, "pooled": 0.3})
    draws = xr.Dataset({"paths": (("draw", "group"), np.zeros((6, 4)))}, {"group": list(SIZES)})
    design = pd.DataFrame({"design": ["cluster", "group"], "icc1": 0.1})
    return Results(
        (), ledger=table, sample=table, predictive=table, design=design, pooled=pooled(),
        posterior=Draws(draws),
    )  # fmt: skip


class Draws:
    """What an InferenceData does that is used here: a function over each of its datasets."""

    def __init__(self, posterior: xr.Dataset) -> None:
        self.posterior = posterior

    def map(self, function: Any, **arguments: Any) -> Draws:
        return Draws(function(self.posterior, **arguments))


@pytest.mark.parametrize(
    ("sizes", "few", "also"),
    [
        ({"a": 40, "b": 30, "c": 10}, [], []),
        ({"a": 40, "b": 30, "c": 9}, ["c"], ["b"]),  # all less a and b would be c
        ({"a": 40, "b": 30, "c": 9, "d": 9}, ["c", "d"], []),  # 18 of two groups
        ({"a": 40, "b": 30, "c": 4, "d": 5}, ["c", "d"], ["b"]),  # 9 of two groups
        ({"a": 40, "b": 9}, ["b"], ["a"]),
        ({"a": 9}, ["a"], []),
    ],
)
def test_which_groups_are_hidden(sizes: dict[str, int], few: list[str], also: list[str]) -> None:
    counts = pd.DataFrame({"n": sizes})
    assert groups_of_few(counts, Disclosure()) == (tuple(few), tuple(also))
    assert groups_of_few(counts, Disclosure(complementary=False)) == (tuple(few), ())
    assert groups_of_few(counts, Disclosure(smallest=1)) == ((), ())


def test_every_n_of_a_group_counts() -> None:
    """Forty respondents of whom nine have an answer to a regression are few in its tables."""
    assert withheld_groups(study(), MODEL, inputs_of({"Big": 40, "Mid": 50, "More": 60})) == NOBODY
    found = withheld_groups(study(), MODEL, inputs_of({"Big": 40, "Mid": 50, "More": 60}, blank=31))
    assert (found.few, found.also) == (("Big",), ("Mid",))


def test_a_hidden_group_has_no_row_no_draw_and_no_quantity() -> None:
    withheld = withheld_groups(study(), MODEL, inputs_of(SIZES))
    assert withheld.inside == {"Nine", "One"}
    found = without_groups(results(), withheld)
    for table in (found.ledger, found.sample, found.predictive):
        assert table is not None
        assert table["group"].tolist() == ["all", "Big", "Mid"]
    assert found.posterior.posterior["group"].values.tolist() == ["Big", "Mid"]
    assert found.posterior.posterior["paths"].shape == (6, 2)
    assert found.pooled.groups == ("Big", "Mid")
    assert found.pooled.n.tolist() == [40, 12]
    for quantity in (*found.pooled.quantities, *found.pooled.means):
        assert quantity.raw.group.shape == (6, 2)
        assert len(quantity.present) == 2
        assert (quantity.raw.everyone == 1.5).all()  # the value of all respondents stays that of all
    assert found.design is not None
    assert found.design["design"].tolist() == ["cluster"]


def test_without_small_groups_everything_stays_as_it_was() -> None:
    before = results()
    assert (
        without_groups(before, withheld_groups(study(), MODEL, inputs_of({"Big": 40, "Mid": 12}))) is before
    )


def test_a_model_of_few_respondents_by_themselves_is_refused() -> None:
    asked = study(sem={"multigroup": True})
    withheld = withheld_groups(asked, MODEL, inputs_of(SIZES))
    with pytest.raises(DataError, match=r"of g by itself, and 'Nine' has fewer than 10 respondents"):
        refuse_small_groups(asked, withheld)
    refuse_small_groups(study(sem={}), withheld)
    loose = study(sem={"multigroup": True}, disclosure={"smallest": 1})
    refuse_small_groups(loose, withheld_groups(loose, MODEL, inputs_of(SIZES)))


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("bayes: weighted: each group counts with its effective size: Big 38, Nine 8, Mid 11", 1),
        ("bayes: fewer than 30 complete rows in Nine: what is said of them is borrowed", 0),
        ("sampling of Nine: centred on its own estimates for 12% on average", 0),
        ("groups of one: g has one respondent in One", 0),
        ("the Ninety or One-offs: nothing about a group", 0),
        ("Onesided and NineX are no groups", 1),
    ],
)
def test_sentences_lose_hidden_groups(said: str, left: int) -> None:
    found = without_names([said], {"Nine", "One"})
    assert len(found) == left
    if "weighted" in said:
        assert found == ("bayes: weighted: each group counts with its effective size: Big 38, Mid 11",)


def test_respondents_of_whom_no_table_may_tell_are_refused() -> None:
    refuse_few_respondents(study(), MODEL, inputs_of({"a": 6, "b": 4}))
    with pytest.raises(DataError, match=r"this study has fewer than 10 respondents .*disclosure.smallest: 1"):
        refuse_few_respondents(study(), MODEL, inputs_of({"a": 6, "b": 3}))
    blank, listwise, fiml = inputs_of({"a": 40}, blank=31), {"group": "g"}, {"missing": "fiml"}
    for more in ({"ols": {}}, {"bayes": {}}, {"ols": {}, "sem": {}, "data": fiml}):
        with pytest.raises(DataError, match=r"the regression of y has fewer than 10 respondents"):
            refuse_few_respondents(study(**more), MODEL, blank)
    with pytest.raises(DataError, match=r"model of complete answers has fewer than 10 respondents"):
        refuse_few_respondents(study(sem={}, data=listwise), MODEL, blank)
    refuse_few_respondents(study(sem={}, data=fiml), MODEL, blank)  # who answered x counts, too
    refuse_few_respondents(study(ols={}, disclosure={"smallest": 1}), MODEL, inputs_of({"a": 40}, blank=40))

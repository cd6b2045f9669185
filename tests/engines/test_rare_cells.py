"""What would tell how few gave an answer: by thresholds, by a group's own numbers, and of small units."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from werksem.engines.all import Results
from werksem.engines.rare_cells import hidden_answers, rare, untold, without_rare_cells
from werksem.engines.result import EngineResult, diagnostic_rows, fit_rows
from werksem.inputs import Inputs
from werksem.spec.disclosure import Disclosure
from werksem.spec.types import ModelSpec, Scale

RULE = Disclosure()
SPEC = ModelSpec("m", (Scale("f", ("a", "b"), scale=(1, 5)), Scale("leave", ("l",), scale=(0, 1))), ())
SIZES = {"x": 300, "y": 60}


def inputs() -> Inputs:
    """Answers of two groups: a has a small cell, b has none, l (yes or no) is rare in group y only."""
    group = np.repeat(list(SIZES), list(SIZES.values()))
    a = np.tile([1.0, 2, 3, 4, 5], 72)
    a[a == 1] = np.r_[np.ones(6), np.full(66, 2.0)]
    leaves = np.zeros(360)
    leaves[:100] = leaves[300:303] = 1
    items = pd.DataFrame({"a": a, "b": np.tile([1.0, 2, 3, 4, 5], 72), "l": leaves})
    none: dict[str, Any] = dict.fromkeys(("survey", "cluster", "weights", "strata", "given"))
    return Inputs(items=items, scores=items, group=pd.Series(group), n_of_outcome={}, **none)


def table(op: str) -> pd.DataFrame:
    return pd.DataFrame({"lhs": ["a", "b", "a"], "op": [op, op, "~1"], "rhs": ["t1", "t1", ""], "est": 0.1})


def results() -> Results:
    engine = EngineResult("sem", table("|"), fit_rows("sem", {}), diagnostic_rows("sem", []), {"all": 360})
    rows = [
        (group, statistic, name, observed)
        for group in SIZES
        for statistic, name, observed in (
            ("mean", "leave", 0.05), ("covariance", "leave~~f", 0.02), ("mean", "f", 3.0),
            ("top2box", "f", 0.1),
        )
    ]  # fmt: skip
    checked = pd.DataFrame(rows, columns=["group", "statistic", "variable", "observed"])
    items = pd.DataFrame(
        {"group": ["x", "y"], "item": "l", "mean": 0.1, "sd": 0.2, "floor": 0.3, "ceiling": 0.4}
    )
    scales = pd.DataFrame({"scale": ["f", "leave"], "n": 360, "mean": 1.0, "sd": 1.0})
    units = pd.DataFrame({"unit": ["one", "ten"], "n": [9, 10]})
    return Results(
        (engine,), predictive=checked, items=items, scales=scales, nested=units, intervals=table("|")
    )


def test_which_answers_are_few() -> None:
    """Six of 360 gave a its lowest answer: hidden with three others, a's mean may stay."""
    assert dict(hidden_answers(SPEC, inputs(), RULE)) == {"a": False}
    assert rare(SPEC, inputs(), RULE) == untold(SPEC, inputs(), RULE) == frozenset()
    inside = np.repeat([False, True], list(SIZES.values()))
    assert untold(SPEC, inputs(), RULE, inside) == {"l", "leave"}
    assert dict(hidden_answers(SPEC, inputs(), Disclosure(smallest=1))) == {}


def test_thresholds_of_an_item_with_a_hidden_cell_are_gone() -> None:
    found = without_rare_cells(results(), SPEC, inputs(), RULE)
    for shown in (found.engines[0].estimates, found.intervals):
        assert shown is not None
        assert list(zip(shown["lhs"], shown["op"], strict=True)) == [("b", "|"), ("a", "~1")]


def test_a_group_keeps_what_does_not_tell_of_few() -> None:
    found = without_rare_cells(results(), SPEC, inputs(), RULE)
    assert found.predictive is not None
    shown = found.predictive.groupby("group")[["statistic", "variable"]].apply(
        lambda part: part.values.tolist()
    )
    assert shown["x"] == [["mean", "leave"], ["covariance", "leave~~f"], ["mean", "f"], ["top2box", "f"]]
    assert shown["y"] == [["mean", "f"]]  # a tenth of sixty is six
    assert found.items is not None
    own = found.items.set_index("group")[["mean", "sd", "floor", "ceiling"]]
    assert own.loc["x"].notna().all()
    assert own.loc["y"].isna().all()
    assert found.scales is not None
    assert found.scales["mean"].notna().all()  # of all respondents 103 leave


def test_units_of_few_respondents_are_gone() -> None:
    found = without_rare_cells(results(), SPEC, inputs(), RULE)
    assert found.nested is not None
    assert found.nested["unit"].tolist() == ["ten"]
    free = without_rare_cells(results(), SPEC, inputs(), Disclosure(smallest=1))
    for name in ("predictive", "items", "scales", "nested", "intervals"):
        pd.testing.assert_frame_equal(getattr(free, name), getattr(results(), name))

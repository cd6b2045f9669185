"""What groups of fewer than ten respondents answered by themselves stands in no table."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd

from werksem.compare.passport.table import COLUMNS as PASSPORT
from werksem.engines.all import Results
from werksem.engines.few import LEDGER, SAMPLE, small_groups, without_small_groups
from werksem.engines.sample import sample_table
from werksem.inputs import Inputs

SIZES = {"Big": 40, "Mid": 10, "Nine": 9, "One": 1}


def inputs_of(sizes: dict[str, int]) -> Inputs:
    labels = pd.Series([name for name, size in sizes.items() for _ in range(size)])
    items = pd.DataFrame({"x": range(len(labels))}, dtype=float)
    weights = pd.Series(1.0 + items["x"])
    found = SimpleNamespace(group=labels, items=items, weights=weights, cluster=None)
    return cast(Inputs, found)


def results_of(inputs: Inputs) -> Results:
    groups = ["all", *dict.fromkeys(cast(Any, inputs).group)]
    sizes = sample_table(inputs)
    assert sizes is not None
    ledger = pd.DataFrame({"group": groups, "n": sizes["n"], "pooled": 0.3, **dict.fromkeys(LEDGER, 0.5)})
    rungs = pd.DataFrame(
        [(group, rung) for group in groups for rung in ("ols", "pooled")], columns=["group", "rung"]
    )
    rungs = rungs.reindex(columns=PASSPORT).assign(std=0.4, delta=0.1, base="ols", n=5.0)
    checked = pd.DataFrame({"group": groups, "observed": 1.0})
    return Results((), sample=sizes, ledger=ledger, passport=rungs, predictive=checked, left_out=checked)


def test_what_small_groups_say_by_themselves_is_gone() -> None:
    inputs = inputs_of(SIZES)
    found = without_small_groups(results_of(inputs), inputs)
    assert small_groups(cast(Any, inputs).group) == {"Nine", "One"}
    for table, names in ((found.sample, [n for n in SAMPLE if n != "clusters"]), (found.ledger, LEDGER)):
        assert table is not None
        inside = table["group"].isin(["Nine", "One"])
        assert table.loc[inside, list(names)].isna().all(axis=None)
        assert table.loc[~inside, list(names)].notna().all(axis=None)
    for table in (found.predictive, found.left_out):
        assert table is not None
        assert table["group"].tolist() == ["all", "Big", "Mid"]
    assert found.passport is not None
    small = found.passport[found.passport["group"].isin(["Nine", "One"])]
    assert small["rung"].tolist() == ["pooled", "pooled"]
    assert small[["delta", "delta_ci_lower", "delta_ci_upper"]].isna().all(axis=None)
    assert small["base"].tolist() == ["", ""]
    assert found.ledger is not None
    assert (found.ledger["pooled"] == 0.3).all()


def test_one_small_group_takes_another_with_it() -> None:
    """All less the others would give it away."""
    inputs = inputs_of({"Big": 40, "Mid": 12, "One": 1})
    found = without_small_groups(results_of(inputs), inputs).sample
    assert found is not None
    assert found.set_index("group")["weight_share"].isna().to_dict() == {
        "all": False, "Big": False, "Mid": True, "One": True,
    }  # fmt: skip


def test_large_groups_stay_as_they_are() -> None:
    inputs = inputs_of({"Big": 40, "Mid": 12})
    results = results_of(inputs)
    found = without_small_groups(results, inputs)
    for name in ("sample", "ledger", "passport", "predictive", "left_out"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(results, name), check_dtype=False)

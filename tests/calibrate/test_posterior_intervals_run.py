"""A posterior's rows of estimates become a table of coverage: matched by name, standardised apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from werksem.calibrate.coverage import coverage_table, off
from werksem.calibrate.page import made_of
from werksem.calibrate.posterior_method import run_of_rows
from werksem.calibrate.summary import judged, kept_of

TRUTH = pd.Series({("y", "~", "x", "b"): 0.4, ("y", "~", "x", "std"): 0.3})


def rows(survey: int, est: float, std: float, group: str = "all", rhs: str = "x") -> dict[str, object]:
    """Return a row of estimates with intervals of ± .1."""
    return {
        "survey": survey, "engine": "bayes", "group": group, "lhs": "y", "op": "~", "rhs": rhs, "est": est,
        "se": 0.05, "ci_lower": est - 0.1, "ci_upper": est + 0.1, "level": 0.95, "std": std, "std_se": 0.04,
        "std_ci_lower": std - 0.1, "std_ci_upper": std + 0.1, "status": "ok" if survey else "rhat",
    }  # fmt: skip


def test_rows_find_their_truth_in_whatever_order_they_come() -> None:
    found = [rows(s, 0.4 + 0.06 * s, 0.3, group) for s in range(4) for group in ("all", "a", "typical")]
    found += [rows(s, 9.0, 9.0, rhs="z") for s in range(4)]  # a path without a truth
    frame = pd.DataFrame(found).sample(frac=1, random_state=3)
    run = run_of_rows(frame, TRUTH)
    table = coverage_table([run], 100).set_index(["group", "quantity"])
    assert set(table.index) == {("all", "b"), ("all", "std"), ("a", "b"), ("a", "std")}
    # .46 .52 .58, each ± .1: the last two lie above .4; the chain of survey 0, .40, did not converge
    assert table.loc[("all", "b"), ["coverage", "above"]].tolist() == [1 / 3, 2 / 3]
    assert table.loc[("all", "std"), "coverage"] == 1.0
    assert np.isclose(table.loc[("all", "b"), "bias"], 0.12)
    assert (table["failed"] == 1).all()
    assert (table["verdict"] == "undecided").all()  # four surveys show nothing


def test_groups_stand_in_the_table_and_not_in_the_summary() -> None:
    run = run_of_rows(pd.DataFrame([rows(s, 0.4, 0.3, g) for s in range(3) for g in ("all", "a")]), TRUTH)
    shown = judged(coverage_table([run], 100))
    assert shown["group"].tolist() == ["all"]


def test_intervals_of_groups_that_do_not_differ_are_said_not_to_count() -> None:
    """A group's intervals that never hold what is the same for all are no breach, as the others no proof."""
    found = [(s, g, 0.01 * (-1) ** s) for s in range(30) for g in ("all", "a")]
    frame = pd.DataFrame([rows(s, 0.4 + e, (0.3 if g == "all" else 0.9) + e, g) for s, g, e in found])
    table = coverage_table([run_of_rows(frame, TRUTH)], 100)
    assert table.loc[(table["group"] == "a") & (table["quantity"] == "std"), "verdict"].item() == "too low"
    assert off(table).empty
    none = pd.DataFrame()
    kept = kept_of(table, none)
    assert kept is not None
    assert kept.total == 1  # of all respondents, b and std once
    manifest = {"calibrate": {"surveys": 30}, "n": 100, "clusters": 9, "data": {"file": "a"}, "distance": 0.0}
    assert any("credible intervals of groups" in line for line in made_of(manifest, table, none, "en"))
    alone = made_of(manifest, table[table["group"] == "all"], none, "en")
    assert not any("credible intervals of groups" in line for line in alone)

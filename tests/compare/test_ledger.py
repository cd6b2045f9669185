"""The pooling ledger on hand-made draws, and its OLS parts against numpy's least squares on the rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.bayes.cases import ONE, TWO, arrays, rows_of, survey
from werksem.bayes.own import fixed_effects, own_estimates
from werksem.bayes.pooling import own_standard_errors
from werksem.bayes.quantities import Pooled, Quantity, Scaled
from werksem.bayes.statistics import group_labels, statistics
from werksem.compare.ledger import COLUMNS, OWN, PARENT, ledger

GROUPS = ("A", "B", "C", "D")
# four draws of four groups; the population is half A, and the rest in equal parts
DRAWS = np.array([[0.1, 0.2, 0.3, 0.4], [0.1, 0.0, 0.3, 0.4], [0.2, 0.2, 0.2, 0.2], [0.1, 0.3, 0.5, 0.9]])
SHARE = np.array([0.5, 1 / 6, 1 / 6, 1 / 6])
OWN_TABLE = pd.DataFrame({
    "lhs": "y", "rhs": "x", "group": ["A", "B", "C"], "n": [100, 99, 2],
    "est": [0.1, 0.3, np.nan], "se": [0.05, 0.1, np.nan], "df": [98, 97, 0],
})  # fmt: skip
BETWEEN = pd.DataFrame({
    "level": ["group", "group", "nested"], "lhs": "y", "op": ["~1", "~", "~"], "rhs": ["", "x", "x"],
    "std": [9.0, 0.1, 7.0],
})  # fmt: skip
FIXED = pd.DataFrame({"lhs": ["y"], "rhs": ["x"], "est": [0.15], "se": [0.02]})


def pooled(groups: tuple[str, ...] = GROUPS) -> Pooled:
    everyone = DRAWS @ SHARE
    common = Scaled(DRAWS, everyone, np.array([0.1, 0.2, 0.3, 0.4]), np.array([-1.0, 0.0, 1.0, 2.0]))
    present = np.array([True, True, True, False])
    path = Quantity("y~x", "y", "~", "x", "", Scaled(), Scaled(), common, present, True)
    mean = Quantity("y ~1", "y", "~1", "", "", common, Scaled(), Scaled(), present, True)
    return Pooled("scores", 1, groups, np.array([100, 99, 2, 0]), SHARE, (path, mean))


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return ledger(pooled(), OWN_TABLE, BETWEEN, FIXED, 0.1).set_index("group")


def test_rows_are_all_the_groups_present_and_typical(table: pd.DataFrame) -> None:
    assert table.index.tolist() == ["all", "A", "B", "C", "typical"]
    assert ["lhs", "rhs", "group", *table.columns[2:]] == list(COLUMNS)
    assert set(zip(table["lhs"], table["rhs"], strict=True)) == {("y", "x")}


def test_differs_is_the_share_of_draws_beyond_the_rope_from_everyone(table: pd.DataFrame) -> None:
    off = np.abs(DRAWS - (DRAWS @ SHARE)[:, None]) > 0.1
    # by hand: everyone is .2, .1667, .2, .3333
    assert off[:, 0].tolist() == [False, False, False, True]
    assert table["p_differs"].iloc[1:4].tolist() == [0.25, 0.25, 0.5]
    assert table["p_differs"].isna()[["all", "typical"]].all()


def test_all_is_weighted_and_typical_has_the_interval_of_a_new_group(table: pd.DataFrame) -> None:
    assert table.loc["all", "pooled"] == pytest.approx((0.2 + 1 / 6 + 0.2 + 1 / 3) / 4)
    assert table.loc["all", "n"] == 201
    typical = table.loc["typical"]
    assert typical["pooled"] == pytest.approx(0.25)
    assert typical["pooled_ci_lower"] == pytest.approx(0.1 + 0.025 * 0.3)
    assert typical["new_ci_lower"] == pytest.approx(-1 + 0.025 * 3)
    assert table.loc["A":"C", "new_ci_lower"].isna().all()


def test_shrinkage_is_the_own_variance_in_the_sum(table: pd.DataFrame) -> None:
    assert table["shrinkage"].tolist()[1:4] == pytest.approx([0.0025 / 0.0125, 0.5, 1.0])
    none = ledger(pooled(), OWN_TABLE, BETWEEN[BETWEEN["op"] == "~1"], FIXED, 0.1)
    assert (none["shrinkage"].dropna() == 1).all()


def test_the_rule_of_thumb_takes_its_own_from_a_hundred_on(table: pd.DataFrame) -> None:
    assert table["rule"].tolist()[1:4] == [OWN, PARENT, PARENT]
    assert table["rule_of_thumb"].tolist()[1:4] == [0.1, 0.15, 0.15]
    assert (table["fixed_effects"] == 0.15).all()
    half = stats.t.ppf(0.975, 97) * 0.1
    assert table.loc["B", "own_ci_upper"] == pytest.approx(0.3 + half)
    normal = ledger(pooled(), OWN_TABLE.drop(columns="df"), BETWEEN, FIXED, 0.1).set_index("group")
    assert normal.loc["B", "own_ci_upper"] == pytest.approx(0.3 + stats.norm.ppf(0.975) * 0.1)


def test_without_groups_there_is_no_ledger() -> None:
    assert ledger(pooled(("all",)), OWN_TABLE, BETWEEN, FIXED, 0.1).empty


def test_own_estimates_are_least_squares_on_the_groups_rows() -> None:
    frame = survey()
    design = arrays(frame)
    own = own_estimates(design).set_index(["lhs", "rhs", "group"])
    X, y = rows_of(frame, TWO[0], "GR")
    b, rss, *_ = np.linalg.lstsq(X, y, rcond=None)
    se = np.sqrt(float(rss[0]) / (len(y) - 3) * np.diag(np.linalg.inv(X.T @ X)))
    for k, name in enumerate(TWO[0].predictors):
        unit = design.scale_x[0, k] / design.scale_y[0]
        found = own.loc[("betrokkenheid", name, "GR")]
        assert found["est"] == pytest.approx(b[k + 1] * unit, rel=1e-9)
        assert found["se"] == pytest.approx(se[k + 1] * unit, rel=1e-9)
        assert (found["n"], found["df"]) == (25, 22)
    assert own.loc[("betrokkenheid", "veilig", "Eén"), ["est", "se"]].isna().all()
    assert np.isinf(own_standard_errors(design.statistics[0])[-1]).all()


def test_fixed_effects_are_least_squares_with_a_dummy_per_group() -> None:
    frame = survey()
    design = arrays(frame)
    complete = frame.dropna()
    dummies = pd.get_dummies(complete["sector"]).to_numpy(dtype=float)
    X = np.column_stack([complete["betrokkenheid"], dummies])
    y = complete["vertrek"].to_numpy()
    b, rss, *_ = np.linalg.lstsq(X, y, rcond=None)
    se = np.sqrt(float(rss[0]) / (len(y) - X.shape[1]) * np.linalg.inv(X.T @ X)[0, 0])
    found = fixed_effects(design).set_index("lhs").loc["vertrek"]
    unit = design.scale_x[1, 0] / design.scale_y[1]
    assert found["est"] == pytest.approx(b[0] * unit, rel=1e-9)
    assert found["se"] == pytest.approx(se * unit, rel=1e-9)


def test_groups_of_one_have_no_own_and_no_common_slope() -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0, 4.0], "y": [1.0, 3.0, 2.0], "sector": list("abc")})
    labels, code = group_labels(frame["sector"], 3)
    design = arrays(frame, ONE, ())
    assert own_estimates(design)["est"].isna().all()
    assert fixed_effects(design)[["est", "se"]].isna().all(axis=None)
    assert statistics(ONE[0], frame, labels, code).rows.tolist() == [1, 1, 1]

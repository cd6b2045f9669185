"""Bounds of a VIF hold in data, and a proof is never of a table that data gave."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.audit.made_tables import printed, table
from werksem.audit.bounds import Bound, bound, least_beta
from werksem.audit.read import table_of
from werksem.audit.sums import added
from werksem.audit.table import Sum
from werksem.audit.together import blocks, excesses
from werksem.spec.document import Document


def bounds_of(found: Any) -> list[Bound]:
    return [bound(cell, found.outcomes[cell.outcome]) for cell in found.cells]


@pytest.mark.parametrize("seed", range(150))
def test_no_table_of_data_is_called_impossible_and_its_vifs_lie_within_the_bounds(seed: int) -> None:
    data, vif = printed(seed, n=40 + 20 * (seed % 10), k=1 + seed % 5)
    found = bounds_of(table_of(Document(data)))
    assert not [b for b in found if b.reason]
    (block,) = blocks(found)
    assert not excesses([block])
    assert not block.conflicts
    for name, true in zip(block.predictors, vif, strict=True):
        low, high = block.vif[name]
        assert low - 1e-9 <= true <= high + 1e-9


def test_the_bounds_are_those_of_the_formula_at_the_worst_rounding() -> None:
    """beta .100 ** with n = 1,000, R² = .2 and two predictors; t(997) from R: -qt(c(.005, .0005), 997)."""
    rows = [{"lhs": "y", "rhs": "a", "beta": 0.1, "stars": "**"}, {"lhs": "y", "rhs": "b", "beta": 0.4}]
    made = table({"y": {"n": 1000, "r2": 0.2}}, rows, decimals={"beta": 3, "r2": 3})
    low, high = bounds_of(made)[0].vif
    assert high == pytest.approx(0.1005**2 * 997 / (0.7995 * 2.58076955**2), rel=1e-5)
    assert low == pytest.approx(max(1.0, 0.0995**2 * 997 / (0.8005 * 3.30031208**2)), rel=1e-5)


def one(outcome: dict[str, Any], cell: dict[str, Any], **keys: Any) -> Bound:
    rows = [{"lhs": "y", "rhs": "a", **cell}, {"lhs": "y", "rhs": "b", "beta": 0.3}]
    return bounds_of(table({"y": outcome}, rows, **keys))[0]


@pytest.mark.parametrize(
    ("outcome", "cell", "reason"),
    [
        ({"n": 4349, "adj_r2": 0.046}, {"beta": -0.024, "stars": "***"}, "vif"),
        ({"n": 4349, "adj_r2": 0.046}, {"beta": -0.054, "stars": "***"}, ""),
        ({"n": 4349}, {"beta": -0.024, "stars": "***"}, ""),  # R² near 1 is not excluded
        ({"adj_r2": 0.046}, {"beta": -0.024, "stars": "***"}, ""),  # no n, no bound
        ({"n": 1000, "r2": 0.1}, {"beta": 0.2, "t": 4.5, "stars": "**"}, "test"),
        ({"n": 1000, "r2": 0.1}, {"beta": 0.2, "t": -4.5}, ""),  # a sign alone proves nothing
        ({"n": 1000, "r2": 0.1}, {"beta": 0.2, "p": 0.3, "stars": "*"}, "test"),
        ({"n": 1000, "r2": 0.1}, {"beta": 0.2, "se": 0.1, "t": 6.0}, "test"),
        ({"n": 1000, "r2": 0.1}, {"b": 5.25, "se": 0.5, "t": 6.0}, "test"),
        ({"n": 1000, "r2": 0.1}, {"beta": 0.1, "se": 0.01}, "vif"),  # below sqrt(.9/997) = .030
        ({"n": 1000, "r2": 0.01}, {"b": 5.25, "t": 4.0}, "share"),  # 16/(16 + 997) = .0158 > .01
        ({"n": 1000, "r2": 0.02}, {"b": 5.25, "t": 4.0}, ""),
    ],
)
def test_what_is_impossible_and_why(outcome: dict[str, Any], cell: dict[str, Any], reason: str) -> None:
    found = one(outcome, cell, decimals={"beta": 3, "r2": 3, "se": 3, "t": 2})
    assert found.reason == reason


def test_the_least_beta_of_a_test_is_where_the_proof_ends() -> None:
    least = least_beta(one({"n": 4349, "adj_r2": 0.046}, {"beta": -0.024, "stars": "***"}))
    assert least == pytest.approx(3.29277 * np.sqrt((1 - 0.049574) / 4334), rel=1e-4)
    for change, reason in ((-0.0012, "vif"), (0.0012, "")):
        cell = {"beta": round(least + change, 3), "stars": "***"}
        assert one({"n": 4349, "adj_r2": 0.046}, cell, decimals={"beta": 3, "r2": 3}).reason == reason


def test_cells_that_need_different_vifs_are_named_together() -> None:
    """x is * at beta .2 (a VIF of at least 7.1) and *** at .12 (at most 1.8): each alone, not both."""
    outcomes = {"y": {"n": 1000, "r2": 0.2}, "z": {"n": 1000, "r2": 0.2}}
    rows = [
        {"lhs": "y", "rhs": "x", "beta": 0.2, "stars": "*"}, {"lhs": "y", "rhs": "w", "beta": 0.3},
        {"lhs": "z", "rhs": "x", "beta": 0.12, "stars": "***"}, {"lhs": "z", "rhs": "w", "beta": 0.3},
    ]  # fmt: skip
    found = bounds_of(table(outcomes, rows, decimals={"beta": 2, "r2": 2}))
    assert not [b for b in found if b.reason]
    (conflict,) = blocks(found)[0].conflicts
    assert (conflict.predictor, conflict.high.cell.outcome, conflict.low.cell.outcome) == ("x", "y", "z")


def test_outcomes_with_other_predictors_or_another_sample_are_not_held_together() -> None:
    rows = [
        {"lhs": "y", "rhs": "x", "beta": 0.2, "stars": "*"}, {"lhs": "y", "rhs": "w", "beta": 0.3},
        {"lhs": "z", "rhs": "x", "beta": 0.12, "stars": "***"}, {"lhs": "z", "rhs": "v", "beta": 0.3},
    ]  # fmt: skip
    found = blocks(bounds_of(table({"y": {"n": 1000}, "z": {"n": 1000}}, rows)))
    same = [{**row, "rhs": "w"} if row["rhs"] == "v" else row for row in rows]
    apart = {"y": {"n": 1000, "r2": 0.2, "sample": "A"}, "z": {"n": 1000, "r2": 0.2, "sample": "B"}}
    assert [b.conflicts for b in blocks(bounds_of(table(apart, same)))] == [(), ()]
    assert [(b.predictors, b.conflicts) for b in found] == [(("x", "w"), ()), (("x", "v"), ())]


def test_nothing_is_proven_across_regressions_of_different_n() -> None:
    """The same cells as above, of 1,000 respondents and of 999: VIFs need not be the same."""
    outcomes = {"y": {"n": 1000, "r2": 0.2}, "z": {"n": 999, "r2": 0.2}}
    rows = [
        {"lhs": "y", "rhs": "x", "beta": 0.2, "stars": "*"}, {"lhs": "y", "rhs": "w", "beta": 0.3},
        {"lhs": "z", "rhs": "x", "beta": 0.12, "stars": "***"}, {"lhs": "z", "rhs": "w", "beta": 0.3},
    ]  # fmt: skip
    found = blocks(bounds_of(table(outcomes, rows, decimals={"beta": 2, "r2": 2})))
    assert [len(block.outcomes) for block in found] == [2]
    assert found[0].conflicts == ()


@pytest.mark.parametrize("seed", range(6))
def test_printed_regressions_of_respondents_that_answered_differently_are_possible(seed: int) -> None:
    """Each outcome has its own missing answers: real tables, so nothing may be called impossible."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(50, 4)) + 2 * rng.normal(size=(50, 1))
    outcomes, rows = {}, []
    for j in range(4):
        keep = np.arange(50) >= 2 * j
        x, y = X[keep], (X @ rng.normal(size=4) + 3 * rng.normal(size=50))[keep]
        R = np.corrcoef(np.column_stack([x, y]).T)
        inverse = np.linalg.inv(R[:-1, :-1])
        beta, df = inverse @ R[:-1, -1], len(y) - 5
        r2 = float(beta @ R[:-1, -1])
        se = np.sqrt((1 - r2) * np.diag(inverse) / df)
        outcomes[f"y{j}"] = {"n": len(y), "r2": round(r2, 3)}
        rows += [
            {"lhs": f"y{j}", "rhs": f"x{i}", "beta": round(b, 3), "se": round(s, 3)}
            for i, (b, s) in enumerate(zip(beta.tolist(), se.tolist(), strict=True))
        ]
    bounds = bounds_of(table(outcomes, rows, decimals={"beta": 3, "r2": 3, "se": 3}))
    found = blocks(bounds)
    assert not [b for b in bounds if b.reason]
    assert not excesses(found)
    assert [block.conflicts for block in found] == [()]


def test_r2_above_the_squared_sum_of_betas_is_named() -> None:
    rows = [{"lhs": "y", "rhs": name, "beta": 0.2} for name in "ab"]
    made = table({"y": {"n": 100, "r2": 0.3}}, rows, decimals={"beta": 2, "r2": 2})
    (found,) = excesses(blocks(bounds_of(made)))
    assert (found.outcome, found.above, found.limit) == ("y", True, pytest.approx(0.41**2))
    assert not excesses(blocks(bounds_of(table({"y": {"n": 100, "r2": 0.16}}, rows))))


@pytest.mark.parametrize(("r2", "above"), [(0.300, True), (0.100, False), (0.200, None)])
def test_bounds_of_vifs_bound_r2_from_both_sides(r2: float, above: bool | None) -> None:
    """Standard errors say VIF = se² (n - k - 1)/(1 - R²), at most 1.05: |r| ≤ .22, and R² = .18 (1 + r)."""
    se = round(float(np.sqrt((1 - r2) / 9997 * 1.03)), 5)
    rows = [{"lhs": "y", "rhs": name, "beta": 0.3, "se": se} for name in "ab"]
    made = table({"y": {"n": 10000, "r2": r2}}, rows, decimals={"beta": 3, "r2": 3, "se": 5})
    found = [excess.above for excess in excesses(blocks(bounds_of(made)))]
    assert found == ([] if above is None else [above])


@pytest.mark.parametrize(
    ("parts", "total", "decimals", "counts", "consistent"),
    [
        ((33.3, 33.3, 33.3), None, 1, False, True),
        ((33.0, 33.0, 33.0), None, 0, False, True),
        ((40.0, 40.0, 18.0), None, 0, False, False),  # three parts round by 1.5 at most
        ((12.1, 20.2), 32.5, 1, False, False),  # .2 off, bound .15
        ((12.1, 20.2), 32.4, 1, False, True),
        ((444, 80, 310), 834, None, True, True),
        ((444, 80, 310), 835, None, True, False),
    ],
)
def test_sums_as_far_as_rounding_allows(
    parts: tuple[float, ...], total: float | None, decimals: int | None, counts: bool, consistent: bool
) -> None:
    entry = {"name": "s", "parts": parts, "total": total, "decimals": decimals, "counts": counts}
    (asked,) = table({}, [], totals=[entry]).sums
    assert isinstance(asked, Sum)
    assert added(asked).consistent == consistent

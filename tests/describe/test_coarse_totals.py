"""Weighted numbers of all respondents: coarse while something is hidden, exact otherwise."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from werksem.describe.coarse import coarse, coarsened, step_of
from werksem.describe.table import COMPLEMENTARY, PRIMARY, row


def rows() -> list[dict[str, Any]]:
    numbers = {"se": 0.02, "ci_lower": 0.3, "ci_upper": 0.4, "variable": "x", "table": "t"}
    shares = [
        row(group=group, measure="share", value=0.34159, n=n, **numbers)
        for group, n in (("", 420), ("a", 400), ("b", 14), ("c", 6))
    ]
    versus = row(measure="difference", category="a", value=0.01234, n=420, **numbers) | {"of": ("a", "")}
    between = row(measure="difference", category="a b", value=0.01234, n=400, **numbers) | {"of": ("a", "b")}
    return [*shares, versus, between]


def test_totals_are_coarse_without_errors_and_what_is_made_of_them_is_hidden() -> None:
    found, hidden = coarsened(rows(), {2: COMPLEMENTARY, 3: PRIMARY}, 2.5)
    assert found[0]["value"] == 0.34
    assert all(math.isnan(found[0][name]) for name in ("se", "ci_lower", "ci_upper"))
    assert found[1] == rows()[1]
    assert hidden == {2: COMPLEMENTARY, 3: PRIMARY, 4: COMPLEMENTARY}


@pytest.mark.parametrize(("status", "largest"), [({}, 2.5), ({2: PRIMARY, 3: PRIMARY}, 0.0)])
def test_without_weights_or_hidden_rows_all_stays(status: dict[int, str], largest: float) -> None:
    assert coarsened(rows(), status, largest) == (rows(), status)


def test_any_exchange_of_hidden_respondents_stays_within_a_step_one_way_or_the_other() -> None:
    """Over draws of weights and counts: k of weight u for one of v, up or down, is published the same way.

    The step is that of v over n respondents whose mean weight is 1; u is no more than v.
    """
    rng = np.random.default_rng(5)
    for _ in range(2000):
        n, v = int(rng.integers(50, 5000)), rng.uniform(1, 6)
        u = rng.uniform(0.2, v)
        step, k = step_of(v, n), round(v / u)
        share = rng.uniform(0.1, 0.9)
        moved = (k * u - v) / n
        assert v / n <= step < 2.5 * v / n * (1 + 1e-9)
        assert coarse(share, step) in {coarse(share + sign * moved, step) for sign in (1, -1)}

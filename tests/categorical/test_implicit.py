"""Influence on polychoric correlations by the implicit function: equal to moved tables, solved again."""

from __future__ import annotations

import numpy as np
import pytest

from werksem.categorical.exact import exact_tables
from werksem.categorical.implicit import implicit_tables
from werksem.categorical.tables import fit_tables


@pytest.mark.parametrize("weighted", [False, True])
def test_moved_tables_say_the_same(weighted: bool) -> None:
    random = np.random.default_rng(3)
    n, k = 700, (5, 2, 4)
    behind = random.multivariate_normal(np.zeros(3), 0.5 + 0.5 * np.eye(3), n) ** 3  # far from normal
    cuts = [np.quantile(behind[:, i], np.linspace(0, 1, size + 1)[1:-1]) for i, size in enumerate(k)]
    codes = [np.searchsorted(cut, behind[:, i]).astype(np.uint8) for i, cut in enumerate(cuts)]
    weights = random.uniform(0.5, 1.5, n) if weighted else np.ones(n)
    weights *= n / weights.sum()
    tables = fit_tables(codes, k, weights, ["a", "b", "c"])
    slow, fast = exact_tables(tables, codes, weights, None), implicit_tables(tables, codes, weights)
    # slow ones are differences over a tenth of a respondent
    assert fast.cells == pytest.approx(slow.cells, rel=2e-4, abs=2e-4)
    assert np.abs(fast.cells - tables.cells).max() > 0.05
    assert (fast.margins == tables.margins).all()


def test_a_perfect_two_by_two_table_is_moved_by_nobody() -> None:
    codes = [np.array([0, 0, 1, 1], dtype=np.uint8)] * 2
    tables = fit_tables(codes, (2, 2), np.ones(4), ["a", "b"])
    assert (implicit_tables(tables, codes, np.ones(4)).cells == 0).all()

"""Missing-data patterns: what is kept, what is dropped and counted."""

from __future__ import annotations

import numpy as np
import pytest

from werksem.errors import DataError
from werksem.patterns import available_moments, coverage, patterns, select_patterns

NAMES = ("a", "b", "c")


def blanks(n: int = 200, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    rows = rng.normal(3, 1, (n, 3)).round(1)
    rows[rng.random(rows.shape) < 0.3] = np.nan
    return rows


def test_every_pattern_has_its_own_moments() -> None:
    rows = blanks()
    found = patterns(rows, NAMES)
    answered = ~np.isnan(rows)
    assert found.n + found.empty == len(rows)
    assert (np.diff(found.size) <= 0).all()
    for k, seen in enumerate(found.observed):
        mine = rows[(answered == seen).all(axis=1)][:, seen]
        assert found.size[k] == len(mine)
        assert np.allclose(found.mean[k][seen], mine.mean(axis=0))
        assert (found.mean[k][~seen] == 0).all()
        if len(mine) > 1:
            assert np.allclose(
                found.cov[k][np.ix_(seen, seen)], np.cov(mine.T, bias=True).reshape(len(mine.T), -1)
            )
            assert (found.cov[k][~seen] == 0).all()
        else:
            assert k >= len(found.cov)


def test_rows_stay_findable() -> None:
    rows = blanks()
    found = patterns(rows, NAMES)
    assert np.array_equal(np.nan_to_num(rows[found.order]), found.rows)
    for k, (begin, end) in enumerate(zip(found.first, found.first[1:], strict=False)):
        assert ((~np.isnan(rows[found.order[begin:end]])) == found.observed[k]).all()


def test_rows_without_answers_or_without_fixed_x_are_counted() -> None:
    rows = np.array([[1, 2, np.nan], [np.nan] * 3, [np.nan, 3, 4], [1, 1, 1.0]])
    found = patterns(rows, NAMES, given=("a",))
    assert (found.n, found.empty, found.without_given) == (2, 1, 1)
    assert sorted(found.order) == [0, 3]
    with pytest.raises(DataError, match="answered any"):
        patterns(np.full((3, 3), np.nan), NAMES)


def test_whole_weights_are_repeated_rows() -> None:
    rows = blanks(40)
    weight = np.arange(40) % 3 + 1
    weighted, repeated = (
        patterns(rows, NAMES, weights=weight),
        patterns(np.repeat(rows, weight, axis=0), NAMES),
    )
    for seen, size, mean in zip(weighted.observed, weighted.size, weighted.mean, strict=True):
        k = next(k for k, other in enumerate(repeated.observed) if (other == seen).all())
        assert repeated.size[k] == size
        assert np.allclose(repeated.mean[k], mean)


def test_available_moments_and_coverage() -> None:
    rows = blanks()
    found = patterns(rows, NAMES)
    mean, variance = available_moments(found)
    assert np.allclose(mean, np.nanmean(rows, axis=0))
    assert np.allclose(variance, np.nanvar(rows, axis=0))
    answered = (~np.isnan(rows)).astype(float)
    assert np.allclose(coverage(found), answered.T @ answered / found.n)


def test_variables_can_be_put_in_another_order() -> None:
    rows = blanks()
    turned = select_patterns(patterns(rows, NAMES), ("c", "a", "b"))
    direct = patterns(rows[:, [2, 0, 1]], ("c", "a", "b"))
    assert np.array_equal(turned.observed, direct.observed)
    assert np.allclose(turned.cov, direct.cov)
    with pytest.raises(DataError, match="asked for a, d"):
        select_patterns(patterns(rows, NAMES), ("a", "d"))

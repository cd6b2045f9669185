"""Joint tests of paths: what units, equal labels, fixed paths and few clusters do to them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from werksem.inference.joint_block import joint_test

V = np.array([[0.04, 0.01, 0.0], [0.01, 0.09, 0.02], [0.0, 0.02, 0.16]])
B = np.array([0.3, -0.2, 0.5])


def test_units_make_no_difference() -> None:
    unit = np.array([1e-6, 1.0, 1e5])
    whole = B @ np.linalg.solve(V, B)
    found = joint_test(B * unit, V * np.outer(unit, unit), 50.0)
    assert (found.wald, found.df) == (pytest.approx(whole), 3)


def test_equal_and_fixed_paths_are_not_counted_twice() -> None:
    cov = np.zeros((3, 3))
    cov[:2, :2] = 0.04
    found = joint_test(np.array([0.3, 0.3, 0.0]), cov)
    assert (found.wald, found.df) == (pytest.approx(0.3**2 / 0.04), 1)


def test_fewer_clusters_than_paths_test_nothing() -> None:
    found = joint_test(B, V, 2.0)
    assert math.isnan(found.wald)
    assert math.isnan(found.pvalue)
    assert (found.df, found.df2) == (3, 2)
    assert math.isfinite(joint_test(B, V, 3.0).pvalue)

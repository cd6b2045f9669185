"""Correlations of ``data.moments``: every way to write them, every way to get them wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.spec.helpers import study_error
from werksem.spec.matrix import correlation_matrix
from werksem.spec.study import MomentsInput

FULL = [[1.0, 0.3, 0.2], [0.3, 1.0, 0.1], [0.2, 0.1, 1.0]]


@pytest.mark.parametrize(
    "correlation",
    [
        {"y": [], "x": [0.3], "z": [0.2, 0.1]},
        {"y": [1], "x": [0.3, 1], "z": [0.2, 0.1, 1]},
        {"y": [1, 0.3, 0.2], "x": [0.3, 1, 0.1], "z": [0.2, 0.1, 1]},
        {"y": {"x": 0.3, "z": 0.2}, "x": {"z": 0.1}, "z": {}},
        {"y": {}, "x": {"y": 0.3, "x": 1}, "z": [0.2, 0.1]},
    ],
)
def test_ways_to_write_one_matrix(correlation: dict[str, Any]) -> None:
    names, matrix = correlation_matrix(MomentsInput(n=100, correlation=correlation))
    assert names == ("y", "x", "z")
    assert matrix == FULL


@pytest.mark.parametrize(
    ("moments", "message"),
    [
        ("correlation: {y: [], x: [.3, 2]}", 's.yaml:3:48: correlation: "x" with itself is 2, right is 1'),
        ("correlation: {y: [], x: [1.3]}", 'correlation: "x" and "y": 1.3 is not between -1 and 1'),
        (
            "correlation: {y: [], x: [.3], z: [.3, .2, 1, 4]}",
            'correlation: "z" has 4 numbers, right are 2 (below the diagonal), 3',
        ),
        ("correlation: {y: [1, .3], x: [.4, 1]}", 'correlation: "x" and "y" are given as 0.3 and 0.4'),
        ("correlation: {y: [], x: [.3], z: {y: .2}}", 'the correlation of "z" and "x" is missing'),
        ("correlation: {y: {xx: .2}, x: {}}", 'correlation: "xx" has no row of its own; did you mean "x"?'),
        (
            "correlation: {y: [], x: [.3]}, sd: {xx: 1}",
            'sd: "xx" is not among the correlations; did you mean "x"?',
        ),
        ("correlation: {y: [], x: [.3]}, mean: {q: 1}", 'mean: "q" is not among the correlations'),
        ("correlation: {y: [], x: [.3]}, sd: {x: 0}", "data.moments.sd.x: found 0, right is above 0"),
        ("correlation: {y: [], x: [a]}", 'data.moments.correlation.x.0: found "a", right is a number'),
        ("correlation: {y: [], x: [.3]}, cov: 1", 'unknown key "cov" in data.moments'),
        ("sd: {x: 1}", 'the key "correlation" is missing in data.moments'),
    ],
)
def test_mistakes(moments: str, message: str) -> None:
    assert message in study_error(
        f"study: a\nmodel: {{syntax: y ~ x}}\ndata: {{moments: {{n: 5, {moments}}}}}\n"
    )


@pytest.mark.parametrize(
    ("n", "right"), [("0", "at least 1"), ("many", "a whole number"), ("{y: 1.5}", "a whole number")]
)
def test_n_is_a_count_or_one_per_outcome(n: str, right: str) -> None:
    moments = f"{{n: {n}, correlation: {{y: [], x: [.3]}}}}"
    text = f"study: a\nmodel: {{syntax: y ~ x}}\ndata: {{moments: {moments}}}\n"
    assert f"right is {right}" in study_error(text)

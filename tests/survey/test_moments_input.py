from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.survey.studies import answers, small_model
from werksem.errors import DataError
from werksem.moments import moments
from werksem.spec.load import load_model
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.survey.moments_input import read_moments, scale_moments
from werksem.survey.scales import recoded, scale_mean

R = {"y": [], "x1": [0.3], "x2": [0.2, 0.5]}
MODEL = load_model({"syntax": "y ~ x1 + x2"})


def study(sections: dict[str, Any] | None = None, **changes: Any) -> Study:
    data = {"moments": {"n": 200, "correlation": R, **changes}}
    return Study.model_validate({"study": "s", "model": None, "data": data, **(sections or {"ols": {}})})


def test_covariances_have_divisor_n_as_in_lavaan() -> None:
    model = load_model({"syntax": "y ~ x1"})
    found, sizes = read_moments(study(sd={"y": 2.0, "x1": 3.0}, mean={"x1": 4.0}), model)
    np.testing.assert_allclose(found.cov, np.array([[4.0, 1.8], [1.8, 9.0]]) * 199 / 200, rtol=1e-15)
    assert (found.names, found.n, found.mean.tolist(), found.group) == (("y", "x1"), 200.0, [0.0, 4.0], "all")
    assert sizes == {}


def test_n_per_outcome_gives_the_smallest_and_each_its_own() -> None:
    model = load_model({"syntax": "y ~ x2\nx1 ~ x2"})
    found, sizes = read_moments(study(n={"y": 150, "x1": 120}), model)
    assert (found.n, sizes) == (120.0, {"y": 150, "x1": 120})
    with pytest.raises(DataError, match=r'data\.moments\.n has no "x1"'):
        read_moments(study(n={"y": 150}), model)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"correlation": {"y": [], "x1": [0.1], "x": [0.1, 0.1]}}, 'has no "x2"; did you mean "x'),
        ({"sd": {"x1": 1e-100}}, "sd: x1 has 1e-100, right is from 1e-40 to 1e[+]40: .* smaller unit"),
        ({"sd": {"x1": 1e100}}, "sd: x1 has 1e[+]100, .* larger unit"),
        ({"n": 3}, "n is 3 for 3 variables; at least 4"),
        ({"correlation": {"y": [], "x1": [0.9], "x2": [-0.9, 0.9]}}, "not positive definite"),
        ({"correlation": {"y": [], "x1": [1.0], "x2": [0.5, 0.5]}}, "not positive definite"),
    ],
)
def test_impossible_moments_are_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(DataError, match=says):
        read_moments(study(**changes), MODEL)


def given(model: ModelSpec) -> tuple[dict[str, Any], Any]:
    """Return the statistics of the small model's answers as a study gives them, and the answers."""
    frame = answers(200).drop(columns="sector").astype(float)
    R = frame.corr()
    rows = {name: R[name].tolist() for name in frame}
    part = {"n": 200, "correlation": rows, "sd": frame.std().to_dict(), "mean": frame.mean().to_dict()}
    return part, frame


def test_moments_of_items_give_those_of_scale_means_reversed_items_recoded() -> None:
    model = small_model()
    part, frame = given(model)
    found, _ = read_moments(study({"sem": {}}, **part), model)
    turned = recoded(frame, model)
    means = {scale.name: scale_mean(scale, turned, model) for scale in model.scales}
    rows = np.column_stack([means["f"], means["g"], frame["age"]])
    wanted, scored = moments(rows, ["f", "g", "age"]), scale_moments(found, model)
    assert scored.names == ("f", "g", "age")
    np.testing.assert_allclose(scored.cov, wanted.cov, rtol=1e-12)
    np.testing.assert_allclose(scored.mean, wanted.mean, rtol=1e-12)


def test_scale_means_may_be_given_by_name_where_no_sem_needs_the_items() -> None:
    correlation = {"g": [], "f": [0.5], "age": [0.1, 0.1]}
    found, _ = read_moments(study(correlation=correlation), small_model())
    assert set(found.names) == {"f", "g", "age"}
    scored = scale_moments(found, small_model())
    at = [scored.names.index(name) for name in found.names]
    np.testing.assert_array_equal(scored.cov[np.ix_(at, at)], found.cov)
    with pytest.raises(DataError, match='no "x1"'):
        read_moments(study({"sem": {}}, correlation=correlation), small_model())

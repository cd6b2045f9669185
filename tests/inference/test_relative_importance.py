"""LMG against lm() in every order of entering (R), published shares, and closed forms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.cases import REFERENCE
from werksem.inference.relative_importance import conditional_gains, dominance, lmg, ranks, subset_r2
from werksem.inference.shapley import shapley
from werksem.moments import moments

PREDICTORS = ["Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality"]


@pytest.fixture(scope="module")
def swiss() -> np.ndarray:
    data = pd.read_csv(REFERENCE / "relative_importance_swiss.csv")[[*PREDICTORS, "Fertility"]]
    return moments(data.to_numpy(dtype=float), list(data.columns)).cov


@pytest.fixture(scope="module")
def reference() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "relative_importance.csv")


def test_lmg_is_that_of_every_order(swiss: np.ndarray, reference: pd.DataFrame) -> None:
    expected = reference.loc[reference["kind"] == "predictor", "lmg"].to_numpy()
    assert lmg(swiss) == pytest.approx(expected, abs=1e-11)


def test_lmg_is_the_published_one(swiss: np.ndarray) -> None:
    # Groemping (2006), Relative importance for linear regression in R, section 4, data set swiss
    published = [0.05709122, 0.17117303, 0.26013468, 0.10557015, 0.11276592]
    assert lmg(swiss) == pytest.approx(published, abs=5e-9)


def test_blocks_enter_together(swiss: np.ndarray, reference: pd.DataFrame) -> None:
    expected = reference.loc[reference["kind"] == "block", "lmg"].to_numpy()
    assert lmg(swiss, [(0,), (1, 2), (3,), (4,)]) == pytest.approx(expected, abs=1e-11)


def test_complete_dominance_is_that_of_every_subset(swiss: np.ndarray, reference: pd.DataFrame) -> None:
    expected = reference.loc[reference["kind"] == "predictor", "dominates"].astype(int).tolist()
    each = subset_r2(swiss, [(k,) for k in range(5)])
    complete, conditional = dominance(each)
    assert complete.tolist() == expected
    assert (conditional >= complete).all()
    assert conditional_gains(each).mean(axis=1) == pytest.approx(lmg(swiss), abs=1e-14)


def test_two_predictors_have_a_closed_form() -> None:
    r1, r2, r12 = 0.5, 0.3, 0.4
    both = (r1**2 + r2**2 - 2 * r1 * r2 * r12) / (1 - r12**2)
    cov = np.array([[1, r12, r1], [r12, 1, r2], [r1, r2, 1]])
    assert lmg(cov) == pytest.approx([(r1**2 + both - r2**2) / 2, (r2**2 + both - r1**2) / 2], abs=1e-15)


def test_shares_sum_to_r2_and_scales_do_not_matter() -> None:
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(3, 50, 8)) @ rng.normal(size=(8, 8))
    cov = np.einsum("rni,rnj->rij", rows, rows)
    r2 = subset_r2(cov, [(k,) for k in range(7)])
    solved = np.linalg.solve(cov[:, :-1, :-1], cov[:, :-1, -1:])[..., 0]
    whole = np.einsum("rk,rk->r", solved, cov[:, :-1, -1]) / cov[:, -1, -1]
    assert r2[:, -1] == pytest.approx(whole, abs=1e-12)
    assert lmg(cov).sum(axis=1) == pytest.approx(whole, abs=1e-12)
    unit = np.geomspace(0.01, 100, 8)
    assert lmg(cov * np.outer(unit, unit)) == pytest.approx(lmg(cov), abs=1e-11)


def test_shapley_refuses_what_is_no_power_of_two() -> None:
    with pytest.raises(ValueError, match="powers of two"):
        shapley(np.zeros(3))


def test_ranks_of_many() -> None:
    assert ranks(np.array([[3.0, 1.0, 2.0], [1.0, 2.0, 3.0]])).tolist() == [[1, 3, 2], [3, 2, 1]]

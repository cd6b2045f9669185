"""Matrices that are found do give the table, and where there is none, none is claimed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from tests.audit.made_tables import printed, table
from werksem.audit.bounds import bound
from werksem.audit.objective import Wanted, correlation_of, misfit
from werksem.audit.read import table_of
from werksem.audit.search import Matrix, search
from werksem.audit.table import Table
from werksem.audit.together import Block, blocks
from werksem.audit.verify import verify
from werksem.spec.document import Document


def block_of(made: Table) -> Block:
    (block,) = blocks([bound(cell, made.outcomes[cell.outcome]) for cell in made.cells])
    return block


def test_the_gradient_is_that_of_finite_differences() -> None:
    rng = np.random.default_rng(1)
    k, outcomes = 4, 3
    shape = (outcomes, k)
    wanted = Wanted(
        rng.normal(0, 0.2, shape), np.full(shape, 0.01), np.array([100.0, 200.0, np.nan]),
        np.stack([np.full(shape, 1.0), np.full(shape, 1.5)]),
        np.stack([np.full(shape, -5.0), np.full(shape, -4.9)]),
        np.stack([np.full(outcomes, 0.1), np.full(outcomes, 0.11)]),
    )  # fmt: skip
    lower = np.tril_indices(k)
    root = np.tril(rng.normal(size=(k, k))) + 2 * np.eye(k)
    angle = rng.normal(size=shape)

    def value(x: np.ndarray) -> float:
        at = np.zeros((k, k))
        at[lower] = x[: len(lower[0])]
        return misfit(at, x[len(lower[0]) :].reshape(shape), wanted, 0.3)[0]

    _, by_root, by_angle = misfit(root, angle, wanted, 0.3)
    found = approx_fprime(np.concatenate([root[lower], angle.ravel()]), value, 1e-7)
    np.testing.assert_allclose(np.concatenate([by_root[lower], by_angle.ravel()]), found, atol=1e-4)


@pytest.mark.parametrize("seed", range(12))
def test_a_matrix_is_found_for_tables_of_data(seed: int) -> None:
    made, _ = printed(seed, n=500, k=5)
    block = block_of(table_of(Document(made)))
    matrix = search(block)
    assert matrix is not None
    found = verify(matrix, block)
    assert found.fits
    assert not found.missed
    assert found.smallest > 0
    np.testing.assert_array_equal(search(block).R, matrix.R)  # the same matrix every time


def test_betas_move_within_their_rounding_where_the_printed_ones_do_not_fit() -> None:
    """One predictor: R² = beta². Printed .3 (one decimal) and R² .073: beta is .270."""
    rows = [{"lhs": "y", "rhs": "x", "beta": 0.3}]
    block = block_of(table({"y": {"n": 100, "r2": 0.073}}, rows))
    matrix = search(block)
    assert matrix is not None
    assert not matrix.printed
    assert verify(matrix, block).fits
    assert matrix.beta[0, 0] == pytest.approx(0.27, abs=0.001)


def test_none_is_claimed_where_there_is_none() -> None:
    """R² = .5 + .5 r = .1 says r = -.8, VIF 2.8; one star says a VIF above 40. Each cell is possible."""
    rows = [{"lhs": "y", "rhs": name, "beta": 0.5, "stars": "*"} for name in "ab"]
    block = block_of(table({"y": {"n": 1000, "r2": 0.1}}, rows, decimals={"beta": 3, "r2": 3}))
    assert not [b for b in block.bounds if b.reason]
    matrix = search(block)
    assert matrix is not None
    assert not verify(matrix, block).fits


def test_a_wrong_matrix_does_not_pass() -> None:
    made, _ = printed(3, n=500, k=5)
    block = block_of(table_of(Document(made)))
    matrix = search(block)
    assert matrix is not None
    wrong = Matrix(matrix.predictors, matrix.outcomes, np.eye(5), matrix.beta, True, 0.0)
    assert not verify(wrong, block).fits


def test_an_r2_that_is_not_printed_may_be_anything() -> None:
    """beta .10 and .05, no R²: with n = 2,000 the stars hold for uncorrelated predictors, R² = .0125."""
    rows = [
        {"lhs": "y", "rhs": "a", "beta": 0.10, "stars": "***"},
        {"lhs": "y", "rhs": "b", "beta": 0.05, "stars": "*"},
    ]
    block = block_of(table({"y": {"n": 2000}}, rows, decimals={"beta": 2}))
    matrix = search(block)
    assert matrix is not None
    assert matrix.printed
    found = verify(matrix, block)
    assert found.fits
    assert 0 < found.r2["y"] < 0.05


def test_a_matrix_with_r2_above_1_misses_everything_and_raises_nothing() -> None:
    rows = [{"lhs": "y", "rhs": name, "beta": 0.9} for name in "ab"]
    block = block_of(table({"y": {"n": 100, "r2": 0.5}}, rows))
    wrong = Matrix(block.predictors, ("y",), np.eye(2), np.full((1, 2), 0.9), True, 0.0)
    assert len(verify(wrong, block).missed) == 2


def test_an_outcome_with_a_lost_beta_stays_outside() -> None:
    rows = [{"lhs": lhs, "rhs": rhs, "beta": 0.2} for lhs in "yz" for rhs in "ab"]
    rows[0]["beta"] = None  # type: ignore[assignment]
    matrix = search(block_of(table({"y": {"n": 100}, "z": {"n": 100, "r2": 0.1}}, rows)))
    assert matrix is not None
    assert matrix.outcomes == ("z",)


def test_rows_of_length_one_give_a_correlation_matrix() -> None:
    R, rows = correlation_of(np.tril(np.random.default_rng(2).normal(size=(5, 5))))
    np.testing.assert_allclose(np.diag(R), 1)
    np.testing.assert_allclose(rows @ rows.T, R)

"""Small linear algebra against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from werksem.kernels import linalg


@pytest.mark.parametrize("size", [1, 2, 7, 45])
def test_against_numpy(size: int) -> None:
    rng = np.random.default_rng(size)
    a = rng.normal(size=(size, size))
    S = a @ a.T + size * np.eye(size)
    root, work, out = np.zeros((size, size)), np.zeros((size, size)), np.zeros((size, size))
    assert linalg.cholesky(S, root)
    assert np.allclose(np.triu(root).T @ np.triu(root), S)
    linalg.inverse_from_cholesky(root, work, out)
    assert np.allclose(out, np.linalg.inv(S), atol=1e-12)
    b = rng.normal(size=size)
    solved = b.copy()
    linalg.solve_cholesky(root, solved)
    assert np.allclose(solved, np.linalg.solve(S, b))
    assert linalg.invert(a.copy(), out)
    assert np.allclose(out @ a, np.eye(size), atol=1e-9)
    linalg.multiply(a, S, out)
    assert np.allclose(out, a @ S)


def test_singular_matrices_are_told() -> None:
    out = np.zeros((2, 2))
    assert not linalg.invert(np.array([[0.0, 0.0], [0.0, 1.0]]), out)
    assert not linalg.cholesky(np.array([[1.0, 2.0], [2.0, 1.0]]), out)

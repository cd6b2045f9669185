"""Arithmetic in lanes: compiled = plain Python = NumPy, lane by lane."""

from __future__ import annotations

import numpy as np
import pytest

from tests.kernels.plain import make_plain
from werksem.kernels import lanes, linalg, memory, moments
from werksem.kernels.lanes import LANES

RNG = np.random.default_rng(6)


def lane_matrices(m: int) -> np.ndarray:
    """Return positive definite matrices as (m m, lanes)."""
    a = RNG.normal(size=(LANES, m, m))
    return np.ascontiguousarray((a @ a.transpose(0, 2, 1) + 0.3 * np.eye(m)).reshape(LANES, m * m).T)


def as_square(flat: np.ndarray, m: int) -> np.ndarray:
    return flat.T.reshape(LANES, m, m)


@pytest.mark.parametrize("way", ["compiled", "plain"])
@pytest.mark.parametrize("m", [1, 2, 5, 9])
def test_inverse(m: int, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if way == "plain":
        make_plain(monkeypatch)
    a = lane_matrices(m)
    a[0, 3] = -1.0
    a[m * m - 1, 4] = -2.0
    root, out, positive = np.zeros_like(a), np.zeros_like(a), np.ones(LANES, dtype=bool)
    positive[7] = False
    with np.errstate(invalid="ignore", divide="ignore"):
        lanes.inverse(a, m, root, out, positive)
    expected = np.array([np.linalg.eigvalsh(part)[0] > 0 for part in as_square(a, m)])
    assert not expected[[3, 4]].any()
    expected[7] = False  # what is False already stays so
    assert positive.tolist() == expected.tolist()
    at = np.flatnonzero(positive)
    assert np.allclose(as_square(out, m)[at], np.linalg.inv(as_square(a, m)[at]), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("way", ["compiled", "plain"])
@pytest.mark.parametrize("q", [1, 2, 3, 4, 5, 7, 8, 21])
def test_descend(q: int, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if way == "plain":
        make_plain(monkeypatch)
    matrix, x, out = RNG.normal(size=(q, q)), RNG.normal(size=(q, LANES)), RNG.normal(size=(q, LANES))
    lanes.descend(matrix, x, out)
    assert np.allclose(out, -matrix @ x, atol=1e-13)


@pytest.mark.parametrize("way", ["compiled", "plain"])
@pytest.mark.parametrize("count", range(10))
def test_products(count: int, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if way == "plain":
        make_plain(monkeypatch)
    x, y, out = RNG.normal(size=(40, LANES)), RNG.normal(size=(40, LANES)), RNG.normal(size=(3, LANES))
    before = out.copy()
    lanes.add_dot(out, 1, x, 2, 3, y, 5, 2, count)
    expected = (x[2 : 2 + 3 * count : 3] * y[5 : 5 + 2 * count : 2]).sum(axis=0)
    assert np.allclose(out[1] - before[1], expected, atol=1e-13)
    lanes.add_product(out, 0, x, 7, y, 9)
    lanes.sub_product(out, 2, x, 7, y, 9)
    assert np.allclose(out[0] - before[0], x[7] * y[9], atol=1e-15)
    assert np.allclose(before[2] - out[2], x[7] * y[9], atol=1e-15)
    lanes.clear(out)
    assert not out.any()


@pytest.mark.parametrize("way", ["compiled", "plain"])
def test_moments_of_sums_and_their_place_in_lanes(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if way == "plain":
        make_plain(monkeypatch)
    p, R = 3, 5
    z = RNG.normal(size=(R, 20, p))
    unit, centre, size = np.array([2.0, 0.5, 1.0]), np.array([3.0, -1.0, 100.0]), np.full(R, 20.0)
    i, j = np.tril_indices(p)
    sums = np.concatenate([z.sum(axis=1), (z[:, :, i] * z[:, :, j]).sum(axis=1)], axis=1)
    means, flat = np.empty((R, p)), np.empty((R, len(i)))
    moments.sums_to_moments(sums, size, unit, centre, means, flat)
    x = z * unit + centre
    assert np.allclose(means, x.mean(axis=1), atol=1e-12)
    assert np.allclose(flat, [np.cov(part.T, bias=True)[i, j] for part in x], atol=1e-12)
    S, factor = np.empty((2, len(i), LANES)), RNG.uniform(1, 2, (2, len(i)))
    both = np.stack([flat, 2 * flat], axis=1)
    moments.fill_lanes(both, 2, factor, S)
    assert np.allclose(S[:, :, :3].transpose(2, 0, 1), both[2:] * factor)
    assert (S[:, :, 3:] == S[:, :, 2:3]).all()


def test_scratch_begins_on_a_cache_line() -> None:
    for shape, dtype in (((3, 5), float), ((7,), np.int16), ((1, 1, 1), np.int32)):
        found = memory.aligned_zeros(shape, dtype)
        assert found.ctypes.data % 64 == 0
        assert (found.shape, found.dtype, found.any()) == (shape, np.dtype(dtype), False)


@pytest.mark.parametrize("way", ["compiled", "plain"])
@pytest.mark.parametrize("k", [1, 2, 6])
def test_positive_definite(k: int, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shifted so that the smallest eigenvalue lies on either side of minus the slack."""
    if way == "plain":
        make_plain(monkeypatch)
    a = RNG.normal(size=(60, k, k))
    a = a @ a.transpose(0, 2, 1)
    target = np.tile([-1.0, -2e-8, -5e-9, 0.0, 1e-12, 1.0], 10)
    a += (target - np.linalg.eigvalsh(a)[:, 0])[:, None, None] * np.eye(k)
    found = linalg.positive_definite(a, 1e-8)
    assert found.tolist() == (np.linalg.eigvalsh(a)[:, 0] > -1e-8).tolist()
    assert found.sum() == 40

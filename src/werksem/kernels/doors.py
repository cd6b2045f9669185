"""The kernels of a latent-variable posterior behind addresses: a sampler's graph calls them as they are.

The compiler would else take them up into every graph and optimise them anew: 27 s where it is 5 (the binding
chain). A graph kept on disk knows a kernel by its name alone, so it never runs an older one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import carray, types
from numpy.typing import NDArray

from werksem.kernels.around import around, around_back
from werksem.kernels.grouped_latent import linked_latent
from werksem.kernels.jit import by_name, door, kernel

__all__ = ["around_back_by_door", "around_by_door", "latent_by_door", "packed"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
COUNT, NUMBER = types.int64, types.float64
NUMBERS, WHOLE = types.CPointer(NUMBER), types.CPointer(COUNT)


def packed(arrays: Sequence[Any]) -> tuple[Array, Index]:
    """Return what ``linked_latent`` takes between links and slopes as numbers and integers, each one array.

    The integers begin with both lengths and, for each array, its place and its sizes as a matrix of rows.

    >>> numbers, whole = packed([np.array([[0.5, 2.0]]), np.array([7])])
    >>> numbers.tolist(), whole.tolist()
    ([0.5, 2.0], [2, 9, 0, 1, 2, 8, 1, 1, 7])
    """
    parts: dict[bool, list[Any]] = {False: [np.zeros(0)], True: []}
    size, head = {False: 0, True: 2 + 3 * len(arrays)}, []
    for array in arrays:
        integer = array.dtype.kind == "i"
        columns = array.shape[-1] if array.ndim > 1 else 1
        head += [size[integer], array.size // columns, columns]
        size[integer] += array.size
        parts[integer].append(array.ravel())
    whole = [np.array([size[False], size[True], *head]), *parts[True]]
    return np.concatenate(parts[False]), np.concatenate(whole).astype(np.int64)


@kernel
def _vector(flat: Any, whole: Index, number: int) -> Any:
    at = whole[2 + 3 * number]
    return flat[at : at + whole[3 + 3 * number] * whole[4 + 3 * number]]


@kernel
def _matrix(flat: Any, whole: Index, number: int) -> Any:
    """Return array ``number`` of the packed ones, one of numbers or of integers, as a matrix."""
    return _vector(flat, whole, number).reshape((whole[3 + 3 * number], whole[4 + 3 * number]))


@door(NUMBER(NUMBERS, NUMBERS, WHOLE, NUMBERS))
def _latent(b: Any, numbers: Any, whole: Any, slopes: Any) -> float:
    lengths = carray(whole, (2,))
    x, i = carray(numbers, (lengths[0],)), carray(whole, (lengths[1],))
    fixed, at, mean = _matrix(x, i, 0), _vector(i, i, 1), _matrix(x, i, 9)
    G, p = mean.shape
    return linked_latent(
        carray(b, (G, len(at))), fixed, at, _vector(i, i, 2), _vector(i, i, 3), _matrix(i, i, 4),
        _matrix(x, i, 5), _matrix(i, i, 6), _matrix(i, i, 7), _vector(x, i, 8), mean,
        _vector(x, i, 10).reshape((G, p, p)), _vector(x, i, 11), _matrix(i, i, 12), _matrix(i, i, 13),
        _vector(i, i, 14), _vector(i, i, 15), _vector(i, i, 16), _vector(x, i, 17), _vector(i, i, 18),
        carray(slopes, (G, len(at))),
    )  # fmt: skip


@door(NUMBER(COUNT, COUNT, *[NUMBERS] * 6))
def _around(G: int, V: int, tau: Any, pull: Any, z: Any, H: Any, d: Any, roots: Any) -> float:
    return around(
        carray(tau, (V,)), carray(pull, (G, V)), carray(z, (G, V)), carray(H, (G, V, V)), carray(d, (G, V)),
        carray(roots, (G, V, V)),
    )  # fmt: skip


@door(types.void(COUNT, COUNT, *[NUMBERS] * 5, NUMBER, *[NUMBERS] * 3))
def _around_back(
    G: int, V: int, tau: Any, pull: Any, z: Any, roots: Any, d_bar: Any, v_bar: float, tau_bar: Any,
    pull_bar: Any, z_bar: Any,
) -> None:  # fmt: skip
    around_back(
        carray(tau, (V,)), carray(pull, (G, V)), carray(z, (G, V)), carray(roots, (G, V, V)),
        carray(d_bar, (G, V)), v_bar, carray(tau_bar, (V,)), carray(pull_bar, (G, V)), carray(z_bar, (G, V)),
    )  # fmt: skip


_latent_named, _around_named, _around_back_named = by_name(_latent), by_name(_around), by_name(_around_back)


@kernel
def latent_by_door(b: Array, numbers: Array, whole: Index) -> tuple[Any, Array]:
    """Return ``linked_latent`` at the links b (G, b) of ``packed`` data, and its slopes (G, b)."""
    b, numbers, whole = np.ascontiguousarray(b), np.ascontiguousarray(numbers), np.ascontiguousarray(whole)
    slopes = np.empty(b.shape)
    value = _latent_named(b.ctypes, numbers.ctypes, whole.ctypes, slopes.ctypes)
    return np.asarray(value), slopes


@kernel
def around_by_door(tau: Array, pull: Array, z: Array, H: Array) -> tuple[Array, Any, Array]:
    """Return the deviations (G, V), value and factors (G, V, V) of ``around``."""
    tau, pull, z = np.ascontiguousarray(tau), np.ascontiguousarray(pull), np.ascontiguousarray(z)
    H, d, roots = np.ascontiguousarray(H), np.empty(z.shape), np.empty(H.shape)
    value = _around_named(
        z.shape[0], z.shape[1], tau.ctypes, pull.ctypes, z.ctypes, H.ctypes, d.ctypes, roots.ctypes
    )
    return d, np.asarray(value), roots


@kernel
def around_back_by_door(
    tau: Array, pull: Array, z: Array, roots: Array, d_bar: Array, v_bar: Any
) -> tuple[Array, Array, Array]:
    """Return the slopes by tau (V,), pull and z (G, V) of ``around_back``."""
    tau, pull, z = np.ascontiguousarray(tau), np.ascontiguousarray(pull), np.ascontiguousarray(z)
    roots, d_bar = np.ascontiguousarray(roots), np.ascontiguousarray(d_bar)
    tau_bar, pull_bar, z_bar = np.empty(tau.shape), np.empty(z.shape), np.empty(z.shape)
    _around_back_named(
        z.shape[0], z.shape[1], tau.ctypes, pull.ctypes, z.ctypes, roots.ctypes, d_bar.ctypes, v_bar.item(),
        tau_bar.ctypes, pull_bar.ctypes, z_bar.ctypes,
    )  # fmt: skip
    return tau_bar, pull_bar, z_bar

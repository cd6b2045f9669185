"""Fair shares: what each player adds to a whole, averaged over every order of joining.

A value for every coalition of d players stands along one axis of length 2^d. Player k is bit d - 1 - k
of the position, so that the first player is the most significant bit and position 0 is nobody.
"""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

__all__ = ["gains", "sizes", "shapley"]

Array = NDArray[np.float64]


def sizes(players: int) -> NDArray[np.int64]:
    """Return how many players each coalition (2^players,) has.

    >>> sizes(2).tolist()
    [0, 1, 1, 2]
    """
    found = np.zeros(1, dtype=np.int64)
    for _ in range(players):
        found = np.concatenate([found, found + 1])
    return found


def gains(values: Array, player: int) -> Array:
    """Return what a player adds to every coalition of the others (…, 2^(d-1)), in their order.

    >>> gains(np.array([0.0, 1.0, 2.0, 4.0]), 0).tolist()
    [2.0, 3.0]
    """
    d = values.shape[-1].bit_length() - 1
    cube = values.reshape(*values.shape[:-1], 2**player, 2, 2 ** (d - 1 - player))
    return (cube[..., 1, :] - cube[..., 0, :]).reshape(*values.shape[:-1], -1)


def shapley(values: Array) -> Array:
    """Return each player's share (…, d) of ``values`` (…, 2^d): their sum is values[-1] - values[0].

    A gain to a coalition of s others weighs s! (d - 1 - s)! / d!, its share of all orders (Shapley, 1953).

    >>> shapley(np.array([0.0, 1.0, 2.0, 4.0])).tolist()
    [2.5, 1.5]
    """
    d = values.shape[-1].bit_length() - 1
    if values.shape[-1] != 2**d:
        raise ValueError(f"coalitions come in powers of two, found {values.shape[-1]} of them")
    weight = np.array([1 / (d * comb(d - 1, s)) for s in range(d)])[sizes(d - 1)] if d else np.empty(0)
    return np.stack([gains(values, k) @ weight for k in range(d)], axis=-1)

"""Discriminant validity: heterotrait-monotrait ratios of correlations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["construct_pairs", "htmt"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
# a correlation of 0 up to rounding: in a geometric mean its rounding would be all that counts
ROUNDING = 1e-10


def construct_pairs(count: int) -> tuple[tuple[int, int], ...]:
    """Return the pairs of constructs, the second with each one before it.

    >>> construct_pairs(3)
    ((0, 1), (0, 2), (1, 2))
    """
    return tuple((i, j) for j in range(count) for i in range(j))


def htmt(correlations: Array, members: Sequence[Index]) -> tuple[Array, Array]:
    """Return (HTMT, HTMT2), each (…, pairs), of items with these correlations (…, p, p).

    ``members`` has the items of each construct, two or more. HTMT is the mean correlation between
    the items of two constructs over the geometric mean of the mean correlations within each
    (Henseler, Ringle & Sarstedt, 2015); HTMT2 has geometric means throughout, so that items need
    not load equally (Roemer, Schuberth & Henseler, 2021). Correlations are taken absolute, as in
    semTools; an item of both constructs is not paired with itself.

    >>> R = np.full((4, 4), 0.3)
    >>> R[:2, :2] = R[2:, 2:] = 0.6
    >>> np.fill_diagonal(R, 1.0)
    >>> [ratio.round(6).tolist() for ratio in htmt(R, [np.array([0, 1]), np.array([2, 3])])]
    [[0.5], [0.5]]
    """
    p = correlations.shape[-1]
    member = np.zeros((p, len(members)))
    for construct, items in enumerate(members):
        member[items, construct] = 1.0
    size = np.abs(correlations) * (1 - np.eye(p))
    size = np.where(size < ROUNDING, 0.0, size)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(size + np.eye(p))
        # log 0 would make 0 * -inf of the pairs outside; e^-300 is 0 for every purpose
        logs = np.maximum(logs, -300.0)
        paired = member.T @ (1 - np.eye(p)) @ member
        mean = member.T @ size @ member / paired
        geometric = member.T @ logs @ member / paired
        within = np.diagonal(mean, axis1=-2, axis2=-1)
        inside = np.diagonal(geometric, axis1=-2, axis2=-1)
        pairs = np.array(construct_pairs(len(members)), dtype=np.int64).reshape(-1, 2)
        i, j = pairs[:, 0], pairs[:, 1]
        plain = mean[..., i, j] / np.sqrt(within[..., i] * within[..., j])
        second = np.exp(geometric[..., i, j] - (inside[..., i] + inside[..., j]) / 2)
    return plain, second

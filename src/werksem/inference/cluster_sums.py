"""Sums over clusters that may lie in several groups: what a sandwich of joint groups is made of.

A cluster is one draw of the sample, in whichever groups its respondents are, so its scores are added
over groups before they are squared (Liang & Zeger, 1986). Each group's sums count
sqrt(C_g / (C_g - 1)), C_g its clusters: where clusters lie within groups that is lavaan's factor.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.respondents import Respondents

__all__ = ["labels_of", "over_groups"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


def labels_of(respondents: Sequence[Respondents]) -> list[Index] | None:
    """Return the code (C_g,) over all groups of each group's clusters; None where groups share none."""
    found = []
    for group in respondents:
        if group.cluster is None or group.cluster_of_all is None:
            return None
        labels = np.zeros(int(group.cluster.max()) + 1, dtype=np.int64)
        labels[group.cluster] = group.cluster_of_all
        found.append(labels)
    return found


def over_groups(sums: Sequence[Array], labels: Sequence[Index] | None) -> Array:
    """Return each cluster's sums (C, k) over all groups, from those of every group's clusters (C_g, k).

    ``labels`` (C_g,) say per group which of all clusters they are; without them groups share none.

    >>> first, second = np.array([[1.0], [-1.0]]), np.array([[3.0], [-3.0]])
    >>> round(float((over_groups([first, second], None) ** 2).sum()), 9)
    40.0
    >>> round(float((over_groups([first, second], [np.array([0, 1]), np.array([0, 1])]) ** 2).sum()), 9)
    64.0
    """
    scaled = [part * np.sqrt(len(part) / (len(part) - 1)) for part in sums]
    if labels is None:
        return np.concatenate(scaled)
    out = np.zeros((max(int(codes.max()) for codes in labels) + 1, *scaled[0].shape[1:]))
    for codes, part in zip(labels, scaled, strict=True):
        out[codes] += part
    return out

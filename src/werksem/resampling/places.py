"""Which unit each row of a group belongs to: what a resample draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.respondents import Respondents

__all__ = ["Places", "unit_places"]

Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Places:
    """One group's rows among the units drawn: ``unit`` (n,) of each row; ``starts`` bounds the strata."""

    unit: Index
    starts: Index

    @property
    def count(self) -> int:
        """How many units there are."""
        return int(self.starts[-1])


def unit_places(respondents: Respondents, scheme: str = "cases") -> Places:
    """Return a group's units in the order of ``resampling_units``, which draws the same ones.

    Raises ``EstimationError`` where the design lacks what the scheme draws, or a cluster lies in
    two strata.

    >>> unit_places(Respondents(np.zeros((3, 1)), stratum=np.array([1, 0, 1])), "strata").unit.tolist()
    [1, 0, 2]
    """
    n, cluster, stratum = len(respondents.rows), respondents.cluster, respondents.stratum
    if scheme == "cluster":
        if cluster is None:
            raise EstimationError("bootstrap.scheme cluster needs data.cluster")
        return _clusters(cluster, stratum)
    if scheme != "strata":
        return Places(np.arange(n), np.array([0, n]))
    if stratum is None:
        raise EstimationError("bootstrap.scheme strata needs data.strata or data.group")
    return Places(*_sorted(stratum))


def _clusters(cluster: Index, stratum: Index | None) -> Places:
    count = int(cluster.max()) + 1
    if count < 2:
        raise EstimationError("bootstrap.scheme cluster needs two clusters, the data have one")
    if stratum is None:
        return Places(cluster, np.array([0, count]))
    of_cluster = np.zeros(count, dtype=np.int64)
    of_cluster[cluster] = stratum
    if (of_cluster[cluster] != stratum).any():
        raise EstimationError("a cluster lies in two strata: clusters must be nested in strata")
    place, starts = _sorted(of_cluster)
    return Places(place[cluster], starts)


def _sorted(codes: Index) -> tuple[Index, Index]:
    """Return each entry's place once codes are sorted, and where each run of equal codes begins."""
    order = np.argsort(codes, kind="stable")
    place = np.empty(len(codes), dtype=np.int64)
    place[order] = np.arange(len(codes))
    ends = np.flatnonzero(np.diff(codes[order])) + 1
    return place, np.concatenate([[0], ends, [len(codes)]]).astype(np.int64)

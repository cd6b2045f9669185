"""What is drawn in a resample: respondents, respondents within strata, or whole clusters."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.resampling.products import Products, cluster_products, products
from werksem.respondents import Respondents

__all__ = ["Units", "resampling_units", "unit_places"]

Index = NDArray[np.int64]
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Units:
    """One group's units, sorted by stratum; ``starts`` bounds the strata among them.

    ``unit`` (n,) is the unit that each row belongs to. ``fraction`` (strata,) is the share of each
    stratum's population that was sampled, None without. ``source`` are the units' sums, None where
    no moments are asked for.
    """

    unit: Index
    starts: Index
    fraction: Array | None = None
    source: Products | None = None

    @property
    def count(self) -> int:
        """How many units there are."""
        return int(self.starts[-1])

    @property
    def exact(self) -> bool:
        """Whether sums of these units are whole numbers, the same in whatever order they are made."""
        return self.source is not None and self.source.exact


def resampling_units(respondents: Respondents, scheme: str = "cases") -> Units:
    """Return a group's units with their sums: of ``strata``, ``cluster`` (within strata too), else cases.

    The units of ``replicate_weights`` are respondents without a weight of their own: the weights of
    the replicates, which are their multipliers, hold it. Raises ``EstimationError`` as ``unit_places``.
    """
    places = unit_places(respondents, scheme)
    rows, weights = respondents.rows, respondents.weights
    if scheme == "cluster":
        return replace(places, source=cluster_products(rows, places.unit, weights))
    order = np.argsort(places.unit)
    if weights is None or scheme == "replicate_weights":
        return replace(places, source=products(rows[order]))
    return replace(places, source=products(rows[order], weights[order]))


def unit_places(respondents: Respondents, scheme: str = "cases") -> Units:
    """Return which rows are drawn together, and within which strata, without their sums.

    Raises ``EstimationError`` where the design lacks what the scheme draws, or a cluster lies in two
    strata.

    >>> unit_places(Respondents(np.zeros((3, 1)), stratum=np.array([1, 0, 1])), "strata").unit.tolist()
    [1, 0, 2]
    """
    n, stratum = len(respondents.rows), respondents.stratum
    if scheme == "cluster":
        unit, starts = _clusters(respondents)
    elif scheme == "strata":
        if stratum is None:
            raise EstimationError("bootstrap.scheme strata needs data.strata or data.group")
        unit, starts = _sorted(stratum)
    else:
        unit, starts = np.arange(n), np.array([0, n])
    fraction = None
    if respondents.fraction is not None:
        one_row = np.unique(unit, return_index=True)[1]
        fraction = respondents.fraction[one_row[starts[:-1]]]
    return Units(unit, starts, fraction)


def _clusters(respondents: Respondents) -> tuple[Index, Index]:
    cluster, stratum = respondents.cluster, respondents.stratum
    if cluster is None:
        raise EstimationError("bootstrap.scheme cluster needs data.cluster")
    count = int(cluster.max()) + 1
    if count < 2:
        raise EstimationError("bootstrap.scheme cluster needs two clusters, the data have one")
    if stratum is None:
        return cluster, np.array([0, count])
    of_cluster = np.zeros(count, dtype=np.int64)
    of_cluster[cluster] = stratum
    if (of_cluster[cluster] != stratum).any():
        raise EstimationError("a cluster lies in two strata: clusters must be nested in strata")
    place, starts = _sorted(of_cluster)
    return place[cluster], starts


def _sorted(codes: Index) -> tuple[Index, Index]:
    """Return each entry's place once codes are sorted, and where each run of equal codes begins."""
    order = np.argsort(codes, kind="stable")
    place = np.empty(len(codes), dtype=np.int64)
    place[order] = np.arange(len(codes))
    ends = np.flatnonzero(np.diff(codes[order])) + 1
    return place, np.concatenate([[0], ends, [len(codes)]]).astype(np.int64)

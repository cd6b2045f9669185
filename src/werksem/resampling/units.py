"""What is drawn in a resample: respondents, respondents within strata, or whole clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.resampling.products import Products, cluster_products, products
from werksem.respondents import Respondents

__all__ = ["Units", "resampling_units"]

Index = NDArray[np.int64]
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Units:
    """One group's units in the order they are drawn in; ``starts`` bounds the strata among them.

    ``order`` (units,) is each unit's row or cluster code in the data. ``fraction`` (strata,) is the share
    of each stratum's population that was sampled, None without.
    """

    source: Products
    starts: Index
    order: Index
    fraction: Array | None = None

    @property
    def count(self) -> int:
        """How many units there are."""
        return int(self.starts[-1])


def resampling_units(respondents: Respondents, scheme: str = "cases") -> Units:
    """Return a group's units: ``cases``, ``strata`` (cases within strata), ``cluster`` (within strata too).

    The units of ``replicate_weights`` are respondents without a weight of their own: the weights of
    the replicates, which are their multipliers, hold it. Raises
    ``EstimationError`` where the design lacks what the scheme draws, or a cluster lies in two strata.
    """
    rows, weights, stratum = respondents.rows, respondents.weights, respondents.stratum
    if scheme == "replicate_weights":
        return Units(products(rows), np.array([0, len(rows)]), np.arange(len(rows)))
    if scheme == "cluster":
        return _clusters(respondents)
    if scheme == "strata":
        if stratum is None:
            raise EstimationError("bootstrap.scheme strata needs data.strata or data.group")
        order = np.argsort(stratum, kind="stable")
        sorted_weights = None if weights is None else weights[order]
        starts = _bounds(stratum[order])
        fractions = _fractions(respondents, order[starts[:-1]])
        return Units(products(rows[order], sorted_weights), starts, order, fractions)
    starts = np.array([0, len(rows)])
    fractions = _fractions(respondents, starts[:-1])
    return Units(products(rows, weights), starts, np.arange(len(rows)), fractions)


def _fractions(respondents: Respondents, rows: Index) -> Array | None:
    """Return the sampling fraction of the strata that these rows, one each, lie in."""
    return None if respondents.fraction is None else respondents.fraction[rows]


def _clusters(respondents: Respondents) -> Units:
    cluster, stratum = respondents.cluster, respondents.stratum
    if cluster is None:
        raise EstimationError("bootstrap.scheme cluster needs data.cluster")
    count = int(cluster.max()) + 1
    if count < 2:
        raise EstimationError("bootstrap.scheme cluster needs two clusters, the data have one")
    if stratum is None:
        source = cluster_products(respondents.rows, cluster, respondents.weights)
        fractions = _fractions(respondents, np.array([0]))
        return Units(source, np.array([0, count]), np.arange(count), fractions)
    of_cluster = np.zeros(count, dtype=np.int64)
    of_cluster[cluster] = stratum
    if (of_cluster[cluster] != stratum).any():
        raise EstimationError("a cluster lies in two strata: clusters must be nested in strata")
    order = np.argsort(of_cluster, kind="stable")
    place = np.empty(count, dtype=np.int64)
    place[order] = np.arange(count)
    source = cluster_products(respondents.rows, place[cluster], respondents.weights)
    starts = _bounds(of_cluster[order])
    one_row = np.unique(cluster, return_index=True)[1]
    return Units(source, starts, order, _fractions(respondents, one_row[order[starts[:-1]]]))


def _bounds(codes: Index) -> Index:
    """Return where each run of equal codes begins, and the end."""
    return np.concatenate([[0], np.flatnonzero(np.diff(codes)) + 1, [len(codes)]]).astype(np.int64)

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


@dataclass(frozen=True, slots=True)
class Units:
    """One group's units in the order they are drawn in; ``starts`` bounds the strata among them."""

    source: Products
    starts: Index

    @property
    def count(self) -> int:
        """How many units there are."""
        return int(self.starts[-1])


def resampling_units(respondents: Respondents, scheme: str = "cases") -> Units:
    """Return a group's units: ``cases``, ``strata`` (cases within strata) or ``cluster``.

    Whole clusters are drawn with replacement, within strata where there are; a stratum with one
    cluster contributes that cluster to every resample. Raises ``EstimationError`` where the design
    lacks what the scheme draws, or a cluster lies in two strata.
    """
    rows, weights, stratum = respondents.rows, respondents.weights, respondents.stratum
    if scheme == "cluster":
        return _clusters(respondents)
    if scheme == "strata":
        if stratum is None:
            raise EstimationError("bootstrap.scheme strata needs data.strata or data.group")
        order = np.argsort(stratum, kind="stable")
        sorted_weights = None if weights is None else weights[order]
        return Units(products(rows[order], sorted_weights), _bounds(stratum[order]))
    return Units(products(rows, weights), np.array([0, len(rows)]))


def _clusters(respondents: Respondents) -> Units:
    cluster, stratum = respondents.cluster, respondents.stratum
    if cluster is None:
        raise EstimationError("bootstrap.scheme cluster needs data.cluster")
    count = int(cluster.max()) + 1
    if count < 2:
        raise EstimationError("bootstrap.scheme cluster needs two clusters, the data have one")
    if stratum is None:
        return Units(cluster_products(respondents.rows, cluster, respondents.weights), np.array([0, count]))
    of_cluster = np.zeros(count, dtype=np.int64)
    of_cluster[cluster] = stratum
    if (of_cluster[cluster] != stratum).any():
        raise EstimationError("a cluster lies in two strata: clusters must be nested in strata")
    order = np.argsort(of_cluster, kind="stable")
    place = np.empty(count, dtype=np.int64)
    place[order] = np.arange(count)
    source = cluster_products(respondents.rows, place[cluster], respondents.weights)
    return Units(source, _bounds(of_cluster[order]))


def _bounds(codes: Index) -> Index:
    """Return where each run of equal codes begins, and the end."""
    return np.concatenate([[0], np.flatnonzero(np.diff(codes)) + 1, [len(codes)]]).astype(np.int64)

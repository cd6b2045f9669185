"""The rows of one group, with the survey's design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.patterns import Patterns

__all__ = ["Respondents", "answered"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Respondents:
    """One group's rows (n_g, p), complete but where ``answered`` made them.

    Weights have mean 1 over all groups, ``cluster`` are codes within the group and ``cluster_of_all``
    the same over all groups' rows (None: groups share no cluster), ``stratum`` are codes into
    ``stratum_names``. ``fraction`` (n_g,) is the sampling fraction of the row's stratum,
    ``replicate_weights`` (n_g, R) are full weights per replicate. ``place`` (n_g,) says in which order
    the rows of all groups stand in the data.
    """

    rows: Array
    weights: Array | None = None
    cluster: NDArray[np.int64] | None = None
    stratum: NDArray[np.int64] | None = None
    stratum_names: tuple[str, ...] = ()
    fraction: Array | None = None
    replicate_weights: Array | None = None
    place: NDArray[np.int64] | None = None
    cluster_of_all: NDArray[np.int64] | None = None


def answered(
    source: Patterns, cluster: NDArray[np.int64] | None = None, stratum: NDArray[np.int64] | None = None,
    fraction: Array | None = None, replicate_weights: Array | None = None,
    place: NDArray[np.int64] | None = None,
) -> Respondents:  # fmt: skip
    """Return the respondents of patterns in the order of the data, NaN where they answered nothing.

    ``cluster`` and ``stratum`` (codes), ``fraction``, ``replicate_weights`` and ``place`` have an entry for
    each row of the data that ``patterns`` got; rows that it left out are left out here.

    >>> from werksem.patterns import patterns
    >>> answered(patterns(np.array([[1.0, np.nan], [np.nan, np.nan], [3.0, 4.0]]), ["a", "b"])).rows.tolist()
    [[1.0, nan], [3.0, 4.0]]
    """
    sorted_by_data = np.argsort(source.order)
    seen = np.repeat(source.observed, np.diff(source.first), axis=0)
    rows = np.where(seen, source.rows, np.nan)[sorted_by_data]
    kept = source.order[sorted_by_data]
    clusters, strata = (
        None if code is None else np.unique(code[kept], return_inverse=True)[1] for code in (cluster, stratum)
    )
    fractions, replicates = (None if part is None else part[kept] for part in (fraction, replicate_weights))
    places = None if place is None else place[kept]
    return Respondents(
        rows, source.weights[sorted_by_data], clusters, strata, fraction=fractions,
        replicate_weights=replicates, place=places,
    )  # fmt: skip

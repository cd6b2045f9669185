"""What is the same for all of an organisation: which columns are, and which of them stay as observed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.spec.equations import equations
from werksem.spec.types import ModelSpec

__all__ = ["exogenous", "trait_columns", "values_of_clusters"]

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


def trait_columns(rows: Array, cluster: Codes) -> NDArray[np.bool_]:
    """Return which columns (p,) of answers (n, p) are the same for all of a cluster, and differ between them.

    Blanks tell nothing; a column that no two respondents of one cluster answered is none.

    >>> rows = np.array([[1.0, 1.0], [1.0, np.nan], [2.0, 3.0], [2.0, 4.0]])
    >>> trait_columns(rows, np.array([0, 0, 1, 1])).tolist()
    [True, False]
    """
    found = pd.DataFrame(rows).groupby(cluster)
    low, high = found.min(), found.max()
    constant = ((low == high) | low.isna()).all() & (found.count() > 1).any()
    return np.asarray(constant & (low.nunique() > 1))


def values_of_clusters(rows: Array, cluster: Codes) -> Array:
    """Return the value of each cluster (J, q) in columns (n, q) that are the same for all of one.

    NaN where nobody of the cluster answered; clusters are numbered from 0.
    """
    return np.asarray(pd.DataFrame(rows).groupby(cluster).first().reindex(range(int(cluster.max()) + 1)))


def exogenous(spec: ModelSpec) -> frozenset[str]:
    """Return the columns that only predict: no outcome, no item, and no covariance or mean stated of them.

    >>> from werksem.spec.load import load_model
    >>> sorted(exogenous(load_model({"syntax": "f =~ x1 + x2 + x3; f ~ z + m; m ~ w"})))
    ['w', 'z']
    """
    asked = equations(spec)
    explained = {s.lhs for s in spec.statements} | {item for scale in spec.scales for item in scale.items}
    explained |= {s.rhs for s in spec.statements if s.op != "~"}
    return frozenset(name for e in asked for name in e.predictors) - explained

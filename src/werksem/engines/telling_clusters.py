"""Clusters whose mean sizes tell how few respondents one of them has."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from werksem.inputs import Inputs
from werksem.spec.disclosure import Disclosure

__all__ = ["telling_clusters"]

# sizes that are known by their sum and their sum of squares only: fewer can be solved, or nearly so
UNKNOWN = 10


def telling_clusters(inputs: Inputs, hidden: Collection[str], rule: Disclosure) -> bool:
    """Return whether n and Σn² of clusters tell the size of a small cluster, or of a hidden group.

    Of a group that is shown and is one cluster, the size is known. Where fewer than ten others are left, and
    one of them is of fewer than ``smallest`` respondents (for a variable: who answered it) or of a hidden
    group, mean sizes, ICCs and design effects leave few possibilities. So it is where clusters are the groups
    by another name.
    """
    if inputs.cluster is None or inputs.scores is None:
        return False
    code, labels = pd.factorize(inputs.cluster)
    answered = np.isfinite(inputs.scores.to_numpy(dtype=float))
    sizes = pd.DataFrame(answered).groupby(code).sum().reindex(range(len(labels)))
    small = ((sizes > 0) & (sizes < rule.smallest)).any(axis=1).to_numpy(copy=True)
    known = np.zeros(len(labels), dtype=bool)
    if inputs.group is not None:
        pairs = pd.DataFrame({"cluster": code, "group": inputs.group.astype(object).to_numpy()})
        pairs = pairs.drop_duplicates()
        small[pairs.loc[pairs["group"].astype(str).isin(hidden), "cluster"]] = True
        alone = ~pairs.duplicated("cluster", keep=False) & ~pairs.duplicated("group", keep=False)
        known[pairs.loc[alone & ~pairs["group"].astype(str).isin(hidden), "cluster"]] = True
    return bool(small.any()) and int((~known).sum()) < UNKNOWN

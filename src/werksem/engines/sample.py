"""Who is in the sample, group by group: ``sample.csv``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.inputs import Inputs
from werksem.moments import effective_n
from werksem.spec.disclosure import Disclosure

__all__ = ["sample_table"]

COLUMNS = [
    "group", "n", "share", "complete", "clusters", "weight_min", "weight_max", "weight_share", "n_effective",
]  # fmt: skip
ALL = "all"


def sample_table(inputs: Inputs, rule: Disclosure) -> pd.DataFrame | None:
    """Return a row for all respondents used and for each group; None for moments only.

    ``complete`` are those who answered every variable of the model, ``clusters`` their organisations
    (or whatever ``data.cluster`` names). With weights: the smallest and largest where at least ``smallest``
    respondents have it (else it is a mark of one of them), the group's share of all weight, and the effective
    number of respondents.
    """
    if inputs.items is None:
        return None
    values = inputs.items.to_numpy(dtype=float)
    complete = np.isfinite(values).all(axis=1)
    rows = [
        {
            "group": group,
            "n": int(own.sum()),
            "share": float(own.mean()),
            "complete": int(complete[own].sum()),
        }
        | _clusters(inputs, own)
        | _weights(inputs, own, rule.smallest)
        for group, own in _groups(inputs, len(values))
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _groups(inputs: Inputs, rows: int) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    yield ALL, np.ones(rows, dtype=bool)
    if inputs.group is not None:
        # numbers are compared a hundred times faster than texts, which counts with hundreds of groups
        at, labels = pd.factorize(inputs.group)
        for number, label in enumerate(labels):
            yield str(label), at == number


def _clusters(inputs: Inputs, own: NDArray[np.bool_]) -> dict[str, float]:
    return {} if inputs.cluster is None else {"clusters": int(inputs.cluster[own].nunique())}


def _weights(inputs: Inputs, own: NDArray[np.bool_], smallest: int) -> dict[str, float]:
    if inputs.weights is None:
        return {}
    every = inputs.weights.to_numpy(dtype=float)
    weights = every[own]
    ends = {"weight_min": float(weights.min()), "weight_max": float(weights.max())}
    return {
        **{name: end for name, end in ends.items() if int((weights == end).sum()) >= smallest},
        "weight_share": float(weights.sum() / every.sum()), "n_effective": effective_n(weights),
    }  # fmt: skip

"""Each item of each scale: how it is answered, and how it goes with the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.engines.sem import SemResult
from werksem.implied import standardised
from werksem.inference.reliability import alpha_if_dropped
from werksem.inputs import Inputs
from werksem.moments import Moments
from werksem.spec.types import ModelSpec
from werksem.survey.keying import against_the_rest

__all__ = ["item_table", "keying_warnings"]

Array = NDArray[np.float64]
Limits = tuple[float, float, float]
COLUMNS = [
    "construct", "item", "group", "n", "mean", "sd", "item_rest", "item_rest_ci_lower",
    "item_rest_ci_upper", "alpha_if_dropped", "loading", "floor", "ceiling", "note",
]  # fmt: skip
# more different answers than this are a measurement, which has no floor
CATEGORIES = 12
KEYING = "runs against the others: reversed keying?"


def item_table(
    spec: ModelSpec, inputs: Inputs, sem: SemResult, items: Mapping[str, Sequence[str]],
    rest: Sequence[Mapping[tuple[str, str], Limits]],
) -> pd.DataFrame:  # fmt: skip
    """Return ``items.csv``: a row per group, construct and item, recoded in the construct's direction.

    ``n``, ``mean``, ``sd`` (divisor n - 1), ``floor`` and ``ceiling`` (shares of the lowest and the
    highest answer of the scale) are of everyone who answered the item; ``item_rest`` and
    ``alpha_if_dropped`` of the moments the model was fitted to; ``loading`` is standardised.
    """
    std = standardised(sem.model, sem.fit.theta)
    loadings = {
        (row.group, row.lhs, row.rhs): float(std[number])
        for number, row in enumerate(sem.model.rows)
        if row.op == "=~"
    }
    rows: list[dict[str, Any]] = []
    for number, group in enumerate(sem.moments):
        for construct, names in items.items():
            at = [group.names.index(item) for item in names]
            cov = group.cov[np.ix_(at, at)]
            against = against_the_rest(cov, group.n)
            for place, (item, without) in enumerate(zip(names, alpha_if_dropped(cov), strict=True)):
                r, lower, upper = rest[number][construct, item]
                rows.append(
                    {"construct": construct, "item": item, "group": group.group}
                    | _answered(spec, inputs, group, construct, item)
                    | {
                        "item_rest": r, "item_rest_ci_lower": lower, "item_rest_ci_upper": upper,
                        "alpha_if_dropped": without, "loading": loadings[number, construct, item],
                        "note": KEYING if place in against else "",
                    }
                )  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def keying_warnings(table: pd.DataFrame) -> Iterator[str]:
    """Yield the warning of the data checks for items noted as reversed, where there were no data to check."""
    for row in table[table["note"] == KEYING].itertuples():
        yield (
            f"reversed keying: {row.item} correlates {row.item_rest:.2f} with the rest of "
            f"{row.construct}; is it reversed?"
        )


def _answered(spec: ModelSpec, inputs: Inputs, group: Moments, construct: str, item: str) -> dict[str, float]:
    if inputs.items is None:
        at = group.names.index(item)
        sd = float(np.sqrt(group.cov[at, at] * group.n / (group.n - 1)))
        return {"n": group.n, "mean": float(group.mean[at]), "sd": sd}
    values = inputs.items[item].to_numpy(dtype=float)
    known = np.isfinite(values)
    if group.group != "all" and inputs.group is not None:
        known &= (inputs.group == group.group).to_numpy()
    weights = np.ones(len(values)) if inputs.weights is None else inputs.weights.to_numpy(dtype=float)
    scale = spec.scale(construct)
    declared = None if scale is None else scale.scale
    return _described(values[known], weights[known] / weights[known].sum(), declared)


def _described(y: Array, share: Array, declared: tuple[float, float] | None) -> dict[str, float]:
    """Return n, weighted mean and sd, and the shares of the lowest and highest answer.

    >>> found = _described(np.array([1.0, 2.0, 2.0, 5.0]), np.full(4, 0.25), (1, 5))
    >>> [round(float(value), 3) for value in found.values()]
    [4.0, 2.5, 1.732, 0.25, 0.25]
    """
    mean = float(share @ y)
    variance = float(share @ (y - mean) ** 2)
    found = {"n": float(len(y)), "mean": mean, "sd": float(np.sqrt(variance * len(y) / max(len(y) - 1, 1)))}
    if declared is None and len(np.unique(y)) > CATEGORIES:
        return found
    low, high = declared or (y.min(), y.max())
    return found | {"floor": float(share @ (y == low)), "ceiling": float(share @ (y == high))}

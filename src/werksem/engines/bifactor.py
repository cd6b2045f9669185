"""A bifactor model recognised, and the indices of its factors with intervals (``bifactor.csv``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from werksem.engines.sem import LEVEL, SemResult
from werksem.implied import standardised
from werksem.inference.bifactor import MEASURES, bifactor_indices, uncontaminated
from werksem.inference.delta import complex_jacobian
from werksem.inference.reliability import construct_items
from werksem.inference.vcov import standard_errors
from werksem.model import Model

__all__ = ["COLUMNS", "bifactor_table", "general_factor"]

COLUMNS = [
    "factor", "general", "group", "items", "omega", "omega_ci_lower", "omega_ci_upper", "omega_h",
    "omega_h_ci_lower", "omega_h_ci_upper", "ecv", "ecv_ci_lower", "ecv_ci_upper", "puc", "level",
]  # fmt: skip


def general_factor(model: Model) -> tuple[str, tuple[str, ...]] | None:
    """Return the general factor of a bifactor model and its specific factors, None for any other model.

    All factors are uncorrelated and take part in no regression, the specific ones share no item, and
    the general one has all items.
    """
    items = {name: set(construct_items(model, name)) for name in model.latent}
    if len(items) < 3 or any(row.op == "~" for row in model.rows):
        return None
    if not set().union(*items.values()) <= set(model.observed):
        return None
    linked = (row for row in model.rows if row.op == "~~" and row.lhs != row.rhs and row.lhs in items)
    if any(row.free or row.value != 0 for row in linked):
        return None
    general = max(items, key=lambda name: len(items[name]))
    specific = tuple(name for name in items if name != general)
    apart = sum(len(items[name]) for name in specific) == len(set().union(*(items[s] for s in specific)))
    return (general, specific) if apart and set().union(*items.values()) == items[general] else None


def bifactor_table(sem: SemResult) -> pd.DataFrame | None:
    """Return omega, omega hierarchical, ECV (with Wald intervals, delta method) and PUC per factor.

    None where the model is not a bifactor model, or its optimum was not reached.
    """
    found = general_factor(sem.model)
    if found is None or not sem.fit.converged:
        return None
    from scipy.special import ndtri

    z, rows = float(ndtri((1 + LEVEL) / 2)), []
    general, specific = found
    items = construct_items(sem.model, general)
    members = [[items.index(item) for item in construct_items(sem.model, name)] for name in specific]
    for group, label in enumerate(sem.model.groups):

        def values(theta: Any, group: int = group) -> Any:
            indices = _indices(sem.model, theta, general, specific, group)
            return indices.reshape(*indices.shape[:-2], -1)

        size = (1 + len(specific), len(MEASURES))
        estimate = values(sem.fit.theta).reshape(size)
        error = z * standard_errors(sem.vcov, complex_jacobian(values, sem.fit.theta)).reshape(size)
        counts = [len(items), *map(len, members)]
        for k, name in enumerate((general, *specific)):
            row: dict[str, Any] = {"factor": name, "general": k == 0, "group": label, "items": counts[k]}
            for at, measure in enumerate(MEASURES):
                low, high = estimate[k, at] - error[k, at], estimate[k, at] + error[k, at]
                row |= {measure: estimate[k, at], f"{measure}_ci_lower": low, f"{measure}_ci_upper": high}
            row |= {"puc": uncontaminated(len(items), members) if k == 0 else np.nan, "level": LEVEL}
            rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS)


def _indices(model: Model, theta: Any, general: str, specific: tuple[str, ...], group: int) -> Any:
    """Return (…, 1 + S, 3) of one group at theta (…, q)."""
    std = standardised(model, theta, group)
    at = {(row.lhs, row.op, row.rhs): number for number, row in enumerate(model.rows) if row.group == group}
    items = construct_items(model, general, group)
    own = {item: name for name in specific for item in construct_items(model, name, group)}
    zero = np.zeros(std.shape[:-1], dtype=std.dtype)
    common = np.stack([std[..., at[general, "=~", item]] for item in items], axis=-1)
    parts = [std[..., at[own[item], "=~", item]] if item in own else zero for item in items]
    specifics = np.stack(parts, axis=-1)
    members = [[items.index(i) for i in construct_items(model, name, group)] for name in specific]
    # factors are uncorrelated, so what they leave of a standardised item is this; thresholds have no residual
    left = _residuals(items, at, std, 1 - common**2 - specifics**2)
    return bifactor_indices(common, specifics, left, members)


def _residuals(items: tuple[str, ...], at: Mapping[tuple[str, str, str], int], std: Any, own: Any) -> Any:
    """Return residual covariances (…, k, k): variances ``own`` (…, k), and what the model has beside them."""
    found = own[..., None] * np.eye(len(items))
    for (one, op, other), number in at.items():
        if op == "~~" and one != other and one in items and other in items:
            i, j = items.index(one), items.index(other)
            found[..., i, j] = found[..., j, i] = std[..., number] * np.sqrt(own[..., i] * own[..., j])
    return found

"""Rows of the parameter table, and what equality across groups makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import nan

__all__ = ["DEFAULTS", "Options", "Row", "equal_across_groups"]


@dataclass(frozen=True, slots=True)
class Options:
    """How a parameter table is completed; names and meanings as in lavaan."""

    mean_structure: bool = False
    fixed_x: bool = True
    scaling: str = "marker"
    group_equal: tuple[str, ...] = ()


DEFAULTS = Options()


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter of one group: free, or fixed at ``value``; ``exo`` are moments of fixed x."""

    lhs: str
    op: str
    rhs: str
    group: int = 0
    free: bool = True
    value: float = nan
    label: str = ""
    start: float = nan
    exo: bool = False
    user: bool = False


def _kind(row: Row, latent: Sequence[str]) -> str:
    """Return lavaan's name in ``group.equal`` of the kind of parameter a row is."""
    of_latent = row.lhs in latent
    match row.op:
        case "=~":
            return "loadings"
        case "~":
            return "regressions"
        case "~1":
            return "means" if of_latent else "intercepts"
    if row.lhs == row.rhs:
        return "lv_variances" if of_latent else "residuals"
    return "lv_covariances" if of_latent and row.rhs in latent else "residual_covariances"


def equal_across_groups(
    rows: Sequence[Row], latent: Sequence[str], equal: Sequence[str], scaling: str
) -> tuple[Row, ...]:
    """Return the rows with one label for each parameter that ``equal`` holds equal across groups.

    As in lavaan, what then need not be fixed any more is freed from the second group on: latent
    means where intercepts are equal, latent variances where loadings are and the scale is set by
    unit variances.
    """
    if not equal:
        return tuple(rows)
    out = []
    for row in rows:
        kind = _kind(row, latent)
        later = row.group > 0 and not row.user
        unpinned = (kind == "means" and "intercepts" in equal and "means" not in equal) or (
            kind == "lv_variances" and scaling == "unit_variance" and "loadings" in equal
        )
        if later and unpinned:
            row = replace(row, free=True, value=nan)
        if row.free and not row.exo and not row.label and kind in equal:
            row = replace(row, label=f"{row.lhs}{row.op}{row.rhs}")
        out.append(row)
    return tuple(out)

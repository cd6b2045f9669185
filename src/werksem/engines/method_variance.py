"""``method_variance.csv``: paths and effects if a share of every answer is the respondent's style."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isnan, nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.effects import quantity_values
from werksem.engines.sem import LEVEL, SemResult, parameter_rows
from werksem.errors import EstimationError
from werksem.estimators.ml import fit_ml
from werksem.inference.delta import complex_jacobian
from werksem.inference.method_factor import (
    FACTORS,
    answer_signs,
    construct_signs,
    largest_share,
    without_factor,
)
from werksem.inference.sampling import quantity_errors
from werksem.inference.units import Sampling
from werksem.moments import Moments
from werksem.spec.types import ModelSpec

__all__ = ["method_variance_table"]

Array = NDArray[np.float64]
COLUMNS = [
    "factor", "share", "turned", "group", "lhs", "op", "rhs", "est", "se", "ci_lower", "ci_upper", "level",
    "std", "flips", "method", "status",
]  # fmt: skip
IMPOSSIBLE = "not positive definite: at most {most:.4f} is possible"


def method_variance_table(
    spec: ModelSpec, sem: SemResult, sampling: Sampling, shares: Sequence[float]
) -> pd.DataFrame | None:
    """Return every path and effect at each share of method variance; None where no variable is an answer.

    A row per factor (one where keying does not tell ``halo`` from ``acquiescence``: ``halo``), share,
    and path or effect. ``flips`` says what became of the verdict at share 0: empty, ``sign`` (another
    sign), ``includes 0`` or ``excludes 0`` (its interval). A share that the covariances rule out has one
    row, which says how much is possible. ``turned`` names the constructs that run against the others,
    which a halo moves the other way. Variables that no construct measures keep their covariances.
    """
    constructs = _answers(sem)
    if not constructs:
        return None
    keyed = {item for scale in spec.scales for item in scale.reversed}
    rows: list[dict[str, Any]] = []
    seen: list[dict[str, float]] = []
    for factor in FACTORS:
        turned = construct_signs(sem.moments[0], constructs) if factor == "halo" else ()
        signs = answer_signs(factor, constructs, keyed, turned)
        # a factor and its mirror image take out the same
        if signs in seen or {name: -sign for name, sign in signs.items()} in seen:
            continue
        seen.append(signs)
        made = _of_factor(sem, sampling, factor, signs, shares)
        rows += [row | {"turned": ", ".join(turned)} for row in made]
    return pd.DataFrame(rows, columns=COLUMNS)


def _answers(sem: SemResult) -> dict[str, list[str]]:
    """Return the observed indicators of each construct: what respondents answered."""
    found: dict[str, list[str]] = {}
    for row in sem.model.rows:
        if row.op == "=~" and row.group == 0 and row.rhs in sem.model.observed:
            found.setdefault(row.lhs, []).append(row.rhs)
    return found


def _of_factor(
    sem: SemResult, sampling: Sampling, factor: str, signs: dict[str, float], shares: Sequence[float]
) -> Iterator[dict[str, Any]]:
    """Yield the rows of one factor, share 0 first, which the others are compared with."""
    names = list(parameter_rows("sem", sem.model, sem.effects))
    chosen = [k for k, name in enumerate(names) if name["op"] in ("~", ":=")]
    start, base = sem.fit.theta, np.empty((len(chosen), 4))
    most = min(largest_share(group, signs) for group in sem.moments)
    for share in sorted({0.0, *shares}):
        if share >= most:
            yield {"factor": factor, "share": share, "level": LEVEL, "status": IMPOSSIBLE.format(most=most)}
            continue
        values, status, start = _at_share(sem, sampling, signs, share, chosen, start)
        base = values if share == 0 else base
        for k, (est, se, std, wide), first in zip(chosen, values, base, strict=True):
            found = {key: names[k].get(key, "") for key in ("group", "lhs", "op", "rhs")}
            flips = _flip(float(first[0]), float(first[3]), float(est), float(wide))
            yield {
                **found, "factor": factor, "share": share, "est": est, "se": se, "level": LEVEL,
                "ci_lower": est - wide, "ci_upper": est + wide, "std": std,
                "flips": flips, "method": sampling.method, "status": status,
            }  # fmt: skip


def _at_share(
    sem: SemResult, sampling: Sampling, signs: dict[str, float], share: float, chosen: list[int], start: Array
) -> tuple[Array, str, Array]:
    """Return (est, se, std, half the interval's width) (k, 4), the status, and theta to go on from."""
    from scipy.special import ndtri

    parts = [without_factor(group, signs, share) for group in sem.moments]
    absent = np.full((len(chosen), 4), nan)
    found: list[Moments] = [part[0] for part in parts]
    try:
        fit = sem.fit if share == 0 else fit_ml(sem.model, found, start=start)
    except EstimationError:
        return absent, "not_converged", start
    if not fit.converged:
        return absent, fit.status, start
    raw, std = quantity_values(sem.model, sem.effects, fit.theta)
    jacobian = complex_jacobian(lambda t: quantity_values(sem.model, sem.effects, t)[0], fit.theta)[chosen]
    order = [[group.names.index(name) for name in sem.model.observed] for group in found]
    added = [part[1][np.ix_(at, at)] for part, at in zip(parts, order, strict=True)] if share else None
    se = quantity_errors(sem.model, found, fit.theta, jacobian, sampling, added=added)
    values = np.column_stack([raw[chosen], se, std[chosen], float(ndtri((1 + LEVEL) / 2)) * se])
    return values, fit.status, fit.theta


def _flip(first: float, first_wide: float, now: float, wide: float) -> str:
    """Return what changed between two estimates ± half a width: the sign, or 0 within the interval.

    >>> _flip(0.3, 0.2, 0.1, 0.2), _flip(0.3, 0.2, -0.3, 0.2), _flip(0.3, 0.2, 0.25, 0.2)
    ('includes 0', 'sign', '')
    """
    if isnan(now) or isnan(first):
        return ""
    clear, was = abs(now) > wide, abs(first) > first_wide
    if clear and was and now * first < 0:
        return "sign"
    return "" if clear == was else "excludes 0" if clear else "includes 0"

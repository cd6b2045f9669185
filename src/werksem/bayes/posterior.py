"""Draws to rows: paths, intercepts, residual variances, R² and defined effects, per group and over all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.design import Design
from werksem.bayes.draws import ScoreDraws
from werksem.bayes.standard import Standardised, standardise
from werksem.spec.formula import evaluate, symbols
from werksem.spec.types import Effect

__all__ = ["LEVEL", "TYPICAL", "estimate_rows", "summary", "usable_effects"]

Array = NDArray[np.float64]
Row = dict[str, Any]
LEVEL = 0.95
TYPICAL = "typical"
METHOD = "equal-tailed"
NEW_GROUP = "equal-tailed, of a new group"


def summary(draws: Array, spread: Array | None = None) -> tuple[float, float, float, float]:
    """Return mean, standard deviation and the equal-tailed interval of draws (S,), NaN where undefined.

    The interval is that of ``spread`` where it is given: for the typical group, of a new group.

    >>> [round(value, 2) for value in summary(np.arange(1001.0))]
    [500.0, 289.11, 25.0, 975.0]
    """
    tail = (1 - LEVEL) / 2
    lower, upper = np.quantile(draws if spread is None else spread, [tail, 1 - tail])
    return float(draws.mean()), float(draws.std(ddof=1)), float(lower), float(upper)


def _cells(raw: Array, std: Array | None, common: Array | None, new: Array | None = None,
           new_std: Array | None = None) -> Row:  # fmt: skip
    est, se, low, high = summary(raw, new)
    row: Row = {"est": est, "se": se, "ci_lower": low, "ci_upper": high}
    if std is not None:
        names = ("std", "std_se", "std_ci_lower", "std_ci_upper")
        row |= dict(zip(names, summary(std, new_std), strict=True))
    if common is not None:
        row["std_common"] = float(common.mean())
    return row


def usable_effects(design: Design, effects: Sequence[Effect]) -> tuple[tuple[Effect, ...], tuple[str, ...]]:
    """Return the effects made of paths between scores, and a sentence for each of the others."""
    usable = tuple(effect for effect in effects if set(symbols(effect.formula)) <= set(design.paths))
    said = [
        f"bayes: effect {effect.name!r} is left out, level scores has no "
        + ", ".join(sorted(set(symbols(effect.formula)) - set(design.paths)))
        for effect in effects
        if effect not in usable
    ]
    return usable, tuple(said)


def estimate_rows(design: Design, draws: ScoreDraws, effects: Sequence[Effect], status: str) -> list[Row]:
    """Return the rows of ``estimates.csv``: everyone, then the groups, then the typical group.

    Without groups there is only ``all``. A group without complete rows for a regression has no
    rows for it. The residual SD is one for all groups: its variance stands under ``all`` only.
    """
    std = [standardise(design, draws, e) for e in range(len(design.statistics))]
    rows = [
        *_everyone(design, draws, std),
        *_covariances(design, draws),
        *_effects_of_all(design, draws, std, effects),
    ]
    if design.groups != ("all",):
        for g, group in enumerate(design.groups):
            rows += _of_group(design, draws, std, g, group)
            rows += _effects_of_group(design, draws, std, effects, g, group)
        rows += _typical(design, draws, std, effects)
    fixed = {"engine": "bayes", "level": LEVEL, "status": status}
    return [fixed | {"method": METHOD} | row for row in rows]


def _names(design: Design, e: int, k: int) -> Row:
    """Return the naming cells of coefficient k of regression e, the intercept being 0."""
    equation = design.statistics[e].equation
    if k == 0:
        return {"lhs": equation.outcome, "op": "~1"}
    predictor, parameter = equation.predictors[k - 1], equation.parameters[k - 1]
    label = "" if parameter == f"{equation.outcome}~{predictor}" else parameter
    return {"lhs": equation.outcome, "op": "~", "rhs": predictor, "label": label}


def _places(design: Design) -> Iterator[tuple[int, list[int]]]:
    """Yield each regression and its coefficients, paths first and the intercept last, as OLS has them."""
    for e, found in enumerate(design.statistics):
        yield e, [*range(1, len(found.equation.predictors) + 1), 0]


def _everyone(design: Design, draws: ScoreDraws, std: Sequence[Standardised]) -> Iterator[Row]:
    for e, order in _places(design):
        s, outcome = std[e], design.outcomes[e]
        for k in order:
            scaled = (s.everyone_std[:, k - 1], s.everyone_common[:, k - 1]) if k else (None, None)
            yield {"group": "all", **_names(design, e, k), **_cells(s.everyone[:, k], *scaled)}
        variance = {"group": "all", "lhs": outcome, "op": "~~", "rhs": outcome}
        yield variance | _cells(draws.sigma[:, e] ** 2, s.residual_all, None)
        yield {"group": "all", "lhs": outcome, "op": "r2", "rhs": outcome, **_cells(s.r2_all, None, None)}


def _covariances(design: Design, draws: ScoreDraws) -> Iterator[Row]:
    """Yield the covariances of the residuals, standardised the correlations."""
    for pair, (e, f) in enumerate(design.residual_pairs):
        rho = draws.residual_correlation[:, pair]
        names = {"group": "all", "lhs": design.outcomes[e], "op": "~~", "rhs": design.outcomes[f]}
        yield names | _cells(rho * draws.sigma[:, e] * draws.sigma[:, f], rho, None)


def _of_group(
    design: Design, draws: ScoreDraws, std: Sequence[Standardised], g: int, group: str
) -> Iterator[Row]:
    for e, order in _places(design):
        if design.statistics[e].rows[g] == 0:
            continue
        s, outcome = std[e], design.outcomes[e]
        for k in order:
            scaled = (s.group[:, g, k - 1], s.group_common[:, g, k - 1]) if k else (None, None)
            yield {"group": group, **_names(design, e, k), **_cells(draws.group[:, e, g, k], *scaled)}
        if design.statistics[e].rows[g] > 1:
            yield {
                "group": group,
                "lhs": outcome,
                "op": "r2",
                "rhs": outcome,
                **_cells(s.r2[:, g], None, None),
            }


def _typical(
    design: Design, draws: ScoreDraws, std: Sequence[Standardised], effects: Sequence[Effect]
) -> Iterator[Row]:
    named = {"group": TYPICAL, "method": NEW_GROUP}
    for e, order in _places(design):
        for k in order:
            mean, new = draws.typical[:, e, k], draws.new[:, e, k]
            factor = std[e].common[k - 1] if k else np.nan
            scaled = (mean * factor, mean * factor, new, new * factor) if k else (None, None, new)
            yield named | _names(design, e, k) | _cells(mean, *scaled)
    sources = [
        _by_name(design, [values[:, e, 1 : len(s.common) + 1] * unit for e, (s, unit) in enumerate(units)])
        for units in ([(s, np.ones_like(s.common)) for s in std], [(s, s.common) for s in std])
        for values in (draws.typical, draws.new)
    ]
    for effect in effects:
        raw, new, common, wide = (_value(effect, values) for values in sources)
        yield named | {"lhs": effect.name, "op": ":="} | _cells(raw, common, common, new, wide)


def _by_name(design: Design, values: Sequence[Array]) -> dict[str, Array]:
    """Return paths by parameter name, from each regression's (S, …, p), the first use of a name."""
    named: dict[str, Array] = {}
    for found, value in zip(design.statistics, values, strict=True):
        for k, name in enumerate(found.equation.parameters):
            named.setdefault(name, value[..., k])
    return named


def _value(effect: Effect, values: Mapping[str, Array]) -> Array:
    shape = next(iter(values.values())).shape
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.broadcast_to(np.asarray(evaluate(effect.formula, values), dtype=float), shape)


def _has_rows(design: Design, effect: Effect) -> NDArray[np.bool_]:
    """Return (G,) which groups have answers for every regression that an effect goes through."""
    used = set(symbols(effect.formula))
    parts = [found.rows > 0 for found in design.statistics if used & set(found.equation.parameters)]
    return np.asarray(np.all(parts, axis=0)) if parts else np.ones(len(design.groups), dtype=bool)


def _effects_of_all(
    design: Design, draws: ScoreDraws, std: Sequence[Standardised], effects: Sequence[Effect]
) -> Iterator[Row]:
    """Yield effects over everyone: the population-weighted mean of the groups' effects.

    Their standardised value is the formula of the standardised paths over everyone.
    """
    raw = _by_name(design, [draws.group[:, e, :, 1:] for e in range(len(std))])
    scaled = _by_name(design, [s.everyone_std for s in std])
    common = _by_name(design, [s.group_common for s in std])
    share = np.mean([found.share for found in design.statistics], axis=0)
    for effect in effects:
        weight = np.where(_has_rows(design, effect), share, 0.0)
        weight = weight / weight.sum() if weight.sum() > 0 else share
        values = _value(effect, raw) @ weight, _value(effect, scaled), _value(effect, common) @ weight
        yield {"group": "all", "lhs": effect.name, "op": ":=", **_cells(*values)}


def _effects_of_group(
    design: Design, draws: ScoreDraws, std: Sequence[Standardised], effects: Sequence[Effect],
    g: int, group: str,
) -> Iterator[Row]:  # fmt: skip
    raw = _by_name(design, [draws.group[:, e, g, 1:] for e in range(len(std))])
    scaled = _by_name(design, [s.group[:, g] for s in std])
    common = _by_name(design, [s.group_common[:, g] for s in std])
    for effect in effects:
        if _has_rows(design, effect)[g]:
            values = (_value(effect, source) for source in (raw, scaled, common))
            yield {"group": group, "lhs": effect.name, "op": ":=", **_cells(*values)}

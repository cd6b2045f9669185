"""Which parameters a latent-variable posterior has: their names, kinds, priors, and what varies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.latent.links import PARTIAL, REAL, Links
from werksem.bayes.priors import Given, chosen, rescaled, spread_of
from werksem.errors import SpecError, did_you_mean
from werksem.implied import standard_deviations
from werksem.model import Model, build_model, model_of_rows
from werksem.rows import Options, Row
from werksem.spec.contradictions import refuse_constraints
from werksem.spec.posterior import BETWEEN, NESTED
from werksem.spec.priors import Prior, parse_prior
from werksem.spec.types import ModelSpec

__all__ = [
    "DEFAULTS",
    "between_priors",
    "kinds",
    "measured",
    "names",
    "nested_priors",
    "nesting",
    "priors",
    "varying",
    "with_latent_means",
]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
# on the standardised metric; carried to the raw one with the SDs that the maximum-likelihood fit implies
DEFAULTS = {
    "paths": "normal(0, 0.5)",
    "means": "normal(0, 2.5)",
    "loadings": "normal(0, 1)",
    "residual_sd": "halfnormal(2)",
    "latent_sd": "halfnormal(2)",
    "latent_correlation": "lkj(2)",
    "residual_correlation": "lkj(2)",
    "between_sd of paths": "halfnormal(0.1)",
    "between_sd of means": "halfnormal(0.25)",
    "between_sd of variances": "halfnormal(0.1)",
    "between_sd of covariances": "halfnormal(0.1)",
}

FREED = "halfnormal(0.25)"  # between groups, of a loading or intercept of an item that is freed


def with_latent_means(spec: ModelSpec, options: Options) -> Model:
    """Return the model of one group with the means of its latents free: those of a group, not of the typical
    one.

    Latent means that the model itself fixes stay fixed. Raises ``SpecError`` for constraints.
    """
    refuse_constraints(spec)
    model = build_model(spec, ("all",), options)

    def freed(row: Row) -> Row:
        latent = row.op == "~1" and row.lhs in model.latent and not row.free and not row.user
        return replace(row, free=True, value=np.nan) if latent else row

    return model_of_rows(model.name, [freed(row) for row in model.rows], ("all",), model.constraints)


def names(model: Model, links: Links) -> tuple[str, ...]:
    """Return the links' names in a study: the parameter's, with an intercept as ``y ~1``."""
    found = [model.parameters[at] for at in links.at]
    return tuple(f"{name[:-2]} ~1" if name.endswith("~1") else name for name in found)


def kinds(model: Model, links: Links) -> tuple[str, ...]:
    """Return what each link is, by its first row: a kind that priors and ``vary`` speak of."""
    return tuple(
        _kind(model, _first(model, int(at)), int(link)) for at, link in zip(links.at, links.kind, strict=True)
    )


def _first(model: Model, at: int) -> Row:
    return model.rows[model.free_of_row.index(at)]


def _kind(model: Model, row: Row, link: int) -> str:
    explained = {r.lhs for r in model.rows if r.op == "~"} | {r.rhs for r in model.rows if r.op == "=~"}
    match row.op:
        case "=~":
            return "loadings"
        case "~":
            return "paths"
        case "~1":
            return "means" if row.lhs in model.eta else "intercepts"
    latent = row.lhs in model.eta and not {row.lhs, row.rhs} & explained
    if row.lhs == row.rhs:
        return "latent_sd" if latent else "residual_sd"
    if link == REAL:
        return "covariances"
    return "latent_correlation" if latent else "residual_correlation"


def varying(model: Model, links: Links, vary: Sequence[str]) -> Index:
    """Return (V,) the links that differ between groups; raises ``SpecError`` for what cannot.

    ``vary`` names kinds (paths, means, variances, covariances: of latents and of observed variables in
    regressions) or single parameters of these kinds.
    """
    known = names(model, links)
    structural = [_structural(model, _first(model, int(at))) for at in links.at]
    for name in vary:
        if name in known and structural[known.index(name)] == "":
            raise SpecError(
                f"{name!r} belongs to the measurement of items, which the groups share; right are paths, "
                "means, variances and covariances of latents, or single ones of these",
                where="bayes.vary",
            )
        if name not in (*known, "paths", "means", "variances", "covariances"):
            raise SpecError(f"unknown name {name!r}{did_you_mean(name, known)}", where="bayes.vary")
    chosen = [
        kind != "" and (kind in vary or name in vary) for kind, name in zip(structural, known, strict=True)
    ]
    return np.flatnonzero(chosen)


def measured(model: Model, links: Links, freed: Sequence[str]) -> Index:
    """Return the links of the loadings and intercepts of items that the groups do not share."""
    rows = [_first(model, int(at)) for at in links.at]
    chosen = [
        (row.op == "=~" and row.rhs in freed)
        or (row.op == "~1" and row.lhs in freed and row.lhs not in model.eta)
        for row in rows
    ]
    return np.flatnonzero(chosen)


def nesting(model: Model, links: Links, vary: Sequence[str]) -> Index:
    """Return (V2,) the links that differ between units within groups; raises ``SpecError`` for what cannot.

    These are means of latents and intercepts of observed outcomes: ``means``, or single ones.
    """
    found, known = varying(model, links, vary), names(model, links)
    others = [known[j] for j in found if _structural(model, _first(model, int(links.at[j]))) != "means"]
    if others or set(vary) & {"paths", "variances", "covariances"}:
        raise SpecError(
            "bayes: at level latent units within groups differ in means alone, not in "
            f"{', '.join(others) or vary[0]}; right is vary_nested: [means], or level: scores for paths",
            where="bayes.vary_nested",
        )  # fmt: skip
    if not len(found):
        raise SpecError("bayes: vary_nested names nothing that can differ", where="bayes.vary_nested")
    return found


def nested_priors(model: Model, links: Links, given: Given, theta: Array, nested: Index) -> tuple[Prior, ...]:
    """Return the priors of the SDs between units (V2,), by default those of SDs of means between groups."""
    sd = {name: float(value) for name, value in standard_deviations(model, theta).items()}
    known, found = names(model, links), []
    for j in nested:
        default = parse_prior(DEFAULTS[f"{BETWEEN}means"])
        factor = sd[_first(model, int(links.at[j])).lhs]
        found.append(spread_of(given, NESTED, known[j], "means") or rescaled(default, factor))
    return tuple(found)


def _structural(model: Model, row: Row) -> str:
    """Return what ``vary`` calls a parameter's kind, empty for the measurement of items."""
    match row.op:
        case "~":
            return "paths"
        case "~1":
            return "means" if row.lhs in model.eta else ""
        case "~~" if row.lhs in model.eta:
            return "variances" if row.lhs == row.rhs else "covariances"
    return ""


def priors(model: Model, links: Links, given: Given, theta: Array, mean: Array) -> tuple[Prior | None, ...]:
    """Return each link's prior, on the raw parameter; on the SD for a variance, lkj for a correlation.

    Defaults are carried to the raw variables by the SDs implied at ``theta`` (q,); ``mean`` (p,) are where
    default intercepts lie. None is a flat prior.
    """
    sd = {name: float(value) for name, value in standard_deviations(model, theta).items()}
    found: list[Prior | None] = []
    for name, kind, at, link in zip(
        names(model, links), kinds(model, links), links.at, links.kind, strict=True
    ):
        literal = chosen(given, name, "means" if kind == "intercepts" else kind)
        row = _first(model, int(at))
        default = None if literal else _default(row, kind, sd, model, mean)
        prior = literal or default
        if prior is not None and prior.family in ("flat", "halfflat"):
            prior = None
        if prior is not None and link == PARTIAL and prior.family != "lkj":
            raise SpecError(f"bayes.priors: {name!r} is a correlation; right is lkj(2)")
        found.append(prior)
    return tuple(found)


def _default(row: Row, kind: str, sd: dict[str, float], model: Model, mean: Array) -> Prior | None:
    match kind:
        case "paths":
            return rescaled(parse_prior(DEFAULTS["paths"]), sd[row.lhs] / sd[row.rhs])
        case "loadings":
            return rescaled(parse_prior(DEFAULTS["loadings"]), sd[row.rhs] / sd[row.lhs])
        case "means" | "intercepts":
            prior = rescaled(parse_prior(DEFAULTS["means"]), sd[row.lhs])
            at = mean[model.observed.index(row.lhs)] if row.lhs in model.observed else 0.0
            return replace(prior, parameters=(float(at), prior.parameters[1]))
        case "covariances":
            return None
        case "residual_sd" | "latent_sd":
            return rescaled(parse_prior(DEFAULTS[kind]), sd[row.lhs])
    return parse_prior(DEFAULTS[kind])


def between_priors(model: Model, links: Links, given: Given, theta: Array, vary: Index) -> tuple[Prior, ...]:
    """Return the priors of the between-group SDs (V,): of variances on the log SD, of covariances on
    Fisher's z of the partial correlation. What is freed in the measurement of items has ``FREED``.
    """
    sd = {name: float(value) for name, value in standard_deviations(model, theta).items()}
    found = []
    known = names(model, links)
    for at in vary:
        row = _first(model, int(links.at[at]))
        kind = _structural(model, row)
        if kind == "":
            literal = chosen(given, BETWEEN + known[at])
            found.append(literal or rescaled(parse_prior(FREED), _size(row, int(links.kind[at]), sd)))
            continue
        literal = spread_of(given, BETWEEN, known[at], kind)
        factor = {"paths": sd[row.lhs] / sd[row.rhs] if row.rhs in sd else 1.0, "means": sd[row.lhs]}.get(
            kind, 1.0
        )
        found.append(literal or rescaled(parse_prior(DEFAULTS[BETWEEN + kind]), factor))
    return tuple(found)


def _size(row: Row, link: int, sd: dict[str, float]) -> float:
    """Return what 1 on the standardised metric is for a loading (1 for a log) or for an intercept."""
    if link != REAL:
        return 1.0
    return sd[row.rhs] / sd[row.lhs] if row.op == "=~" else sd[row.lhs]

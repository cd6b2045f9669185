"""The core module of a wave: the constructs that all waves share, added to those of the wave itself.

Items, thresholds and the latent covariances of the core are those of the reference wave, but for the
changes that a design states. Every addition is one regression on the core before it and on the
wave's own constructs (``links``), solved such that over the sectors studied

    the regression on the core alone has the coefficients, and the latent the mean and variance, wanted.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from population_draft import MODELS

from werksem.spec.yaml import Document, load
from werksem.survey.exact import select_groups
from werksem.survey.extension import group_moments
from werksem.survey.ordinal import Array
from werksem.survey.organisations import organisations
from werksem.survey.population import Population, load_population, population_from

EXOGENOUS = ["leiderschap", "regeldruk"]
ATTITUDES = ["betrokkenheid", "bevlogenheid"]
PERFORMANCE = ["effectiviteit", "efficientie", "legitimiteit"]
CORE = [*EXOGENOUS, *ATTITUDES, *PERFORMANCE]
ON = dict.fromkeys(ATTITUDES, EXOGENOUS) | {y: [*ATTITUDES, *EXOGENOUS] for y in PERFORMANCE}
FURTHER = {"gedogen": EXOGENOUS, "tev_baan": ["bevlogenheid", "betrokkenheid"]}


def add_core(design: dict[str, Any], data: dict[str, Any]) -> None:
    """Solve the core module of a design into the mapping of its population."""
    plan = design["core"]
    path = MODELS / "population" / f"{plan['from']}.yaml"
    reference, entries = load_population(path), load(path).data["constructs"]
    sectors = [s for s in data["sectors"] if s not in plan["without"]]
    names, _, cov = pooled(reference, sectors)
    wanted = target(cov[np.ix_(at(names, CORE), at(names, CORE))], plan)
    data["additions"] = {
        n: {"product": list(p), "label": product_label(data, p)} for n, p in plan["products"].items()
    }
    for name in [*CORE, *FURTHER]:
        if name in CORE:
            before = CORE[: CORE.index(name)]
            block = wanted
            where = [CORE.index(n) for n in before], CORE.index(name)
        else:
            before, block = FURTHER[name], cov
            where = at(names, before), names.index(name)
        paths = np.linalg.solve(block[np.ix_(where[0], where[0])], block[where[0], where[1]])
        entry = items_of(entries[name], plan.get("items", {}))
        levels = sector_levels(reference, name, sectors) if name == "regeldruk" else {}
        data["additions"][name] = entry | {"means": levels}
        solve(data, name, dict(zip(before, paths, strict=True)), float(block[where[1], where[1]]), plan)
    for sector, constructs in plan["not_asked"].items():
        data["sectors"][sector]["not_asked"] += constructs


def at(names: Sequence[str], some: Sequence[str]) -> list[int]:
    """Return the places of some names."""
    return [names.index(name) for name in some]


def pooled(population: Population, sectors: Sequence[str]) -> tuple[list[str], Array, Array]:
    """Return names, means and covariances of the latents over all respondents of some sectors."""
    groups = select_groups(population, organisations(population), sectors)
    mean, within = group_moments(population, groups)
    centre = groups.share @ mean
    apart = mean - centre
    cov = np.tensordot(groups.share, within, 1) + (apart * groups.share[:, None]).T @ apart
    return list(population.names), centre, cov


def target(cov: Array, plan: Mapping[str, Any]) -> Array:
    """Return the latent covariances of the core with the design's changes, residual correlations kept.

    ``variances`` are times those of the reference, ``paths`` are added to its paths; a change of a
    path leaves the variance of its outcome as it is.
    """
    B, psi = equations(cov)
    for outcome, changes in plan.get("paths", {}).items():
        for predictor, change in changes.items():
            B[CORE.index(outcome), CORE.index(predictor)] += change
    total = np.array([cov[i, i] * plan.get("variances", {}).get(n, 1.0) for i, n in enumerate(CORE)])
    correlation = psi / np.sqrt(np.outer(np.diag(psi), np.diag(psi)))
    sd = np.sqrt(np.diag(psi))
    for level in (ATTITUDES, PERFORMANCE):  # a level's disturbances follow from those before it
        for name in level:
            i = CORE.index(name)
            without = psi_of(correlation, sd)
            without[i], without[:, i] = 0, 0
            sd[i] = np.sqrt(total[i] - implied(B, without)[i, i])
    return implied(B, psi_of(correlation, sd))


def equations(cov: Array) -> tuple[Array, Array]:
    """Return paths and residual covariances of the core's regressions."""
    B = np.zeros_like(cov)
    for outcome, predictors in ON.items():
        x, y = at(CORE, predictors), CORE.index(outcome)
        B[y, x] = np.linalg.solve(cov[np.ix_(x, x)], cov[x, y])
    left = np.eye(len(cov)) - B
    return B, left @ cov @ left.T


def psi_of(correlation: Array, sd: Array) -> Array:
    """Return a covariance matrix from correlations and standard deviations."""
    return np.asarray(correlation * np.outer(sd, sd))


def implied(B: Array, psi: Array) -> Array:
    """Return the covariances that paths and residual covariances imply."""
    total = np.linalg.inv(np.eye(len(B)) - B)
    return np.asarray(total @ psi @ total.T)


def items_of(entry: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return a construct of the reference wave with the loadings that a design changes."""
    found = {k: v for k, v in copy.deepcopy(dict(entry)).items() if k != "assumed"}
    for item, change in changed.items():
        if item in found.get("items", {}):
            found["items"][item] |= change
    return found


def product_label(data: Mapping[str, Any], product: Sequence[str]) -> dict[str, str]:
    """Return the label of a product of two constructs."""
    labels = [data["constructs"][name]["label"] for name in product]
    return {language: " x ".join(label[language] for label in labels) for language in ("nl", "en")}


def sector_levels(population: Population, name: str, sectors: Sequence[str]) -> dict[str, float]:
    """Return a construct's latent means per sector in the reference wave."""
    j = population.names.index(name)
    return {s.name: s.means[j] for s in population.sectors if s.name in sectors}


def solve(
    data: dict[str, Any], name: str, wanted: Mapping[str, float], variance: float, plan: Mapping[str, Any]
) -> None:
    """Solve paths, mean and noise of the last addition; the moments are linear in each, so one step does.

    Where a path differs by sector the coefficients are those wanted, before the sectors' deviations.
    """
    entry = data["additions"][name]
    links, by_sector = plan["links"].get(name, {}), plan.get("by_sector", {}).get(name, {})
    sectors = [s for s in data["sectors"] if s not in plan["without"]]
    entry["paths"] = {**wanted, **links}
    entry["noise"] = 1.0
    if by_sector:
        entry["by_sector"] = by_sector
    elif wanted:
        names, _, cov = pooled(population_from(data, Document(data, "draft")), sectors)
        x = at(names, list(wanted))
        found = np.linalg.solve(cov[np.ix_(x, x)], cov[x, names.index(name)])
        for predictor, coefficient in zip(wanted, found, strict=True):
            entry["paths"][predictor] += wanted[predictor] - float(coefficient)
    entry["paths"] = {x: round(float(b), 6) for x, b in entry["paths"].items()}
    names, mean, cov = pooled(population_from(data, Document(data, "draft")), sectors)
    j = names.index(name)
    entry["noise"] = round(entry["noise"] + variance - float(cov[j, j]), 6)
    if entry["noise"] <= 0:
        raise SystemExit(f"{name}: its links explain more than its variance")
    entry["means"] = {s: round(entry["means"].get(s, 0.0) - float(mean[j]), 6) for s in data["sectors"]}

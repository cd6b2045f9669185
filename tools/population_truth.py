"""What holds exactly in a population: moments and reliability of its scales, betas of its regressions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from calibration_steps import NODES, WEIGHTS, Item, scale_distribution, share
from population_draft import MODELS
from population_sem import sem_rows
from product_truth import product_rows

from werksem.survey.exact import ExactMoments, betas, exact_moments, item_constructs, select_groups
from werksem.survey.extension import group_moments
from werksem.survey.organisations import organisations
from werksem.survey.population import Construct, Population


def results(population: Population, design: dict[str, Any], sectors: Sequence[str]) -> dict[str, Any]:
    """Return the achieved scale properties and the rows of true betas."""
    return {
        "sectors": list(sectors),
        "without": design.get("truth_without", {}),
        "achieved": achieved(population, sectors),
        "rows": [*truth(population, design, sectors)],
    }


def truth(population: Population, design: dict[str, Any], sectors: Sequence[str]) -> list[list[Any]]:
    """Return [level, group, model, lhs, rhs, b, beta] of the design's regressions, pooled and per sector."""
    rows = []
    for level in ("scores", "latent"):
        for group in ("all", *sectors):
            models = design["truth"] if group == "all" else design["truth_by_sector"]
            for model in models:
                chosen = [s for s in sectors if s not in design.get("truth_without", {}).get(model, ())]
                if group not in ("all", *chosen):
                    continue
                moments = exact_moments(
                    population, sectors=chosen if group == "all" else [group], latent=level == "latent"
                )
                for outcome, predictors in design["truth"][model].items():
                    if {outcome, *predictors} <= set(moments.names):  # else not a closed form
                        rows += regression(moments, level, group, model, outcome, predictors)
                    elif (level, group) == ("scores", "all") and is_product(population, predictors):
                        rows += product_rows(population, chosen, model, outcome, predictors)
    for model in design.get("truth_sem", ()):
        chosen = [s for s in sectors if s not in design.get("truth_without", {}).get(model, ())]
        n = sum(sector.n for sector in population.sectors if sector.name in chosen)
        rows += sem_rows(population, MODELS / f"{model}.yaml", chosen, n)
    return rows


def is_product(population: Population, predictors: Sequence[str]) -> bool:
    """Tell whether the predictors are two constructs and their product."""
    return any(
        added.product and [*added.product, added.name] == list(predictors) for added in population.added
    )


def regression(
    moments: ExactMoments, level: str, group: str, model: str, outcome: str, predictors: Sequence[str]
) -> list[list[Any]]:
    """Return the rows of one regression; raw coefficients only where the variables have a scale."""
    beta = betas(moments, outcome, predictors)
    sd = {name: float(np.sqrt(moments.cov[i, i])) for i, name in enumerate(moments.names)}
    found = []
    for name, value in zip(predictors, beta, strict=True):
        raw = round(float(value) * sd[outcome] / sd[name], 5) if level == "scores" else None
        found.append([level, group, model, outcome, name, raw, round(float(value), 5)])
    return found


def achieved(population: Population, sectors: Sequence[str]) -> dict[str, Any]:
    """Return per scale: mean, sd, alpha, squared correlation with the latent, and some shares."""
    moments = exact_moments(population, sectors=sectors)
    groups = select_groups(population, organisations(population), sectors)
    means, cov = group_moments(population, groups)
    within = np.diagonal(cov, axis1=1, axis2=2)
    found = {}
    for j, construct in enumerate(population.constructs):
        if construct.name not in moments.names:
            continue
        i = moments.names.index(construct.name)
        mean, variance = float(moments.mean[i]), float(moments.cov[i, i])
        entry = {"mean": round(mean, 4), "sd": round(float(np.sqrt(variance)), 4)}
        if len(construct.columns) > 1:
            centre = float(groups.share @ means[:, j])
            spread = float(np.sqrt(groups.share @ (within[:, j] + (means[:, j] - centre) ** 2)))
            entry |= scale_properties(population, construct, sectors, variance, (centre, spread))
        found[construct.name] = entry
    return found


def scale_properties(
    population: Population,
    construct: Construct,
    sectors: Sequence[str],
    variance: float,
    latent: tuple[float, float],
) -> dict[str, float]:
    """Return alpha (exact), and, as if the pooled latent were normal, its r2 with the scale and shares."""
    size = len(construct.columns)
    cov = exact_moments(
        population, sectors=sectors, constructs=item_constructs(population, [construct.name])
    ).cov
    alpha = size / (size - 1) * (1 - float(np.trace(cov)) / (size**2 * variance))
    items = [Item(column.loading, np.array(column.thresholds)) for column in construct.columns]
    values, chance = scale_distribution(items, *latent)
    given = [scale_distribution(items, latent[0] + latent[1] * node, 1e-9) for node in NODES]
    shared = sum(w * node * float(v @ c) for w, node, (v, c) in zip(WEIGHTS, NODES, given, strict=True))
    return {
        "alpha": round(alpha, 4),
        "latent_r2": round(float(shared**2 / variance), 4),
        "below_3": round(share(values, chance, "below_3"), 4),
        "upto_2.5": round(share(values, chance, "upto_2.5"), 4),
        "above_3.5": round(share(values, chance, "above_3.5"), 4),
    }

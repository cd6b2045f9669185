"""Calibrate populations: python tools/calibrate_population.py 2024 2022 2019

Reads models/population/design_NAME.yaml and writes the population that it designs beside it: thresholds,
latent means per sector and latent correlations such that the exact correlations of the observed
scale means, pooled over sectors and organisations, equal the design's targets. A fixed point:

    latent correlation += (target - exact observed correlation) / attenuation

with the thresholds and sector means solved anew in the first rounds. Runs for about a minute.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from calibration_steps import (
    Item,
    cell_thresholds,
    extended,
    mean_sd,
    offset,
    scale_distribution,
    scale_thresholds,
    share,
)
from core_module import add_core
from population_draft import MODELS, draft, scale_target, sector_targets, studied, with_measurement
from population_text import null_text, population_text, write
from population_truth import results
from scipy.special import ndtr

from werksem.spec.yaml import Document, load
from werksem.survey.exact import ExactMoments, correlations, exact_moments, select_groups
from werksem.survey.ordinal import Array
from werksem.survey.organisations import covariances, organisations
from werksem.survey.population import Population, population_from

ROUNDS, ROUNDS_THRESHOLDS, TOLERANCE = 60, 8, 2e-6


def main(waves: list[str]) -> None:
    """Calibrate and write each wave, and the null variant of 2024."""
    folder = MODELS / "population"
    for wave in waves:
        design = with_measurement(load(folder / f"design_{wave}.yaml").data)
        data = draft(design)
        core = calibrate(design, data, ROUNDS_THRESHOLDS)
        if "core" in design:
            add_core(design, data)
        path = folder / f"{design['design']}.yaml"
        write(path, population_text(design, data, solved(design, data)))
        if design["design"] == "werkonderzoek_2024":
            no_slopes = {"organisations": {**data["organisations"], "slopes": {}}, "sector_slopes": {}}
            null = {**data, **no_slopes}
            calibrate(design, null, 0, core)
            write(path.with_stem(f"{path.stem}_null"), null_text(null, path.name, solved(design, null)))


def solved(design: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """Return what holds exactly in the population of a mapping."""
    return results(population_from(data, Document(data, "draft")), design, studied(design))


def calibrate(
    design: dict[str, Any], data: dict[str, Any], threshold_rounds: int, core: Array | None = None
) -> Array:
    """Solve thresholds, means and correlations into the mapping; return the targets' latent correlations."""
    names = design["targets"]["names"]
    target = full(design["targets"]["correlation"])
    fixed = assumed_pairs(design, names)
    core = np.where(np.isnan(fixed), target, fixed) if core is None else core
    for round_ in range(ROUNDS):
        put_correlation(design, data, core)
        if round_ < threshold_rounds:
            solve_thresholds(design, data)
            solve_offsets(design, data)
        population = population_from(data, Document(data, "draft"))
        moments = exact_moments(population, sectors=studied(design))
        gap = np.where(np.isnan(fixed), target - correlations(moments, names), 0.0)
        print(f"{design['design']}, round {round_ + 1}: largest gap {np.abs(gap).max():.1e}", flush=True)
        if round_ >= threshold_rounds and np.abs(gap).max() < TOLERANCE:
            return core
        keep = attenuation(population, moments, names)
        core = core + gap / np.outer(keep, keep)
    raise SystemExit(f"{design['design']}: not converged after {ROUNDS} rounds")


def full(triangle: list[list[float]]) -> Array:
    """Return a correlation matrix from its strict lower triangle."""
    R = np.eye(len(triangle))
    for i, row in enumerate(triangle):
        R[i, :i] = R[:i, i] = row
    return R


def assumed_pairs(design: dict[str, Any], names: list[str]) -> Array:
    """Return the latent correlations that are taken as they are; NaN where there is a target."""
    fixed = np.full((len(names), len(names)), np.nan)
    for row, entries in design.get("assumed_latent", {}).items():
        for column, value in entries.items():
            i, j = names.index(row), names.index(column)
            fixed[i, j] = fixed[j, i] = value
    return fixed


def attenuation(population: Population, moments: ExactMoments, names: list[str]) -> Array:
    """Return roughly the correlation of each observed column or scale mean with its latent."""
    keep = []
    for name in names:
        construct = population.constructs[population.names.index(name)]
        column = construct.columns[0]
        cuts, at = np.array(column.thresholds), moments.names.index(name)
        slope = (np.diff(column.values) * np.exp(-(cuts**2) / 2)).sum() / np.sqrt(2 * np.pi)
        keep.append(0.94 if len(construct.columns) > 1 else slope / np.sqrt(moments.cov[at, at]))
    return np.array(keep)


def put_correlation(design: dict[str, Any], data: dict[str, Any], core: Array) -> None:
    """Write the latent correlations, with those of the further variables, into the mapping."""
    names = design["targets"]["names"]
    extras = {name: entry for name, entry in design["constructs"].items() if name not in names}
    R = extended(core, names, extras)
    data["correlation"] = [[round(float(v), 6) for v in R[i, :i]] for i in range(len(R))]


def latent_groups(data: dict[str, Any], sectors: list[str]) -> tuple[Array, Array, Array]:
    """Return share (G,), latent means (G, q) and sds (G, q) of the organisations of some sectors."""
    ready = {**data, "constructs": {n: with_any_thresholds(c) for n, c in data["constructs"].items()}}
    population = population_from(ready, Document(data, "draft"))
    groups = select_groups(population, organisations(population), sectors)
    within = covariances(population, groups.slopes)
    return groups.share, groups.mean, np.sqrt(np.diagonal(within, axis1=1, axis2=2))


def with_any_thresholds(entry: dict[str, Any]) -> dict[str, Any]:
    """Return a construct whose absent thresholds are filled in, to compute with its latent only."""
    if "items" in entry:
        return entry | {"items": {k: {"thresholds": [-1, 0, 1, 2]} | v for k, v in entry["items"].items()}}
    cells = len(entry.get("values", range(5)))
    return {"thresholds": list(range(cells - 1))} | entry


def pooled(share_: Array, mean: Array, sd: Array) -> tuple[float, float]:
    """Return mean and sd of a latent over groups."""
    centre = float(share_ @ mean)
    return centre, float(np.sqrt(share_ @ (sd**2 + (mean - centre) ** 2)))


def solve_thresholds(design: dict[str, Any], data: dict[str, Any]) -> None:
    """Solve the thresholds of every column, given the latents' means and sds."""
    share_, mean, sd = latent_groups(data, studied(design))
    for j, (name, entry) in enumerate(design["constructs"].items()):
        place = data["constructs"][name]
        if "scale" in entry:
            items = list(entry["items"].values())
            target = {**entry["scale"], "mean": scale_target(design, name)}
            base = scale_thresholds(
                [i["loading"] for i in items],
                [i["shift"] for i in items],
                target,
                *pooled(share_, mean[:, j], sd[:, j]),
            )
            for item, value in entry["items"].items():
                place["items"][item]["thresholds"] = np.round(base + value["shift"], 5).tolist()
        elif "items" in entry:
            for item, value in entry["items"].items():
                cuts = cell_thresholds(value["cells"], value["loading"], share_, mean[:, j], sd[:, j])
                place["items"][item]["thresholds"] = np.round(cuts, 5).tolist()
        elif "cells" in entry:
            cuts = cell_thresholds(entry["cells"], 1.0, share_, mean[:, j], sd[:, j])
            place["thresholds"] = np.round(cuts, 5).tolist()
            place["values"] = entry.get("values", list(range(1, len(entry["cells"]) + 1)))


def solve_offsets(design: dict[str, Any], data: dict[str, Any]) -> None:
    """Solve the latent means per sector from marks and shares, centred over the respondents studied."""
    names = list(design["constructs"])
    wanted = {name: sector_targets(design, name) for name in design["marks"]} | {
        name: {s: v for s, v in by.items() if s != "above"} for name, by in design["shares"].items()
    }
    for name, by in wanted.items():
        j, found = names.index(name), {}
        items = items_of(data["constructs"][name])
        rule = f"above_{design['shares'][name]['above']}" if name in design["shares"] else ""
        for sector, target in by.items():
            share_, mean, sd = latent_groups(data, [sector])
            spread = pooled(share_, mean[:, j], sd[:, j])[1]
            found[sector] = offset(lambda m: level(items, m, spread, rule), target)  # noqa: B023
        n = {s: design["sectors"][s]["n"] for s in found if s in studied(design)}
        centre = sum(n[s] * found[s] for s in n) / sum(n.values())
        for sector, value in found.items():
            data["sectors"][sector]["means"][name] = round(value - centre, 5)


def items_of(entry: dict[str, Any]) -> list[Item]:
    """Return the items of a construct of the mapping (a single column has loading 1)."""
    if "items" in entry:
        return [Item(i["loading"], np.array(i["thresholds"])) for i in entry["items"].values()]
    return [Item(1.0, np.array(entry["thresholds"]))]


def level(items: list[Item], mean: float, sd: float, rule: str) -> float:
    """Return the mean of a scale, or a share, where its latent is normal(mean, sd)."""
    if (
        len(items) == 1 and items[0].loading == 1
    ):  # a single column: the share above its third, or only, threshold
        cut = items[0].thresholds[2 if len(items[0].thresholds) == 4 else 0]
        return float(ndtr((mean - cut) / sd))
    values, chance = scale_distribution(items, mean, sd)
    return share(values, chance, rule) if rule else mean_sd(values, chance)[0]


if __name__ == "__main__":
    main(sys.argv[1:] or ["2024", "2022", "2019", "innovatie_2025", "markt_2024"])

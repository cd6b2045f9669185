"""From a design to the mapping of a population file, thresholds and correlations still to be solved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri

from werksem.spec.yaml import load

MODELS = Path(__file__).resolve().parents[1] / "models"


def with_measurement(design: dict[str, Any]) -> dict[str, Any]:
    """Return the design with labels and keying of its items from models/meting."""
    for block in design["measurement"]:
        for name, scale in load(MODELS / "meting" / f"{block}.yaml").data["measurement"].items():
            if name not in design["constructs"]:
                continue
            entry = design["constructs"][name]
            entry["label"] = scale["label"]
            if "column" in entry:
                entry["label"] = scale["item_labels"][entry["column"]]
                continue
            if list(entry["items"]) != scale["items"]:
                raise SystemExit(f"{name}: items differ between the design and models/meting/{block}.yaml")
            for item, value in entry["items"].items():
                if isinstance(value, list):
                    value = {"loading": value[0], "shift": value[1]}
                value["label"] = scale["item_labels"][item]
                value["reversed"] = item in scale.get("reversed", [])
                entry["items"][item] = value
    return design


def studied(design: dict[str, Any]) -> list[str]:
    """Return the sectors whose pooled moments are calibrated."""
    return [sector for sector in design["sectors"] if sector not in design["calibrated_without"]]


def draft(design: dict[str, Any]) -> dict[str, Any]:
    """Return the mapping of a population file with starting thresholds and no offsets."""
    data = {
        key: design[key]
        for key in (
            "about",
            "made_from",
            "assumed",
            "seed",
            "missing",
            "skippers",
            "answers",
            "structure",
            "texts",
        )
    }
    data |= {"population": design["design"], "modules": design.get("modules", {})}
    data["changes"] = design.get("changes", [])
    given = design["organisations"]
    slopes = {y: {x: {} for x in on} for y, on in given["slopes"].items()}
    data["organisations"] = {k: given[k] for k in ("icc", "seed", "slope_sd")} | {"slopes": slopes}
    data["sectors"] = {
        name: {
            "workforce": s["workforce"],
            "organisations": organisation_sizes(s["n"], s["organisations"], given["size_spread"]),
            "means": {c: by[name] for c, by in design["offsets"].items() if name in by},
            "not_asked": s.get("not_asked", []),
        }
        for name, s in design["sectors"].items()
    }
    data["sector_slopes"] = sector_slopes(design)
    data["multiple"] = design.get("multiple", {})
    data["constructs"] = {
        name: draft_construct(name, entry, design["targets"]["names"])
        for name, entry in design["constructs"].items()
    }
    return data


def organisation_sizes(n: int, count: int, spread: float) -> list[int]:
    """Return sizes of organisations with this total: log-normal quantiles cut at 10 and 300, or all 1."""
    if count == n:
        return [1] * n
    shape = np.exp(spread * ndtri((np.arange(count) + 0.5) / count))
    low, high = 0.0, 1000.0
    for _ in range(200):  # bisection on the factor, sizes being cut
        factor = (low + high) / 2
        low, high = (factor, high) if np.clip(factor * shape, 10, 300).sum() < n else (low, factor)
    exact = np.clip(high * shape, 10, 300)
    sizes = np.floor(exact).astype(int)
    sizes[np.argsort(-(exact - sizes), kind="stable")[: n - sizes.sum()]] += 1
    return sizes[::-1].tolist()


def sector_slopes(design: dict[str, Any]) -> dict[str, Any]:
    """Return the deviations per path and sector: respondents' mean 0, root mean square tau over sectors."""
    sectors = list(design["sectors"])
    inside = np.array([s in studied(design) for s in sectors])
    n = np.array([design["sectors"][s]["n"] for s in sectors]) * inside
    found: dict[str, Any] = {}
    for outcome, paths in design["sector_slopes"]["patterns"].items():
        for predictor, pattern in paths.items():
            values = np.array(pattern, dtype=float)
            values = np.where(inside, values - n @ values / n.sum(), 0)
            values *= design["sector_slopes"]["tau"] / np.sqrt((values**2).sum() / inside.sum())
            found.setdefault(outcome, {})[predictor] = dict(
                zip(sectors, np.round(values, 5).tolist(), strict=True)
            )
    return found


def answer_words(entry: dict[str, Any]) -> str:
    """Return the name of the words for a construct's values: agreement, unless it says otherwise."""
    if "rounded" in entry or len(entry.get("cells", range(5))) == 10 or entry.get("values") == [0, 1, 2]:
        return ""
    return str(entry.get("answers", "nee_ja" if entry.get("values") == [0, 1] else "eens"))


def draft_construct(name: str, entry: dict[str, Any], targets: list[str]) -> dict[str, Any]:
    """Return one construct of the population file with thresholds to be solved."""
    common = {"label": entry.get("label", {})}
    if answers := answer_words(entry):
        common["answers"] = answers
    if name not in targets:
        common["assumed"] = "correlations"
    if "items" not in entry:
        kept = {k: entry[k] for k in ("column", "values", "rounded") if k in entry}
        return common | kept
    items = {
        item: {
            "loading": value["loading"],
            "reversed": value.get("reversed", False),
            "label": value.get("label", {}),
        }
        | ({"answers": value["answers"]} if "answers" in value else {})
        for item, value in entry["items"].items()
    }
    return common | {"items": items}


def sector_targets(design: dict[str, Any], name: str) -> dict[str, float]:
    """Return the scale means per sector: marks as means, shifted together to the workforce's mean."""
    means = {s: (mark + 1.25) / 2.25 for s, mark in design["marks"].get(name, {}).items()}
    force = {s: design["sectors"][s]["workforce"] for s in means}
    if not means:
        return {}
    weighted = sum(force[s] * means[s] for s in means) / sum(force.values())
    return {s: m + design["constructs"][name]["scale"]["mean"] - weighted for s, m in means.items()}


def scale_target(design: dict[str, Any], name: str) -> float:
    """Return the mean of a scale over the respondents that goes with its mean over the workforce."""
    means = sector_targets(design, name)
    if not means:
        return float(design["constructs"][name]["scale"]["mean"])
    n = {s: design["sectors"][s]["n"] for s in means}
    return sum(n[s] * means[s] for s in means) / sum(n.values())

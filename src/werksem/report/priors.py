"""What the priors say before the data, and how much they weigh against them, in sentences."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from werksem.bayes.thresholds import CONFLICT
from werksem.bilingual import in_language
from werksem.compare.cells import records
from werksem.report.folder import Result, label_of, optional_table
from werksem.report.numbers import beta, count, number, percent

__all__ = ["prior_said", "sensitivity_said"]

BETWEEN = "between_sd of "
TEXTS = {
    "say": (
        "Vóór de gegevens leggen de a-prioriverdelingen het gestandaardiseerde pad van een groep met 95% "
        "kans tussen {low} en {high}; hoogstens {share} van hun massa ligt voorbij −1 of 1.",
        "Before the data the priors put a group's standardised path between {low} and {high} with 95% "
        "probability; at most {share} of their mass lies beyond −1 or 1.",
    ),
    "flat": (
        "Een vlakke a-prioriverdeling zegt niets over de grootte van {names}.",
        "A flat prior says nothing of the size of {names}.",
    ),
    "weak": (
        "{groups} zeggen weinig over de SD tussen groepen van {name}: {moved}.",
        "{groups} say little about the between-group SD of {name}: {moved}.",
    ),
    "conflict": (
        "De SD tussen groepen van {name} is een compromis tussen de gegevens en de a-prioriverdeling: "
        "{moved}.",
        "The between-group SD of {name} is a compromise between the data and its prior: {moved}.",
    ),
    "moved": (
        "halveren of verdubbelen van het gewicht van de a-prioriverdeling verschuift haar van {half} naar "
        "{double} (nu {est})",
        "halving or doubling the prior's weight moves it from {half} to {double} (now {est})",
    ),
    "unknown": (
        "hoeveel zij zou verschuiven is uit deze trekkingen niet te zeggen (nu {est})",
        "how far it would move these draws cannot tell (now {est})",
    ),
    "others": (
        "Ook gevoelig voor hun a-prioriverdeling: {names}.",
        "Sensitive to their priors too: {names}.",
    ),
    "none": (
        "Geen a-prioriverdeling weegt merkbaar (gevoeligheid voor machtsschaling onder {limit}).",
        "No prior weighs noticeably (power-scaling sensitivity below {limit}).",
    ),
    "groups": ("{count} groepen", "{count} groups"),
    "some": ("De groepen", "The groups"),
    "intercept": ("het intercept van {name}", "the intercept of {name}"),
    "nested_sd": (
        "de SD tussen eenheden binnen groepen van {one}",
        "the SD between units within groups of {one}",
    ),
    "residual_correlation": (
        "de correlatie van de residuen van {one} en {other}",
        "the correlation of the residuals of {one} and {other}",
    ),
    "between_correlation": (
        "de correlatie tussen groepen van {one} en {other}",
        "the correlation between groups of {one} and {other}",
    ),
    "nested_correlation": (
        "de correlatie tussen eenheden binnen groepen van {one} en {other}",
        "the correlation between units within groups of {one} and {other}",
    ),
    "residual": ("de residuele SD van {name}", "the residual SD of {name}"),
}


def _say(key: str, language: str, **places: str) -> str:
    return in_language(TEXTS[key], language, **places)


def prior_said(result: Result) -> str:
    """Return in a sentence or two what the priors say of the betas; empty without their table."""
    language = result.language
    table = optional_table(result, "prior_predictive.csv", ("lhs", "rhs"))
    if not len(table):
        return ""
    known = pd.to_numeric(table["beyond_one"]).notna()
    said = []
    if known.any():
        low, high, share = (table.loc[known, key] for key in ("ci_lower", "ci_upper", "beyond_one"))
        places = {"low": beta(low.min(), language), "high": beta(high.max(), language)}
        said.append(_say("say", language, share=percent(share.max(), language), **places))
    if not known.all():
        names = [_parameter(result, f"{row['lhs']}~{row['rhs']}") for row in records(table[~known])]
        said.append(_say("flat", language, names=", ".join(names)))
    return " ".join(said)


def sensitivity_said(result: Result) -> tuple[str, ...]:
    """Return a sentence per between-group SD that its prior moves, and one on the other parameters."""
    language = result.language
    table = optional_table(result, "prior_sensitivity.csv", ("parameter", "diagnosis"))
    if not len(table):
        return ()
    moved = table[table["diagnosis"] != "-"]
    if not len(moved):
        return (_say("none", language, limit=beta(CONFLICT, language)),)
    between = moved["parameter"].str.startswith(BETWEEN)
    said = [_between(result, row) for row in records(moved[between])]
    if not between.all():
        names = ", ".join(_parameter(result, name) for name in moved.loc[~between, "parameter"])
        said.append(_say("others", language, names=names))
    return tuple(said)


def _between(result: Result, row: dict[str, Any]) -> str:
    language = result.language
    half, double, est = (number(float(row[key]), language, 3) for key in ("est_half", "est_double", "est"))
    known = half and double
    moved = _say("moved" if known else "unknown", language, half=half, double=double, est=est)
    key = "weak" if row["diagnosis"].startswith("strong prior") else "conflict"
    size = len(result.manifest.get("data", {}).get("groups") or {})
    groups = _say("groups", language, count=count(size, language)) if size else _say("some", language)
    name = _parameter(result, row["parameter"].removeprefix(BETWEEN))
    return _say(key, language, groups=groups, name=name, moved=moved)


def _parameter(result: Result, name: str) -> str:
    """Return a parameter in words, with labels: a path, an intercept, an SD, a correlation; else a label."""
    kind, of, names = name.partition(" of ")
    if of and kind in TEXTS:
        one, _, other = names.partition("~~")
        places = {"one": _parameter(result, one), "other": _parameter(result, other) if other else ""}
        return _say(kind, result.language, **places)
    found = re.fullmatch(r"(?P<lhs>[^~\s]+)\s*(?P<op>~~|~)(?P<rhs>[^~]+)", name)
    if found is None:
        return label_of(result, name)
    lhs, rhs = label_of(result, found["lhs"]), label_of(result, found["rhs"])
    if found["op"] == "~~" or rhs == "1":
        return _say("residual" if found["op"] == "~~" else "intercept", result.language, name=lhs)
    return f"{rhs} → {lhs}"

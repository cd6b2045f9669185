"""Priors as text: ``normal(0, 2)`` and the like, read into a family and its numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from werksem.errors import did_you_mean

__all__ = ["Prior", "parse_prior"]

# family: names of its parameters, and whether it lives on positive numbers only
FAMILIES: dict[str, tuple[tuple[str, ...], bool]] = {
    "normal": (("mean", "sd"), False),
    "student_t": (("nu", "mean", "sd"), False),
    "cauchy": (("mean", "scale"), False),
    "uniform": (("lower", "upper"), False),
    "halfnormal": (("sd",), True),
    "halfstudent_t": (("nu", "sd"), True),
    "halfcauchy": (("scale",), True),
    "exponential": (("rate",), True),
    "gamma": (("shape", "rate"), True),
    "inverse_gamma": (("shape", "scale"), True),
    "flat": ((), False),
    "halfflat": ((), True),
    "lkj": (("eta",), False),
}
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"


@dataclass(frozen=True, slots=True)
class Prior:
    """A family of distributions and its parameters; ``positive`` families suit standard deviations."""

    family: str
    parameters: tuple[float, ...]
    positive: bool


def parse_prior(text: str) -> Prior:
    """Return a prior; raises ``ValueError`` naming what was found and what is right.

    Families: normal(mean, sd), student_t(nu, mean, sd), cauchy(mean, scale), uniform(lower, upper),
    halfnormal(sd), halfstudent_t(nu, sd), halfcauchy(scale), exponential(rate), gamma(shape, rate),
    inverse_gamma(shape, scale), flat(), halfflat(); lkj(eta) for correlations (Lewandowski, Kurowicka and
    Joe, 2009).

    >>> parse_prior("normal(0, .5)")
    Prior(family='normal', parameters=(0.0, 0.5), positive=False)
    """
    match = re.fullmatch(r"\s*(\w+)\s*\((.*)\)\s*", text)
    if match is None:
        raise ValueError(f"found {text!r}, right is a prior such as normal(0, 2)")
    family, inside = match[1].lower(), match[2]
    if family not in FAMILIES:
        near = did_you_mean(family, FAMILIES)
        raise ValueError(f'found the prior "{match[1]}", right are {", ".join(FAMILIES)}{near}')
    names, positive = FAMILIES[family]
    parts = [part.strip() for part in inside.split(",")] if inside.strip() else []
    if len(parts) != len(names) or not all(re.fullmatch(NUMBER, part) for part in parts):
        raise ValueError(f"found {text.strip()!r}, right is {family}({', '.join(names)}) with numbers")
    values = tuple(float(part) for part in parts)
    for name, value in zip(names, values, strict=True):
        if name not in ("mean", "lower", "upper") and value <= 0:
            raise ValueError(f"{text.strip()!r}: {name} must be above 0")
    if family == "uniform" and values[0] >= values[1]:
        raise ValueError(f"{text.strip()!r}: lower must be below upper")
    return Prior(family, values, positive)

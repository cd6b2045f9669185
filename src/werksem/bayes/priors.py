"""Which prior each parameter has: the user's, literally, or a weakly informative one carried to its scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from werksem.errors import SpecError, did_you_mean
from werksem.spec.posterior import KINDS, prior_keys, unsuited
from werksem.spec.priors import FAMILIES, Prior, parse_prior

__all__ = [
    "DEFAULTS", "Given", "chosen", "given_priors", "log_density", "prior_size", "random_variable", "rescaled",
    "show", "spread_of",
]  # fmt: skip

# on the standardised metric, carried to the raw one with the pooled SDs within groups
DEFAULTS = {
    "paths": "normal(0, 0.5)",
    "means": "normal(0, 2.5)",
    "residual_sd": "halfnormal(2)",
    "between_sd of paths": "halfnormal(0.1)",
    "between_sd of means": "halfnormal(0.25)",
}
UNIT_FREE = ("nu", "shape", "eta")
PYMC = {
    "normal": ("Normal", ("mu", "sigma")),
    "student_t": ("StudentT", ("nu", "mu", "sigma")),
    "cauchy": ("Cauchy", ("alpha", "beta")),
    "uniform": ("Uniform", ("lower", "upper")),
    "halfnormal": ("HalfNormal", ("sigma",)),
    "halfstudent_t": ("HalfStudentT", ("nu", "sigma")),
    "halfcauchy": ("HalfCauchy", ("beta",)),
    "exponential": ("Exponential", ("lam",)),
    "gamma": ("Gamma", ("alpha", "beta")),
    "inverse_gamma": ("InverseGamma", ("alpha", "beta")),
    "flat": ("Flat", ()),
    "halfflat": ("HalfFlat", ()),
}


@dataclass(frozen=True, slots=True)
class Given:
    """The user's priors, taken literally: by kind (``spec.posterior.KINDS``), and by every other key."""

    by_kind: Mapping[str, Prior]
    by_name: Mapping[str, Prior]


def given_priors(settings: Mapping[str, str], names: Sequence[str], residuals: Sequence[str] = ()) -> Given:
    """Return the priors of a study's ``bayes.priors``; keys are those of ``spec.posterior.prior_keys``.

    ``names`` are the parameters, ``residuals`` the variables with a residual SD. Raises
    ``SpecError`` for an unknown key, a text that is no prior, or a standard deviation whose prior
    allows negative values.

    >>> given_priors({"paths": "normal(0, 2)"}, []).by_kind["paths"].parameters
    (0.0, 2.0)
    """
    by_kind: dict[str, Prior] = {}
    by_name: dict[str, Prior] = {}
    keys = prior_keys(names, residuals)
    for key, text in settings.items():
        if key not in keys:
            raise SpecError(f"unknown key {key!r}{did_you_mean(key, keys)}", where="bayes.priors")
        try:
            prior = parse_prior(text)
        except ValueError as error:
            raise SpecError(str(error), where=f"bayes.priors.{key}") from None
        wrong = unsuited(key, text, prior)
        if wrong:
            raise SpecError(wrong, where=f"bayes.priors.{key}")
        (by_kind if key in KINDS else by_name)[key] = prior
    return Given(by_kind, by_name)


def chosen(given: Given, *keys: str) -> Prior | None:
    """Return the user's prior at the first of these keys that has one, None where none has.

    >>> chosen(given_priors({"paths": "flat()"}, ["y~x"]), "y~x", "paths").family
    'flat'
    """
    found = (given.by_name.get(key) or given.by_kind.get(key) for key in keys)
    return next((prior for prior in found if prior is not None), None)


def spread_of(given: Given, level: str, name: str, kind: str) -> Prior | None:
    """Return the user's prior of an SD of deviations: of the parameter, of its kind, or of all at this level.

    ``level`` is ``spec.posterior.BETWEEN`` or ``NESTED``, ``kind`` paths, means, variances or covariances.

    >>> given = given_priors({"between_sd of paths": "halfnormal(1)"}, [])
    >>> spread_of(given, "between_sd of ", "y~x", "paths").parameters
    (1.0,)
    """
    return chosen(given, level + name, level + kind, level.split(" ")[0])


def prior_size(prior: Prior) -> float:
    """Return the scale of a standard deviation's prior, inf where it has none.

    >>> prior_size(parse_prior("halfnormal(.1)")), prior_size(parse_prior("exponential(4)"))
    (0.1, 0.25)
    """
    numbers = prior.parameters
    if prior.family in ("exponential", "gamma"):
        return (numbers[0] if prior.family == "gamma" else 1.0) / numbers[-1]
    if prior.family == "inverse_gamma":
        return numbers[1] / (numbers[0] + 1)
    if prior.family == "uniform":
        return (numbers[0] + numbers[1]) / 2
    return numbers[-1] if numbers else float("inf")


def rescaled(prior: Prior, factor: float) -> Prior:
    """Return the prior of ``factor`` times the quantity; exact, all families are scale families.

    >>> rescaled(parse_prior("student_t(3, 1, 2)"), 10).parameters
    (3.0, 10.0, 20.0)
    """
    names = _names(prior.family)
    pairs = zip(names, prior.parameters, strict=True)
    values = tuple(v if n in UNIT_FREE else v / factor if n == "rate" else v * factor for n, v in pairs)
    return replace(prior, parameters=values)


def _names(family: str) -> tuple[str, ...]:
    return FAMILIES[family][0]


def show(prior: Prior) -> str:
    """Return a prior as text, four digits.

    >>> show(parse_prior("normal(0, .5)"))
    'normal(0, 0.5)'
    """
    return f"{prior.family}({', '.join(f'{value:.4g}' for value in prior.parameters)})"


def random_variable(name: str, priors: Sequence[Prior]) -> Any:
    """Return a PyMC vector with one entry per prior; entries of one family are one random variable."""
    import pymc as pm
    import pytensor.tensor as pt

    families = list(dict.fromkeys(prior.family for prior in priors))
    places = {f: np.array([i for i, prior in enumerate(priors) if prior.family == f]) for f in families}
    parts = []
    for family in families:
        numbers = np.array([priors[i].parameters for i in places[family]]).T
        kind, arguments = PYMC[family]
        distribution = getattr(pm, kind)
        label = f"{name}_{family}"
        parts.append(
            distribution(label, **dict(zip(arguments, numbers, strict=True)), shape=len(places[family]))
        )
    order = np.argsort(np.concatenate([places[family] for family in families]))
    return parts[0] if len(parts) == 1 else pt.concatenate(parts)[order]


def log_density(prior: Prior, value: Any) -> Any:
    """Return the log-density of a prior at a PyTensor value."""
    import pymc as pm

    kind, arguments = PYMC[prior.family]
    numbers = np.array(prior.parameters)  # Python's own floats would count in single precision
    parameters: dict[str, Any] = dict(zip(arguments, numbers, strict=True))
    return pm.logp(getattr(pm, kind).dist(**parameters), value)

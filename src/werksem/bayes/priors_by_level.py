"""The prior of every coefficient, residual SD and SD of deviations, in the units of the model.

In falling order of precedence: a parameter's own key, that of paths or means at its level, its kind's, the
default. ``factor`` carries a literal prior from the raw variables to the units of the model.
"""

from __future__ import annotations

from werksem.bayes.names import coefficient_name, intercept_name
from werksem.bayes.priors import DEFAULTS, Given, chosen, rescaled, spread_of
from werksem.bayes.statistics import Statistics
from werksem.errors import SpecError
from werksem.spec.posterior import BETWEEN, NESTED
from werksem.spec.priors import Prior, parse_prior

__all__ = [
    "LEVELS", "lkj", "mean_prior", "path_prior", "refuse_unbounded", "sd_prior", "spread_intercept",
    "spread_prior",
]  # fmt: skip

LEVELS = (BETWEEN, NESTED)  # SDs between groups, and between units within groups
# with fewer groups or units to spare, a flat prior of their SD gives no posterior (Gelman 2006)
FLAT_FREE = 2
LKJ = "lkj(2)"


def path_prior(given: Given, name: str, factor: float) -> Prior:
    """Return the prior of a path."""
    literal = chosen(given, name, "paths")
    return rescaled(literal, factor) if literal else parse_prior(DEFAULTS["paths"])


def mean_prior(given: Given, outcome: str, factor: float) -> Prior | None:
    """Return the prior of the raw intercept; None is the default, at the predictors' means."""
    literal = chosen(given, intercept_name(outcome), "means")
    return rescaled(literal, factor) if literal else None


def sd_prior(given: Given, outcome: str, factor: float) -> Prior:
    """Return the prior of a residual SD."""
    literal = chosen(given, f"{outcome}~~{outcome}", "residual_sd")
    return rescaled(literal, factor) if literal else parse_prior(DEFAULTS["residual_sd"])


def lkj(given: Given, kind: str) -> Prior:
    """Return the prior of a kind of correlations."""
    return given.by_kind.get(kind, parse_prior(LKJ))


def spread_intercept(given: Given, level: str, outcome: str) -> Prior | None:
    """Return the user's prior of a level's SD of the raw intercept, None where there is none."""
    return spread_of(given, level, intercept_name(outcome), "means")


def spread_prior(
    given: Given, level: str, found: Statistics, k: int, factor: float, free: int
) -> Prior:  # fmt: skip
    """Return the prior of a level's SD of coefficient ``k``; units have the defaults of groups.

    ``free`` groups or units are there beyond those that fix the mean. Raises ``SpecError`` for a
    flat prior that these do not bound.
    """
    if k == 0:
        literal, default = spread_intercept(given, level, found.equation.outcome), DEFAULTS[f"{BETWEEN}means"]
    else:
        literal = spread_of(given, level, coefficient_name(found, k), "paths")
        default = DEFAULTS[f"{BETWEEN}paths"]
    prior = rescaled(literal, factor) if literal else parse_prior(default)
    refuse_unbounded(level, prior, free, default)
    return prior


def refuse_unbounded(level: str, prior: Prior, free: int, right: str = DEFAULTS[f"{BETWEEN}paths"]) -> None:
    """Raise ``SpecError`` for a flat prior of an SD that ``free`` groups or units do not bound."""
    if prior.family == "halfflat" and free < FLAT_FREE:
        raise SpecError(_unbounded(level, free, right), where="bayes.priors")


def _unbounded(level: str, free: int, right: str) -> str:
    wrong = "cannot have the prior halfflat()"
    if level == BETWEEN:
        return (
            f"the SD between {free + 1} groups {wrong}: it takes {FLAT_FREE + 1} groups to bound it; "
            f"right is for example {right}"
        )
    return (
        f"the SD between units {wrong}: there are {free} more units than groups, and it takes {FLAT_FREE} to "
        f"bound it; right is for example {right}"
    )

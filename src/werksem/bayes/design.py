"""The regressions as arrays of one shape: what varies, on which scale, under which priors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.priors import DEFAULTS, Given, chosen, rescaled, show
from werksem.bayes.statistics import Statistics, pooled_cov
from werksem.errors import SpecError, did_you_mean
from werksem.spec.posterior import BETWEEN
from werksem.spec.priors import Prior, parse_prior

__all__ = ["Design", "design", "intercept_name", "prior_lines"]

Array = NDArray[np.float64]
# with fewer, a flat prior of an SD between groups gives no posterior (Gelman 2006)
FLAT_GROUPS = 3
# kinds of priors that regressions on scale means have no parameters for
ABSENT = ("loadings", "latent_sd", "latent_correlation", "residual_correlation", "between_correlation")


@dataclass(frozen=True, slots=True)
class Design:
    """E regressions in G groups as padded arrays, in units of the pooled within-group SDs.

    P = most predictors of a regression, K = P + 1 coefficients, the intercept first. ``n`` (E, G)
    and ``cross`` (E, G, K + 1, K + 1) are the sufficient statistics; ``scale_x`` (E, P) and
    ``scale_y`` (E,) the units, ``mean_x`` (E, P) and ``mean_y`` (E,) the grand means. ``paths`` are the
    parameters' names, each once, ``path_of`` (E, P) which of them a predictor has (-1: none) and
    ``ratio`` (E, P) that coefficient in the regression's own units. ``varies`` (E, K) says which
    coefficients differ between groups, and ``lever`` (E, P) the distance, in units of x, from the
    point where the intercepts' deviations are independent of the paths' to the grand means: zero
    by default, the grand means themselves where the user's ``between_sd`` speaks of raw intercepts.
    """

    statistics: tuple[Statistics, ...]
    groups: tuple[str, ...]
    paths: tuple[str, ...]
    path_of: NDArray[np.int64]
    ratio: Array
    varies: NDArray[np.bool_]
    lever: Array
    n: Array
    cross: Array
    scale_x: Array
    scale_y: Array
    mean_x: Array
    mean_y: Array
    path_priors: tuple[Prior, ...]
    mean_priors: tuple[Prior | None, ...]
    sd_priors: tuple[Prior, ...]
    between_priors: tuple[Prior, ...]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcome of each regression."""
        return tuple(found.equation.outcome for found in self.statistics)

    @property
    def varying(self) -> tuple[str, ...]:
        """The names of the coefficients that differ between groups, regression by regression."""
        return tuple(_coefficient(self.statistics[e], k) for e, k in np.argwhere(self.varies).tolist())


def intercept_name(outcome: str) -> str:
    """Return the name of a regression's intercept, as in ``estimates.csv``.

    >>> intercept_name("betrokkenheid")
    'betrokkenheid ~1'
    """
    return f"{outcome} ~1"


def _coefficient(found: Statistics, k: int) -> str:
    return found.equation.parameters[k - 1] if k else intercept_name(found.equation.outcome)


def design(found: Sequence[Statistics], vary: Sequence[str], given: Given) -> Design:
    """Return the arrays and priors of a model; raises ``SpecError`` for a name in ``vary`` that is none.

    Priors are in the model's units: the user's are literal on the raw variables, so they are
    divided by the units here; the defaults are stated in these units.
    """
    E, G = len(found), len(found[0].groups)
    P = max(len(s.equation.predictors) for s in found)
    cross, scale_x, mean_x = np.zeros((E, G, P + 2, P + 2)), np.ones((E, P)), np.zeros((E, P))
    scale_y, mean_y = np.ones(E), np.zeros(E)
    for e, s in enumerate(found):
        sd = np.sqrt(np.diag(pooled_cov(s)))
        p = len(s.equation.predictors)
        scale_x[e, :p], scale_y[e] = sd[:p], sd[p]
        mean_x[e, :p], mean_y[e] = s.centre[:p], s.centre[p]
        unit = np.concatenate([[1.0], sd])
        at = np.concatenate([np.arange(p + 1), [P + 1]])
        cross[e][:, at[:, None], at] = s.cross / np.outer(unit, unit)
    paths, path_of = _paths(found, P)
    step = scale_y[:, None] / scale_x
    first = np.array([step[path_of == k][0] for k in range(len(paths))])
    varies = _varies(found, P, vary)
    _refuse_shared(found, varies, path_of, paths)
    levers = np.array([_between_intercept(given, s.equation.outcome) is not None for s in found])
    return Design(
        tuple(found), found[0].groups, paths, path_of, np.where(path_of >= 0, first[path_of] / step, 0.0),
        varies, mean_x / scale_x * levers[:, None],
        np.array([s.n for s in found]), cross, scale_x, scale_y, mean_x, mean_y,
        tuple(_path_prior(given, name, 1 / first[k]) for k, name in enumerate(paths)),
        tuple(_mean_prior(given, s.equation.outcome, 1 / scale_y[e]) for e, s in enumerate(found)),
        tuple(_sd_prior(given, s.equation.outcome, 1 / y) for s, y in zip(found, scale_y, strict=True)),
        tuple(_between_prior(given, found[e], k, scale_y[e] / (scale_x[e, k - 1] if k else 1.0))
              for e, k in np.argwhere(varies).tolist()),
    )  # fmt: skip


def _paths(found: Sequence[Statistics], P: int) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    names = tuple(dict.fromkeys(name for s in found for name in s.equation.parameters))
    path_of = np.full((len(found), P), -1, dtype=np.int64)
    for e, s in enumerate(found):
        path_of[e, : len(s.equation.parameters)] = [names.index(name) for name in s.equation.parameters]
    return names, path_of


def _varies(found: Sequence[Statistics], P: int, vary: Sequence[str]) -> NDArray[np.bool_]:
    """Return which coefficients (E, P + 1) differ between groups; none where there is one group."""
    varies = np.zeros((len(found), P + 1), dtype=bool)
    known = {name for s in found for name in s.equation.parameters}
    known |= {intercept_name(s.equation.outcome) for s in found} | {"paths", "means"}
    for name in vary:
        if name not in known:
            raise SpecError(f"unknown name {name!r}{did_you_mean(name, known)}", where="bayes.vary")
    for e, s in enumerate(found):
        names = s.equation.parameters
        varies[e, 0] = "means" in vary or intercept_name(s.equation.outcome) in vary
        varies[e, 1 : len(names) + 1] = ["paths" in vary or name in vary for name in names]
    return varies & (len(found[0].groups) > 1)


def _refuse_shared(
    found: Sequence[Statistics], varies: NDArray[np.bool_], path_of: NDArray[np.int64], paths: Sequence[str]
) -> None:
    """Raise ``SpecError`` for one label on several paths that vary: they would have to vary together."""
    for k, name in enumerate(paths):
        if (path_of == k).sum() > 1 and varies[:, 1:][path_of == k].any():
            raise SpecError(
                f"bayes: the label {name!r} holds several paths equal, which level scores can do only for "
                f"paths that are the same in all groups; leave it out of vary, or label the paths apart"
            )


def _path_prior(given: Given, name: str, factor: float) -> Prior:
    literal = chosen(given, name, "paths")
    return rescaled(literal, factor) if literal else parse_prior(DEFAULTS["paths"])


def _mean_prior(given: Given, outcome: str, factor: float) -> Prior | None:
    """Return the prior of the raw intercept in units of y; None is the default, at the predictors' means."""
    literal = chosen(given, intercept_name(outcome), "means")
    return rescaled(literal, factor) if literal else None


def _sd_prior(given: Given, outcome: str, factor: float) -> Prior:
    literal = chosen(given, f"{outcome}~~{outcome}", "residual_sd")
    return rescaled(literal, factor) if literal else parse_prior(DEFAULTS["residual_sd"])


def _between_intercept(given: Given, outcome: str) -> Prior | None:
    """Return the user's prior of the SD between groups of the raw intercept, None where there is none."""
    return chosen(given, BETWEEN + intercept_name(outcome), f"{BETWEEN}means", "between_sd")


def _between_prior(given: Given, found: Statistics, k: int, step: float) -> Prior:
    if k == 0:
        literal, default = _between_intercept(given, found.equation.outcome), DEFAULTS[f"{BETWEEN}means"]
    else:
        own = BETWEEN + _coefficient(found, k)
        literal = chosen(given, own, f"{BETWEEN}paths", "between_sd")
        default = DEFAULTS[f"{BETWEEN}paths"]
    prior = rescaled(literal, 1 / step) if literal else parse_prior(default)
    if prior.family == "halfflat" and (found.rows > 0).sum() < FLAT_GROUPS:
        raise SpecError(
            f"the SD between {(found.rows > 0).sum()} groups cannot have the prior halfflat(): it takes "
            f"{FLAT_GROUPS} groups to bound it; right is for example {default}",
            where="bayes.priors",
        )
    return prior


def prior_lines(model: Design, given: Given) -> tuple[str, ...]:
    """Return every prior as a line of text, on the raw variables, and what the intercepts refer to."""
    lines = [f"{kind}: {text} on the standardised metric (default)" for kind, text in DEFAULTS.items()
             if kind.split(" ")[0] not in given.by_kind and kind not in given.by_name]  # fmt: skip
    lines += [f"{kind}: {show(prior)} on the raw variables (given)" for kind, prior in given.by_kind.items()]
    lines += [f"{kind}: not used, level scores has none" for kind in ABSENT if kind in given.by_kind]
    y = model.scale_y
    step = y[:, None] / model.scale_x
    for k, name in enumerate(model.paths):
        lines.append(f"{name}: {show(rescaled(model.path_priors[k], step[model.path_of == k][0]))}")
    for e, outcome in enumerate(model.outcomes):
        prior = model.mean_priors[e]
        default = rescaled(parse_prior(DEFAULTS["means"]), y[e])
        at = f"{model.mean_y[e]:.4g} + {show(default)} at the predictors' means"
        lines.append(f"{intercept_name(outcome)}: {show(rescaled(prior, y[e])) if prior else at}")
        sd = show(rescaled(model.sd_priors[e], y[e]))
        lines.append(f"residual SD of {outcome}, shared by the groups: {sd}")
    for t, (e, k) in enumerate(np.argwhere(model.varies).tolist()):
        at = "" if k or _between_intercept(given, model.outcomes[e]) else " (at the predictors' means)"
        sd = show(rescaled(model.between_priors[t], step[e, k - 1] if k else y[e]))
        lines.append(f"between-group SD of {model.varying[t]}{at}: {sd}")
    return tuple(lines)

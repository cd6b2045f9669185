"""The regressions as arrays of one shape: what varies, on which scale, under which priors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.block import Block, block
from werksem.bayes.joint import Joint, alone
from werksem.bayes.priors import DEFAULTS, Given, rescaled, show
from werksem.bayes.statistics import Statistics, pooled_cov
from werksem.errors import SpecError, did_you_mean
from werksem.spec.priors import Prior, parse_prior

__all__ = ["Design", "design", "intercept_name", "prior_lines"]

Array = NDArray[np.float64]
BETWEEN = ("between_sd", "nested_sd")  # SDs of deviations, level by level
CORRELATIONS = ("residual_correlation", "between_correlation")
RESIDUAL = "lkj(2)"


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
    ``nested_varies`` and ``nested_priors`` are those of the units within groups. ``blocks`` holds the
    regressions
    that are estimated jointly, each regression once; ``residual_prior`` is of their residuals' correlations,
    ``between_prior`` of the deviations' (None: independent).
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
    nested_varies: NDArray[np.bool_]
    nested_priors: tuple[Prior, ...]
    residual_prior: Prior
    between_prior: Prior | None
    blocks: tuple[Block, ...]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcome of each regression."""
        return tuple(found.equation.outcome for found in self.statistics)

    @property
    def varying(self) -> tuple[str, ...]:
        """The names of the coefficients that differ between groups, regression by regression."""
        return tuple(_coefficient(self.statistics[e], k) for e, k in np.argwhere(self.varies).tolist())

    @property
    def nested_varying(self) -> tuple[str, ...]:
        """The names of the coefficients that differ between the units within groups."""
        return tuple(_coefficient(self.statistics[e], k) for e, k in np.argwhere(self.nested_varies).tolist())

    @property
    def residual_pairs(self) -> tuple[tuple[int, int], ...]:
        """Which regressions' residuals covary, block by block."""
        return tuple((b.members[i], b.members[j]) for b in self.blocks for i, j in b.pairs)

    @property
    def between_pairs(self) -> tuple[tuple[str, str], ...]:
        """The names of the coefficients whose deviations of groups covary, block by block."""
        return self._pairs([b.varies for b in self.blocks])

    @property
    def nested_pairs(self) -> tuple[tuple[str, str], ...]:
        """The names of the coefficients whose deviations of units covary, block by block."""
        return self._pairs([b.nested for b in self.blocks])

    def _pairs(self, places: Sequence[NDArray[np.int64]]) -> tuple[tuple[str, str], ...]:
        if self.between_prior is None:
            return ()
        return tuple(
            (
                _coefficient(self.statistics[b.e[at[j]]], b.k[at[j]]),
                _coefficient(self.statistics[b.e[at[i]]], b.k[at[i]]),
            )
            for b, at in zip(self.blocks, places, strict=True)
            for i in range(len(at))
            for j in range(i)
        )


def intercept_name(outcome: str) -> str:
    """Return the name of a regression's intercept, as in ``estimates.csv``.

    >>> intercept_name("betrokkenheid")
    'betrokkenheid ~1'
    """
    return f"{outcome} ~1"


def _coefficient(found: Statistics, k: int) -> str:
    return found.equation.parameters[k - 1] if k else intercept_name(found.equation.outcome)


def design(
    found: Sequence[Statistics], vary: Sequence[str], given: Given, joints: Sequence[Joint] = (),
    vary_nested: Sequence[str] = (),
) -> Design:  # fmt: skip
    """Return the arrays and priors of a model; raises ``SpecError`` for a name in ``vary`` that is none.

    Without ``joints`` every regression is by itself.

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
    varies = _varies(found, P, vary, "vary") & (G > 1)
    nested = _varies(found, P, vary_nested, "vary_nested")
    _refuse_shared(found, varies | nested, path_of, paths)
    levers = [mean_x / scale_x if kind in given.by_kind else np.zeros((E, P)) for kind in BETWEEN]
    parts = joints or tuple(alone(e, s) for e, s in enumerate(found))
    blocks = tuple(
        block(part, found, scale_x, scale_y, (varies, nested), (levers[0], levers[1])) for part in parts
    )
    return Design(
        tuple(found), found[0].groups, paths, path_of, np.where(path_of >= 0, first[path_of] / step, 0.0),
        varies, levers[0],
        np.array([s.n for s in found]), cross, scale_x, scale_y, mean_x, mean_y,
        tuple(_path_prior(given, name, 1 / first[k]) for k, name in enumerate(paths)),
        tuple(_mean_prior(given, s.equation.outcome, 1 / scale_y[e]) for e, s in enumerate(found)),
        tuple(_sd_prior(given, 1 / y) for y in scale_y),
        _between_priors(given, "between_sd", varies, scale_x, scale_y),
        nested, _between_priors(given, "nested_sd", nested, scale_x, scale_y),
        given.by_kind.get("residual_correlation", parse_prior(RESIDUAL)),
        given.by_kind.get("between_correlation"), blocks,
    )  # fmt: skip


def _paths(found: Sequence[Statistics], P: int) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    names = tuple(dict.fromkeys(name for s in found for name in s.equation.parameters))
    path_of = np.full((len(found), P), -1, dtype=np.int64)
    for e, s in enumerate(found):
        path_of[e, : len(s.equation.parameters)] = [names.index(name) for name in s.equation.parameters]
    return names, path_of


def _varies(found: Sequence[Statistics], P: int, vary: Sequence[str], key: str) -> NDArray[np.bool_]:
    """Return which coefficients (E, P + 1) are named by the study's ``key``."""
    varies = np.zeros((len(found), P + 1), dtype=bool)
    known = {name for s in found for name in s.equation.parameters}
    known |= {intercept_name(s.equation.outcome) for s in found} | {"paths", "means"}
    for name in vary:
        if name not in known:
            raise SpecError(f"unknown name {name!r}{did_you_mean(name, known)}", where=f"bayes.{key}")
    for e, s in enumerate(found):
        names = s.equation.parameters
        varies[e, 0] = "means" in vary or intercept_name(s.equation.outcome) in vary
        varies[e, 1 : len(names) + 1] = ["paths" in vary or name in vary for name in names]
    return varies


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
    literal = given.by_name.get(name) or given.by_kind.get("paths")
    return rescaled(literal, factor) if literal else parse_prior(DEFAULTS["paths"])


def _mean_prior(given: Given, outcome: str, factor: float) -> Prior | None:
    """Return the prior of the raw intercept in units of y; None is the default, at the predictors' means."""
    literal = given.by_name.get(intercept_name(outcome)) or given.by_kind.get("means")
    return rescaled(literal, factor) if literal else None


def _sd_prior(given: Given, factor: float) -> Prior:
    literal = given.by_kind.get("residual_sd")
    return rescaled(literal, factor) if literal else parse_prior(DEFAULTS["residual_sd"])


def _between_priors(
    given: Given, kind: str, varies: NDArray[np.bool_], scale_x: Array, scale_y: Array
) -> tuple[Prior, ...]:
    """Return the prior of every SD; units of a third level have the defaults of groups."""
    literal = given.by_kind.get(kind)
    priors = []
    for e, k in np.argwhere(varies).tolist():
        default = DEFAULTS["between_sd of paths" if k else "between_sd of means"]
        factor = (scale_x[e, k - 1] if k else 1.0) / scale_y[e]
        priors.append(rescaled(literal, factor) if literal else parse_prior(default))
    return tuple(priors)


def prior_lines(model: Design, given: Given) -> tuple[str, ...]:
    """Return every prior as a line of text, on the raw variables, and what the intercepts refer to."""
    lines = [f"{kind}: {text} on the standardised metric (default)" for kind, text in DEFAULTS.items()
             if kind.split(" ")[0] not in given.by_kind]  # fmt: skip
    lines += [f"{kind}: {show(prior)} on the raw variables (given)" for kind, prior in given.by_kind.items()
              if kind not in CORRELATIONS]  # fmt: skip
    if "loadings" in given.by_kind:
        lines.append("loadings: not used, level scores has none")
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
    levels = (
        ("group", model.varies, model.between_priors),
        ("unit", model.nested_varies, model.nested_priors),
    )
    for (level, varies, priors), kind in zip(levels, BETWEEN, strict=True):
        for prior, (e, k) in zip(priors, np.argwhere(varies).tolist(), strict=True):
            at = "" if k or kind in given.by_kind else " (at the predictors' means)"
            sd = show(rescaled(prior, step[e, k - 1] if k else y[e]))
            lines.append(f"between-{level} SD of {_coefficient(model.statistics[e], k)}{at}: {sd}")
    return (*lines, *_correlation_lines(model))


def _correlation_lines(model: Design) -> Iterator[str]:
    for part in (part for part in model.blocks if part.pairs):
        names = ", ".join(model.outcomes[e] for e in part.members)
        zero = "" if part.complete else ", those of undeclared pairs being 0"
        yield f"residual correlations of {names}: {show(model.residual_prior)}{zero}"
    if model.between_prior is not None:
        yield f"correlations of deviations: {show(model.between_prior)}"

"""Every prior of regressions on scale means as a line of text."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from werksem.bayes.design import Design
from werksem.bayes.names import coefficient_name, intercept_name
from werksem.bayes.priors import DEFAULTS, Given, rescaled, show
from werksem.bayes.priors_by_level import LEVELS, spread_intercept
from werksem.spec.priors import parse_prior

__all__ = ["prior_lines"]

# kinds of priors that regressions on scale means have no parameters for
ABSENT = ("loadings", "latent_sd", "latent_correlation")
CORRELATIONS = ("residual_correlation", "between_correlation")


def prior_lines(model: Design, given: Given) -> tuple[str, ...]:
    """Return every prior as a line of text, on the raw variables, and what the intercepts refer to."""
    lines = [f"{kind}: {text} on the standardised metric (default)" for kind, text in DEFAULTS.items()
             if kind.split(" ")[0] not in given.by_kind and kind not in given.by_name]  # fmt: skip
    lines += [f"{kind}: {show(prior)} on the raw variables (given)" for kind, prior in given.by_kind.items()
              if kind not in CORRELATIONS]  # fmt: skip
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
    return (*lines, *_spread_lines(model, given), *_correlation_lines(model))


def _spread_lines(model: Design, given: Given) -> Iterator[str]:
    levels = (("group", model.varies, model.between_priors),
              ("unit", model.nested_varies, model.nested_priors))  # fmt: skip
    step = model.scale_y[:, None] / model.scale_x
    for (what, varies, priors), level in zip(levels, LEVELS, strict=True):
        for prior, (e, k) in zip(priors, np.argwhere(varies).tolist(), strict=True):
            literal = k or spread_intercept(given, level, model.outcomes[e])
            at = "" if literal else " (at the predictors' means)"
            sd = show(rescaled(prior, step[e, k - 1] if k else model.scale_y[e]))
            yield f"between-{what} SD of {coefficient_name(model.statistics[e], k)}{at}: {sd}"


def _correlation_lines(model: Design) -> Iterator[str]:
    for part in (part for part in model.blocks if part.pairs):
        names = ", ".join(model.outcomes[e] for e in part.members)
        zero = "" if part.complete else ", those of undeclared pairs being 0"
        yield f"residual correlations of {names}: {show(model.residual_prior)}{zero}"
    if model.between_prior is not None:
        yield f"correlations of deviations: {show(model.between_prior)}"

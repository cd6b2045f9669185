"""Tables and sentences of one regression of answers in categories."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.discrete.design import Discrete, literal_between
from werksem.bayes.discrete.draws import DiscreteDraws
from werksem.bayes.discrete.quantities import common_sd
from werksem.bayes.names import intercept_name
from werksem.bayes.priors import DEFAULTS, Given, prior_size, rescaled, show
from werksem.bayes.rows import summary
from werksem.spec.priors import parse_prior

__all__ = ["between_rows", "own_rows", "prior_sentences", "share_rows"]

Array = NDArray[np.float64]
FORMS = {
    "probit": "yes or no by probit, the latent response with residual SD 1",
    "logit": "yes or no by logit, the latent response with residual SD pi / sqrt(3)",
    "ordered": "ordered by cumulative probit, the latent response with residual SD 1",
}

AT_MEANS = " (at the predictors' means)"


def between_rows(model: Discrete, draws: DiscreteDraws) -> pd.DataFrame:
    """Return the between-group SDs as ``bayes.pooling.between_table`` has them; ``std`` by the SD of z."""
    equation, rows = model.statistics.equation, []
    sd_z = common_sd(model, draws)
    for t, k in enumerate(np.flatnonzero(model.varies)):
        found = draws.between[:, t]
        name = ("~", equation.predictors[k - 1]) if k else ("~1", "")
        std = (found * (model.scale[k - 1] if k else 1.0) / sd_z).mean()
        rows.append(("group", model.outcome, *name, *summary(found), std))
    columns = ["level", "lhs", "op", "rhs", "est", "se", "ci_lower", "ci_upper", "std"]
    return pd.DataFrame(rows, columns=columns)


def own_rows(model: Discrete, draws: DiscreteDraws) -> pd.DataFrame:
    """Return each group's own paths as ``bayes.own.own_estimates`` has them, in SDs of the latent response.

    The estimate is one step from the pooled mode (``pilot.own_estimates``), NaN where a group has none; its
    interval is normal, df inf.
    """
    equation, found, sd_z = model.statistics.equation, model.statistics, common_sd(model, draws).mean()
    rows = []
    for k, rhs in enumerate(equation.predictors):
        known = np.isfinite(model.own_se[:, k + 1])
        est, se = (np.where(known, part[:, k + 1] / sd_z, np.nan) for part in (model.own, model.own_se))
        rows += [
            (model.outcome, rhs, found.groups[g], int(found.rows[g]), est[g], se[g], np.inf)
            for g in np.flatnonzero(found.rows).tolist()
        ]
    return pd.DataFrame(rows, columns=["lhs", "rhs", "group", "n", "est", "se", "df"])


def share_rows(model: Discrete, draws: DiscreteDraws) -> pd.DataFrame:
    """Return s² / (s² + tau²) per path and group, as ``bayes.pooling.pooled_share`` has it.

    s is the group's own standard error from the expected information at the pooled mode.
    """
    tau = np.zeros(len(model.varies))
    tau[model.varies] = draws.between.mean(axis=0)
    equation, groups, rows = model.statistics.equation, model.statistics.groups, []
    for g, label in enumerate(groups):
        for k, predictor in enumerate(equation.predictors):
            if model.statistics.rows[g] and groups != ("all",):
                s, t = (model.own_se[g, k + 1] / model.scale[k]) ** 2, tau[k + 1] ** 2
                value = 1.0 if np.isinf(s) or t == 0 else float(s / (s + t))
                rows.append((model.outcome, predictor, label, value))
    return pd.DataFrame(rows, columns=["lhs", "rhs", "group", "value"])


def prior_sentences(model: Discrete, given: Given) -> tuple[str, ...]:
    """Return what the latent response is, its priors on the raw variables, and how deviations are sampled."""
    y, unit = model.outcome, model.unit
    lines = [f"{y}: {FORMS[model.family]}; defaults are per SD of the predictor, in residual SDs"]
    for name, prior, scale in zip(
        model.statistics.equation.parameters, model.path_priors, model.scale, strict=True
    ):
        lines.append(f"{name}: {show(rescaled(prior, 1 / scale))}")
    level = f"{y} | t1 … t{len(model.values) - 1}, rising" if model.family == "ordered" else intercept_name(y)
    default = f"{show(rescaled(parse_prior(DEFAULTS['means']), unit))} at the predictors' means"
    lines.append(f"{level}: {show(model.mean_prior) if model.mean_prior else default}")
    places = np.flatnonzero(model.varies)
    for name, k, prior in zip(model.varying, places, model.between_priors, strict=True):
        literal = k or literal_between(given, name, 0) is not None
        sd = show(rescaled(prior, 1 / model.scale[k - 1] if k else 1.0))
        lines.append(f"between-group SD of {name}{'' if literal else AT_MEANS}: {sd}")
    if len(places):
        sharp = [
            f"{name} in {(model.own_se[:, k] < prior_size(prior)).sum()} of {len(model.own)} groups"
            for name, k, prior in zip(model.varying, places, model.between_priors, strict=True)
        ]
        lines.append(
            f"{y}: deviations are sampled about a group's own estimate as far as that is sharper than the "
            f"between SD, else non-centred (own standard error below its prior's scale: {', '.join(sharp)})"
        )
    return tuple(lines)

"""Posterior predictive checks of latent-variable models: items' moments per group, and who agrees.

Fixed x are not predicted: they are drawn anew beside the others, normal with the group's own moments.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.checks.cuts import shares_of
from werksem.bayes.checks.given_x import fixed_x
from werksem.bayes.checks.predictive import COLUMNS, MOST, predictive_table
from werksem.bayes.checks.replicates import thinned
from werksem.bayes.checks.respondents import Respondents
from werksem.bayes.latent.design import LatentDesign
from werksem.bayes.latent.draws import LatentDraws, every, group_theta
from werksem.implied import implied_moments

__all__ = ["predictive_latent"]

Array = NDArray[np.float64]


def predictive_latent(
    design: LatentDesign, draws: LatentDraws, people: Respondents, rng: np.random.Generator
) -> pd.DataFrame:
    """Return rows of ``predictive.csv`` per group: mean, sd, top2box of every item, and covariance.

    At most ``MOST`` draws, one group at a time, so that no array has a covariance matrix per draw and group.
    """
    here, found = ~fixed_x(design), design.moments
    names = [name for name, used in zip(design.model.observed, here, strict=True) if used]
    cuts = [people.cuts.get(name) for name in names]
    least = np.array([np.nan if cut is None else cut.least for cut in cuts])
    below = np.array([np.nan if cut is None else cut.below for cut in cuts])
    shares = shares_of(people.values[:, here], people.code, len(found.n), people.weights, least)
    few = every(draws, thinned(len(draws.typical), MOST))
    parts = [pd.DataFrame(columns=list(COLUMNS))]
    for g, group in enumerate(found.groups):
        mu, Sigma = implied_moments(design.model, group_theta(design, few, g))
        n = found.n[g]
        cov = found.cov[g][np.ix_(here, here)] * (n / (n - 1) if n > 1 else 1.0)
        mean = (found.mean[g] + design.centre)[here]
        mu, Sigma = (mu + design.centre)[:, here], Sigma[:, here][:, :, here]
        parts.append(predictive_table(
            names, [group], np.array([n]), mean[None], cov[None], shares[[g]], mu[:, None], Sigma[:, None],
            below, rng,
        ))  # fmt: skip
    return pd.concat([part for part in parts if len(part)], ignore_index=True)[list(COLUMNS)]

"""PSIS-LOO of latent-variable models: a respondent's answers to all items, given fixed x and the group."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.checks.given_x import log_x
from werksem.bayes.checks.loo import MOST, Pointwise, loo_rows, psis_loo
from werksem.bayes.checks.loo_normal import normal_density
from werksem.bayes.checks.replicates import thinned
from werksem.bayes.checks.respondents import Respondents
from werksem.bayes.latent.design import LatentDesign
from werksem.bayes.latent.draws import LatentDraws, every, moved
from werksem.bayes.latent.links import theta_of
from werksem.implied import implied_moments

__all__ = ["loo_latent"]

Array = NDArray[np.float64]


def loo_latent(design: LatentDesign, draws: LatentDraws, people: Respondents) -> pd.DataFrame:
    """Return rows of ``loo.csv``, of at most ``MOST`` draws, one group at a time. Rows are unweighted."""
    keep = thinned(len(draws.typical), MOST)
    few, S = every(draws, keep), len(keep)
    rows = people.values - design.centre
    given = log_x(design, rows)
    elpd, gained, k = (np.full(len(rows), np.nan) for _ in range(3))
    for g in range(len(design.moments.groups)):
        here = np.flatnonzero(people.code == g)
        theta = theta_of(design.links, moved(design, few.typical, few.deviation[:, g]), design.given[g])
        mu, Sigma = implied_moments(design.model, theta)
        nobody = np.zeros(len(here), np.int64)
        density = normal_density(rows[here], nobody, mu[:, None], Sigma[:, None], np.arange(S))
        found = psis_loo(density, len(here))
        elpd[here], gained[here], k[here] = found.elpd - given[here], found.gained, found.k
    return loo_rows(Pointwise(elpd, gained, k, S), "", design.moments.groups, people.code)

"""Leaving groups out of latent-variable models: a refit without each, and its data's density.

The refit is of the same compiled model under the same priors, with nobody in the group. Given the typical
group and the SDs between groups, what varies in the group is d = tau z with z ~ N(0, I), integrated out
(``integrate.py``); the mean over draws is taken by a bridge between the refit's draws and those of the fit to
all groups. Densities are of the items given fixed x.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.checks.evidence import LogMean, bridge
from werksem.bayes.checks.given_x import log_moments_of_x
from werksem.bayes.checks.integrate import integrated
from werksem.bayes.checks.left_out import left_out_table
from werksem.bayes.checks.replicates import thinned
from werksem.bayes.convergence import diagnostics
from werksem.bayes.latent.cells import likelihood_cells
from werksem.bayes.latent.design import LatentDesign, with_moments
from werksem.bayes.latent.draws import latent_draws
from werksem.bayes.latent.expansion import Surface
from werksem.bayes.latent.groups import GroupMoments
from werksem.bayes.latent.links import link_arrays
from werksem.bayes.sample import Sampled
from werksem.progress import progress_bar

__all__ = ["Refit", "group_density", "leave_latent_groups_out", "without"]

Array = NDArray[np.float64]
Refit = Callable[[LatentDesign, int], Sampled]  # the fit of a design, independent of others by a number
DRAWS = 400  # of a fit, thinned: each costs an integral, some 8 ms
POINTS = 100  # of an integral


def without(design: LatentDesign, g: int) -> LatentDesign:
    """Return the design with nobody in group ``g``."""
    n = design.moments.n.copy()
    n[g] = 0.0
    return with_moments(design, replace(design.moments, n=n, mean=design.moments.mean + design.centre))


def leave_latent_groups_out(
    design: LatentDesign, sampled: Sampled, refit: Refit, seed: int, *, quiet: bool = False
) -> pd.DataFrame:
    """Return ``left_out.csv``; ``sampled`` is the fit to all groups. With one group the table is empty."""
    found: list[LogMean] = []
    rhat: list[float] = []
    groups = design.moments.groups if len(design.moments.groups) > 1 else ()
    with progress_bar("leaving out", len(groups), quiet=quiet) as tick:
        for g in range(len(groups)):
            rest = refit(without(design, g), g + 1)
            density = [group_density(design, g, fit, seed) for fit in (rest, sampled)]
            found.append(bridge(density[0], density[1]))
            checked = diagnostics(rest, 0)
            rhat.append(float(checked.loc[checked["measure"] == "rhat_max", "value"].iloc[0]))
            tick(1)
    return left_out_table(groups, design.moments.n[: len(groups)].tolist(), found, rhat)


def group_density(design: LatentDesign, g: int, fit: Sampled, seed: int) -> Array:
    """Return (chains, draws) the log densities of group ``g`` given fixed x, at about ``DRAWS`` draws."""
    draws = latent_draws(design, fit, 0)
    chains, of_chain = fit.values["typical"].shape[:2]
    keep = thinned(of_chain, DRAWS // chains)
    surface, given = _alone(design, g), log_moments_of_x(design, g)
    rng = np.random.default_rng([seed % 2**32, g])
    out, start = np.empty((chains, len(keep))), np.zeros(len(design.vary))
    for c in range(chains):
        for k, draw in enumerate(keep + c * of_chain):
            value, start = _integral(
                surface, design.vary, draws.typical[draw], draws.between[draw], rng, start
            )
            out[c, k] = value - given
    return out


def _alone(design: LatentDesign, g: int) -> Surface:
    """Return the log-likelihood of group ``g`` alone."""
    found, one = design.moments, slice(g, g + 1)
    alone = GroupMoments(
        found.groups[one], found.rows[one], found.n[one], found.share[one], found.mean[one], found.cov[one]
    )
    return Surface(
        link_arrays(design.links), alone, design.given[one], likelihood_cells(design.model, shared=False)
    )


def _integral(
    surface: Surface, vary: NDArray[np.int64], typical: Array, tau: Array, rng: np.random.Generator,
    start: Array,
) -> tuple[float, Array]:  # fmt: skip
    """Return the log density with the group's deviations integrated out, and the mode."""
    if not len(vary):
        return float(surface.slopes(typical[None])[0][0]), start

    def at(z: Array) -> tuple[Array, Array]:
        b = typical[None].copy()
        b[0, vary] += tau * z
        return surface.slopes(b)

    found = integrated(
        lambda z: np.array([at(row)[0][0] for row in z]), lambda z: tau * at(z)[1][0, vary], len(vary), rng,
        draws=POINTS, start=start,
    )  # fmt: skip
    return found.value, found.mode

"""The same in closed form, path by path: normal estimates of normal betas, the SD between groups on a grid.

Group g's own estimate is N(b_g, s_g²), b_g ~ N(beta, tau²), beta ~ N(0, spread²). Given tau everything is
normal (Lindley and Smith 1972): with w_g = 1 / (s_g² + tau²) and P = sum w_g + 1 / spread²,

    beta | tau ~ N(sum w_g b_g / P, 1 / P), b_g | tau  ~ mean B_g beta + (1 - B_g) own_g, variance (1 - B_g)
    s_g² + B_g² / P,  B_g = s_g² / (s_g² + tau²)

and tau is integrated over its prior on a grid. What it leaves out is what one path learns from the errors
of another in the same group: it pools a little less than the posterior (6 % wider intervals on the scale
means of configs/binding.yaml). Used where a fit per survey is too slow: latent variables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.prior_numbers import log_prior
from werksem.calibrate.coverage import Z95
from werksem.calibrate.smallest_table import GRID, SECTOR, Errors
from werksem.spec.priors import Prior

__all__ = ["Path", "errors_of", "normal_pooled"]

Array = NDArray[np.float64]
SECTORS, POINTS = 2, 200


@dataclass(frozen=True, slots=True)
class Path:
    """One path on the common metric: draws of ``beta`` and ``tau`` (S,) from the study's posterior,
    standard errors ``se`` (G,) and sizes ``n`` (G,) of the groups' own estimates, and the priors: of beta
    normal(0, ``spread``), of tau ``prior``.
    """

    lhs: str
    rhs: str
    groups: tuple[str, ...]
    n: Array
    se: Array
    beta: Array
    tau: Array
    spread: float
    prior: Prior


def normal_pooled(own: Array, se: Array, tau: Array, stated: Array, spread: float) -> tuple[Array, Array]:
    """Return means and SDs (G,) of groups' betas, from their own estimates and errors (G,).

    ``tau`` (T,) is an evenly spaced grid of SDs between groups above 0, ``stated`` (T,) the log-density of
    their prior.

    >>> ones = np.ones(2)
    >>> normal_pooled(np.array([0.0, 1.0]), ones, ones, ones, 1e6)[0].round(3).tolist()
    [0.25, 0.75]
    """
    v = se**2 + tau[:, None] ** 2
    P = (1 / v).sum(axis=1) + 1 / spread**2
    beta = (own / v).sum(axis=1) / P
    logs = -np.log(v).sum(axis=1) - np.log(P) - (own**2 / v).sum(axis=1) + P * beta**2
    logs = logs / 2 + stated
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    B = se**2 / v
    mean = (1 - B) * own + B * beta[:, None]
    variance = (1 - B) * se**2 + B**2 / P[:, None]
    centre = weight @ mean
    return centre, np.sqrt(weight @ (variance + (mean - centre) ** 2))


def errors_of(path: Path, i: int, draw: int, rng: np.random.Generator) -> Iterator[Errors]:
    """Yield the errors of one path in survey i, whose beta and tau are number ``draw``; sectors as in
    ``smallest_scores``.
    """
    beta, spread = path.beta[draw], path.tau[draw]
    grid = np.linspace(0, 4 * float(path.tau.max()), POINTS + 1)[1:]
    stated = log_prior(path.prior, grid)
    truth = beta + spread * rng.standard_normal(len(path.n))
    own = truth + path.se * rng.standard_normal(len(path.n))
    overall = float((own / path.se**2).sum() / (1 / path.se**2).sum())
    mean, sd = normal_pooled(own, path.se, grid, stated, path.spread)
    for g, group in enumerate(path.groups):
        yield _errors(path, i, group, path.n[g], truth[g], own[g], path.se[g], mean[g], sd[g], overall)
    unit = float(np.sqrt(np.median(path.se**2 * path.n)))
    for n in [size for size in GRID if size <= path.n.sum()] * SECTORS:
        se = unit / np.sqrt(n)
        t = beta + spread * rng.standard_normal()
        est = t + se * rng.standard_normal()
        found = normal_pooled(np.append(own, est), np.append(path.se, se), grid, stated, path.spread)
        yield _errors(path, i, SECTOR, n, t, est, se, found[0][-1], found[1][-1], overall)


def _errors(
    path: Path, i: int, group: str, n: float, truth: float, own: float, se: float, mean: float, sd: float,
    overall: float,
) -> Errors:  # fmt: skip
    return Errors(
        i, path.lhs, path.rhs, group, round(n), own - truth, mean - truth, overall - truth,
        abs(own - truth) <= Z95 * se, abs(mean - truth) <= Z95 * sd,
    )  # fmt: skip

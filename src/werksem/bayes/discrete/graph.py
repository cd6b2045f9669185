"""The PyMC model of answers in categories: priors around the likelihood, deviations sampled per group.

Deviations cannot be integrated out here. A group whose own standard error is below all that the between
SD can be (its 1 % quantile by the groups' own estimates and the prior, ``pilot.lowest_spread``) is
sampled centred, b_g ~ N(mean, tau), any other non-centred, b_g = mean + tau z_g: either form alone
leaves a ridge or a funnel for the groups of the other kind (Papaspiliopoulos, Roberts and Sköld 2007).
The prior's scale alone cannot tell: with it, six groups of 1 to 600 gave hundreds of divergences.
Cutpoints are sampled as the typical group's intercept and the gaps between them, so
that the intercepts of large groups are not tied to all cutpoints; the thresholds that are reported, and
that have the prior, are cut - intercept: those of a typical group whose intercept is 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from werksem.bayes.discrete.design import Discrete
from werksem.bayes.priors import DEFAULTS, log_density, random_variable, rescaled
from werksem.spec.priors import parse_prior

__all__ = ["log_likelihood", "log_likelihood_graph", "pymc_model"]


def log_likelihood(model: Discrete, beta: Any, cut: Any) -> Any:
    """Return the scalar log-likelihood for beta (G, K) and cut (J - 1,), by the compiled kernel."""
    from werksem.bayes.discrete.op import CellLikelihood

    return CellLikelihood(model.family)(model.cells.start, model.x, model.cells.counts, beta, cut)[0]


def log_likelihood_graph(model: Discrete, beta: Any, cut: Any) -> Any:
    """Return the same as a plain graph, the readable reference: not safe in the far tails."""
    import pytensor.tensor as pt

    group = np.repeat(np.arange(len(model.cells.start) - 1), np.diff(model.cells.start))
    eta = (model.x * beta[group]).sum(-1)
    at = cut[None, :] - eta[:, None]
    below = pt.sigmoid(at) if model.family == "logit" else pt.erfc(-at / np.sqrt(2)) / 2
    edge = pt.ones((len(model.x), 1))
    P = pt.diff(pt.concatenate([0 * edge, below, edge], axis=1), axis=1)
    counts = model.cells.counts
    return (counts * pt.log(pt.where(counts > 0, P, 1.0))).sum()


def pymc_model(model: Discrete) -> Any:
    """Return the PyMC model in the design's units, with the deterministics that are kept.

    ``path`` (P,); ``intercept`` (1,) of the typical group at the grand means; ``cutpoint`` (J - 2,) all
    but the middle one, which is 0; ``between_sd`` (varying,); ``coefficient`` (G * varying,).
    """
    import pymc as pm
    import pytensor.tensor as pt

    with pm.Model() as graph:
        path = pm.Deterministic("path", random_variable("paths", model.path_priors))
        intercept = pm.Flat("mean", initval=-_middle(model))
        pm.Deterministic("intercept", intercept[None])
        cut = _cutpoints(model)
        _mean_prior(model, path, intercept, cut)
        gamma = pt.concatenate([intercept[None], path])
        beta = pt.ones((len(model.centred), 1)) * gamma[None, :]
        if model.between_priors:
            between = pm.Deterministic("between_sd", random_variable("between", model.between_priors))
            drawn = _deviating_coefficients(model, gamma, between)
            pm.Deterministic("coefficient", drawn.flatten())
            beta = gamma * ~model.varies + drawn @ np.eye(len(model.varies))[model.varies]
        pm.Potential("likelihood", log_likelihood(model, beta, cut))
    return graph


def _middle(model: Discrete) -> float:
    cut = model.mode[1]
    return float(cut[len(cut) // 2])


def _cutpoints(model: Discrete) -> Any:
    """Return the cutpoints (J - 1,) about the middle one, from gaps that are positive."""
    import pymc as pm
    import pytensor.tensor as pt

    size = len(model.values) - 1
    if size == 1:
        return pt.zeros(1)
    gap = pm.HalfFlat("gap", shape=size - 1, initval=np.diff(model.mode[1]))
    below, above = gap[: size // 2], gap[size // 2 :]
    parts = [-pt.cumsum(below[::-1])[::-1], pt.zeros(1), pt.cumsum(above)]
    cut = pt.concatenate(parts)
    pm.Deterministic("cutpoint", pt.concatenate([parts[0], parts[2]]))
    return cut


def _mean_prior(model: Discrete, path: Any, intercept: Any, cut: Any) -> None:
    """Give the typical intercept, or every threshold, its prior: raw where literal, else at the means.

    Thresholds are cut - intercept, of Jacobian 1 given the gaps.
    """
    import pymc as pm

    sign = -1.0 if model.family == "ordered" else 1.0
    at = sign * (intercept - (cut if model.family == "ordered" else 0.0))
    prior = model.mean_prior or rescaled(parse_prior(DEFAULTS["means"]), model.unit)
    if model.mean_prior is not None:
        at = at - sign * (path * (model.mean / model.scale)).sum()
    pm.Potential("mean_prior", log_density(prior, at).sum())


def _deviating_coefficients(model: Discrete, gamma: Any, tau: Any) -> Any:
    """Return (G, V) the coefficients that vary, about the grand means; tau (V,) are their SDs.

    The intercept's deviation refers to the point ``lever`` away from the means, so its mean moves with
    the group's own paths, which are then drawn first.
    """
    import pytensor.tensor as pt

    places = np.flatnonzero(model.varies)
    mean = pt.ones((len(model.centred), 1)) * gamma[places]
    centred = model.centred[:, places].astype(float)
    if not (model.varies[0] and model.lever.any()) or len(places) == 1:
        return _deviating("all", mean, tau, centred)
    paths = _deviating("paths", mean[:, 1:], tau[1:], centred[:, 1:])
    moved = (paths - mean[:, 1:]) @ model.lever[places[1:] - 1]
    means = _deviating("means", mean[:, :1] + moved[:, None], tau[:1], centred[:, :1])
    return pt.concatenate([means, paths], axis=1)


def _deviating(name: str, mean: Any, tau: Any, centred: Any) -> Any:
    """Return (G, V) normals of ``mean`` (G, V) and ``tau`` (V,): sampled as they are, or in units of tau."""
    import pymc as pm

    if not centred.any():
        return mean + tau * pm.Normal(f"deviation_{name}", shape=centred.shape)
    value = pm.Normal(f"deviation_{name}", mean * centred, 1 + (tau - 1) * centred, shape=centred.shape)
    return value * (centred + (1 - centred) * tau) + (1 - centred) * mean

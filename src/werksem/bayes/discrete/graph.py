"""The PyMC model of answers in categories: priors around the likelihood, deviations sampled per group.

Deviations cannot be integrated out here. Given its mean m and the between SD tau, a group's coefficient
is nearly normal: the prior times what the group's own answers say, an estimate a with information J
(``pilot.own_estimates``). What is sampled is v in

    b_g = m + K (a - m) + tau v / sqrt(1 + tau² J),  K = tau² J / (1 + tau² J),

which is about standard normal whatever m and tau: centred for a large group (J tau² >> 1), non-centred for
a small one (J = 0), in between by the data (Papaspiliopoulos, Roberts and Sköld 2007 have the weights).
It is exact for any a and J, they only make it quick. Either form alone, chosen per group, left ridges
and funnels: hundreds of divergences in six groups of 1 to 600.

Cutpoints are sampled as the typical group's intercept and the gaps between them, so
that the intercepts of large groups are not tied to all cutpoints; the thresholds that are reported, and
that have the prior, are cut - intercept: those of a typical group whose intercept is 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.discrete.design import Discrete
from werksem.bayes.priors import DEFAULTS, log_density, random_variable, rescaled
from werksem.spec.priors import parse_prior

__all__ = ["log_likelihood", "log_likelihood_graph", "pymc_model"]

Array = NDArray[np.float64]


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
        beta = pt.ones((len(model.own), 1)) * gamma[None, :]
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

    Where the intercepts' deviations u_0 refer to a point ``lever`` away, the intercept at the means
    deviates by d = u_0 + sum_k lever_k u_k, which the answers tell best: d is drawn first, then each
    path given d and the paths before it, R_k = tau_0² + sum_(j >= k) lever_j² tau_j²:

        u_k ~ N(lever_k tau_k² (d - sum_(j < k) lever_j u_j) / R_k, tau_k² R_(k + 1) / R_k)
    """
    import pytensor.tensor as pt

    places = np.flatnonzero(model.varies)
    ones = pt.ones((len(model.own), 1))
    own, J = model.own[:, places], 1 / model.own_se[:, places] ** 2
    if not (model.varies[0] and model.lever.any()):
        return _deviating("all", ones * gamma[places], tau, own, J)
    pull = model.lever[places[1:] - 1]
    R = [tau[0] ** 2]
    for t in reversed(range(len(pull))):
        R.insert(0, R[0] + (pull[t] * tau[t + 1]) ** 2)
    drawn = [_deviating("mean", ones * gamma[0], pt.sqrt(R[0]), own[:, :1], J[:, :1])]
    rest = drawn[0] - gamma[0]
    for t, k in enumerate(places[1:]):
        mean = gamma[k] + pull[t] * tau[t + 1] ** 2 / R[t] * rest
        at = slice(t + 1, t + 2)
        drawn.append(
            _deviating(f"path_{k}", mean, tau[t + 1] * pt.sqrt(R[t + 1] / R[t]), own[:, at], J[:, at])
        )
        rest = rest - pull[t] * (drawn[-1] - gamma[k])
    return pt.concatenate(drawn, axis=1)


def _deviating(name: str, mean: Any, tau: Any, own: Array, J: Array) -> Any:
    """Return (G, V) normals of ``mean`` (G, V) and ``tau``, sampled about the groups' own estimates."""
    import pymc as pm
    import pytensor.tensor as pt

    v = pm.Flat(f"deviation_{name}", shape=own.shape)
    ratio = 1 + tau**2 * J
    # in units of tau
    off = tau * J / ratio * (own - mean) + v / pt.sqrt(ratio)
    pm.Potential(f"deviation_{name}_prior", -(off**2).sum() / 2 - pt.log(ratio).sum() / 2)
    return mean + tau * off

"""The PyMC model: priors around the likelihood, as a compiled Op or as a plain graph."""

from __future__ import annotations

import os
import sys
from typing import Any

import numpy as np

from werksem.bayes.design import Design
from werksem.bayes.marginal import centring
from werksem.bayes.priors import DEFAULTS, log_density, random_variable
from werksem.spec.priors import parse_prior

__all__ = ["data_of", "log_likelihood", "log_likelihood_graph", "pymc_model", "use_numba"]


def use_numba() -> None:
    """Let PyTensor compile by numba, which needs no C compiler, unless the user chose otherwise.

    Works only before PyTensor's first import, which reads the environment once.
    """
    if "pytensor" not in sys.modules:
        os.environ.setdefault("PYTENSOR_FLAGS", "mode=NUMBA")


def data_of(design: Design) -> dict[str, Any]:
    """Return the arrays that stand for the data in a compiled model, by the names to exchange them by."""
    K = design.varies.shape[1]
    W = centring(design)
    gram = np.einsum("eki,egkl,elj->egij", W, design.cross[..., :K, :K], W)
    return {"n": design.n, "cross": design.cross, "gram": gram}


def log_likelihood(design: Design, gamma: Any, tau: Any, sigma: Any, *, exchange: bool = False) -> Any:
    """Return the scalar log-likelihood for gamma, tau (E, K) and sigma (E,), by the compiled kernel.

    With ``exchange`` the data are shared variables, so that one compiled model serves other data of the
    same shape; it takes a second longer to compile.
    """
    import pytensor

    from werksem.bayes.op import GroupLikelihood

    data = list(data_of(design).values())
    if exchange:
        data = [pytensor.shared(value, name=name) for name, value in data_of(design).items()]
    value = GroupLikelihood()(*data, centring(design), gamma, tau, sigma)[0]
    return value - float((design.n * np.log(design.scale_y)[:, None]).sum())


def log_likelihood_graph(design: Design, gamma: Any, tau: Any, sigma: Any) -> Any:
    """Return the same as a plain graph: the readable reference, six times slower to compile."""
    import pytensor.tensor as pt

    E, K = design.varies.shape
    W = centring(design)
    s = sigma[:, None]
    v = pt.concatenate([-gamma, pt.ones((E, 1))], axis=-1)[:, None, :]
    residual = (design.cross * v[..., None, :]).sum(-1)
    rss = (residual * v).sum(-1)
    value = -design.n * (np.log(2 * np.pi) / 2 + pt.log(s * design.scale_y[:, None])) - rss / (2 * s**2)
    if design.varies.any():
        gram = np.einsum("eki,egkl,elj->egij", W, design.cross[..., :K, :K], W)
        t = (tau / s)[:, None, :]
        M = np.eye(K) + gram * t[..., :, None] * t[..., None, :]
        turned = np.swapaxes(W, -1, -2)[:, None]
        h = (residual[..., None, :K] * turned).sum(-1) * t / s[..., None]
        L = pt.linalg.cholesky(M)
        w = pt.linalg.solve_triangular(L, h[..., None], lower=True)[..., 0]
        value = value + (w**2).sum(-1) / 2 - pt.log(pt.diagonal(L, axis1=-2, axis2=-1)).sum(-1)
    return value.sum()


def pymc_model(design: Design, *, exchange: bool = False) -> Any:
    """Return the PyMC model, in units of the pooled SDs, with the deterministics that are kept.

    ``intercept`` (E,) at the grand means, about the outcome's mean; ``path`` (paths,) in the units
    of its first regression; ``residual_sd`` (E,); ``between_sd`` (varying coefficients,). ``exchange``
    is for models that will be sampled with other data.
    """
    import pymc as pm
    import pytensor.tensor as pt

    E, K = design.varies.shape
    with pm.Model() as model:
        path = pm.Deterministic("path", random_variable("paths", design.path_priors))
        known = design.path_of >= 0
        slopes = path[np.where(known, design.path_of, 0)] * (design.ratio * known)
        offset = (slopes * (design.mean_x / design.scale_x)).sum(-1) - design.mean_y / design.scale_y
        intercept = pm.Deterministic("intercept", _intercepts(design, offset))
        sigma = pm.Deterministic("residual_sd", random_variable("sd", design.sd_priors))
        tau = pt.zeros((E, K))
        if design.between_priors:
            between = pm.Deterministic("between_sd", random_variable("between", design.between_priors))
            tau = tau[np.nonzero(design.varies)].set(between)
        gamma = pt.concatenate([intercept[:, None], slopes], axis=-1)
        pm.Potential("likelihood", log_likelihood(design, gamma, tau, sigma, exchange=exchange))
    return model


def _intercepts(design: Design, offset: Any) -> Any:
    """Return the intercepts (E,) about the grand means; ``offset`` added to the raw ones gives these.

    A prior on the raw intercept is a density of intercept - offset; the shift has Jacobian 1, so
    the intercept is sampled at the grand means, where it is nearly independent of the paths.
    Families with a bound are sampled as they are, since the bound lies on the raw intercept.
    """
    import pymc as pm
    import pytensor.tensor as pt

    default = parse_prior(DEFAULTS["means"])
    parts = []
    for e, prior in enumerate(design.mean_priors):
        if prior is None:
            mean, sd = default.parameters
            parts.append(pm.Normal(f"mean_{e}", mean, sd))
        elif prior.positive or prior.family == "uniform":
            parts.append(random_variable(f"mean_{e}", [prior])[0] + offset[e])
        else:
            parts.append(pm.Flat(f"mean_{e}"))
            pm.Potential(f"mean_{e}_prior", log_density(prior, parts[-1] - offset[e]))
    return pt.stack(parts)

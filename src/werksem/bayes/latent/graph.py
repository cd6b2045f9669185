"""The PyMC model of a latent-variable posterior: what is sampled, its priors, and the likelihood.

Every coordinate is near a standard normal, so samplers start well and go far: the typical links are
base + root u, with the root of their covariances; a group's deviations are sampled around what its own
answers and the other groups say (``around.py``).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.latent.design import LatentDesign
from werksem.bayes.latent.links import LOG_SD, NEGATIVE, PARTIAL, POSITIVE, Links, link_arrays
from werksem.bayes.lkj import beta_shapes
from werksem.bayes.placing import selection
from werksem.bayes.priors import log_density, random_variable
from werksem.spec.priors import Prior

__all__ = [
    "KEPT", "data_of", "latent_model", "likelihood", "likelihood_graph", "nested_likelihood", "theta_graph",
]  # fmt: skip

Array = NDArray[np.float64]
KEPT = ("typical", "between_sd", "deviation", "nested_sd")


def theta_graph(links: Links, b: Any, given: Array) -> Any:
    """Return theta (G, q) for links (G, b) as a graph, by constant selection matrices: ``links.theta_of``."""
    import pytensor.tensor as pt

    sd, signed = links.kind == LOG_SD, np.isin(links.kind, (POSITIVE, NEGATIVE))
    plain = ~sd & ~signed & (links.kind != PARTIAL)
    sign = np.where(links.kind == NEGATIVE, -1.0, 1.0)[signed, None]
    theta = given + b[:, plain] @ selection(links.at[plain], links.size)
    theta = theta + pt.exp(2 * b[:, sd]) @ selection(links.at[sd], links.size)
    theta = theta + pt.exp(b[:, signed]) @ (sign * selection(links.at[signed], links.size))
    for block in links.blocks:
        K = block.size
        row, col = np.tril_indices(K, -1)
        z = pt.tanh(b[:, block.partial]) @ selection(row * K + col, K * K)
        z = z.reshape((-1, K, K))
        root = pt.sqrt(1 - z**2)
        before = pt.concatenate([pt.ones((z.shape[0], K, 1)), pt.cumprod(root, axis=2)[:, :, :-1]], axis=2)
        L = (z + np.eye(K)) * before
        own = block.sd >= 0
        log_sd = b[:, block.sd[own]] @ selection(np.flatnonzero(own), K) + np.where(
            own, 0.0, np.log(block.given)
        )
        scaled = L * pt.exp(log_sd)[:, :, None]
        cov = (scaled[:, row] * scaled[:, col]).sum(-1)
        theta = theta + cov @ selection(block.theta, links.size)
    return theta


def data_of(design: LatentDesign) -> dict[str, NDArray[Any]]:
    """Return the arrays that stand for the data in a compiled model, by the names to exchange them by."""
    found, expanded, units = design.moments, design.expansion, design.units
    coordinates = {
        "base": expanded.base, "root": expanded.root[:, np.flatnonzero(design.free)], "pull": expanded.pull,
        "cross": expanded.cross.reshape(len(found.n) * len(design.vary), len(design.names)), "H": expanded.H,
    }  # fmt: skip
    if units is None:
        return coordinates | {"numbers": _packed(design)[0]}
    return coordinates | {
        "n": found.n, "mean": found.mean, "cov": found.cov, "given": design.given,
        "starts": units.starts, "units": units.n, "away": units.away,
    }  # fmt: skip


def _packed(design: LatentDesign) -> tuple[Array, NDArray[np.int64]]:
    """Return what the likelihood takes beside the links: numbers, and integers that are the same for other
    respondents of the same groups.
    """
    from werksem.kernels.doors import packed

    found = design.moments
    arrays = (*link_arrays(design.links), found.n, found.mean, found.cov, *design.cells)
    return packed((design.given, *arrays))


def likelihood(design: LatentDesign, b: Any, data: dict[str, Any]) -> Any:
    """Return the log-likelihood at the groups' links (G, b) by the compiled kernel."""
    from werksem.bayes.latent.op import GroupedLatent

    return GroupedLatent()(b, data["numbers"], _packed(design)[1])[0]


def nested_likelihood(design: LatentDesign, b: Any, omega: Any, data: dict[str, Any]) -> Any:
    """Return the log-likelihood at the groups' links (G, b) and the units' SDs (V,), compiled."""
    from werksem.bayes.latent.nested_op import NestedLatent

    assert design.units is not None
    moments = data["n"], data["mean"], data["cov"]
    units = design.units.moves, data["starts"], data["units"], data["away"]
    return NestedLatent()(
        b, omega, data["given"], *link_arrays(design.links), *moments, *units, *design.cells
    )[0]


def likelihood_graph(design: LatentDesign, b: Any) -> Any:
    """Return the same as a plain graph over the items' covariance matrices: the readable reference."""
    import pytensor.tensor as pt

    theta = theta_graph(design.links, b, design.given)
    found, total = design.moments, 0.0
    for g, n in enumerate(found.n):
        nu, alpha, Lambda, B, Psi, Theta = _matrices(design, theta[g])
        A = pt.linalg.inv(np.eye(len(design.model.eta)) - B)
        reach = Lambda @ A
        L = pt.linalg.cholesky(reach @ Psi @ reach.T + Theta)
        d = found.mean[g] - nu - reach @ alpha
        w = pt.linalg.solve_triangular(L, found.cov[g] + pt.outer(d, d), lower=True)
        trace = pt.trace(pt.linalg.solve_triangular(L, w.T, lower=True))
        logdet = 2 * pt.log(pt.diagonal(L)).sum()
        total = total - n / 2 * (len(found.mean[g]) * np.log(2 * np.pi) + logdet + trace)
    return total


def _matrices(design: LatentDesign, theta: Any) -> list[Any]:
    """Return nu, alpha, Lambda, B, Psi and Theta of one group, by constant selection matrices."""
    p, m = len(design.model.observed), len(design.model.eta)
    shapes = ((p,), (m,), (p, m), (m, m), (m, m), (p, p))
    cells, found = design.model.cells[0], []
    for kind, shape in enumerate(shapes):
        width = 1 if len(shape) == 1 else shape[1]
        size = shape[0] * width
        free, fixed = np.zeros((len(design.model.parameters), size)), np.zeros(size)
        for c in np.flatnonzero(cells.matrix == kind):
            i, j = int(cells.row[c]), int(cells.col[c]) if len(shape) == 2 else 0
            places = {i * width + j, j * width + i} if kind >= 4 else {i * width + j}
            for place in places:
                if cells.free[c] >= 0:
                    free[cells.free[c], place] = 1.0
                else:
                    fixed[place] = cells.value[c]
        found.append((theta @ free + fixed).reshape(shape))
    return found


def latent_model(design: LatentDesign, *, compiled: bool = True, exchange: bool = False) -> Any:
    """Return the PyMC model; ``compiled`` False has the plain graph as its likelihood, where no units are.

    Kept: ``typical`` the links of the typical group that are sampled, ``between_sd`` (V,), ``deviation`` (G
    V,) and, where units differ, ``nested_sd``. With ``exchange`` the data are shared variables (``data_of``),
    so that one compiled model serves other respondents of the same groups.
    """
    import pymc as pm
    import pytensor
    import pytensor.tensor as pt

    G, V, at = len(design.moments.n), len(design.vary), np.flatnonzero(design.free)
    data: dict[str, Any] = dict(data_of(design))
    if exchange:
        data = {name: pytensor.shared(value, name=name) for name, value in data.items()}
    with pm.Model() as model:
        u = pm.Flat("u", shape=len(at))
        moved = pt.dot(data["root"], u)
        typical = data["base"] + moved
        b = pt.tile(typical[None, :], (G, 1))
        if V:
            tau = pm.Deterministic("between_sd", random_variable("between", design.between))
            z = pm.Flat("z", shape=(G, V))
            pull = data["pull"] - pt.dot(data["cross"], moved).reshape((G, V))
            deviation, density = groups(tau, pull, z, data["H"])
            pm.Potential("groups", density)
            pm.Deterministic("deviation", deviation.ravel())
            b = b + pt.dot(deviation, selection(design.vary, len(design.names)))
        pm.Deterministic("typical", typical[at])
        pm.Potential("prior", _log_prior(design, typical))
        if len(design.nested):
            omega = pm.Deterministic("nested_sd", random_variable("nested", design.nested_priors))
            value = nested_likelihood(design, b, omega, data)
        else:
            value = likelihood(design, b, data) if compiled else likelihood_graph(design, b)
        pm.Potential("likelihood", value)
    return model


def groups(tau: Any, pull: Any, z: Any, H: Any) -> list[Any]:
    """Return the groups' deviations (G, V) and their log-density, by the compiled kernel (``around``)."""
    from werksem.bayes.latent.op import Around

    return list(Around()(tau, pull, z, H)[:2])


def _log_prior(design: LatentDesign, b: Any) -> Any:
    """Return the log prior of the typical group's links b, of one density per family.

    On the SD, with the Jacobian of its logarithm, on the correlation matrix, or on the parameter itself.
    """
    import pytensor.tensor as pt

    kinds = design.links.kind
    partial, signed = np.flatnonzero(kinds == PARTIAL), np.isin(kinds, (POSITIVE, NEGATIVE))
    powers = 1.0 + _powers(design)[partial]
    total = b[np.flatnonzero((kinds == LOG_SD) | signed)].sum()
    total = total + (powers * pt.log(1 - pt.tanh(b[partial]) ** 2)).sum()
    for prior, places in _by_family(design):
        logs = (kinds == LOG_SD)[places] | signed[places]
        sign = np.where(kinds[places] == NEGATIVE, -1.0, 1.0)
        value = pt.where(logs, sign * pt.exp(pt.where(logs, b[places], 0.0)), b[places])
        total = total + log_density(prior, value).sum()
    return total


def _by_family(design: LatentDesign) -> list[tuple[Prior, NDArray[np.int64]]]:
    """Return the stated priors, one record per family with arrays for parameters, and the links they are
    of.
    """
    kinds = design.links.kind
    stated = [(j, prior) for j, prior in enumerate(design.priors)
              if prior is not None and design.free[j] and kinds[j] != PARTIAL]  # fmt: skip
    found = []
    for family in dict.fromkeys(prior.family for _, prior in stated):
        places = np.array([j for j, prior in stated if prior.family == family])
        one = [prior for _, prior in stated if prior.family == family]
        numbers: Any = np.array([prior.parameters for prior in one]).T
        found.append((Prior(family, tuple(numbers), positive=one[0].positive), places))
    return found


def _powers(design: LatentDesign) -> Array:
    """Return (b,) what lkj(eta) raises 1 - z² of partial correlations to (the shape minus 1), else 0."""
    out = np.zeros(len(design.names))
    for block in design.links.blocks:
        for j, shape in zip(block.partial, beta_shapes(block.size, 0.0), strict=True):
            prior = design.priors[j]
            out[j] = 0.0 if prior is None else prior.parameters[0] + shape - 1
    return out

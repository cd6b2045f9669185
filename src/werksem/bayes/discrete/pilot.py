"""A first look: one regression for all groups together, and how precisely each group could tell its own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from werksem.bayes.discrete.cells import Cells
from werksem.bayes.discrete.likelihood import log_probabilities
from werksem.kernels.discrete import logit_cells, probit_cells

__all__ = ["cell_information", "kernel_of", "own_estimates", "pooled_mode"]

Array = NDArray[np.float64]
# a normal prior this wide, in standardised units, keeps perfectly separated answers finite
WIDE = 5.0
STEP = 1e-4


def kernel_of(family: str) -> Any:
    """Return the compiled likelihood of a family."""
    return logit_cells if family == "logit" else probit_cells


def pooled_mode(found: Cells, x: Array, family: str) -> tuple[Array, Array]:
    """Return slopes (K - 1,) and cut (J - 1,) that are the same in all groups, at x = 0 of the rest.

    The mode under ``normal(0, 5)`` priors; x (C, K) is standardised, its first column ones.
    """
    K, J = x.shape[1], found.counts.shape[1]
    start = np.array([0, len(x)])
    kernel = kernel_of(family)

    def cut_of(theta: Array) -> Array:
        return theta[K - 1] + np.concatenate([[0.0], np.cumsum(np.exp(theta[K:]))])

    def negative(theta: Array) -> tuple[float, Array]:
        beta = np.concatenate([[0.0], theta[: K - 1]])[None]
        d_beta, d_cut = np.empty((1, K)), np.empty(J - 1)
        value = kernel(start, x, found.counts, beta, cut_of(theta), d_beta, d_cut)
        tails = np.cumsum(d_cut[::-1])[::-1]
        slope = np.concatenate([d_beta[0, 1:], tails[:1], tails[1:] * np.exp(theta[K:])])
        return -value + (theta @ theta) / (2 * WIDE**2), -slope + theta / WIDE**2

    total = np.cumsum(found.counts.sum(axis=0))[:-1] / found.counts.sum()
    share = np.clip(total, 1e-6, 1 - 1e-6)
    logits = np.log(share / (1 - share))
    begin = np.concatenate([np.zeros(K - 1), logits[:1], np.log(np.maximum(np.diff(logits), 1e-3))])
    theta = minimize(negative, begin, jac=True, method="BFGS").x
    return theta[: K - 1], cut_of(theta)


def cell_information(family: str, eta: Array, cut: Array) -> Array:
    """Return (C,) the information of one answer on eta: the variance of the score (Fisher 1925)."""
    logp = log_probabilities(family, eta, cut)
    score = np.exp(log_probabilities(family, eta + STEP, cut) - logp)
    score = (score - np.exp(log_probabilities(family, eta - STEP, cut) - logp)) / (2 * STEP)
    return np.asarray((np.exp(logp) * np.where(logp > -300, score, 0.0) ** 2).sum(axis=1))


def own_estimates(found: Cells, x: Array, family: str, slopes: Array, cut: Array) -> tuple[Array, Array]:
    """Return (G, K) each group's own coefficients, as one step from the pooled mode, and standard errors.

    Fisher scoring by the expected information, cutpoints known: defined for a group whose answers are
    all the same too. The pooled mode and inf where a group cannot tell its coefficients. Intercepts are
    those with the middle cutpoint at 0.
    """
    eta = x[:, 1:] @ slopes
    weight = found.counts.sum(axis=1) * cell_information(family, eta, cut)
    G, K = len(found.start) - 1, x.shape[1]
    beta = np.tile(np.concatenate([[0.0], slopes]), (G, 1))
    score, d_cut = np.empty((G, K)), np.empty(len(cut))
    kernel_of(family)(found.start, x, found.counts, beta, cut, score, d_cut)
    se = np.full((G, K), np.inf)
    for g in range(G):
        rows = slice(found.start[g], found.start[g + 1])
        information = x[rows].T @ (x[rows] * weight[rows, None])
        if len(x[rows]) and np.linalg.matrix_rank(information, tol=1e-8, hermitian=True) == K:
            inverse = np.linalg.inv(information)
            beta[g] += inverse @ score[g]
            se[g] = np.sqrt(np.diag(inverse))
    beta[:, 0] -= cut[len(cut) // 2]
    return beta, se

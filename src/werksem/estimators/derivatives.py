"""The ML discrepancy of one group with its exact gradient, Hessian and expected information.

Every derivative of Sigma has rank two: with A = (I - B)^-1, E = Lambda A, Phi = A Psi A' and
L = Lambda Phi, the derivative to one cell is c (u v' + v u') where u and v are columns of the
basis M = [I, E, L]:

    Lambda_ij: u = e_i, v = L_j      B_ij: u = E_i, v = L_j
    Psi_ij:    u = E_i, v = E_j      Theta_ij: u = e_i, v = e_j      (c halved on a diagonal)

and the derivative of mu is d u. So the three tables M' W M with W = Sigma^-1, Sigma^-1 T Sigma^-1
and M' Sigma^-1 r hold every number the gradient, the observed Hessian and the expected
information need, for any model. T = S + r r', r = sample mean - mu.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.problem import GroupProblem, Problem
from werksem.model import ALPHA, BETA, LAMBDA, NU, PSI, THETA

__all__ = [
    "Expansion", "Terms", "cell_gradient", "cell_hessian", "cell_information", "expand", "first_order",
    "group_terms", "mean_factor", "second_order",
]  # fmt: skip

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Terms:
    """The free cells of one group (K of them) as places in the basis.

    ``u, v`` columns of the basis; ``c`` the factor of u v' + v u' (0 where Sigma does not depend
    on the cell); ``a, b`` row and column among the eta (0 where they are no eta); ``free`` the
    index in theta; ``path`` marks Lambda and B, whose cells move E and L.
    """

    u: Index
    v: Index
    c: Array
    a: Index
    b: Index
    free: Index
    coef: Array
    path: NDArray[np.bool_]
    is_beta: NDArray[np.bool_]
    is_psi: NDArray[np.bool_]
    is_alpha: NDArray[np.bool_]
    is_mean: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class System:
    """A group's matrices multiplied out at phi: A, Phi, the eta's mean, the basis, Sigma and mu."""

    A: Array
    Phi: Array
    eta_mean: Array
    basis: Array  # (p, p + 2m)
    Sigma: Array
    mean: Array


@dataclass(frozen=True, slots=True)
class Expansion:
    """What a group's Sigma(phi) is made of, and the three tables of the module's docstring."""

    A: Array
    Phi: Array
    eta_mean: Array
    basis: Array  # (p, p + 2m)
    Sigma: Array
    inverse: Array
    residual: Array
    W: Array  # (p + 2m, p + 2m)
    V: Array
    b: Array  # (p + 2m,)
    discrepancy: float


def group_terms(group: GroupProblem, p: int, m: int) -> Terms:
    """Return the free cells of a group as places in the basis."""
    keep = group.free >= 0
    matrix, a, b = group.matrix[keep], group.row[keep], group.col[keep]
    E, L = p, p + m
    u = np.where((matrix == LAMBDA) | (matrix == THETA) | (matrix == NU), a, E + a)
    v = np.select(
        [(matrix == LAMBDA) | (matrix == BETA), matrix == PSI, matrix == THETA], [L + b, E + b, b], 0
    )
    symmetric = (matrix == PSI) | (matrix == THETA)
    mean_only = (matrix == NU) | (matrix == ALPHA)
    c = np.where(mean_only, 0.0, np.where(symmetric & (a == b), 0.5, 1.0)) * group.coef[keep]
    path = (matrix == LAMBDA) | (matrix == BETA)
    a = np.where((matrix == LAMBDA) | (matrix == THETA) | (matrix == NU), 0, a)
    b = np.where(path | (matrix == PSI), b, 0)
    return Terms(
        u, v, c, a, b, group.free[keep], group.coef[keep], path, matrix == BETA, matrix == PSI,
        matrix == ALPHA, mean_only,
    )  # fmt: skip


def system(problem: Problem, group: GroupProblem, phi: Array) -> System:
    """Return the group's matrices multiplied out at phi, whether or not Sigma is positive definite."""
    p, m = problem.n_observed, problem.n_eta
    cell = np.where(group.free >= 0, group.coef * phi[group.free], group.value)
    Lambda, B, Psi, Theta = np.zeros((p, m)), np.zeros((m, m)), np.zeros((m, m)), np.zeros((p, p))
    for matrix, target in ((LAMBDA, Lambda), (BETA, B), (PSI, Psi), (THETA, Theta)):
        at = group.matrix == matrix
        target[group.row[at], group.col[at]] = cell[at]
        if matrix in (PSI, THETA):
            target[group.col[at], group.row[at]] = cell[at]
    nu, alpha = np.zeros(p), np.zeros(m)
    for matrix, vector in ((NU, nu), (ALPHA, alpha)):
        at = group.matrix == matrix
        vector[group.row[at]] = cell[at]
    A = np.asarray(np.linalg.inv(np.eye(m) - B), dtype=float)
    Phi = A @ Psi @ A.T
    E = Lambda @ A
    L = Lambda @ Phi
    Sigma = L @ Lambda.T + Theta
    eta_mean = A @ alpha
    mean = nu + Lambda @ eta_mean
    return System(A, Phi, eta_mean, np.hstack([np.eye(p), E, L]), (Sigma + Sigma.T) / 2, mean)


def expand(problem: Problem, group: GroupProblem, phi: Array) -> Expansion | None:
    """Return the expansion at phi, None where Sigma is not positive definite."""
    at = system(problem, group, phi)
    residual = group.mean - at.mean if problem.mean_structure else np.zeros(problem.n_observed)
    try:
        root = np.linalg.cholesky(at.Sigma)
    except np.linalg.LinAlgError:
        return None
    basis = at.basis
    log_det = 2 * np.log(np.diag(root)).sum()
    inverse_root = np.linalg.inv(root)
    inverse = inverse_root.T @ inverse_root
    T = group.cov + np.outer(residual, residual)
    solved = inverse @ basis
    sample_log_det = np.linalg.slogdet(group.cov)[1]
    discrepancy = log_det - sample_log_det + np.einsum("ij,ji->", inverse, T) - problem.n_observed
    return Expansion(
        at.A, at.Phi, at.eta_mean, basis, at.Sigma, inverse, residual,
        basis.T @ solved, solved.T @ T @ solved, solved.T @ residual, float(discrepancy),
    )  # fmt: skip


def mean_factor(terms: Terms, x: Expansion | System) -> Array:
    """Return d (K,) with dmu = d u: 1 for means, the eta's mean for paths, 0 for (co)variances."""
    d = np.where(terms.is_mean, 1.0, 0.0)
    d[terms.path] = x.eta_mean[terms.b[terms.path]]
    return d * terms.coef


def cell_gradient(terms: Terms, x: Expansion) -> Array:
    """Return dF/dcell (K,) = 2 c u'(Sigma^-1 - Sigma^-1 T Sigma^-1) v - 2 d u'Sigma^-1 r."""
    u, v = terms.u, terms.v
    return 2 * terms.c * (x.W[u, v] - x.V[u, v]) - 2 * mean_factor(terms, x) * x.b[u]


def cell_information(terms: Terms, x: Expansion) -> Array:
    """Return the expected information (K, K) of one respondent."""
    u, v, W = terms.u, terms.v, x.W
    pairs = W[np.ix_(u, u)] * W[np.ix_(v, v)] + W[np.ix_(u, v)] * W[np.ix_(v, u)]
    d = mean_factor(terms, x)
    return np.outer(terms.c, terms.c) * pairs + np.outer(d, d) * W[np.ix_(u, u)]


def cell_hessian(terms: Terms, x: Expansion) -> Array:
    """Return the Hessian (K, K) of F in the cells."""
    return first_order(terms, x) + second_order(terms, x)


def first_order(terms: Terms, x: Expansion) -> Array:
    """Return the part made of products of first derivatives of Sigma and mu."""
    u, v, W, V = terms.u, terms.v, x.W, x.V
    uu, vv, uv = np.ix_(u, u), np.ix_(v, v), np.ix_(u, v)
    Wuu, Wvv, Wuv = W[uu], W[vv], W[uv]
    Vuu, Vvv, Vuv = V[uu], V[vv], V[uv]
    curved = Wuv.T * Vuv + Wuv * Vuv.T + Wuu * Vvv + Wvv * Vuu - Wuv * Wuv.T - Wuu * Wvv
    cc = np.outer(terms.c, terms.c)
    d = mean_factor(terms, x)
    b_u, b_v = x.b[u], x.b[v]
    # row k through Sigma, column l through mu
    mixed = 2 * np.outer(terms.c, d) * (Wuu * b_v[:, None] + Wuv.T * b_u[:, None])
    return 2 * cc * curved + mixed + mixed.T + 2 * np.outer(d, d) * Wuu


def second_order(terms: Terms, x: Expansion) -> Array:
    """Return tr(G d2Sigma) - 2 r'Sigma^-1 d2mu: how cell l moves the u, v and d of cell k."""
    p, m = len(x.Sigma), len(x.A)
    u, v, a, b = terms.u, terms.v, terms.a, terms.b
    G = x.W - x.V
    u_in_E = ((u >= p) & (u < p + m))[:, None]
    v_in_E = ((v >= p) & (v < p + m) & (terms.c != 0))[:, None]
    v_in_L = (v >= p + m)[:, None]
    i = np.where(u_in_E[:, 0], u - p, 0)
    j = np.select([v_in_L[:, 0], v_in_E[:, 0]], [v - p - m, v - p], 0)
    A_bi, A_bj, Phi_bj = x.A[np.ix_(b, i)].T, x.A[np.ix_(b, j)].T, x.Phi[np.ix_(b, j)].T
    A_ja, A_jb = x.A[np.ix_(j, a)], x.A[np.ix_(j, b)]
    moved_u = u_in_E * A_bi * G[np.ix_(v, u)]
    moved_v = (v_in_E * A_bj + v_in_L * Phi_bj) * G[np.ix_(u, u)]
    through_B = v_in_L * A_ja * G[np.ix_(u, p + m + b)]
    through_Psi = v_in_L * (A_jb * G[np.ix_(u, p + a)] + A_ja * G[np.ix_(u, p + b)])
    half = np.where(terms.a == terms.b, 0.5, 1.0)
    H = terms.path * (moved_u + moved_v) + terms.is_beta * through_B + terms.is_psi * half * through_Psi
    H = 2 * terms.c[:, None] * terms.coef * H
    if terms.is_mean.any():
        H -= 2 * terms.coef * _second_order_mean(terms, x, u_in_E * A_bi)
    return H


def _second_order_mean(terms: Terms, x: Expansion, moving: Array) -> Array:
    """Return r'Sigma^-1 d2mu (K, K): cell l moves u of cell k, or the eta's mean it multiplies."""
    d = mean_factor(terms, x)
    moved_u = terms.path * moving * d[:, None] * x.b[terms.u]
    by_l = np.where(terms.is_alpha, 1.0, np.where(terms.is_beta, x.eta_mean[terms.b], 0.0))
    moved_d = x.A[np.ix_(terms.b, terms.a)] * by_l * (terms.path * terms.coef * x.b[terms.u])[:, None]
    return moved_u + moved_d

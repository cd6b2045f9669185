"""The exact posterior of one regression with one predictor in groups, by a grid over its three SDs.

Given (tau_a, tau_b, sigma) the typical and the groups' coefficients are jointly normal; their
marginal likelihood weighs the grid. Raw variables, uncentred cross-products, priors as stated.
"""

from __future__ import annotations

import numpy as np
from scipy import stats


def posterior(
    groups: list[tuple[np.ndarray, np.ndarray]], ranges: tuple[tuple[float, float, int], ...],
    sds: tuple[float, float] = (10.0, 2.0), between: float = 1.0, residual: float = 2.0,
) -> dict[str, tuple[np.ndarray, np.ndarray]]:  # fmt: skip
    """Return (mean, sd) of ``coefficients`` (2 + 2 G: typical, then each group) and ``scales`` (3)."""
    axes = [low + (np.arange(n) + 0.5) * (high - low) / n for low, high, n in ranges]
    scales = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], axis=1)
    G, N = len(groups), len(scales)
    T = 1 / scales[:, :2] ** 2
    Q0 = np.zeros((N, 2 + 2 * G, 2 + 2 * G))
    gram, moment = np.zeros(Q0.shape[1:]), np.zeros(2 + 2 * G)
    for i in range(2):
        Q0[:, i, i] = 1 / sds[i] ** 2 + G * T[:, i]
        for g in range(G):
            k = 2 + 2 * g + i
            Q0[:, k, k] = T[:, i]
            Q0[:, i, k] = Q0[:, k, i] = -T[:, i]
    for g, (X, y) in enumerate(groups):
        at = slice(2 + 2 * g, 4 + 2 * g)
        gram[at, at], moment[at] = X.T @ X, X.T @ y
    variance = scales[:, 2] ** 2
    n, yy = sum(len(y) for _, y in groups), sum(float(y @ y) for _, y in groups)
    Q = Q0 + gram / variance[:, None, None]
    cov = np.linalg.inv(Q)
    mean = np.einsum("nij,j->ni", cov, moment) / variance[:, None]
    weight = -n / 2 * np.log(2 * np.pi * variance) - yy / (2 * variance) + (mean @ moment) / (2 * variance)
    weight += (np.linalg.slogdet(Q0)[1] - np.linalg.slogdet(Q)[1]) / 2
    weight += stats.halfnorm(scale=between).logpdf(scales[:, :2]).sum(axis=1)
    weight += stats.halfnorm(scale=residual).logpdf(scales[:, 2])
    weight = np.exp(weight - weight.max())
    weight /= weight.sum()
    centre = weight @ mean
    second = weight @ (np.diagonal(cov, axis1=1, axis2=2) + mean**2)
    centre_scales = weight @ scales
    return {
        "coefficients": (centre, np.sqrt(second - centre**2)),
        "scales": (centre_scales, np.sqrt(weight @ scales**2 - centre_scales**2)),
    }


def grid(ranges: tuple[tuple[float, float, int], ...]) -> np.ndarray:
    """Return the midpoints (N, d) of a grid of (low, high, cells) per scale."""
    axes = [low + (np.arange(n) + 0.5) * (high - low) / n for low, high, n in ranges]
    return np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], axis=1)


def normal_mixture(
    scales: np.ndarray, prior: np.ndarray, precision: np.ndarray, moment: np.ndarray, base: np.ndarray,
    turn: np.ndarray,
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:  # fmt: skip
    """Return (mean, sd) of ``turn @ coefficients`` and of the scales.

    At every grid point (N) the D coefficients have prior precision ``prior`` and posterior ``precision``
    (N, D, D) and mean precision⁻¹ moment; ``base`` is the log-density of the scales and of the rows at 0.
    """
    cov = np.linalg.inv(precision)
    mean = np.einsum("nij,nj->ni", cov, moment)
    weight = base + (mean * moment).sum(axis=1) / 2
    weight += (np.linalg.slogdet(prior)[1] - np.linalg.slogdet(precision)[1]) / 2
    weight = np.exp(weight - weight.max())
    weight /= weight.sum()
    mean = mean @ turn.T
    centre = weight @ mean
    spread = np.einsum("ij,njk,ik->ni", turn, cov, turn, optimize=True)
    sd = np.sqrt(weight @ (spread + (mean - centre) ** 2))
    middle = weight @ scales
    return (centre, sd), (middle, np.sqrt(weight @ (scales - middle) ** 2))

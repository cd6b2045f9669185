"""The exact posterior of one predictor and random intercepts, by a grid over what groups share.

Given slope, thresholds and tau the groups' deviations are independent; each is integrated out by the
trapezoid rule, exact to 1e-4 where a step is below 1.5 standard errors of the group. Raw variables; the
intercept of a binary outcome is minus its threshold.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import ndtr

NODES = np.linspace(-6, 6, 161)
WEIGHTS = stats.norm.pdf(NODES)


def posterior(
    frame: pd.DataFrame, outcome: str, ranges: list[tuple[float, float, int]], path: float = 1.0,
    level: float = 3.0, between: float = 1.0,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Return mean and sd of (slope, tau, thresholds …, every group's deviation).

    ``ranges`` are those of slope, tau and each threshold; priors normal(0, path), halfnormal(between)
    and normal(0, level) on rising thresholds.
    """
    values = np.unique(frame[outcome])
    tables = [
        pd.crosstab(part["x"], part[outcome]).reindex(columns=values, fill_value=0)
        for _, part in frame.groupby("sector", sort=False)
    ]
    axes = [low + (np.arange(n) + 0.5) * (high - low) / n for low, high, n in ranges]
    points, weights, deviations = [], [], []
    for cut in itertools.product(*axes[2:]):
        if any(b <= a for a, b in itertools.pairwise(cut)):
            continue
        slope, tau = (part.ravel()[:, None] for part in np.meshgrid(axes[0], axes[1], indexing="ij"))
        logw = stats.norm(0, level).logpdf(cut).sum() + stats.norm(0, path).logpdf(slope[:, 0])
        logw = logw + stats.halfnorm(scale=between).logpdf(tau[:, 0])
        own = []
        for table in tables:
            logl = np.zeros((len(slope), len(NODES)))
            for x, counts in zip(table.index, table.to_numpy(), strict=True):
                below = [ndtr(c - slope * x - tau * NODES) for c in cut]
                P = np.diff([np.zeros_like(logl), *below, np.ones_like(logl)], axis=0)
                logl += np.einsum("j,jpn->pn", counts, np.log(np.maximum(P, 1e-300)))
            like = np.exp(logl - logl.max(axis=1, keepdims=True)) * WEIGHTS
            logw = logw + logl.max(axis=1) + np.log(like.sum(axis=1))
            share = like / like.sum(axis=1, keepdims=True)
            dev = tau * NODES
            own.append([(share * dev).sum(axis=1), (share * dev**2).sum(axis=1)])
        points.append(np.column_stack([slope, tau, np.tile(cut, (len(slope), 1))]))
        weights.append(logw)
        deviations.append(np.array(own))
    at, logw, moments = np.concatenate(points), np.concatenate(weights), np.concatenate(deviations, axis=2)
    w = np.exp(logw - logw.max())
    w /= w.sum()
    first = np.concatenate([w @ at, moments[:, 0] @ w])
    second = np.concatenate([w @ at**2, moments[:, 1] @ w])
    return first, np.sqrt(second - first**2)

"""Draws of regressions that a test has chosen itself."""

from __future__ import annotations

import numpy as np

from werksem.bayes.draws import ScoreDraws


def plain_draws(b: np.ndarray, sigma: np.ndarray, correlation: np.ndarray | None = None) -> ScoreDraws:
    """Return groups' coefficients (S, E, G, K) and residual SDs (S, E) as draws of one chain."""
    S, E, G, _ = b.shape
    nothing, typical = np.zeros((S, 0)), b[:, :, 0]
    rho = nothing if correlation is None else correlation
    return ScoreDraws(
        1, b, typical, typical, sigma, nothing, nothing, rho, nothing, nothing, np.zeros((S, E, G))
    )

"""Replicate weights that came with a survey: how their replicates become standard errors.

As in R's ``survey::svrepdesign`` (Lumley, 2010): variance = scale · sum_r rscales_r (theta_r - centre)^2.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["design_degrees", "replicate_interval", "replicate_scales", "replicate_standard_errors"]

Array = NDArray[np.float64]
RANK = 1e-5


def replicate_scales(
    kind: str, count: int, *, scale: float | None = None, rscales: Sequence[float] = (), rho: float = 0.0
) -> tuple[float, Array]:
    """Return (scale, rscales (R,)) of ``count`` replicates, survey's defaults where none are given.

    ``bootstrap`` 1/(R - 1); ``brr`` 1/R; ``fay`` 1/(R (1 - rho)^2); ``jk1`` (R - 1)/R, one replicate
    per unit; ``jkn`` and ``other`` 1. Raises ``ValueError`` for another number of rscales than R or 1.

    >>> replicate_scales("fay", 4, rho=0.5)
    (1.0, array([1., 1., 1., 1.]))
    """
    if len(rscales) not in (0, 1, count):
        raise ValueError(f"{len(rscales)} rscales for {count} replicate weights")
    own = {
        "bootstrap": 1 / (count - 1), "brr": 1 / count, "fay": 1 / (count * (1 - rho) ** 2),
        "jk1": (count - 1) / count,
    }  # fmt: skip
    each = np.broadcast_to(np.asarray(rscales if len(rscales) else 1.0, dtype=float), count).copy()
    return own.get(kind, 1.0) if scale is None else scale, each


def replicate_standard_errors(
    replicates: Array, estimate: Array, scale: float, rscales: Array, *, mse: bool = False
) -> Array:
    """Return the standard errors (k,) of replicates (R, k), around ``estimate`` (k,) where ``mse``.

    Else they are around the mean of the replicates with a positive rscale. Replicates without a
    solution are to be left out of ``replicates`` and ``rscales`` alike, as survey does.

    >>> replicate_standard_errors(np.array([[1.0], [3.0]]), np.array([2.5]), 0.5, np.ones(2))
    array([1.])
    """
    centre = estimate if mse else replicates[rscales > 0].mean(axis=0)
    return np.sqrt(scale * (rscales[:, None] * (replicates - centre) ** 2).sum(axis=0))


def replicate_interval(
    estimate: Array, se: Array, level: float = 0.95, degrees: float = np.inf
) -> tuple[Array, Array]:
    """Return estimate ± quantile · se (k,) each; Student's t with ``degrees``, normal where infinite.

    Percentiles would not do: replicates of jackknife and BRR do not spread as estimates do.

    >>> [limit.round(2).tolist() for limit in replicate_interval(np.array([1.0]), np.array([0.5]))]
    [[0.02], [1.98]]
    """
    from scipy.stats import t

    half = float(t.ppf((1 + level) / 2, degrees)) * se
    return estimate - half, estimate + half


def design_degrees(weights: Array) -> int:
    """Return the design's degrees of freedom, rank of the replicate weights (n, R) - 1, as survey does.

    >>> design_degrees(np.array([[0.0, 2.0, 2.0], [2.0, 0.0, 0.0]]))
    1
    """
    # the rank of W is that of W'W, which is small; its eigenvalues are squares
    values = np.linalg.eigvalsh(weights.T @ weights)
    return int((values > values[-1] * RANK**2).sum()) - 1

"""Scale means of some respondents, and their moments in resamples drawn as the survey was."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.engines.resampling_of import design_resampling, total_replicates
from werksem.inputs import Inputs
from werksem.resampling.draws import Resampling, block_size, drawn_moments
from werksem.resampling.products import squares
from werksem.respondents import Respondents
from werksem.spec.study import Bootstrap, Study

__all__ = ["definite", "draws_of", "regular", "replicate_covs", "rows_of"]

Array = NDArray[np.float64]
# a variance this small beside the sample's is rounding, as is an eigenvalue of correlations
LEAST = 1e-10
PLAIN = ("cases", "strata", "cluster", "replicate_weights")


def draws_of(study: Study, replicates: int, seed: int) -> Bootstrap:
    """Return how respondents are drawn: as ``bootstrap`` says where it draws any, else as the design asks."""
    lonely = study.bootstrap.lonely_psu if study.bootstrap else "fail"
    if study.bootstrap is not None and study.bootstrap.scheme in PLAIN:
        scheme = study.bootstrap.scheme
    elif study.data.cluster is not None:
        scheme = "cluster"
    elif study.data.strata is not None or (study.data.weights is not None and study.data.group is not None):
        scheme = "strata"
    else:
        scheme = "cases"
    return Bootstrap(replicates=replicates, seed=seed, scheme=scheme, lonely_psu=lonely)


def rows_of(inputs: Inputs, values: Array, keep: NDArray[np.bool_], scheme: str = "cases") -> Respondents:
    """Return the rows ``keep`` (n,) of ``values`` (n, p) with what their design says; weights have mean 1."""
    cluster, strata = inputs.cluster, inputs.strata
    if strata is None and scheme == "strata":
        strata = inputs.group
    weights = None if inputs.weights is None else inputs.weights[keep].to_numpy(dtype=float)
    stratum, names = (None, ()) if strata is None else pd.factorize(strata[keep])
    return Respondents(
        values[keep],
        None if weights is None else weights / weights.mean(),
        None if cluster is None else pd.factorize(cluster[keep])[0],
        stratum,
        tuple(map(str, names)),
        None if inputs.fraction is None else inputs.fraction[keep].to_numpy(dtype=float),
        None if inputs.replicate_weights is None else inputs.replicate_weights[keep],
    )


def replicate_covs(respondents: Respondents, wanted: Bootstrap) -> Array:
    """Return the covariances (R, p, p) of resamples of these respondents.

    Raises ``EstimationError`` where the design lacks what the scheme draws.
    """
    resampling = design_resampling((respondents,), wanted, sums=True)
    total = total_replicates(resampling, wanted.replicates if isinstance(wanted.replicates, int) else 1000)
    return np.concatenate([_block(resampling, first, total) for first in _starts(resampling, total)])


def _starts(resampling: Resampling, total: int) -> Sequence[int]:
    return range(0, total, block_size(resampling))


def _block(resampling: Resampling, first: int, total: int) -> Array:
    size = min(block_size(resampling), total - first)
    source = resampling.groups[0].source
    if source is None:
        raise ValueError("these units have no sums to make moments of")
    return squares(drawn_moments(resampling, first, size)[1][:, 0], source.lower)


def regular(covs: Array, variance: Array) -> Array:
    """Return those of the covariances (R, p, p) that a regression can be made of.

    No variable is without variance, beside that of the sample (p,), or follows from others, as happens to
    rare answers in resamples.

    >>> covs = np.array([np.eye(2), np.ones((2, 2)), np.diag([1.0, 1e-17])])
    >>> regular(covs, np.ones(2)).tolist()
    [[[1.0, 0.0], [0.0, 1.0]]]
    """
    return np.asarray(covs[definite(covs, LEAST * variance)], dtype=float)


def definite(covs: Array, least: Array | float = 0.0) -> NDArray[np.bool_]:
    """Return which covariances (R, p, p) are positive definite by more than rounding.

    Each variance is above ``least`` (p,), and no variable follows from the others.

    >>> definite(np.array([np.eye(2), np.ones((2, 2)), np.diag([1.0, 0.0])])).tolist()
    [True, False, False]
    """
    own = np.diagonal(covs, axis1=1, axis2=2)
    usable: NDArray[np.bool_] = np.array(np.isfinite(covs).all(axis=(1, 2)) & (own > least).all(axis=1))
    unit = np.sqrt(own[usable])
    lowest = np.linalg.eigvalsh(covs[usable] / (unit[:, :, None] * unit[:, None, :]))[:, 0]
    usable[usable] = lowest > LEAST
    return usable

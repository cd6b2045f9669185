"""What a bifactor model's general factor is worth: omega hierarchical, ECV and PUC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["MEASURES", "bifactor_indices", "uncontaminated"]

# per factor, the general one first: in this order in the values of ``bifactor_indices``
MEASURES = ("omega", "omega_h", "ecv")


def bifactor_indices(general: Any, specific: Any, residual: Any, members: Sequence[Sequence[int]]) -> Any:
    """Return (…, 1 + S, 3): omega, omega hierarchical and ECV of the general and each of S specific factors.

    ``general`` (…, k) and ``specific`` (…, k) are standardised loadings, the latter on the item's own
    specific factor (0 for an item without); ``residual`` (…, k, k) residual covariances; ``members`` the
    items of each specific factor. With G and S_s the sums of loadings and V the variance of the sum of
    items, G² + sum S_s² + sum residual (Rodriguez, Reise & Haviland, 2016, eqs. 1 to 5), to which residuals
    that correlate add twice their covariance:

    general: omega (G² + sum S_s²) / V, omega_h G² / V, ECV sum general² / (sum general² + sum specific²);
    specific, over its own items: omega (G² + S_s²) / V, omega_hs S_s² / V, and its share of the common
    variance of those items.

    >>> found = bifactor_indices(np.full(4, 0.6), np.full(4, 0.4), 0.48 * np.eye(4), [(0, 1), (2, 3)])
    >>> found[0].round(4).tolist()
    [0.7857, 0.6429, 0.6923]
    >>> found[1].round(4).tolist()
    [0.6842, 0.2105, 0.3077]
    """
    general, specific, residual = np.asarray(general), np.asarray(specific), np.asarray(residual)
    common, own = general**2, specific**2
    sums = [(specific[..., list(items)].sum(axis=-1)) ** 2 for items in members]
    shared, group = general.sum(axis=-1) ** 2, sum(sums)
    total = shared + group + residual.sum(axis=(-2, -1))
    ecv = common.sum(axis=-1) / (common.sum(axis=-1) + own.sum(axis=-1))
    found = [np.stack([(shared + group) / total, shared / total, ecv], axis=-1)]
    for items, size in zip(members, sums, strict=True):
        at = list(items)
        part = general[..., at].sum(axis=-1) ** 2
        total = part + size + residual[..., at, :][..., at].sum(axis=(-2, -1))
        inside, of_all = own[..., at].sum(axis=-1), common[..., at].sum(axis=-1)
        found.append(np.stack([(part + size) / total, size / total, inside / (inside + of_all)], axis=-1))
    return np.stack(found, axis=-2)


def uncontaminated(count: int, members: Sequence[Sequence[int]]) -> float:
    """Return PUC, the share of pairs of items that only the general factor makes correlate.

    1 - pairs within specific factors / all pairs (Reise, Scheines, Widaman & Haviland, 2013).

    >>> uncontaminated(6, [(0, 1, 2), (3, 4, 5)])
    0.6
    """
    within = sum(len(items) * (len(items) - 1) for items in members)
    return 1 - within / (count * (count - 1))

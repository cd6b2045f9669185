"""Everything on measurement quality that covariances alone determine, as one vector per covariance matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.inference.htmt import construct_pairs, htmt
from werksem.inference.item_rest import item_rest
from werksem.inference.reliability import alpha

__all__ = ["Scales", "scale_quantities", "scales_of"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scales:
    """Constructs of two or more items: their names, and where their items stand among ``names``."""

    names: tuple[str, ...]
    constructs: tuple[str, ...]
    members: tuple[Index, ...]

    @property
    def keys(self) -> tuple[tuple[str, str, str], ...]:
        """What a quantity is: (``alpha``, construct, ""), (``rest``, construct, item), (``htmt``, a, b)."""
        pairs = [(self.constructs[i], self.constructs[j]) for i, j in construct_pairs(len(self.constructs))]
        rest = [
            ("rest", construct, self.names[at])
            for construct, items in zip(self.constructs, self.members, strict=True)
            for at in items
        ]
        return (
            *(("alpha", construct, "") for construct in self.constructs),
            *rest,
            *(("htmt", *pair) for pair in pairs),
            *(("htmt2", *pair) for pair in pairs),
        )


def scales_of(items: Mapping[str, Sequence[str]]) -> Scales:
    """Return the constructs of two or more items, over the items that they use.

    >>> found = scales_of({"f": ["a", "b"], "g": ["c"], "h": ["b", "d"]})
    >>> found.names, found.constructs, [at.tolist() for at in found.members]
    (('a', 'b', 'd'), ('f', 'h'), [[0, 1], [1, 2]])
    """
    used = {construct: tuple(names) for construct, names in items.items() if len(names) > 1}
    names = tuple(dict.fromkeys(name for group in used.values() for name in group))
    members = tuple(np.array([names.index(item) for item in group]) for group in used.values())
    return Scales(names, tuple(used), members)


def scale_quantities(cov: Array, scales: Scales) -> Array:
    """Return the quantities (…, K) named by ``scales.keys`` of covariances (…, p, p) of ``scales.names``."""
    parts = [cov[..., at[:, None], at] for at in scales.members]
    sd = np.sqrt(np.diagonal(cov, axis1=-2, axis2=-1))
    with np.errstate(divide="ignore", invalid="ignore"):
        alphas = [alpha(part)[..., None] for part in parts]
        correlations = cov / (sd[..., :, None] * sd[..., None, :])
    ratios = htmt(correlations, scales.members)
    return np.concatenate([*alphas, *(item_rest(part) for part in parts), *ratios], axis=-1)

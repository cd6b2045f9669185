"""What a posterior says, whatever made it: quantities by name, each in every scaling, as draws.

The one waist between models and tables: regressions on scale means and latent-variable models both end
here; estimates, ledger, claims and figures start here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Pooled", "Quantity", "Scaled"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scaled:
    """S draws of one quantity in one scaling, in G groups; a part that is not defined is None.

    ``group`` (S, G); ``everyone`` (S,) the population's: the groups' values weighted by their share;
    ``typical`` (S,) the mean of the groups' distribution; ``new`` (S,) a group drawn from it.
    """

    group: Array | None = None
    everyone: Array | None = None
    typical: Array | None = None
    new: Array | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A parameter or a defined effect: its names in ``estimates.csv``, and its draws.

    ``raw`` on the variables as they are; ``std`` standardised by each group's own standard deviations;
    ``common`` by the pooled ones within groups, which groups are compared on. ``present`` (G,) says
    which groups have data for it, ``varies`` whether it differs between groups. ``name`` is its label,
    else ``lhs op rhs`` without spaces, for an effect its name.
    """

    name: str
    lhs: str
    op: str
    rhs: str
    label: str
    raw: Scaled
    std: Scaled
    common: Scaled
    present: NDArray[np.bool_]
    varies: bool


@dataclass(frozen=True, slots=True)
class Pooled:
    """A posterior: draws by chains of equal length, one after another, of every quantity.

    ``groups`` are labels in order of appearance, ``("all",)`` where there are none; ``n`` (G,)
    respondents, ``share`` (G,) each group's part of the population, by weights where given.
    ``means`` are the groups' means of variables (op ``~1``; ``raw`` on the variable, ``common`` in pooled
    within-group SDs from everyone's mean), which orders of groups are claimed on; they are no parameters.
    """

    level: str
    chains: int
    groups: tuple[str, ...]
    n: Array
    share: Array
    quantities: tuple[Quantity, ...]
    means: tuple[Quantity, ...] = ()

"""Strata of which one unit was sampled: they show no variance, so a rule has to say what they add."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.errors import DataError
from werksem.respondents import Respondents

__all__ = ["lonely_strata", "refuse_lonely"]

SHOWN = 5


def lonely_strata(respondents: Respondents, scheme: str) -> tuple[str, ...]:
    """Return the names of the strata with one unit (a cluster, or with ``strata`` a respondent).

    Strata that were sampled whole are left out: nothing of them varies. So is ``strata`` without a
    finite-population correction, which draws respondents as they are.
    """
    stratum = respondents.stratum
    rescaled = scheme == "cluster" or (scheme == "strata" and respondents.fraction is not None)
    if stratum is None or not rescaled:
        return ()
    units = np.bincount(stratum if scheme == "strata" else _of_clusters(respondents, stratum))
    partial = np.ones(len(units), dtype=bool)
    if respondents.fraction is not None:
        partial[stratum[respondents.fraction >= 1]] = False
    names = respondents.stratum_names or tuple(map(str, range(len(units))))
    return tuple(names[h] for h in np.flatnonzero((units == 1) & partial))


def _of_clusters(respondents: Respondents, stratum: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the stratum of every cluster."""
    if respondents.cluster is None:
        return stratum
    return stratum[np.unique(respondents.cluster, return_index=True)[1]]


def refuse_lonely(respondents: Respondents, scheme: str, rule: str) -> None:
    """Raise ``DataError`` naming the strata with one unit, where ``bootstrap.lonely_psu`` is ``fail``."""
    found = lonely_strata(respondents, scheme) if rule == "fail" else ()
    if not found:
        return
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    listed = ", ".join(f'"{name}"' for name in found[:SHOWN]) + more
    one = "stratum" if len(found) == 1 else "strata"
    has = "has" if len(found) == 1 else "have"
    unit = "cluster" if scheme == "cluster" else "respondent"
    raise DataError(
        f"{one} {listed} {has} one {unit} among the rows used, which shows no variance; join it with "
        "another, or set bootstrap.lonely_psu: certainty or remove (it adds no variance) or adjust (it "
        "varies around the mean of all)"
    )

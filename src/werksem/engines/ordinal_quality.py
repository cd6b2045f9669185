"""Reliability of ordered items: alpha of their polychoric correlations, omega of their sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from werksem.engines.sem import SemResult
from werksem.inference.reliability import alpha
from werksem.sem_data import SemData
from werksem.spec.study import Study

__all__ = ["ordinal_reliabilities"]


def ordinal_reliabilities(
    study: Study, data: SemData, sem: SemResult, items: Mapping[str, Sequence[str]]
) -> dict[tuple[int, str], tuple[float, float]]:
    """Return (ordinal alpha, ordinal omega) by group number and construct whose items are all ordered.

    Alpha as Zumbo, Gadermann & Zeisser (2007), of the normal variables behind the answers; omega as
    Green & Yang (2009), of the answers themselves, NaN where the model has no thresholds.
    """
    ordered = study.data.ordered
    chosen = {
        name: names
        for name, names in items.items()
        if len(names) > 1 and (ordered == "all" or set(names) <= set(ordered))
    }
    if not chosen or data.respondents is None:
        return {}
    from werksem.inference.ordinal_reliability import omega_ordinal

    found = {}
    for construct, names in chosen.items():
        alphas = _alphas(data, names)
        for group, value in enumerate(alphas):
            found[group, construct] = (value, omega_ordinal(sem.model, sem.fit.theta, construct, group))
    return found


def _alphas(data: SemData, names: Sequence[str]) -> list[float]:
    """Return each group's alpha of the polychoric correlations of these items."""
    from werksem.categorical.categories import category_codes
    from werksem.categorical.tables import fit_tables

    groups = data.respondents or ()
    at = [data.moments[0].names.index(name) for name in names]
    coded = [
        category_codes([part.rows[:, column] for part in groups], name, data.groups)
        for column, name in zip(at, names, strict=True)
    ]
    found = []
    for g, part in enumerate(groups):
        weights = np.ones(len(part.rows)) if part.weights is None else part.weights
        tables = fit_tables([codes[g] for codes, _ in coded], [k for _, k in coded], weights, names)
        found.append(float(alpha(tables.correlations)))
    return found

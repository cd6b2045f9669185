"""The routes that are looked at one by one: all of them, or the largest where there are very many."""

from __future__ import annotations

import numpy as np

from werksem.effects import effect_rows, quantity_values
from werksem.engines.sem import SemResult
from werksem.inference.routes import Route, indirect_routes

__all__ = ["MOST_ROUTES", "main_routes", "routes_said"]

# each takes some twenty refits of the model (2 s for 40 variables), so that 10,000 would take hours
MOST_ROUTES = 60


def main_routes(sem: SemResult) -> tuple[Route, ...]:
    """Return the specific indirect effects in order; of more than 60 the 60 with the largest |std|.

    The standardised effect is the largest of any group; ties go to the first.
    """
    routes = indirect_routes(sem.model, sem.effects)
    if len(routes) <= MOST_ROUTES:
        return routes
    std = np.abs(quantity_values(sem.model, sem.effects, sem.fit.theta)[1][len(sem.model.rows) :])
    size: dict[str, float] = {}
    for row, value in zip(effect_rows(sem.model, sem.effects), std.tolist(), strict=True):
        if len(row.groups) < 2:
            size[row.effect.name] = max(size.get(row.effect.name, 0.0), value)
    chosen = sorted(range(len(routes)), key=lambda at: -size[routes[at].effect])[:MOST_ROUTES]
    return tuple(routes[at] for at in sorted(chosen))


def routes_said(sem: SemResult) -> tuple[str, ...]:
    """Return what a reader must know where some routes were not looked at."""
    total = len(indirect_routes(sem.model, sem.effects))
    if total <= MOST_ROUTES:
        return ()
    return (
        f"fragility: of {total} indirect effects the {MOST_ROUTES} largest (standardised) were tried with "
        "residual correlations and with mediators exchanged",
    )

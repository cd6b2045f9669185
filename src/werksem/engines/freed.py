"""What pooled paths owe to items being equal across groups: a second posterior, the worst items freed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import pandas as pd

from werksem.bayes.quantities import Pooled, Quantity
from werksem.errors import WerksemError
from werksem.inputs import Inputs
from werksem.rows import Options
from werksem.spec.study import Bayes
from werksem.spec.types import ModelSpec

if TYPE_CHECKING:
    from werksem.bayes.latent.design import LatentDesign

__all__ = ["Freed", "compared", "freed_items"]

CHANGE = 0.02  # of a path on the common metric, from which on it is listed
CHAINS, DRAWS = 2, 500
COLUMNS = ["lhs", "rhs", "group", "pooled", "freed", "difference", "listed", "items"]


@dataclass(frozen=True, slots=True)
class Freed:
    """The table ``freed_items`` of paths with the items shared and freed, and what to say.

    Without a second fit there is no table; ``means`` are the groups' means in it.
    """

    tables: Mapping[str, pd.DataFrame]
    warnings: tuple[str, ...]
    timings: Mapping[str, float]
    means: tuple[Quantity, ...] = ()


def freed_items(
    model: ModelSpec, inputs: Inputs, settings: Bayes, options: Options, items: Sequence[str],
    pooled: Pooled, *, quiet: bool = False, keep: Path | None = None,
) -> Freed:  # fmt: skip
    """Return how paths change where loadings and intercepts of ``items`` differ between groups.

    They are pooled as paths are, with a between-group SD that is halfnormal(.25) on the standardised
    metric; two chains of 500 draws say enough of means. What goes wrong becomes a sentence.
    """
    from werksem.bayes.latent.prepare import prepared

    if not items:
        return Freed({}, (), {})
    assert inputs.items is not None
    began = perf_counter()
    try:
        arrays = prepared(
            model,
            inputs.items,
            inputs.group,
            inputs.weights,
            settings,
            options,
            freed=tuple(items),
            nested=inputs.nested,
        )
        found, doubt = _sampled(arrays, settings, quiet, keep)
    except WerksemError as error:
        why = f"freed items: no second fit with {', '.join(items)} freed ({error})"
        return Freed({}, (why,), {"bayes_freed": perf_counter() - began})
    table = compared(pooled, found, items)
    said = (*doubt, *_said(table, items))
    return Freed({"freed_items": table}, said, {"bayes_freed": perf_counter() - began}, found.means)


def _sampled(
    arrays: LatentDesign, settings: Bayes, quiet: bool, keep: Path | None
) -> tuple[Pooled, tuple[str, ...]]:
    """Return the second posterior, and a sentence where its chains are not to be trusted."""
    from werksem.bayes.convergence import diagnostics
    from werksem.bayes.latent.draws import latent_draws
    from werksem.bayes.latent.quantities import latent_quantities
    from werksem.bayes.latent.run import sampled_latent

    fewer = settings.model_copy(update={
        "chains": min(CHAINS, settings.chains), "draws": min(DRAWS, settings.draws),
        "tune": min(DRAWS, settings.tune),
    })  # fmt: skip
    sampled = sampled_latent(arrays, fewer, quiet=quiet, keep=keep)
    checks = diagnostics(sampled, int(arrays.moments.rows.sum())).set_index("measure")
    rhat = float(checks["value"].get("rhat_max", 1.0))
    # of a mean to the second digit less is asked than of the study's own chains
    doubt = (f"freed items: R-hat of the second fit is {rhat:.2f}",) if rhat > 1.05 else ()
    return latent_quantities(arrays, latent_draws(arrays, sampled, settings.seed)), doubt


def compared(pooled: Pooled, freed: Pooled, items: Sequence[str]) -> pd.DataFrame:
    """Return every path's mean on the common metric in both posteriors, of everyone and of each group.

    Columns: lhs, rhs, group, pooled, freed, difference, listed (more than .02 either way), items.

    >>> compared(Pooled("latent", 1, (), [], [], ()), Pooled("latent", 1, (), [], [], ()), ["x1"]).empty
    True
    """
    theirs = dict(_paths(freed))
    rows = []
    for key, value in _paths(pooled):
        other = theirs.get(key, float("nan"))
        difference = other - value
        rows.append((*key, value, other, difference, abs(difference) > CHANGE, ", ".join(items)))
    return pd.DataFrame(rows, columns=COLUMNS)


def _paths(pooled: Pooled) -> Iterator[tuple[tuple[str, str, str], float]]:
    """Yield every path's mean on the common metric, of everyone and of each group."""
    for q in pooled.quantities:
        if q.op != "~":
            continue
        if q.common.everyone is not None:
            yield (q.lhs, q.rhs, "all"), float(q.common.everyone.mean())
        if q.common.group is not None:
            means = q.common.group.mean(axis=0)
            yield from (((q.lhs, q.rhs, group), float(means[g])) for g, group in enumerate(pooled.groups))


def _said(table: pd.DataFrame, items: Sequence[str]) -> tuple[str, ...]:
    """Return the sentence on paths that change, none where no path does."""
    listed = int(table["listed"].sum())
    if not listed:
        return ()
    names = ", ".join(items)
    return (f"freed items: {names} freed change {listed} of {len(table)} pooled paths by more than .02",)

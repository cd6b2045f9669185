"""Groups of few respondents: one decision per run, and no table of the run has a row of theirs.

A hidden group took part in every estimate of all respondents; its own row, pooled or not, is gone. A pooled
path is the group's own, too: it moves with what its few respondents answered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from werksem.bayes.quantities import Pooled, Quantity, Scaled
from werksem.describe.few_groups import groups_of_few
from werksem.engines.all import Results
from werksem.engines.result import EngineResult
from werksem.errors import DataError
from werksem.inputs import Inputs
from werksem.spec.equations import equations
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = ["NOBODY", "Withheld", "refuse_small_groups", "withheld_groups", "without_groups", "without_names"]


@dataclass(frozen=True, slots=True)
class Withheld:
    """Groups that no table shows: of ``few`` respondents, those hidden ``also``, and both, ``inside``."""

    few: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    inside: frozenset[str] = frozenset()


NOBODY = Withheld()


def withheld_groups(study: Study, model: ModelSpec, inputs: Inputs) -> Withheld:
    """Return which groups of ``data.group`` the study's rule hides, by every n that its tables speak of.

    These are all respondents of the group, those with all scale means of a regression, and for a posterior
    with latent variables those who answered every item.
    """
    if inputs.group is None or inputs.items is None or inputs.scores is None:
        return NOBODY
    group = inputs.group.astype(object).where(inputs.group.notna(), None)
    complete = {"n": np.ones(len(group), dtype=bool)}
    for equation in equations(model):
        names = [name for name in (equation.outcome, *equation.predictors) if name in inputs.scores]
        complete[equation.outcome] = inputs.scores[names].notna().all(axis=1).to_numpy()
    if study.bayes is not None and study.bayes.level == "latent":
        complete["items"] = inputs.items.notna().all(axis=1).to_numpy()
    counts = pd.DataFrame(complete, index=group.index).groupby(group, sort=False).sum()
    few, also = groups_of_few(counts, study.disclosure)
    return Withheld(few, also, frozenset((*few, *also)))


def refuse_small_groups(study: Study, withheld: Withheld) -> None:
    """Raise ``DataError`` where the SEM would have parameters of a group that no table may show."""
    if study.sem is None or not study.sem.multigroup or not withheld.few:
        return
    raise DataError(
        f"sem.multigroup estimates every group of {study.data.group} by itself, and {withheld.few[0]!r} has "
        f"fewer than {study.disclosure.smallest} respondents (disclosure.smallest); leave it out with "
        "data.where, or put it with another group"
    )


def without_names(sentences: Iterable[str], gone: Collection[str]) -> tuple[str, ...]:
    """Return sentences without hidden groups in their lists; one that is about such a group goes.

    >>> without_names(["sizes: a 40, b 7, c 30", "groups of one: region has one respondent in b"], {"b"})
    ('sizes: a 40, c 30',)
    """
    found = []
    for text in sentences:
        for group in gone:
            name = rf"(?<!\w){re.escape(group)}(?!\w)"
            text = re.sub(rf", {name}(?: [\d.]+)?(?=,|;|:|$)|(?<= ){name}(?: [\d.]+)?, ", "", text)
        if not any(re.search(rf"(?<!\w){re.escape(group)}(?!\w)", text) for group in gone):
            found.append(text)
    return tuple(found)


def without_groups(results: Results, withheld: Withheld) -> Results:
    """Return the results without rows, draws and quantities of the withheld groups.

    The rows of ``design`` by group go too: the sums of squares behind them give two hidden groups away.
    """
    if not withheld.inside:
        return results
    gone = withheld.inside
    found: dict[str, Any] = {
        field.name: _without(getattr(results, field.name), gone)
        for field in fields(results)
        if isinstance(getattr(results, field.name), pd.DataFrame)
    }
    if found.get("design") is not None:
        kept = found["design"][found["design"]["design"] != "group"].reset_index(drop=True)
        found["design"] = kept if len(kept) else None
    found["engines"] = tuple(_engine(engine, gone) for engine in results.engines)
    if results.posterior is not None:
        found["posterior"] = results.posterior.map(_drawn, gone=gone)
    if results.pooled is not None:
        keep = [label not in gone for label in results.pooled.groups]
        found["pooled"] = _pooled(results.pooled, np.array(keep, dtype=bool))
        found["freed_means"] = tuple(
            _quantity(mean, np.array(keep, dtype=bool)) for mean in results.freed_means
        )
    return replace(results, **found)


def _without(table: pd.DataFrame, gone: frozenset[str]) -> pd.DataFrame:
    if "group" not in table:
        return table
    return table[~table["group"].isin(gone)].reset_index(drop=True)


def _engine(engine: EngineResult, gone: frozenset[str]) -> EngineResult:
    tables: Mapping[str, pd.DataFrame] = {name: _without(t, gone) for name, t in engine.tables.items()}
    return replace(
        engine, estimates=_without(engine.estimates, gone), fit=_without(engine.fit, gone), tables=tables
    )


def _drawn(draws: Any, gone: frozenset[str]) -> Any:
    """Return an xarray dataset without the groups along its dimension ``group``."""
    if "group" not in draws.dims:
        return draws
    return draws.sel(group=[label for label in draws["group"].values if str(label) not in gone])


def _pooled(pooled: Pooled, keep: np.ndarray[Any, np.dtype[np.bool_]]) -> Pooled:
    return replace(
        pooled, groups=tuple(label for label, kept in zip(pooled.groups, keep, strict=True) if kept),
        n=pooled.n[keep], share=pooled.share[keep],
        quantities=tuple(_quantity(quantity, keep) for quantity in pooled.quantities),
        means=tuple(_quantity(mean, keep) for mean in pooled.means),
    )  # fmt: skip


def _quantity(quantity: Quantity, keep: np.ndarray[Any, np.dtype[np.bool_]]) -> Quantity:
    def own(scaled: Scaled) -> Scaled:
        return scaled if scaled.group is None else replace(scaled, group=scaled.group[:, keep])

    return replace(
        quantity, raw=own(quantity.raw), std=own(quantity.std), common=own(quantity.common),
        present=quantity.present[keep],
    )  # fmt: skip

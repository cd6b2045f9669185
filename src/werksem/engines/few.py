"""Groups of fewer than ten respondents: what their own answers say by themselves stays inside."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from werksem.engines.all import Results
from werksem.engines.distributions import SMALLEST
from werksem.inputs import Inputs

__all__ = ["small_groups", "without_small_groups"]

# what a group's own regression gives, and what stands on few respondents of a sample
LEDGER = ("own", "own_se", "own_ci_lower", "own_ci_upper")
SAMPLE = ("complete", "clusters", "weight_min", "weight_max", "weight_share", "n_effective")
CHANGE = ("delta", "delta_ci_lower", "delta_ci_upper")


def small_groups(labels: Iterable[object]) -> frozenset[str]:
    """Return the groups that have 1 to 9 of the respondents, of whom ``labels`` has one each.

    >>> sorted(small_groups(["a"] * 10 + ["b"] * 9 + ["c"]))
    ['b', 'c']
    """
    counts = pd.Series(list(labels), dtype=object).value_counts()
    return frozenset(str(label) for label, count in counts.items() if count < SMALLEST)


def without_small_groups(results: Results, inputs: Inputs) -> Results:
    """Return the results without what the respondents of small groups answered, taken by themselves.

    Pooled values stay: they are mostly those of all groups. Gone are own regressions (ledger, passport),
    means and shares beside predictions, likelihoods of a group left out, weights and complete answers.
    """
    if inputs.group is None:
        return results
    few = small_groups(inputs.group.dropna())
    return replace(
        results,
        sample=_blank(results.sample, _with_another(results.sample, few), SAMPLE),
        ledger=_blank(results.ledger, few, LEDGER),
        passport=_without_own(results.passport, few),
        predictive=_without(results.predictive, few),
        left_out=_without(results.left_out, few),
    )


def _blank(table: pd.DataFrame | None, few: Collection[str], names: Iterable[str]) -> pd.DataFrame | None:
    """Return a table with columns empty in rows of small groups, and of few respondents by their ``n``."""
    if table is None:
        return None
    inside = table["group"].isin(few) | (table["n"] < SMALLEST)
    return table.assign(**{name: table[name].mask(inside, np.nan) for name in names if name in table})


def _with_another(sample: pd.DataFrame | None, few: frozenset[str]) -> frozenset[str]:
    """Return small groups and, where they have fewer than ten respondents together, the next smallest.

    What all groups have less what the others have would give them away.
    """
    if sample is None or not few:
        return few
    sizes = sample[sample["group"] != "all"].set_index("group")["n"].sort_values(kind="stable")
    others = sizes.drop(list(few), errors="ignore")
    together = sizes[sizes.index.isin(few)].sum()
    return few | {str(others.index[0])} if together < SMALLEST and len(others) else few


def _without(table: pd.DataFrame | None, few: Collection[str]) -> pd.DataFrame | None:
    return None if table is None else table[~table["group"].isin(few)].reset_index(drop=True)


def _without_own(table: pd.DataFrame | None, few: Collection[str]) -> pd.DataFrame | None:
    """Return the passport with only the pooled rung of small groups, as their first."""
    if table is None:
        return None
    inside = table["group"].isin(few)
    kept = table[~inside | (table["rung"] == "pooled")].reset_index(drop=True)
    inside = kept["group"].isin(few)
    emptied = {name: kept[name].mask(inside, "") for name in ("base", "explains", "flag", "verdict")}
    return kept.assign(**emptied, **{name: kept[name].mask(inside, np.nan) for name in CHANGE})

"""What a posterior hands to the rest of a run, whatever its level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from werksem.bayes.quantities import Pooled

__all__ = ["BayesResult", "sizes_by_group"]


@dataclass(frozen=True, slots=True)
class BayesResult:
    """What the posterior says: tables, draws, and how they came about.

    ``pooled``: the draws as quantities; ``tables`` by name, those of the result folder and what compares
    groups: ``between`` SDs between groups, ``pooled_share`` (lhs, rhs, group, value), ``own`` and
    ``fixed_effects`` (each group's own estimates and those with common slopes, on the common
    metric), ``prior_predictive``, ``prior_sensitivity``, ``nested`` the units of a third
    level, and the checks ``predictive``, ``left_out`` and ``loo``; ``idata``: InferenceData, saved by
    ``idata.to_netcdf(path, engine="h5netcdf")``; ``n``: respondents used; ``sizes``: complete rows per
    outcome, of ``all`` and by group; ``timings`` in seconds; ``priors`` and ``warnings`` as sentences.
    """

    pooled: Pooled
    estimates: pd.DataFrame
    diagnostics: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    idata: Any
    timings: Mapping[str, float]
    priors: tuple[str, ...]
    warnings: tuple[str, ...]
    n: int
    sizes: Mapping[str, Mapping[str, int]]


def sizes_by_group(groups: Sequence[str], rows: Iterable[int]) -> dict[str, int]:
    """Return complete rows of ``all`` together, then by group where there are groups.

    >>> sizes_by_group(("a", "b"), [3, 4]), sizes_by_group(("all",), [7])
    ({'all': 7, 'a': 3, 'b': 4}, {'all': 7})
    """
    counts = [int(count) for count in rows]
    return {"all": sum(counts)} | dict(zip(groups, counts, strict=True))

"""How many groups a ladder of invariance can hold: their parameters stand in one square together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from werksem.engines.invariance import level_model
from werksem.sem_data import SemData
from werksem.spec.study import Sem
from werksem.spec.types import ModelSpec

__all__ = ["MOST_PARAMETERS", "groups_that_fit"]

# a step takes time by the cube and memory by the square: 6,000 take minutes and 2 GB, 18,000 take 20 GB
MOST_PARAMETERS = 6_000


def groups_that_fit(spec: ModelSpec, data: SemData, settings: Sem) -> tuple[SemData, tuple[str, ...]]:
    """Return the data of the groups that a ladder can hold, the largest where not all, and what to say."""
    if len(data.groups) < 2:
        return data, ()
    each = len(level_model(spec, data.groups[:1], settings, "configural").parameters)
    most = max(2, MOST_PARAMETERS // max(each, 1))
    if len(data.groups) <= most:
        return data, ()
    sizes = [part.n for part in data.moments] or [len(part) for part in data.places or ()]
    largest = sorted(sorted(range(len(sizes)), key=lambda g: -sizes[g])[:most])
    said = f"invariance: the ladder has the {most} largest of {len(data.groups)} groups"
    return _of_groups(data, largest), (said,)


def _of_groups(data: SemData, chosen: Sequence[int]) -> SemData:
    """Return the data of some groups."""

    def some(parts: tuple[Any, ...] | None) -> Any:
        return None if parts is None else tuple(parts[g] for g in chosen) if parts else ()

    return replace(
        data, groups=some(data.groups), moments=some(data.moments), respondents=some(data.respondents),
        patterns=some(data.patterns), clusters=some(data.clusters), strata=some(data.strata),
        fractions=some(data.fractions), replicate_weights=some(data.replicate_weights),
        places=some(data.places),
    )  # fmt: skip

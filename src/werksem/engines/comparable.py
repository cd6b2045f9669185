"""Whether what is pooled is comparable: the invariance ladder of the groups, and the items that fit it worst.

The ladder is climbed on what the posterior itself takes: complete rows, effective sizes where there are
weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

from werksem.bayes.latent.design import LatentDesign
from werksem.bayes.latent.groups import GroupMoments
from werksem.engines.estimate import estimate
from werksem.engines.invariance import (
    LEVELS,
    invariance_ladder,
    level_model,
    start_values,
    started,
    step_holds,
)
from werksem.engines.result import diagnostic_rows
from werksem.errors import WerksemError
from werksem.inference.release import release_indices
from werksem.moments import Moments
from werksem.rows import Options
from werksem.sem_data import SemData
from werksem.spec.study import Sem
from werksem.spec.types import ModelSpec

__all__ = ["Comparable", "comparable", "worst_items"]

MOST = 3  # items that are freed
ANCHORS = 2  # items of a latent that stay shared
GROUPS = 16  # on the ladder, the largest: 30 items take 2 s with 6 groups, 6 with 12, and 49 with 24
NO_RANKING = "invariance: {why}: no ladder, and means of groups are not put in order"


@dataclass(frozen=True, slots=True)
class Comparable:
    """The ladder's ``tables`` by name, the ``items`` to free in a second fit, and what to say."""

    tables: Mapping[str, pd.DataFrame]
    items: tuple[str, ...]
    diagnostics: pd.DataFrame
    warnings: tuple[str, ...]
    timings: Mapping[str, float]


def comparable(
    spec: ModelSpec, arrays: LatentDesign, options: Options, climbed: pd.DataFrame | None = None
) -> Comparable:
    """Return the ladder over the groups of a latent-variable posterior, and the items that fit it worst.

    ``climbed`` is the ladder where the SEM has made it. Where metric or scalar invariance fails, both steps
    are tried with the worst items freed. What goes wrong becomes a sentence, never an error.
    """
    began = perf_counter()
    data, said = _groups(arrays)
    tables: dict[str, pd.DataFrame] = {} if climbed is None else {"invariance": climbed}
    items: tuple[str, ...] = ()
    settings = _settings(spec, options)
    if len(data.groups) < 2:
        said.append(NO_RANKING.format(why="fewer than two groups have rows enough for their own covariances"))
    else:
        try:
            items = worst_items(spec, data, settings)
            tables = _climbed(spec, data, settings, items, tables)
        except (WerksemError, np.linalg.LinAlgError) as error:
            said.append(NO_RANKING.format(why=f"the groups' own models cannot be estimated ({error})"))
    steps = {str(row["level"]): row for row in _rows(tables["invariance"])} if tables else {}
    held = {name: step_holds(row["delta_cfi"], row["delta_rmsea"]) for name, row in steps.items()}
    rows = [(f"invariance_{name}", float(steps[name]["delta_cfi"]), held[name])
            for name in ("metric", "scalar") if name in steps]  # fmt: skip
    said += _differences(steps, held, items)
    timings = {"bayes_invariance": perf_counter() - began}
    return Comparable(tables, items, diagnostic_rows("bayes", rows), tuple(said), timings)


def _groups(arrays: LatentDesign) -> tuple[SemData, list[str]]:
    """Return the moments of the groups on the ladder, and sentences on the other groups."""
    found, names = arrays.moments, arrays.model.observed
    own = [g for g in range(len(found.n)) if _own_covariances(found, g)]
    largest = sorted(sorted(own, key=lambda g: -found.n[g])[:GROUPS])
    parts = tuple(
        Moments(names, float(found.n[g]), found.mean[g] + arrays.centre, found.cov[g], found.groups[g])
        for g in largest
    )
    small = [group for g, group in enumerate(found.groups) if g not in own]
    said = [f"invariance: too few complete rows for the ladder in {', '.join(small)}"] if small else []
    if len(largest) < len(own):
        said.append(f"invariance: the ladder has the {GROUPS} largest of {len(found.n)} groups")
    return SemData(tuple(part.group for part in parts), parts), said


def _own_covariances(found: GroupMoments, g: int) -> bool:
    """Return whether a group has more rows than items, and covariances of full rank."""
    sd = np.sqrt(np.diag(found.cov[g]))
    if found.rows[g] <= len(sd) or found.n[g] <= len(sd) or (sd <= 0).any():
        return False
    return bool(np.linalg.eigvalsh(found.cov[g] / np.outer(sd, sd))[0] > 1e-8)


def _settings(spec: ModelSpec, options: Options) -> Sem:
    """Return the ladder's settings: unit variances, so that every loading can be compared.

    A model that sets its scales itself keeps them.
    """
    latents = {s.lhs for s in spec.statements if s.op == "=~"}
    own = any(
        (s.op == "=~" and (s.fixed or s.free or s.start))
        or (s.op == "~~" and s.lhs == s.rhs and s.lhs in latents)
        for s in spec.statements
    )
    scaling = options.scaling if own else "unit_variance"
    return Sem.model_validate({"engine": "werksem", "fixed_x": options.fixed_x, "scaling": scaling})


def worst_items(spec: ModelSpec, data: SemData, settings: Sem, most: int = MOST) -> tuple[str, ...]:
    """Return the items whose loadings and intercepts gain most by being each group's own, largest first.

    The gains of the scalar model, summed over groups; of a latent at most a third of the items, and two or
    more stay shared.
    """
    model = started(level_model(spec, data.groups, settings, "scalar"), start_values(spec, data, settings))
    done = estimate(model, data, settings)
    if not done.fit.converged:
        return ()
    table = release_indices(model, done.moments, done.fit)
    item = np.where(table["op"] == "=~", table["rhs"], np.where(table["op"] == "~1", table["lhs"], ""))
    gains = table["mi"].groupby(item).sum().sort_values(ascending=False, kind="stable")
    of: dict[str, set[str]] = {}
    for row in model.rows:
        if row.op == "=~":
            of.setdefault(row.lhs, set()).add(row.rhs)
    room = {latent: min(len(items) // 3, len(items) - ANCHORS) for latent, items in of.items()}
    chosen: list[str] = []
    for name in gains.index[gains > 0]:
        latents = [latent for latent, items in of.items() if name in items]
        if latents and name not in of and all(room[latent] > 0 for latent in latents) and len(chosen) < most:
            room |= {latent: room[latent] - 1 for latent in latents}
            chosen.append(str(name))
    return tuple(chosen)


def _climbed(
    spec: ModelSpec, data: SemData, settings: Sem, items: Sequence[str], tables: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Return the ladder, with the steps where the worst items are freed below it where a step fails."""
    found = dict(tables)
    if not found:
        ladder = invariance_ladder(spec, data, settings, list(LEVELS))
        found = {"invariance": ladder.table, "partial_invariance": ladder.suggestions}
    steps = [row for row in _rows(found["invariance"]) if row["level"] in ("metric", "scalar")]
    if items and not all(step_holds(row["delta_cfi"], row["delta_rmsea"]) for row in steps):
        partial = invariance_ladder(spec, data, settings, list(LEVELS)[:3], freed=items).table.iloc[1:]
        found["invariance"] = pd.concat([found["invariance"], partial], ignore_index=True)
    return found


def _differences(
    steps: Mapping[str, Mapping[str, object]], held: Mapping[str, bool], items: Sequence[str]
) -> Iterator[str]:
    """Yield what steps of the ladder that fail mean for what is pooled."""
    for name, what in (("metric", "loadings"), ("scalar", "intercepts")):
        if name in steps and not held[name]:
            fall = f"CFI {steps[name]['delta_cfi']:+.3f}, RMSEA {steps[name]['delta_rmsea']:+.3f}"
            yield f"invariance: {what} differ between groups: {fall}"
    if not (held.get("metric", True) and held.get("scalar", True)):
        partial = held.get("partial_metric", False) and held.get("partial_scalar", False)
        names, no_order = ", ".join(items), "means of groups are not put in order"
        if partial:
            yield f"invariance: it holds with {names} freed; on that condition groups' means are put in order"
        elif items:
            yield f"invariance: it does not hold with {names} freed; {no_order}"
        else:
            yield f"invariance: no latent has items enough to free one; {no_order}"


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]

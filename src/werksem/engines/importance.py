"""``importance.csv``: which predictors carry an outcome, on scale means and on latent variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.engines.drawn_scores import draws_of, regular, replicate_covs, rows_of
from werksem.engines.marks import marks_table
from werksem.inference.relative_importance import dominance, ranks, subset_r2
from werksem.inference.shapley import shapley
from werksem.inputs import Inputs
from werksem.moments import moments, select
from werksem.progress import Tick, progress_bar
from werksem.spec.equations import equations
from werksem.spec.importance import players_of
from werksem.spec.study import Study
from werksem.spec.types import Equation, ModelSpec
from werksem.survey.moments_input import scale_moments

__all__ = ["COLUMNS", "SMALLEST", "divided", "importance_of_scores"]

Array = NDArray[np.float64]
COLUMNS = [
    "engine", "group", "outcome", "kind", "predictor", "n", "r2", "beta", "r", "lmg", "lmg_ci_lower",
    "lmg_ci_upper", "share", "share_ci_lower", "share_ci_upper", "rank", "rank_lower", "rank_upper",
    "first_share", "dominates", "dominates_on_average", "mean", "mark", "mark_ci_lower", "mark_ci_upper",
    "level", "replicates",
]  # fmt: skip
LEVEL = 0.95
# respondents below which a group has no division of R² of its own
SMALLEST = 100
# values of subsets held at a time
ROOM = 2**21


def importance_of_scores(
    study: Study, model: ModelSpec, inputs: Inputs, *, quiet: bool = True
) -> pd.DataFrame:
    """Return the division of R² of regressions on scale means: all respondents, then each group.

    ``kind`` is ``predictor``, or ``block`` where predictors of ``blocks`` enter together. ``share`` is
    ``lmg`` / R². Intervals and ranks are percentiles of resamples drawn as the design asks; groups
    with fewer than ``SMALLEST`` complete rows, and studies of moments, have none of their own.
    """
    groups = 1 if inputs.group is None else 1 + inputs.group.nunique()
    with progress_bar("importance", groups * len(asked(study, model)), quiet=quiet) as tick:
        found = list(_divisions(study, model, inputs, tick))
    if not found:
        return pd.DataFrame(columns=COLUMNS)
    marks = marks_table(model, inputs)
    wanted = ["group", "construct", "mean", "mark", "mark_ci_lower", "mark_ci_upper"]
    table = pd.DataFrame(found).merge(
        marks[wanted].rename(columns={"construct": "predictor"}), how="left", on=["group", "predictor"]
    )
    return table.reindex(columns=COLUMNS)


def _divisions(study: Study, model: ModelSpec, inputs: Inputs, tick: Tick) -> Iterator[dict[str, Any]]:
    for equation in asked(study, model):
        names = [*equation.predictors, equation.outcome]
        if inputs.scores is None:
            if inputs.given is not None:
                given = select(scale_moments(inputs.given, model), names)
                yield from divided("ols", "all", equation, study, given.cov, None, given.n)
            continue
        values = inputs.scores[names].to_numpy(dtype=float)
        complete = np.isfinite(values).all(axis=1)
        for label, keep in _groups(inputs, complete).items():
            yield from _one_group(study, inputs, equation, label, values, keep)
            tick(1)


def asked(study: Study, model: ModelSpec) -> tuple[Equation, ...]:
    """Return the regressions whose R² is to be divided."""
    of = study.importance.of if study.importance else ()
    return tuple(e for e in equations(model) if not of or e.outcome in of)


def _groups(inputs: Inputs, complete: NDArray[np.bool_]) -> Mapping[str, NDArray[np.bool_]]:
    """Return which rows each group has, those too small left out."""
    found = {"all": complete}
    if inputs.group is None:
        return found
    for name in inputs.group.unique():
        keep = complete & (inputs.group == name).to_numpy()
        clusters = 2 if inputs.cluster is None else inputs.cluster[keep].nunique()
        if keep.sum() >= SMALLEST and clusters > 1:
            found[str(name)] = keep
    return found


def _one_group(
    study: Study, inputs: Inputs, equation: Equation, label: str, values: Array, keep: NDArray[np.bool_]
) -> Iterator[dict[str, Any]]:
    if study.importance is None or (np.ptp(values[keep], axis=0) == 0).any():
        return
    wanted = draws_of(study, study.importance.replicates, study.importance.seed)
    people = rows_of(inputs, values, keep, wanted.scheme)
    names = [*equation.predictors, equation.outcome]
    cov = moments(people.rows, names, weights=people.weights).cov
    if not len(regular(cov[None], np.diag(cov))):
        return
    yield from divided("ols", label, equation, study, cov, replicate_covs(people, wanted), len(people.rows))


def divided(
    engine: str, group: str, equation: Equation, study: Study, cov: Array, replicates: Array | None, n: float
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield a row per predictor, then per block, from covariances (k + 1, k + 1) with the outcome last.

    ``replicates`` (R, k + 1, k + 1) are those of resamples, None where there are none.
    """
    sd = np.sqrt(np.diag(cov))
    R = cov / np.outer(sd, sd)
    beta = np.linalg.solve(R[:-1, :-1], R[:-1, -1])
    single = {name: (name,) for name in equation.predictors}
    blocks = players_of(study, equation.predictors)
    for kind, players in (("predictor", single), ("block", blocks)):
        if kind == "block" and len(blocks) == len(single):
            return
        at = [[equation.predictors.index(name) for name in names] for names in players.values()]
        common = {"engine": engine, "group": group, "outcome": equation.outcome, "kind": kind, "n": n}
        for k, row in enumerate(_rows(cov, at, replicates)):
            own = {"beta": beta[k], "r": R[k, -1]} if kind == "predictor" else {}
            yield common | {"predictor": list(players)[k]} | own | row


def _rows(cov: Array, players: Sequence[Sequence[int]], replicates: Array | None) -> Iterator[dict[str, Any]]:
    """Yield what each player has of R², with limits from resamples."""
    r2 = subset_r2(cov, players)
    parts, whole = shapley(r2), float(r2[-1])
    complete, average = dominance(r2)
    drawn = None if replicates is None else _drawn_parts(regular(replicates, np.diag(cov)), players)
    for k, place in enumerate(ranks(parts)):
        found = {
            "r2": whole, "lmg": parts[k], "share": parts[k] / whole, "rank": place,
            "dominates": complete[k], "dominates_on_average": average[k],
        }  # fmt: skip
        yield found | (_limits(drawn, k) if drawn is not None and len(drawn) else {"replicates": 0})


def _drawn_parts(usable: Array, players: Sequence[Sequence[int]]) -> Array:
    """Return LMG (R, d) of every resample, so many at a time that subsets fit into memory."""
    step = max(1, ROOM >> len(players))
    found = [shapley(subset_r2(usable[at : at + step], players)) for at in range(0, len(usable), step)]
    return np.concatenate(found) if found else np.empty((0, len(players)))


def _limits(drawn: Array, player: int) -> dict[str, Any]:
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    shares, places = drawn[:, player] / drawn.sum(axis=1), ranks(drawn)[:, player]
    found: dict[str, Any] = {"level": LEVEL, "replicates": len(drawn), "first_share": (places == 1).mean()}
    for name, values in (("lmg", drawn[:, player]), ("share", shares)):
        found[f"{name}_ci_lower"], found[f"{name}_ci_upper"] = np.quantile(values, tails)
    # ranks are whole numbers: the limits are ranks that occurred
    found["rank_lower"] = np.quantile(places, tails[0], method="lower")
    found["rank_upper"] = np.quantile(places, tails[1], method="higher")
    return found

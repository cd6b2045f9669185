"""The checks of a posterior on scale means that a study asks for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.checks.cuts import Cut, agreeing
from werksem.bayes.checks.predictive_scores import predictive_scores
from werksem.bayes.design import Design
from werksem.bayes.draws import ScoreDraws
from werksem.bayes.sample import Sampled
from werksem.bayes.statistics import group_labels
from werksem.spec.study import Bayes

__all__ = ["check_scores"]

Codes = NDArray[np.int64]
STREAM = 7  # of the study's seed, for replicates


def check_scores(
    design: Design, draws: ScoreDraws, sampled: Sampled, scores: pd.DataFrame, group: pd.Series | None,
    weights: pd.Series | None, settings: Bayes, cuts: Mapping[str, Cut], *,
    quiet: bool = False, sampler: str = "", cores: int = 0, keep: Path | None = None,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """Return whether the posterior predicts what was answered, by the names of the result folder's tables.

    ``predictive``, which models with units within groups have not, and what ``settings.leave_out`` asks for:
    ``left_out`` and ``loo``.
    """
    _, code = group_labels(group, len(scores))
    codes = _complete(design, scores, code)
    found = {}
    if not design.nested_varies.any():
        rng = np.random.default_rng(np.random.SeedSequence(settings.seed, spawn_key=(STREAM,)))
        shares = _shares(design, scores, codes, weights, cuts)
        found["predictive"] = predictive_scores(design, draws, shares, cuts, rng)
    if "groups" in settings.leave_out:
        from werksem.bayes.checks.left_out_scores import leave_groups_out

        found["left_out"] = leave_groups_out(
            design, sampled, settings, quiet=quiet, sampler=sampler, cores=cores, keep=keep
        )
    if "respondents" in settings.leave_out:
        from werksem.bayes.checks.loo_scores import loo_scores

        found["loo"] = loo_scores(design, draws, scores, codes)
    return found


def _complete(design: Design, scores: pd.DataFrame, code: Codes) -> Codes:
    """Return (E, n) each row's group, -1 where a regression does not use it: blocks share their rows."""
    out = np.tile(code, (len(design.statistics), 1))
    for block in design.blocks:
        of = [design.statistics[e].equation for e in block.members]
        names = list(dict.fromkeys(name for e in of for name in (*e.predictors, e.outcome)))
        out[list(block.members)] = np.where(scores[names].notna().all(axis=1), code, -1)
    return out


def _shares(
    design: Design, scores: pd.DataFrame, codes: Codes, weights: pd.Series | None, cuts: Mapping[str, Cut]
) -> NDArray[np.float64]:
    """Return (E, G) the shares that agree, per outcome and group."""
    weight = None if weights is None else weights.to_numpy(dtype=float)
    G = len(design.groups)
    return np.array([
        agreeing(found.equation, scores, codes[e], G, weight, cuts.get(found.equation.outcome))
        for e, found in enumerate(design.statistics)
    ])  # fmt: skip

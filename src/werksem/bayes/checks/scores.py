"""The checks of a posterior on scale means that a study asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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

__all__ = ["Checks", "check_scores"]

STREAM = 7  # of the study's seed, for replicates


@dataclass(frozen=True, slots=True)
class Checks:
    """Tables of the result folder: ``predictive.csv``, and on request ``left_out.csv`` and ``loo.csv``."""

    predictive: pd.DataFrame
    left_out: pd.DataFrame | None = None
    loo: pd.DataFrame | None = None


def check_scores(
    design: Design, draws: ScoreDraws, sampled: Sampled, scores: pd.DataFrame, group: pd.Series | None,
    weights: pd.Series | None, settings: Bayes, cuts: Mapping[str, Cut], *,
    quiet: bool = False, sampler: str = "", cores: int = 0,
) -> Checks:  # fmt: skip
    """Return whether the posterior predicts what was answered; ``settings.leave_out`` asks for more."""
    rng = np.random.default_rng(np.random.SeedSequence(settings.seed, spawn_key=(STREAM,)))
    _, code = group_labels(group, len(scores))
    shares = _shares(design, scores, code, weights, cuts)
    predictive = predictive_scores(design, draws, shares, cuts, rng)
    left_out = loo = None
    if "groups" in settings.leave_out:
        from werksem.bayes.checks.left_out_scores import leave_groups_out

        left_out = leave_groups_out(design, sampled, settings, quiet=quiet, sampler=sampler, cores=cores)
    if "respondents" in settings.leave_out:
        from werksem.bayes.checks.loo_scores import loo_scores

        loo = loo_scores(design, draws, scores, code)
    return Checks(predictive, left_out, loo)


def _shares(
    design: Design, scores: pd.DataFrame, code: NDArray[np.int64], weights: pd.Series | None,
    cuts: Mapping[str, Cut],
) -> NDArray[np.float64]:  # fmt: skip
    """Return (E, G) the shares that agree, per outcome and group."""
    weight = None if weights is None else weights.to_numpy(dtype=float)
    G = len(design.groups)
    return np.array([
        agreeing(found.equation, scores, code, G, weight, cuts.get(found.equation.outcome))
        for found in design.statistics
    ])  # fmt: skip

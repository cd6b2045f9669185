"""The checks of a latent-variable posterior that a study asks for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from werksem.bayes.checks.left_out_latent import Refit, leave_latent_groups_out
from werksem.bayes.checks.loo_latent import loo_latent
from werksem.bayes.checks.predictive_latent import predictive_latent
from werksem.bayes.checks.respondents import Respondents
from werksem.bayes.latent.design import LatentDesign
from werksem.bayes.latent.draws import LatentDraws
from werksem.bayes.sample import Sampled

__all__ = ["check_latent"]

STREAM = 7  # of the study's seed, for replicates


def check_latent(
    design: LatentDesign, draws: LatentDraws, sampled: Sampled, people: Respondents, refit: Refit,
    leave_out: Sequence[str], seed: int, *, quiet: bool = False,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """Return whether the posterior predicts what was answered, by the names of the result folder's tables.

    ``predictive``, and what ``leave_out`` asks for: ``left_out`` by ``refit``, and ``loo``.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(STREAM,)))
    found = {"predictive": predictive_latent(design, draws, people, rng)}
    if "groups" in leave_out:
        found["left_out"] = leave_latent_groups_out(design, sampled, refit, seed, quiet=quiet)
    if "respondents" in leave_out:
        found["loo"] = loo_latent(design, draws, people)
    return found

"""The smallest sector whose own beta is nearly as good as the pooled one, for this study's differences
between groups.

Pooling pays where a sector's own error is large beside the differences between sectors; both are this
study's: the differences as its posterior finds them, tau with its uncertainty, the errors as they follow
from its sizes and predictors. The rule of thumb, an own regression from 100 respondents on and else that of
all together, is set beside them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from werksem.bayes.sample import available_cores
from werksem.calibrate.sbc_latent import ReadyLatent, latent_truths
from werksem.calibrate.sbc_run import AnyReady, in_order, ready_posterior
from werksem.calibrate.sbc_scores import Ready, study_truths
from werksem.calibrate.smallest_latent import latent_paths
from werksem.calibrate.smallest_normal import errors_of as normal_errors
from werksem.calibrate.smallest_scores import errors_of
from werksem.calibrate.smallest_table import COLUMNS, Errors, smallest_table
from werksem.inputs import Inputs
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = ["smallest_sector"]


def smallest_sector(
    study: Study, model: ModelSpec, inputs: Inputs, *, surveys: int, seed: int, jobs: int,
    tick: Callable[[], None], ready: AnyReady | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return ``smallest_sector.csv``: own, pooled and overall betas against the truth in simulated surveys.

    At level scores every survey is fitted by the study's own posterior (method ``posterior``), at level
    latent it is pooled in closed form path by path (``normal``). ``tick`` is called after each survey; the
    numbers do not depend on ``jobs``. Without groups, or paths that differ between them, there are no rows.
    Columns are those of ``smallest_table.smallest_table``; ``ready`` is what ``ready_posterior`` returned.
    """
    ready = ready or ready_posterior(study, model, inputs)
    cores = jobs or available_cores()
    if isinstance(ready, ReadyLatent):
        return _latent(ready, surveys, seed, cores, tick)
    if len(ready.design.groups) < 2 or not ready.design.varies[:, 1:].any():
        return pd.DataFrame(columns=list(COLUMNS))
    return _scores(ready, surveys, seed, cores, tick)


def _scores(ready: Ready, surveys: int, seed: int, jobs: int, tick: Callable[[], None]) -> pd.DataFrame:
    truths, _ = study_truths(ready, surveys, seed, prior=False, cores=jobs)
    found = in_order(lambda i: list(errors_of(ready, truths, i, seed)), surveys, jobs, tick)
    return smallest_table([row for rows in found for row in rows], "posterior")


def _latent(
    ready: ReadyLatent, surveys: int, seed: int, jobs: int, tick: Callable[[], None]
) -> pd.DataFrame:  # fmt: skip
    truths = latent_truths(ready, surveys, seed, cores=jobs)
    paths = list(latent_paths(ready, truths))
    if not paths:
        return pd.DataFrame(columns=list(COLUMNS))
    at = np.linspace(0, len(truths.typical) - 1, surveys).round().astype(int).tolist()

    def one(i: int) -> list[Errors]:
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(8, i)))
        return [row for path in paths for row in normal_errors(path, i, at[i], rng)]

    return smallest_table([row for rows in in_order(one, surveys, jobs, tick) for row in rows], "normal")

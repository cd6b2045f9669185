"""The posterior's part of a calibration: ranks of the truth, and the smallest sector that stands alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from werksem.calibrate.posterior_method import posterior_run
from werksem.calibrate.simulated import Plan
from werksem.calibrate.surveys import Run
from werksem.engines.few import shown_rows
from werksem.inputs import Inputs
from werksem.progress import progress_bar, shown
from werksem.spec.calibrating import Calibrate
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = ["posterior_tables"]


def posterior_tables(
    study: Study, model: ModelSpec, inputs: Inputs, settings: Calibrate, plan: Plan, runs: Sequence[Run], *,
    hidden: Collection[str], jobs: int, quiet: bool,
) -> tuple[dict[str, pd.DataFrame], tuple[Run, ...]]:  # fmt: skip
    """Return ``sbc``, ``sbc_ranks`` and ``smallest_sector`` by name, and the posterior's own intervals.

    Nothing where there is no posterior. Each survey of the three is a posterior; what is compiled is shared.
    Groups that are ``hidden`` are simulated and fitted with the others and have no rows: ranks are judged
    over the quantities that are shown.
    """
    if study.bayes is None or inputs.given is not None:
        return {}, ()
    from werksem.calibrate.sbc import ranked
    from werksem.calibrate.sbc_run import ready_posterior
    from werksem.calibrate.sbc_table import calibrated
    from werksem.calibrate.smallest import smallest_sector

    count, seed = settings.posteriors, settings.seed
    with shown("posterior", quiet=quiet):
        ready = ready_posterior(study, model, inputs)
    with progress_bar("posteriors", count, quiet=quiet) as tick:
        ranks = ranked(ready, posteriors=count, seed=seed, jobs=jobs, tick=lambda: tick(1))
    with progress_bar("sectors", count, quiet=quiet) as tick:
        sectors = smallest_sector(
            study, model, inputs, surveys=count, seed=seed, jobs=jobs, tick=lambda: tick(1), ready=ready
        )
    with progress_bar("intervals", count, quiet=quiet) as tick:
        found = posterior_run(
            ready, plan, runs, study.bayes.level, surveys=count, seed=seed, jobs=jobs, tick=lambda: tick(1)
        )
    ranks, sectors = shown_rows(ranks, hidden), shown_rows(sectors, hidden)
    tables = {"sbc": calibrated(ranks, ready.left), "sbc_ranks": ranks, "smallest_sector": sectors}
    return tables, () if found is None else (found,)

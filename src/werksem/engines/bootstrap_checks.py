"""What has to be said of a set of replicates: failures, the test of the model, distance from full refits."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from werksem.bootstrap.replicates import STATUS, Replicates
from werksem.engines.bootstrap_job import Prepared
from werksem.engines.bootstrap_tables import FEW_SHARE, Drawn, printed_errors
from werksem.engines.one_step import FAR, Distance, distance_from_refits
from werksem.engines.result import diagnostic_rows, fit_rows
from werksem.intervals.enough import SHARP, replicates_needed
from werksem.resampling.bollen_stine import bollen_stine_pvalue

__all__ = ["Checked", "checks"]

Row = tuple[str, float, bool]


@dataclass(frozen=True, slots=True)
class Checked:
    """The engine's fit measures, diagnostics and warnings."""

    fit: pd.DataFrame
    diagnostics: pd.DataFrame
    warnings: tuple[str, ...]


def checks(prepared: Prepared, found: Replicates, have: Drawn, jobs: int) -> Checked:
    """Return what the result folder says of these replicates beside their intervals."""
    distance = distance_from_refits(prepared, found.theta, jobs) if prepared.one_step else None
    rows = [*_counts(prepared, found), *_precision(prepared, have), *_distance(distance)]
    rows.append(("n", sum(prepared.sem.tables.n.values()), True))
    fit = fit_rows("bootstrap", _model_test(prepared, found))
    warnings = (*_too_few(prepared, have), *_said(found), *_unfinished(prepared, have), *_said_of(distance))
    return Checked(fit, diagnostic_rows("bootstrap", rows), warnings)


def _counts(prepared: Prepared, found: Replicates) -> Iterator[Row]:
    total = len(found.status)
    failed = int((found.status == "not_converged").sum())
    inadmissible = int(np.isin(found.status, ("heywood", "not_positive_definite")).sum())
    yield "replicates", total, True
    if not prepared.one_step:
        yield "replicates_failed", failed, failed <= FEW_SHARE * total
    yield "replicates_inadmissible", inadmissible, inadmissible <= FEW_SHARE * total
    if not prepared.one_step:
        solved = found.gradient_max[found.status != "not_converged"]
        yield "gradient_max", float(solved.max(initial=0.0)), True


def _precision(prepared: Prepared, have: Drawn) -> Iterator[Row]:
    """Yield the largest Monte-Carlo error of a printed limit: of standardised paths and effects."""
    errors = printed_errors(prepared, have) if len(have.values) > 1 else np.zeros(0)
    errors = errors[np.isfinite(errors)]
    if len(errors):
        yield "limit_error_max", float(errors.max()), True


def _distance(distance: Distance | None) -> Iterator[Row]:
    if distance is None or not distance.refitted:
        return
    yield "one_step_distance", distance.typical, distance.typical < FAR
    yield "one_step_distance_max", float(distance.largest.max(initial=0.0)), True
    yield "one_step_refits", distance.refitted, True
    yield "one_step_refits_failed", distance.failed, distance.failed <= FEW_SHARE * distance.refitted


def _model_test(prepared: Prepared, found: Replicates) -> dict[str, float]:
    """Return the Bollen-Stine p-value of the model's chi-square, where it was asked for."""
    if not prepared.job.chisq:
        return {}
    fit = prepared.sem.fit
    solved = np.where(found.status == "not_converged", np.nan, found.chisq)
    chisq = fit.n * fit.discrepancy
    return {"chisq": chisq, "pvalue_bollen_stine": bollen_stine_pvalue(chisq, solved)}


def _said(found: Replicates) -> Iterator[str]:
    for status in STATUS[1:]:
        count = int((found.status == status).sum())
        if count:
            share = 100 * count / len(found.status)
            yield f"bootstrap: {count} of {len(found.status)} replicates ({share:.1f} %) are {status}"


def _too_few(prepared: Prepared, have: Drawn) -> Iterator[str]:
    """Yield that there are fewer replicates than the level's limits take: 2 / (R + 1) < 1 - level."""
    level, count = prepared.wanted.level, len(have.values)
    least = math.floor(2 / (1 - level) - 1 + 1e-9) + 1
    if prepared.design is None and count < least:
        yield f"bootstrap: {count} replicates are too few for limits at level {level:g}, which take {least}"


def _unfinished(prepared: Prepared, have: Drawn) -> Iterator[str]:
    """Yield that ``auto`` reached its cap before the printed limits were sharp enough."""
    total = prepared.job.replicates
    if prepared.wanted.replicates != "auto":
        return
    errors = printed_errors(prepared, have)
    if replicates_needed(errors, total) > total:
        yield (
            f"bootstrap: auto stopped at {total} replicates, its cap: the largest Monte-Carlo error of a "
            f"limit is {np.nanmax(errors):.4f}, above {SHARP}"
        )


def _said_of(distance: Distance | None) -> Iterator[str]:
    if distance is None:
        return
    if not distance.refitted:
        yield "bootstrap: one-step, not refitted; resamples of this design cannot be checked by full refits"
        return
    yield (
        f"bootstrap: one-step, not refitted: replicates lie {distance.typical:.2f} SD from full refits "
        f"(median over {distance.refitted} resamples of the largest distance)"
    )
    if not distance.typical < FAR:
        yield f"bootstrap: one-step replicates lie more than {FAR} SD from full refits: rough intervals"
    if distance.failed:
        yield f"bootstrap: {distance.failed} of {distance.refitted} full refits have no solution"

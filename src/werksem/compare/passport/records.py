"""The ladder of a passport: its rungs in their order, and what the step to each of them explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "EXPLAINS",
    "LEVEL",
    "ORDER",
    "REPLICATES",
    "SEED",
    "UNEXPLAINED",
    "Ladder",
    "NOTES",
    "Rung",
    "no_rung",
]

Array = NDArray[np.float64]
LEVEL = 0.95
# limits then vary by 0.08 standard errors of the step; the seed is the bootstrap's own where there is one
REPLICATES = 1000
SEED = 2024
UNEXPLAINED = "unexplained"
# what changes with the step to each rung, from the rung before it; from a published number nothing is known
EXPLAINS = {
    "published": "",
    "ols_unweighted": UNEXPLAINED,
    "ols": "weights",
    "rows": "rows",
    "predictors": "controls",
    "corrected": "attenuation",
    "sem": "measurement",
    "full_information": "blanks",
    "least_squares": "estimator",
    "ordinal": "ordinality",
    "pooled": "pooling",
}
ORDER = tuple(EXPLAINS)
# what a reader must know of a rung, as it stands in the table
NOTES = {
    "not_definite": "reliabilities too low for these correlations: no positive definite matrix is left",
    "unreliable": "a reliability is unknown, negative or above 1: nothing to correct with",
    "overlap": "scales share items, so their errors covary: nothing to correct with",
    "groups": "the SEM is of groups jointly, not of all respondents together",
    "not_converged": "the SEM does not converge on these rows",
    "too_few": "fewer complete rows than items",
    "constraints": "the model has == constraints: its refits have no interval",
    "probit": "two answers: the beta is that of a normal variable behind the answer (probit)",
    "no_ordinal": "no solution with ordered categories",
    "given": "a published number is taken as it is: it is not resampled",
    "posterior": "a posterior has no resamples, so there is no paired interval",
    "rows_differ": "the posterior is of other respondents than the rung it is compared with",
    "other_predictors": "the published regression also has predictors that the model lacks",
}


@dataclass(frozen=True, slots=True)
class Rung:
    """One estimate of every path, standardised; a path that the rung does not have is NaN.

    ``est`` and ``n`` (P,). ``drawn`` (R, P) are the estimates of the resamples, the same ones for every
    rung. ``against`` (R, P) are those of ``base`` where the step is made in another way than the rung
    before it was (one step on both sides). ``base`` is the rung this one is compared with, empty: the last
    one before it. ``notes`` (P,) say what a reader must know.
    """

    name: str
    est: Array
    n: Array
    drawn: Array | None = None
    against: Array | None = None
    base: str = ""
    notes: tuple[str, ...] = ()


def no_rung(name: str, paths: Sequence[tuple[str, str]], note: str) -> Rung:
    """Return a rung that no path has an estimate on, and why."""
    nothing = np.full(len(paths), np.nan)
    return Rung(name, nothing, nothing, notes=(note,) * len(paths))


@dataclass(frozen=True, slots=True)
class Ladder:
    """The paths (outcome, predictor) of a study, and the rungs on which all respondents stand."""

    paths: tuple[tuple[str, str], ...]
    rungs: tuple[Rung, ...]

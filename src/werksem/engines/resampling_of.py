"""From the study's design to what is drawn: units, kind of draw, and the population they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from werksem.engines.sem import SemResult
from werksem.errors import DataError, EstimationError
from werksem.implied import implied_moments
from werksem.resampling.draws import Resampling, Target
from werksem.resampling.strata import refuse_lonely
from werksem.resampling.units import Units, resampling_units, unit_places
from werksem.respondents import Respondents
from werksem.spec.study import Bootstrap

__all__ = ["resampling_of", "total_replicates"]

Index = NDArray[np.int64]
DRAWN_AS_CASES = ("cases", "bollen-stine", "parametric")


def resampling_of(
    sem: SemResult, respondents: Sequence[Respondents], wanted: Bootstrap, *, sums: bool
) -> Resampling:
    """Return what the study draws; ``sums`` asks for units whose moments can be made.

    Raises ``DataError`` for strata with one unit where no rule is set, and ``EstimationError`` where the
    design lacks what the scheme draws.
    """
    scheme = "cases" if wanted.scheme in DRAWN_AS_CASES or wanted.indices is not None else wanted.scheme
    for group in respondents:
        refuse_lonely(group, scheme, wanted.lonely_psu)
    make = resampling_units if sums else unit_places
    units = tuple(make(group, scheme) for group in respondents)
    plain = Resampling(_kind(wanted, respondents, units), wanted.seed, units, lonely=wanted.lonely_psu)
    if wanted.scheme in ("bollen-stine", "parametric"):
        if not sums:
            raise EstimationError(
                f"bootstrap.scheme {wanted.scheme} takes ML of complete rows, this study is not"
            )
        plain = replace(plain, targets=_targets(sem))
    if wanted.indices is not None:
        return replace(plain, given=_indices(wanted, respondents))
    if wanted.scheme == "replicate_weights":
        return replace(plain, given=_multipliers(respondents))
    return plain


def total_replicates(resampling: Resampling, wanted: int) -> int:
    """Return how many replicates there are: those given, else as many as wanted."""
    if resampling.given is None:
        return wanted
    return resampling.given.shape[1 if resampling.kind == "multipliers" else 0]


def _kind(wanted: Bootstrap, respondents: Sequence[Respondents], units: Sequence[Units]) -> str:
    """Return the kind of draw; clusters within strata, and samples of finite populations, are rescaled."""
    if wanted.indices is not None:
        return "given"
    if wanted.scheme == "replicate_weights":
        return "multipliers"
    if wanted.scheme == "parametric":
        return "parametric"
    stratified = wanted.scheme == "cluster" and any(group.stratum is not None for group in respondents)
    finite = any(group.fraction is not None for group in units) and wanted.scheme != "bollen-stine"
    return "rescaled" if stratified or finite else "counts"


def _targets(sem: SemResult) -> tuple[Target, ...]:
    """Return each group's moments and the model's; without a mean structure the means stay as they are."""
    found = []
    for number, group in enumerate(sem.moments):
        mean, cov = implied_moments(sem.model, sem.fit.theta, number)
        given = group.mean if mean is None or not sem.model.mean_structure else mean
        found.append(Target(group.mean, group.cov, group.n, given, cov))
    return tuple(found)


def _indices(wanted: Bootstrap, respondents: Sequence[Respondents]) -> Index:
    """Return given rows as numbers of units, counted over the groups in order."""
    from werksem.survey.indices import read_resamples

    if wanted.indices is None:
        raise ValueError("no resamples were given")
    n = sum(len(group.rows) for group in respondents)
    drawn = read_resamples(wanted.indices, n)
    places = [group.place for group in respondents]
    if any(place is None for place in places):
        return drawn
    unit = np.empty(n, dtype=np.int64)
    unit[np.concatenate([place for place in places if place is not None])] = np.arange(n)
    return unit[drawn]


def _multipliers(respondents: Sequence[Respondents]) -> NDArray[np.float64]:
    """Return the replicate weights (units, R) of all groups in order."""
    weights = [group.replicate_weights for group in respondents if group.replicate_weights is not None]
    if len(weights) != len(respondents):
        raise DataError("bootstrap.scheme replicate_weights needs data.replicate_weights")
    return np.concatenate(weights)

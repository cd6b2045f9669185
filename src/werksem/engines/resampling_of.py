"""From the study's design to what is drawn: units, kind of draw, and the population they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from werksem.engines.sem import SemResult
from werksem.errors import DataError, EstimationError
from werksem.implied import implied_moments
from werksem.inputs import Inputs
from werksem.resampling.draws import Resampling, Target
from werksem.resampling.strata import refuse_lonely
from werksem.resampling.units import Units, resampling_units, unit_places
from werksem.respondents import Respondents
from werksem.spec.study import Bootstrap, Study

__all__ = ["design_resampling", "refuse_split_clusters", "resampling_of", "total_replicates"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


def resampling_of(
    sem: SemResult, respondents: Sequence[Respondents], wanted: Bootstrap, *, sums: bool
) -> Resampling:
    """Return what the study draws; ``sums`` asks for units whose moments can be made.

    Raises ``DataError`` for strata with one unit where no rule is set, and ``EstimationError`` where the
    design lacks what the scheme draws.
    """
    plain = design_resampling(respondents, wanted, sums=sums)
    if wanted.scheme in ("bollen-stine", "parametric"):
        if not sums:
            raise EstimationError(
                f"bootstrap.scheme {wanted.scheme} takes ML of complete rows without constraints (==)"
            )
        plain = replace(plain, targets=_targets(sem))
    return plain


def design_resampling(respondents: Sequence[Respondents], wanted: Bootstrap, *, sums: bool) -> Resampling:
    """Return the draws of a scheme that asks nothing of a model; errors as ``resampling_of``."""
    scheme = wanted.scheme if wanted.indices is None else "cases"
    for group in respondents:
        refuse_lonely(group, scheme, wanted.lonely_psu)
    make = resampling_units if sums else unit_places
    units = tuple(make(group, scheme) for group in respondents)
    plain = Resampling(_kind(wanted, respondents, units), wanted.seed, units, lonely=wanted.lonely_psu)
    if wanted.indices is not None:
        return replace(plain, given=_indices(wanted, respondents))
    if wanted.scheme == "replicate_weights":
        weights = _replicate_weights(respondents)
        return replace(plain, given=weights if sums else _relative(weights, respondents))
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
    unit = np.argsort(np.concatenate([place for place in places if place is not None]))
    return np.asarray(unit[drawn], dtype=np.int64)


def _replicate_weights(respondents: Sequence[Respondents]) -> NDArray[np.float64]:
    """Return the replicate weights (units, R) of all groups in order."""
    weights = [group.replicate_weights for group in respondents if group.replicate_weights is not None]
    if len(weights) != len(respondents):
        raise DataError("bootstrap.scheme replicate_weights needs data.replicate_weights")
    return np.concatenate(weights)


def _relative(weights: Array, respondents: Sequence[Respondents]) -> Array:
    """Return replicate weights (units, R) as what respondents count for beside their own weights.

    Influence has a respondent's weight in it. Each replicate counts as much as the whole sample does.
    """
    own = np.concatenate([
        np.ones(len(group.rows)) if group.weights is None else group.weights for group in respondents
    ])[:, None]  # fmt: skip
    ratio = np.divide(weights, own, out=np.zeros(weights.shape), where=own > 0)
    return np.asarray(ratio * own.sum() / weights.sum(axis=0))


def refuse_split_clusters(study: Study, inputs: Inputs) -> None:
    """Raise ``DataError`` where clusters are to be drawn within joint groups, but lie in two of them."""
    wanted, joint = study.bootstrap, study.sem is not None and study.sem.multigroup
    if wanted is None or wanted.scheme != "cluster" or wanted.indices is not None or not joint:
        return
    if inputs.cluster is None or inputs.group is None or inputs.items is None:
        return
    answers = np.isfinite(inputs.items.to_numpy(dtype=float))
    used = answers.any(axis=1) if study.data.missing == "fiml" else answers.all(axis=1)
    lies_in = inputs.group[used].groupby(inputs.cluster[used]).unique()
    split = lies_in[lies_in.map(len) > 1]
    if len(split):
        first, groups = split.index[0], split.iloc[0]
        raise DataError(
            f'cluster "{first}" (data.cluster) lies in the groups "{groups[0]}" and "{groups[1]}", and '
            f"{len(split)} of {len(lies_in)} clusters lie in two or more: joint groups are resampled apart, "
            "so a cluster must lie in one; right are clusters within data.group, or sem.multigroup: false"
        )

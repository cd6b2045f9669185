"""The respondents and moments a latent-variable model is fitted to, group by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.errors import DataError
from werksem.inputs import Inputs
from werksem.model import Model, build_model
from werksem.moments import Moments, moments
from werksem.patterns import Patterns, patterns
from werksem.respondents import Respondents
from werksem.rows import Options
from werksem.spec.disclosure import Disclosure
from werksem.spec.equations import observed_names
from werksem.spec.errors_asked import clusters_enter, latent_settings
from werksem.spec.study import Sem, Study
from werksem.spec.types import ModelSpec
from werksem.survey.check_groups import (
    leave_out,
    refuse_blank,
    refuse_few_complete,
    refuse_one_cluster,
)

__all__ = ["SemData", "cluster_codes", "sem_data", "sem_options"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SemData:
    """What a model is fitted to, per group.

    Complete rows: ``moments``, and ``respondents`` unless only moments were given. Rows with
    blanks: ``patterns``, and per row what the design has: ``clusters`` (codes, the same in every group)
    and ``strata`` (codes),
    ``fractions``, ``replicate_weights`` (n_g, R), and ``places``, the row's number in the data.
    ``ordered`` names the variables that are categories.
    """

    groups: tuple[str, ...]
    moments: tuple[Moments, ...] = ()
    respondents: tuple[Respondents, ...] | None = None
    patterns: tuple[Patterns, ...] | None = None
    clusters: tuple[NDArray[np.int64], ...] | None = None
    strata: tuple[NDArray[np.int64], ...] | None = None
    fractions: tuple[Array, ...] | None = None
    replicate_weights: tuple[Array, ...] | None = None
    places: tuple[NDArray[np.int64], ...] | None = None
    ordered: tuple[str, ...] = ()


def cluster_codes(data: SemData) -> list[NDArray[np.int64]]:
    """Return per group the cluster (n_g,) of every row as a code, the same in every group; empty without.

    >>> [codes.tolist() for codes in cluster_codes(SemData(("all",), clusters=(np.array([0, 1]),)))]
    [[0, 1]]
    """
    if data.clusters is not None:
        return list(data.clusters)
    return [people.cluster_of_all for people in data.respondents or () if people.cluster_of_all is not None]


def sem_options(study: Study) -> Options:
    """Return how the parameter table is completed; clusters, blanks and categories bring means.

    Least squares on numbers takes exogenous columns as random, as in lavaan.
    """
    settings = study.sem or Sem()
    needed = study.data.cluster is not None or study.data.missing == "fiml" or bool(study.data.ordered)
    means = needed if settings.meanstructure is None else settings.meanstructure
    numbers = settings.estimator in ("ULS", "GLS", "WLS", "DWLS") and not study.data.ordered
    # equal thresholds take the place of equal intercepts where items are ordered
    equal = tuple("intercepts" if kind == "thresholds" else kind for kind in settings.group_equal)
    return Options(means, settings.fixed_x and not numbers, settings.scaling, equal)


def sem_data(study: Study, spec: ModelSpec, inputs: Inputs, *, by_group: bool) -> SemData:
    """Return moments and respondents over all of a model's variables, together or by group.

    Raises ``DataError`` where a group has no more complete rows than there are variables, or one cluster
    where standard errors or tests go by cluster.
    """
    if inputs.given is not None:
        return SemData((inputs.given.group,), (inputs.given,))
    label = inputs.group if by_group and inputs.group is not None else None
    at, labels = (None, ("all",)) if label is None else pd.factorize(label)
    model = build_model(spec, tuple(map(str, labels)), sem_options(study))
    names = list(model.observed)
    if inputs.items is None or set(names) - set(observed_names(spec)):
        raise DataError("the study has neither respondents nor moments")
    values = inputs.items[names].to_numpy(dtype=float)
    fiml = study.data.missing == "fiml"
    usable = np.ones(len(values), dtype=bool) if fiml else np.isfinite(values).all(axis=1)
    groups = {str(name): usable if at is None else usable & (at == g) for g, name in enumerate(labels)}
    counted = _counted(values, [names.index(name) for name in model.fixed_x])
    _require_clusters(study, inputs, {name: keep & counted for name, keep in groups.items()})
    weights = _normalised(inputs, usable)
    strata = _strata(study, inputs)
    if fiml:
        return _with_blanks(inputs, values, weights, strata, groups, model)
    place, code = np.cumsum(usable) - 1, _codes(inputs)
    parts = [
        _group(inputs, weights, strata, code, keep, name, values, model, place, study.disclosure)
        for name, keep in groups.items()
    ]
    ordered = model.observed if study.data.ordered == "all" else tuple(study.data.ordered)
    return SemData(
        tuple(groups), tuple(part[0] for part in parts), tuple(part[1] for part in parts), ordered=ordered
    )


def _counted(values: Array, given: list[int]) -> NDArray[np.bool_]:
    """Return which rows FIML can use: those with an answer, and all of the fixed x (``patterns``)."""
    answered = np.isfinite(values)
    return np.asarray(answered.any(axis=1) & answered[:, given].all(axis=1))


def _require_clusters(study: Study, inputs: Inputs, groups: dict[str, NDArray[np.bool_]]) -> None:
    """Raise ``DataError`` where clusters enter standard errors or tests and a group has one of them."""
    if inputs.cluster is None or not clusters_enter(latent_settings(study)):
        return
    column = str(inputs.cluster.name)
    refuse_one_cluster(inputs.cluster[np.any([*groups.values()], axis=0)].to_numpy(), column)
    for name, keep in groups.items():
        refuse_one_cluster(
            inputs.cluster[keep].to_numpy(), column, _where(name, "of"), _leave_out(inputs, name)
        )


def _normalised(inputs: Inputs, usable: NDArray[np.bool_]) -> Array | None:
    """Return sampling weights with mean 1 over the usable rows of all groups together, as in lavaan."""
    if inputs.weights is None:
        return None
    weights = inputs.weights.to_numpy(dtype=float)
    return np.asarray(weights / weights[usable].mean(), dtype=float)


def _with_blanks(
    inputs: Inputs, values: Array, weights: Array | None, strata: pd.Series | None,
    groups: Mapping[str, NDArray[np.bool_]], model: Model,
) -> SemData:  # fmt: skip
    """Return the missing-data patterns of every group."""
    found = []
    for name, keep in groups.items():
        refuse_blank(values[keep], model.observed, _where(name, "in"), _leave_out(inputs, name))
        own = None if weights is None else weights[keep]
        found.append(patterns(values[keep], model.observed, given=model.fixed_x, weights=own, group=name))
    code = _codes(inputs)
    clusters = None if code is None else tuple(code[keep] for keep in groups.values())
    strata_codes = (
        None if strata is None else tuple(pd.factorize(strata[keep])[0] for keep in groups.values())
    )
    fractions, replicates = (
        None if column is None else tuple(np.asarray(column, dtype=float)[keep] for keep in groups.values())
        for column in (inputs.fraction, inputs.replicate_weights)
    )
    places = tuple(np.flatnonzero(keep) for keep in groups.values())
    return SemData(
        tuple(groups), patterns=tuple(found), clusters=clusters, strata=strata_codes, fractions=fractions,
        replicate_weights=replicates, places=places,
    )  # fmt: skip


def _where(group: str, word: str) -> str:
    """Return which group is meant, empty without groups."""
    return "" if group == "all" else f" {word} group {group!r}"


def _leave_out(inputs: Inputs, group: str) -> str:
    """Return how a study leaves a group out, empty without groups."""
    if group == "all" or inputs.group is None:
        return ""
    return leave_out(str(inputs.group.name), group)


def _group(
    inputs: Inputs, weights: Array | None, strata: pd.Series | None, code: NDArray[np.int64] | None,
    keep: NDArray[np.bool_], group: str, values: Array, model: Model, place: NDArray[np.int64],
    rule: Disclosure,
) -> tuple[Moments, Respondents]:  # fmt: skip
    rows = values[keep]
    refuse_few_complete(rows, len(values), model.name, rule, _where(group, "of"), _leave_out(inputs, group))
    own = None if weights is None else weights[keep]
    cluster = None if code is None else pd.factorize(code[keep])[0]
    stratum, names = (None, ()) if strata is None else pd.factorize(strata[keep])
    fraction = None if inputs.fraction is None else inputs.fraction[keep].to_numpy(dtype=float)
    replicates = None if inputs.replicate_weights is None else inputs.replicate_weights[keep]
    found = moments(rows, model.observed, weights=own, group=group)
    size = float(len(rows)) if own is None else float(own.sum())
    people = Respondents(
        rows, own, cluster, stratum, tuple(map(str, names)), fraction, replicates, place[keep],
        None if code is None else code[keep],
    )  # fmt: skip
    return replace(found, n=size), people


def _codes(inputs: Inputs) -> NDArray[np.int64] | None:
    """Return the cluster (rows,) of every row as a code, the same in whichever group it lies."""
    return None if inputs.cluster is None else np.asarray(pd.factorize(inputs.cluster)[0], dtype=np.int64)


def _strata(study: Study, inputs: Inputs) -> pd.Series | None:
    """Return what resamples are drawn within: data.strata, else the groups where the scheme asks."""
    if inputs.strata is not None:
        return inputs.strata
    by_group = study.bootstrap is not None and study.bootstrap.scheme == "strata"
    return inputs.group if by_group else None

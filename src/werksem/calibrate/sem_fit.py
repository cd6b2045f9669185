"""One survey's fit of the latent-variable model, with every kind of covariance of its estimates.

What the engine does beside (tests of fit, scaled ones above all) is left out: it takes ten times as long,
and no interval rests on it. Robust and clustered covariances are sums of products of casewise influence,
which is the sandwich with observed information.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.calibrate.influence import clustered, outer
from werksem.engines.estimate import estimate
from werksem.engines.influence_of import influence_of, respondents_of
from werksem.engines.sem import SemResult
from werksem.errors import DataError
from werksem.estimators.ml import fit_ml
from werksem.inference.robust import robust_inference
from werksem.inference.vcov import vcov_ml, without_given
from werksem.inference.wishart import wishart_moments
from werksem.inputs import Inputs
from werksem.model import Model
from werksem.reliabilities import stated_reliabilities, with_reliabilities
from werksem.respondents import Respondents
from werksem.sem_data import SemData
from werksem.spec.study import Sem
from werksem.spec.support import LEAST_SQUARES
from werksem.spec.types import ModelSpec

__all__ = ["Fitted", "fitted", "kinds_of", "own_kind"]

Array = NDArray[np.float64]
METHOD = {"wald": "standard", "robust": "robust", "cluster": "cluster"}


@dataclass(frozen=True, slots=True)
class Fitted:
    """A survey's fit as the bootstrap takes it, covariances (q, q) of theta by kind, casewise influence."""

    sem: SemResult
    vcov: dict[str, Array]
    influence: tuple[tuple[int, Array], ...]


def own_kind(sem: SemResult) -> str:
    """Return the study's own kind of standard error, by the name it has here."""
    methods = set(sem.tables.estimates["method"]) - {"", "none"}
    return METHOD[methods.pop()] if methods else "standard"


def kinds_of(data: SemData, settings: Sem, own: str) -> tuple[str, ...]:
    """Return the kinds of standard errors that a survey of this design can have."""
    if data.respondents is None and data.patterns is None:
        return ("standard",)
    if settings.estimator in LEAST_SQUARES:
        return (own,)
    design = data.clusters if data.patterns is not None else _clusters(data)
    sandwiches = ("robust", *(("cluster",) if design is not None else ()))
    # of FIML there is one information at hand, that of the study's own kind
    return sandwiches if data.patterns is not None and own != "standard" else ("standard", *sandwiches)


def _clusters(data: SemData) -> tuple[NDArray[np.int64], ...] | None:
    found = [group.cluster for group in data.respondents or () if group.cluster is not None]
    return tuple(found) or None


def fitted(
    base: SemResult, model: Model, spec: ModelSpec, inputs: Inputs, data: SemData, settings: Sem, own: str
) -> Fitted:  # fmt: skip
    """Return a survey's fit; of one that did not converge without covariances.

    ``base`` is the study's own fit, whose ``model`` (without thresholds) this is; ``data`` come from
    ``inputs``.
    """
    if data.moments:
        model = with_reliabilities(model, spec, data.moments, stated_reliabilities(spec))
    by_moments = data.patterns is None and settings.estimator not in LEAST_SQUARES
    if by_moments:
        moments = wishart_moments(data.moments) if settings.likelihood == "wishart" else data.moments
        fit = fit_ml(model, moments)
        plain = vcov_ml(model, moments, fit, settings.information) if fit.converged else np.zeros((0, 0))
        sem = SemResult(base.tables, model, base.effects, moments, fit, plain)
    else:
        done = estimate(model, data, settings)
        sem = SemResult(
            base.tables,
            done.model,
            base.effects,
            done.moments,
            done.fit,
            done.summary.vcov,
            done.least_squares,
        )
    if not sem.fit.converged:
        return Fitted(sem, {}, ())
    return _with_kinds(sem, inputs, data, settings, own, by_moments=by_moments)


def _codes(inputs: Inputs, data: SemData, respondents: Sequence[Respondents]) -> list[NDArray[np.int64]]:
    """Return the cluster of each group's respondents as codes that are the same in every group."""
    if inputs.cluster is None or inputs.items is None:
        raise DataError("clusters are asked for, and there are none")
    code = np.asarray(pd.factorize(inputs.cluster)[0], dtype=np.int64)
    if data.patterns is None:  # places are those among the complete rows
        complete = inputs.items[list(data.moments[0].names)].notna().all(axis=1)
        code = code[complete.to_numpy()]
    return [code[group.place] for group in respondents]


def _with_kinds(
    sem: SemResult, inputs: Inputs, data: SemData, settings: Sem, own: str, *, by_moments: bool
) -> Fitted:  # fmt: skip
    kinds = kinds_of(data, settings, own)
    found = {"standard" if by_moments else own: sem.vcov}
    if kinds == ("standard",) or settings.estimator in LEAST_SQUARES:
        return Fitted(sem, found, ())
    respondents = respondents_of(data)
    influence = tuple(influence_of(sem, data, settings, respondents))
    size = sum(len(g.rows) if g.weights is None else g.weights.sum() for g in respondents)
    computed = {
        "robust": lambda: outer(influence) / size**2,
        "cluster": lambda: clustered(influence, _codes(inputs, data, respondents)) / size**2,
    }
    for kind in kinds:
        if kind in computed and kind not in found:
            found[kind] = without_given(sem.model, computed[kind]())
    weighted = any(group.weights is not None for group in respondents)
    expected = settings.estimator in ("MLM", "MLMV") or (settings.estimator == "ML" and not weighted)
    if by_moments and own == "robust" and expected:
        found["robust"] = robust_inference(sem.model, sem.moments, sem.fit, respondents, kind="MLM").vcov
    return Fitted(sem, {kind: found[kind] for kind in kinds if kind in found}, influence)

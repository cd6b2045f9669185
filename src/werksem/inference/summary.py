"""Which standard errors and which test a study's settings ask for, in lavaan's combinations.

========================  =====================================  ======================
asked for                 standard errors                        scaled test
========================  =====================================  ======================
ML                        information                            none
ML, ``se: robust``        sandwich, expected information         none
MLR; ML with weights      sandwich, observed information         Yuan-Bentler
clusters                  sandwich over clusters, observed       Yuan-Bentler
MLM                       sandwich, expected information         Satorra-Bentler
MLMV                      sandwich, expected information         scaled and shifted
========================  =====================================  ======================
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.fit import Fit
from werksem.estimators.ml import fit_ml
from werksem.inference.baseline import baseline_model
from werksem.inference.mean_variance import scaled_shift
from werksem.inference.model_fit import measures
from werksem.inference.robust import robust_inference
from werksem.inference.scaled_measures import scaled_measures
from werksem.inference.vcov import vcov_ml
from werksem.inference.wishart import wishart_measures
from werksem.model import Model
from werksem.moments import Moments
from werksem.respondents import Respondents
from werksem.spec.study import Sem

__all__ = ["Summary", "summarise"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Summary:
    """Covariances of the estimates (q, q), fit measures by name, and the kind of standard errors."""

    vcov: Array
    measures: dict[str, float]
    method: str


def summarise(
    model: Model, moments: Sequence[Moments], fit: Fit, settings: Sem,
    respondents: Sequence[Respondents] | None = None,
) -> Summary:  # fmt: skip
    """Return standard errors and fit measures as the settings and the design ask for them.

    Raises ``EstimationError`` where robust ones are asked for and there are moments only.
    """
    plain = vcov_ml(model, moments, fit, settings.information)
    found = measures(model, moments, fit)
    if settings.likelihood == "wishart":
        found = wishart_measures(model, moments, fit, found)
    first = respondents[0] if respondents else None
    weighted = first is not None and first.weights is not None
    clustered = first is not None and first.cluster is not None
    if settings.estimator == "ML" and settings.se == "standard":
        return Summary(plain, found, "wald")
    if respondents is None:
        raise EstimationError("robust standard errors need respondents, the study gives moments")
    kind = (
        "MLM"
        if settings.estimator in ("MLM", "MLMV") or _sem_robust(settings, weighted, clustered)
        else "MLR"
    )
    curvature = "h1" if clustered and settings.estimator == "ML" and not weighted else "hessian"
    robust = robust_inference(model, moments, fit, respondents, kind=kind, curvature=curvature)
    method = "cluster" if clustered else "robust"
    if _sem_robust(settings, weighted, clustered):
        return Summary(robust.vcov, found, method)
    base = baseline_model(model)
    if settings.estimator == "MLMV":
        return Summary(robust.vcov, found | _shifted(model, base, moments, fit, respondents, found), method)
    base_factor = robust_inference(base, moments, fit_ml(base, moments), respondents, kind=kind).factor
    scaled = scaled_measures(
        found["chisq"], model.df, robust.factor, found["baseline_chisq"], found["baseline_df"],
        base_factor, fit.n, len(model.groups),
    )  # fmt: skip
    return Summary(robust.vcov, found | scaled, method)


def _shifted(
    model: Model, base: Model, moments: Sequence[Moments], fit: Fit, respondents: Sequence[Respondents],
    found: dict[str, float],
) -> dict[str, float]:  # fmt: skip
    """Return the measures of the test adjusted in mean and variance, the baseline's too."""
    own = scaled_shift(model, moments, fit, respondents)
    null = scaled_shift(base, moments, fit_ml(base, moments), respondents)
    return scaled_measures(
        found["chisq"], model.df, own.factor, found["baseline_chisq"], found["baseline_df"], null.factor,
        fit.n, len(model.groups), shift=own.shift, shift_baseline=null.shift,
    ) | {"chisq_shift_parameter": own.shift}  # fmt: skip


def _sem_robust(settings: Sem, weighted: bool, clustered: bool) -> bool:
    """Return whether only the standard errors are robust: ML with ``se: robust`` and a plain design."""
    return settings.estimator == "ML" and settings.se == "robust" and not weighted and not clustered

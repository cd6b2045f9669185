"""Whether clusters enter the errors and tests of a latent model that a study asks for."""

from __future__ import annotations

from werksem.spec.study import Sem, Study
from werksem.spec.support import LEAST_SQUARES

__all__ = ["clusters_enter", "latent_settings"]

SCALED = ("MLR", "MLM", "MLMV")


def clusters_enter(settings: Sem) -> bool:
    """Return whether standard errors or tests go by cluster where the respondents have clusters.

    ``se: robust`` is by cluster then, and so are the sandwich and the scaled test of MLR, MLM and MLMV,
    whatever ``se`` is. ML with ``se: standard`` takes no account of clusters, with blanks or without; least
    squares never do (nor in lavaan 0.6-14, which refuses them with clusters).

    >>> clusters_enter(Sem(se="cluster")), clusters_enter(Sem()), clusters_enter(Sem(estimator="MLR"))
    (True, False, True)
    >>> clusters_enter(Sem(se="cluster", estimator="WLSMV"))
    False
    """
    sandwich = settings.se != "standard" or settings.estimator in SCALED
    return sandwich and settings.estimator not in LEAST_SQUARES


def latent_settings(study: Study) -> Sem:
    """Return the settings of the latent model, those that its bootstrap starts from where a study has no SEM.

    Monte-Carlo limits are drawn from standard errors, which clusters then make by cluster as they would a
    SEM's; other resamples ask for none.
    """
    if study.sem is not None:
        return study.sem
    drawn = study.bootstrap is not None and study.bootstrap.interval == "monte_carlo"
    return Sem(se="cluster") if drawn and study.data.cluster is not None else Sem()

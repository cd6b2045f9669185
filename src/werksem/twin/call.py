"""The call of ``lavaan::sem`` that asks what the study asked, and what it takes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from werksem.model import Model
from werksem.sem_data import SemData, cluster_codes
from werksem.spec.errors_asked import clusters_enter
from werksem.spec.study import Sem, Study
from werksem.twin.expression import quoted

__all__ = ["call_of", "shared_clusters", "takes_moments"]


def takes_moments(study: Study) -> bool:
    """Return whether n, means and covariances are all that lavaan needs: plain errors, complete rows."""
    sem, data = study.sem or Sem(), study.data
    if data.moments is not None:
        return True
    plain = sem.se == "standard" and data.weights is None
    return plain and sem.estimator in ("ML", "GLS", "ULS") and data.missing == "listwise" and not data.ordered


def shared_clusters(data: SemData) -> bool:
    """Return whether clusters lie in several of the groups, which lavaan takes by themselves.

    >>> shared_clusters(SemData(("a", "b"), clusters=(np.array([0, 1]), np.array([1, 2]))))
    True
    """
    each = [np.unique(codes) for codes in cluster_codes(data)]
    return bool(each) and len(np.unique(np.concatenate(each))) < sum(map(len, each))


def call_of(study: Study, model: Model, data: SemData) -> Iterator[str]:
    """Yield the arguments of ``sem()`` after the model, each ``name = value``."""
    sem = study.sem or Sem()
    if takes_moments(study):
        yield "sample.cov = cov"
        if model.mean_structure:
            yield "sample.mean = mean"
        yield "sample.nobs = n"
    else:
        yield "data = d"
    yield from _estimator(study, sem)
    if data.ordered:
        yield f"ordered = c({', '.join(map(quoted, data.ordered))})"
    else:
        yield f"meanstructure = {_r(model.mean_structure)}"
    if not sem.fixed_x:
        yield "fixed.x = FALSE"
    if sem.scaling == "unit_variance":
        yield "std.lv = TRUE"
    yield from _groups(study, sem, model)


def _estimator(study: Study, sem: Sem) -> Iterator[str]:
    """Yield estimator, errors, information and design, as lavaan names what werksem computed."""
    data = study.data
    cluster = data.cluster if clusters_enter(sem) else None
    fiml, designed = data.missing == "fiml", cluster is not None or data.weights is not None
    robust = sem.se != "standard" or cluster is not None
    estimator = "MLR" if fiml and robust and sem.estimator == "ML" else sem.estimator
    yield f"estimator = {quoted(estimator)}"
    if fiml:
        yield 'missing = "ml"'
    if estimator == "ML" and not designed and (sem.se == "standard" or fiml):
        yield f"information = {quoted(sem.information)}"
    if sem.se != "standard" and estimator in ("ML", "ULS", "GLS", "WLS", "DWLS") and not designed:
        yield 'se = "robust"'
    if sem.likelihood == "wishart":
        yield 'likelihood = "wishart"'
    if cluster is not None:
        yield f"cluster = {quoted(cluster)}"
    if cluster is not None and estimator == "MLMV":
        # MLM's sandwich, as MLMV has it without clusters; by itself lavaan 0.6-14 takes another one here
        yield 'se = "robust.cluster.sem"'
    if data.weights is not None:
        yield f"sampling.weights = {quoted(data.weights)}"


def _groups(study: Study, sem: Sem, model: Model) -> Iterator[str]:
    if len(model.groups) == 1:
        return
    if not takes_moments(study):
        yield f"group = {quoted(str(study.data.group))}"
        yield f"group.label = c({', '.join(map(quoted, model.groups))})"
    if sem.group_equal:
        equal = (quoted(name.replace("_", ".")) for name in sem.group_equal)
        yield f"group.equal = c({', '.join(equal)})"


def _r(value: bool) -> str:
    return "TRUE" if value else "FALSE"

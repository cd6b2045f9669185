"""What a study may not ask for at once: settings that need another one, or rule it out."""

from __future__ import annotations

from collections.abc import Iterator

from werksem.errors import SpecError
from werksem.spec.filters import parse_derived, parse_filter
from werksem.spec.matrix import correlation_matrix
from werksem.spec.study import Study
from werksem.spec.yaml import Document, Loc

__all__ = ["check_study"]

ORDINAL = ("WLSMV", "ULSMV", "DWLS", "WLS", "ULS")


def check_study(study: Study, document: Document) -> None:
    """Raise ``SpecError`` for the first setting that lacks what it needs, or contradicts another."""
    for loc, message in (*_data(study), *_moments(study), *_estimators(study), *_needs(study)):
        raise SpecError(message, where=document.where(loc))
    if study.data.where is not None:
        parse_filter(study.data.where, document.where(("data", "where")))
    for name, text in study.data.derive.items():
        parse_derived(text, document.where(("data", "derive", name)))
    if study.data.moments is not None:
        correlation_matrix(study.data.moments, document.part("data", "moments").where)


def _data(study: Study) -> Iterator[tuple[Loc, str]]:
    data = study.data
    if data.file is None and data.moments is None:
        yield ("data",), "data needs a file, or moments instead"
    if data.file is not None and data.moments is not None:
        yield ("data", "moments"), "data has a file and moments; keep one of them"
    if data.weights is not None and data.weights in (data.group, data.cluster):
        yield ("data", "weights"), f'data.weights: "{data.weights}" is the group or cluster column too'


def _estimators(study: Study) -> Iterator[tuple[Loc, str]]:
    """Yield estimators that the data do not go with."""
    if study.sem is None:
        return
    estimator = study.sem.estimator
    if study.data.ordered and estimator not in ORDINAL:
        right = ", ".join(ORDINAL)
        yield ("sem", "estimator"), f"sem.estimator: {estimator} is not for data.ordered; right are {right}"
    if study.data.missing == "fiml" and estimator not in ("ML", "MLR"):
        yield ("sem", "estimator"), f"sem.estimator: {estimator} takes complete rows; fiml needs ML or MLR"


def _moments(study: Study) -> Iterator[tuple[Loc, str]]:
    """Yield what cannot be had from summary statistics."""
    if study.data.moments is None:
        return
    for key in (
        "where",
        "group",
        "weights",
        "cluster",
        "strata",
        "ordered",
        "derive",
        "codes",
        "missing_codes",
    ):
        if getattr(study.data, key):
            yield ("data", key), f"data.{key} needs respondents, but the study has moments only"
    if study.data.missing == "fiml":
        yield ("data", "missing"), "data.missing: fiml needs respondents, but the study has moments only"
    if study.ols is not None and study.ols.se != "classical":
        yield ("ols", "se"), f"ols.se: {study.ols.se} needs respondents; from moments it is classical"
    if study.bootstrap is not None and study.bootstrap.scheme != "parametric":
        yield ("bootstrap",), "bootstrap resamples respondents, but the study has moments only"
    if study.bayes is not None:
        yield ("bayes",), "bayes needs respondents, but the study has moments only"


def _needs(study: Study) -> Iterator[tuple[Loc, str]]:
    data = study.data
    clustered: tuple[tuple[Loc, bool], ...] = (
        (("ols", "se"), study.ols is not None and study.ols.se == "cluster"),
        (("sem", "se"), study.sem is not None and study.sem.se == "cluster"),
        (("bootstrap", "scheme"), study.bootstrap is not None and study.bootstrap.scheme == "cluster"),
    )
    for loc, wanted in clustered:
        if wanted and data.cluster is None:
            yield loc, f"{_dotted(loc)}: cluster needs data.cluster, the column of the clusters"
    if study.bootstrap is not None and study.bootstrap.scheme == "strata" and not (data.strata or data.group):
        yield ("bootstrap", "scheme"), "bootstrap.scheme: strata needs data.strata or data.group"
    grouped: tuple[tuple[Loc, bool], ...] = (
        (("sem", "multigroup"), study.sem is not None and study.sem.multigroup),
        (("invariance",), bool(study.invariance)),
        (("bayes", "vary"), study.bayes is not None and bool(study.bayes.vary)),
    )
    for loc, wanted in grouped:
        if wanted and data.group is None:
            yield loc, f"{_dotted(loc)} needs data.group, the column of the groups"


def _dotted(loc: Loc) -> str:
    return ".".join(map(str, loc))

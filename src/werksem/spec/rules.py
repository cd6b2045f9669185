"""What a study may not ask for at once: settings that need another one, or rule it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from werksem.errors import SpecError
from werksem.spec.filters import columns, parse_derived, parse_filter
from werksem.spec.matrix import correlation_matrix
from werksem.spec.study import Sem, Study
from werksem.spec.yaml import Document, Loc

__all__ = ["check_study"]

BY_LIKELIHOOD = ("ML", "MLR", "MLM", "MLMV")
LADDER = ("configural", "metric", "scalar", "strict")
ORDINAL = ("WLSMV", "ULSMV", "DWLS", "WLS", "ULS")


def check_study(study: Study, document: Document) -> None:
    """Raise ``SpecError`` for the first setting that lacks what it needs, or contradicts another."""
    for loc, message in (
        *_data(study), *_moments(study), *_estimators(study), *_needs(study), *_nested(study),
        *_design(study),
        *_replicates(study), *_from_the_model(study), *_idle(study), *_twice(study),
    ):  # fmt: skip
        raise SpecError(message, where=document.where(loc))
    if study.data.where is not None:
        parse_filter(study.data.where, document.where(("data", "where")))
    for name, text in study.data.derive.items():
        parse_derived(text, document.where(("data", "derive", name)))
    for loc, message in _derived(study):
        raise SpecError(message, where=document.where(loc))
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
    numbers = estimator in (*ORDINAL, "GLS") and not study.data.ordered
    if numbers and study.sem.se == "cluster":
        yield (
            ("sem", "estimator"),
            (
                f"sem.estimator: {estimator} on numbers has no standard errors by cluster (data.cluster "
                "brings them); right are ML, MLR, or sem.se: standard or robust"
            ),
        )


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
        "fpc",
        "replicate_weights",
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
    if study.bootstrap is not None:
        yield ("bootstrap",), f"{_drawn(study.bootstrap.scheme)}, but the study has moments only"
    if study.bayes is not None:
        yield ("bayes",), "bayes needs respondents, but the study has moments only"


def _drawn(scheme: str) -> str:
    """Return what a bootstrap needs respondents for."""
    if scheme == "parametric":
        return "bootstrap.scheme: parametric takes the acceleration of BCa from respondents"
    return "bootstrap resamples respondents"


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
    if study.ols is not None and study.ols.se == "CR2" and data.cluster is None:
        yield ("ols", "se"), "ols.se: CR2 needs data.cluster, the column of the clusters"
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


def _nested(study: Study) -> Iterator[tuple[Loc, str]]:
    """Yield what a third level of the posterior lacks."""
    if study.bayes is None or study.bayes.nested is None:
        return
    name, group = study.bayes.nested, study.data.group
    if group is None:
        yield ("bayes", "nested"), "bayes.nested needs data.group, the column of the groups its units lie in"
    if name == group:
        message = f'bayes.nested: "{name}" is data.group itself; right is a column of units within the groups'
        yield ("bayes", "nested"), message
    if name == study.data.weights:
        yield ("bayes", "nested"), f'bayes.nested: "{name}" is the column of the weights'


def _design(study: Study) -> Iterator[tuple[Loc, str]]:
    """Yield what the survey's design and the scheme of the bootstrap ask of each other."""
    data, scheme = study.data, study.bootstrap.scheme if study.bootstrap else ""
    if scheme == "replicate_weights" and data.replicate_weights is None:
        yield ("bootstrap", "scheme"), "bootstrap.scheme: replicate_weights needs data.replicate_weights"
    if data.fpc is not None and data.fpc in (data.group, data.cluster, data.strata, data.weights):
        yield ("data", "fpc"), f'data.fpc: "{data.fpc}" is another column of the design too'
    if data.fpc is not None and data.replicate_weights is not None:
        message = "data.fpc does not go with data.replicate_weights: their rscales hold the correction"
        yield ("data", "fpc"), message
    if data.fpc is not None and data.strata is not None and scheme == "cases":
        message = "bootstrap.scheme: cases leaves out the strata of data.fpc; right are strata, cluster"
        yield ("bootstrap", "scheme"), message


def _from_the_model(study: Study) -> Iterator[tuple[Loc, str]]:
    """Yield what resamples of the model, or of data turned towards it, do not go with."""
    scheme, sem = study.bootstrap.scheme if study.bootstrap else "", study.sem or Sem()
    if study.bootstrap is None or scheme not in ("bollen-stine", "parametric"):
        return
    other = (
        ("data.missing: fiml", study.data.missing == "fiml"),
        ("data.ordered", bool(study.data.ordered)),
        (f"sem.estimator: {sem.estimator}", sem.estimator not in BY_LIKELIHOOD),
        (f"sem.likelihood: {sem.likelihood}", sem.likelihood != "normal"),
    )
    for setting in (name for name, given in other if given):
        message = f"bootstrap.scheme: {scheme} takes ML of complete rows; it does not go with {setting}"
        yield ("bootstrap", "scheme"), message
    if scheme == "parametric" and study.bootstrap.indices is not None:
        yield ("bootstrap", "indices"), "bootstrap.indices draws rows; scheme: parametric draws none"


def _replicates(study: Study) -> Iterator[tuple[Loc, str]]:
    """Yield what replicate weights of their type lack, or have too many."""
    given, loc = study.data.replicate_weights, ("data", "replicate_weights")
    if given is None:
        return
    kind = f"data.replicate_weights: type {given.type}"
    if study.data.weights is None:
        yield loc, "data.replicate_weights needs data.weights, the sampling weights of the whole sample"
    if study.bootstrap is not None and study.bootstrap.indices is not None:
        yield ("bootstrap", "indices"), "bootstrap.indices draws rows; it does not go with replicate weights"
    if (given.type == "fay") != (given.rho is not None):
        yield (*loc, "rho"), f"{kind} {'needs' if given.type == 'fay' else 'has no'} rho"
    if given.type in ("brr", "fay") and given.scale is not None:
        right = "1/R" if given.type == "brr" else "1/(R (1 - rho)^2)"
        yield (*loc, "scale"), f"{kind} has a scale of its own, {right}; leave scale out"
    if given.type == "jkn" and not given.rscales:
        yield loc, f"{kind} needs rscales, (n - 1)/n of each replicate's stratum"
    if given.type == "other" and given.scale is None:
        yield loc, f"{kind} needs a scale"


def _derived(study: Study) -> Iterator[tuple[Loc, str]]:
    """Yield columns that are derived from themselves, or from one that is derived after them."""
    names = list(study.data.derive)
    for at, (name, text) in enumerate(study.data.derive.items()):
        for used in columns(text):
            if used in names[at:]:
                why = "itself" if used == name else "derived after it"
                yield ("data", "derive", name), f'data.derive.{name} uses "{used}", which is {why}'


def _idle(study: Study) -> Iterator[tuple[Loc, str]]:
    """Yield settings that nothing would come of."""
    bootstrap, sem = study.bootstrap, study.sem
    if bootstrap is not None and bootstrap.scheduler is not None and bootstrap.engine != "dask":
        yield ("bootstrap", "scheduler"), "bootstrap.scheduler needs bootstrap.engine: dask"
    if sem is not None and sem.likelihood == "wishart" and sem.estimator not in BY_LIKELIHOOD:
        message = f"sem.likelihood: wishart is of ML; sem.estimator: {sem.estimator} has no likelihood"
        yield ("sem", "likelihood"), message
    if study.invariance is not None and not study.invariance:
        yield ("invariance",), f"invariance: found [], right are levels of {', '.join(LADDER)}"
    if study.invariance and list(study.invariance) != [x for x in LADDER if x in study.invariance]:
        yield ("invariance",), f"invariance: levels stand once, in the order {', '.join(LADDER)}"


def _twice(study: Study) -> Iterator[tuple[Loc, str]]:
    """Yield what stands twice in a list."""
    lists: tuple[tuple[Loc, Sequence[object]], ...] = (
        (("report", "formats"), study.report.formats),
        (("sem", "group_equal"), study.sem.group_equal if study.sem else ()),
        (("data", "ordered"), study.data.ordered if study.data.ordered != "all" else ()),
        (("bayes", "vary"), study.bayes.vary if study.bayes else ()),
        (("importance", "of"), study.importance.of if study.importance else ()),
        (("published",), study.published),
    )
    for loc, names in lists:
        for at, name in enumerate(names):
            if name in names[:at]:
                yield (*loc, at), f'{_dotted(loc)}: "{name}" stands twice'


def _dotted(loc: Loc) -> str:
    return ".".join(map(str, loc))

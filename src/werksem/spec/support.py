"""Which settings of the contract this version cannot do yet: one line each, to be deleted when it can."""

from __future__ import annotations

from collections.abc import Callable

from werksem import __version__
from werksem.errors import SpecError
from werksem.spec.study import Study
from werksem.spec.yaml import Document, Loc

__all__ = ["LEAST_SQUARES", "UNSUPPORTED", "check_support"]

LEAST_SQUARES = ("ULS", "GLS", "WLS", "DWLS", "WLSMV", "ULSMV")

Test = Callable[[Study], object]

# place in the study file: (what is asked for, or nothing; what works instead)
UNSUPPORTED: dict[Loc, tuple[Test, str]] = {
    ("sem", "estimator"): (lambda s: s.sem and _estimator(s), "ML, MLR, MLM, or no invariance ladder"),
}


def _estimator(study: Study) -> str:
    """Return what cannot be had yet with this estimator, empty where all can."""
    estimator = study.sem.estimator if study.sem else "ML"
    least_squares = estimator in LEAST_SQUARES
    return f"{estimator} with an invariance ladder" if least_squares and study.invariance else ""


def check_support(study: Study, document: Document) -> None:
    """Raise ``SpecError`` for the first setting that the contract has and this version has not."""
    version = ".".join(__version__.split(".")[:2])
    for loc, (test, instead) in UNSUPPORTED.items():
        asked = test(study)
        if asked:
            place = ".".join(map(str, loc))
            message = f"{place}: {asked} is not available yet in werksem {version}; right is {instead}"
            raise SpecError(message, where=document.where(loc))

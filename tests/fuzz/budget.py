"""A law, how many examples it is tried on, and the trial itself.

``ci``: the same examples at every run, a minute for all laws together. ``nightly``: new ones at every run.
"""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

BUDGETS = ("ci", "nightly")
# a first example compiles kernels, a strategy of studies is slow beside one of integers
PATIENT = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


@dataclass(frozen=True)
class Law:
    """What must hold (``says``) of everything that ``given`` draws; ``holds`` raises where it does not.

    ``ci`` and ``nightly`` are numbers of examples; 0 leaves the law out of that budget.
    """

    name: str
    kind: str
    says: str
    over: str
    given: SearchStrategy[Any]
    holds: Callable[[Any], None]
    ci: int
    nightly: int


@dataclass(frozen=True)
class Tried:
    """How many examples a law was tried on, and the first that broke it."""

    law: Law
    examples: int
    broken: str
    seconds: float


def examples_of(law: Law, budget: str) -> int:
    return law.ci if budget == "ci" else law.nightly


def try_law(law: Law, budget: str, share: float = 1.0, *, shrink: bool = True) -> int:
    """Return on how many examples the law was tried; raises what the smallest counterexample raises."""
    held: list[None] = []
    _try(law, budget, share, held, shrink=shrink)
    return len(held)


def _try(law: Law, budget: str, share: float, held: list[None], *, shrink: bool) -> None:
    """Try a law, with an entry in ``held`` for every example of which it held."""

    def counted(example: Any) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.filterwarnings("ignore", r"\s*ArviZ is undergoing", FutureWarning)
            law.holds(example)
        held.append(None)

    profile = settings(
        max_examples=max(1, round(examples_of(law, budget) * share)), deadline=None, database=None,
        derandomize=budget == "ci", suppress_health_check=PATIENT, print_blob=False,
        report_multiple_bugs=False, phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
    )  # fmt: skip
    given(law.given)(profile(counted))()


def tried_law(law: Law, budget: str, share: float = 1.0, *, shrink: bool = True) -> Tried:
    """Return how a trial went, broken or not."""
    began, broken = perf_counter(), ""
    held: list[None] = []
    try:
        _try(law, budget, share, held, shrink=shrink)
    except KeyboardInterrupt:
        raise
    except BaseException as problem:
        where = "".join(traceback.format_tb(problem.__traceback__)[-4:])
        broken = "\n".join([repr(problem), *getattr(problem, "__notes__", []), where])
    return Tried(law, len(held), broken, perf_counter() - began)

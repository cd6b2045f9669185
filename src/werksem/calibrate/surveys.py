"""Many simulated surveys on threads: the same numbers on any number of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.calibrate.method import Method, Result
from werksem.errors import EstimationError, WerksemError
from werksem.inputs import Inputs

__all__ = ["Run", "run_surveys"]

FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """What all surveys gave a method: ``values`` (S, K, 4) as in ``Result``, and their ``status`` (S,)."""

    method: Method
    values: NDArray[np.float64]
    status: NDArray[np.str_]


def run_surveys(
    methods: Sequence[Method], draw: Callable[[int], tuple[Inputs, int]], surveys: int, *, jobs: int,
    tick: Callable[[], None] = lambda: None,
) -> tuple[Run, ...]:  # fmt: skip
    """Return what every method finds in surveys 0 … ``surveys`` - 1.

    ``draw`` gives a survey's inputs and its seed for what a method draws itself. A method that refuses a
    survey has NaN there, and the status ``failed``. Raises ``EstimationError`` where none of the methods has
    an interval in any survey, with what the first of them said.
    """

    def one(survey: int) -> list[Result]:
        inputs, seed = draw(survey)
        found = [_tried(method, inputs, seed) for method in methods]
        tick()
        return found

    pool = ThreadPoolExecutor(max_workers=max(jobs, 1))
    try:
        done = list(pool.map(one, range(surveys)))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    _some([result for found in done for result in found], surveys)
    return tuple(
        Run(
            method,
            np.stack([found[m].values for found in done]),
            np.array([found[m].status for found in done]),
        )
        for m, method in enumerate(methods)
    )


def _tried(method: Method, inputs: Inputs, seed: int) -> Result:
    try:
        return method.estimate(inputs, seed)
    except (WerksemError, np.linalg.LinAlgError) as error:
        return Result(np.full((len(method.keys), 4), np.nan), FAILED, str(error))


def _some(results: Sequence[Result], surveys: int) -> None:
    """Raise ``EstimationError`` where no survey has an interval, so that nothing can be said of coverage."""
    if any(np.isfinite(result.values[:, 2:]).all(axis=1).any() for result in results):
        return
    why = next((f": {result.why}" for result in results if result.why), "")
    raise EstimationError(f"calibrate: none of {surveys} simulated surveys gave an interval{why}")

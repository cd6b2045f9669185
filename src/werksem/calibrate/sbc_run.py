"""A posterior made ready once for everything that is asked of it, and surveys in threads, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from werksem.bayes.sample import available_cores
from werksem.calibrate.sbc_latent import ReadyLatent, ready_latent
from werksem.calibrate.sbc_scores import Ready, ready_scores
from werksem.errors import DataError
from werksem.inputs import Inputs
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = ["AnyReady", "in_order", "ready_posterior"]

T = TypeVar("T")
AnyReady = Ready | ReadyLatent


def ready_posterior(study: Study, model: ModelSpec, inputs: Inputs) -> AnyReady:
    """Return the study's posterior, compiled once, for ``sbc``, ``smallest_sector`` and
    ``posterior_intervals``.

    Raises ``DataError`` for a study without posterior or without respondents.
    """
    settings = study.bayes
    if settings is None:
        raise DataError("calibrate: the study has no section bayes, so there is no posterior to calibrate")
    if settings.level == "latent":
        return ready_latent(study, model, inputs)
    return ready_scores(settings, model, inputs)


def in_order(one: Callable[[int], T], count: int, jobs: int, tick: Callable[[], None]) -> Iterator[T]:
    """Yield ``one(0)``, ``one(1)`` …, computed in threads, ``tick`` called after each.

    What is still waiting is dropped where one fails or the user interrupts. ``jobs`` 0 takes every processor.

    >>> list(in_order(lambda i: i * i, 3, 2, lambda: None))
    [0, 1, 4]
    """
    with ThreadPoolExecutor(jobs or available_cores()) as pool:
        waiting = [pool.submit(one, i) for i in range(count)]
        try:
            for future in waiting:
                yield future.result()
                tick()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

"""semopy: one model object, refitted to copied rows from wherever its last fit ended."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from time import perf_counter, process_time

import numpy as np

from werksem.bench.case import Case, Index, Timed
from werksem.bench.peer import Peer, PeerAbsentError
from werksem.estimators.semopy_adapter import model_text, reason_against, silent_log, table_theta

__all__ = ["semopy_peer"]


@contextmanager
def semopy_peer(case: Case) -> Iterator[Peer]:
    """Yield semopy; raises ``PeerAbsentError`` where it is not installed or cannot fit the model."""
    began = perf_counter()
    try:
        import pandas as pd
        import semopy
    except ImportError as problem:
        raise PeerAbsentError(f"Python cannot import it ({problem})") from None
    if reason := reason_against(case.model):
        raise PeerAbsentError(f"it has no way to fit {reason}")
    start = perf_counter() - began
    frame = pd.DataFrame(case.rows, columns=list(case.model.observed))
    means = dict(zip(case.model.observed, case.moments.mean, strict=True))
    with silent_log(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        began = perf_counter()
        fitted = semopy.Model(model_text(case.model))
        fitted.fit(frame)
        first = perf_counter() - began

        def refit(drawn: Index) -> Timed:
            theta = np.full((len(drawn), len(case.model.parameters)), np.nan)
            cpu = wall = 0.0
            for number, rows in enumerate(drawn):
                began, began_cpu = perf_counter(), process_time()
                solved = fitted.fit(frame.take(rows)).success
                cpu, wall = cpu + process_time() - began_cpu, wall + perf_counter() - began
                found = table_theta(case.model, fitted.inspect(information=None), means) if solved else None
                if found is not None:
                    theta[number] = found
            return Timed(theta, cpu, wall)

        yield Peer(version("semopy"), start, first, refit)

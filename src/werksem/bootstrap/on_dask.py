"""Blocks of replicates on a Dask cluster: an existing one, or processes of this machine."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from werksem import __version__
from werksem.bootstrap.replicates import Replicates
from werksem.bootstrap.run import Job, Workers, compute_block
from werksem.errors import SpecError, WerksemError
from werksem.extras import require

__all__ = ["on_dask"]

WAIT = 10  # seconds


def on_dask(scheduler: str | None) -> Workers:
    """Return workers that compute blocks on the cluster at ``scheduler`` (``tcp://…``).

    Without one a cluster of ``jobs`` processes of this machine is made for the run. Raises ``SpecError``
    where Dask is not installed, the scheduler does not answer or its workers lack this version of
    werksem, and ``WerksemError`` where the cluster is lost: blocks that came back by then are kept.
    """

    def work(job: Job, todo: Sequence[int], jobs: int, receive: Callable[[int, Replicates], None]) -> None:
        distributed: Any = require("distributed", "dask", "bootstrap.engine dask")
        if not todo:
            return
        with _silent(), _client(distributed, scheduler, jobs) as client:
            _check_workers(client, scheduler)
            try:
                _compute(distributed, client, job, todo, receive)
            except distributed.KilledWorker:
                raise _lost("its workers died, perhaps for want of memory") from None
            except (distributed.CancelledError, OSError):
                raise _lost("the scheduler or the data on its workers was lost") from None

    return work


def _compute(
    distributed: Any, client: Any, job: Job, todo: Sequence[int], receive: Callable[[int, Replicates], None]
) -> None:
    """Send the job to every worker once, then blocks to whoever is free; receive them as they come."""
    shared = client.scatter(job, broadcast=True, hash=False)
    futures = client.map(compute_block, [shared] * len(todo), todo, pure=False)
    numbers = dict(zip((future.key for future in futures), todo, strict=True))
    for future in distributed.as_completed(futures):
        receive(numbers[future.key], future.result())
        future.release()


def _lost(what: str) -> WerksemError:
    return WerksemError(
        f"bootstrap.engine dask: {what}; replicates that came back are kept, --resume goes on"
    )


@contextmanager
def _silent() -> Iterator[None]:
    """Keep Dask's log off the screen: what goes wrong becomes one sentence of ours."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


@contextmanager
def _client(distributed: Any, scheduler: str | None, jobs: int) -> Iterator[Any]:
    """Yield a client of the scheduler, or of a cluster of processes that ends with the run."""
    if scheduler is None:
        # any free port: None would be 8787, and a warning where that is taken
        options = {"n_workers": max(jobs, 1), "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
        # worker processes have logs of their own: a heartbeat may meet a scheduler that is closing
        options["silence_logs"] = logging.CRITICAL
        with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
            yield client
        return
    try:
        client = distributed.Client(scheduler, timeout=WAIT)
    except Exception:  # what answers there may be anything
        raise SpecError(
            f"bootstrap.scheduler: no Dask scheduler answers at {scheduler}; right is the address that "
            "`dask scheduler` prints, such as tcp://127.0.0.1:8786"
        ) from None
    with client:
        yield client


def _check_workers(client: Any, scheduler: str | None) -> None:
    """Raise ``SpecError`` for a cluster without workers, or whose workers lack this version of werksem."""
    try:
        client.wait_for_workers(1, timeout=WAIT)
    except TimeoutError:
        raise SpecError(
            f"bootstrap.scheduler: {scheduler} has no workers; right is `dask worker {scheduler}` first"
        ) from None
    for worker, found in client.run(_version, on_error="return").items():
        if found != __version__:
            has = f"werksem {found}" if isinstance(found, str) else "no werksem"
            raise SpecError(
                f"bootstrap.engine dask: the worker {worker} has {has}, this is werksem {__version__}"
            )


def _version() -> str:
    """Return the version of werksem where this runs."""
    return __version__

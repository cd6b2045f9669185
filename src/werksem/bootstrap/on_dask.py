"""Blocks of replicates on a Dask cluster: an existing one, or processes of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from werksem.bootstrap.replicates import Replicates
from werksem.bootstrap.run import Job, Workers, compute_block
from werksem.errors import EstimationError

__all__ = ["on_dask"]

WAIT = "10s"


def on_dask(scheduler: str | None) -> Workers:
    """Return workers that compute blocks on the cluster at ``scheduler`` (``tcp://…``).

    Without one a cluster of ``jobs`` processes of this machine is made for the run. Raises
    ``EstimationError`` where Dask is not installed, or the scheduler cannot be reached or is lost:
    blocks that came back by then are kept.
    """

    def work(job: Job, todo: Sequence[int], jobs: int, receive: Callable[[int, Replicates], None]) -> None:
        try:
            import distributed
        except ImportError:
            raise EstimationError(
                "bootstrap.engine dask: Dask is not installed; right is pip install 'werksem[dask]'"
            ) from None
        with _client(distributed, scheduler, jobs) as client:
            shared = client.scatter(job, broadcast=True, hash=False)
            futures = client.map(compute_block, [shared] * len(todo), todo, pure=False)
            numbers = dict(zip((future.key for future in futures), todo, strict=True))
            try:
                for future in cast(Any, distributed).as_completed(futures):
                    receive(numbers[future.key], future.result())
                    future.release()
            except (OSError, distributed.CancelledError) as error:
                raise EstimationError(
                    f"bootstrap.engine dask: the scheduler was lost ({error}); finished replicates are kept, "
                    "--resume goes on"
                ) from None

    return work


@contextmanager
def _client(distributed: Any, scheduler: str | None, jobs: int) -> Iterator[Any]:
    """Yield a client of the scheduler, or of a cluster of processes that ends with the run."""
    if scheduler is None:
        options = {"n_workers": max(jobs, 1), "threads_per_worker": 1, "dashboard_address": None}
        with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
            yield client
        return
    try:
        client = distributed.Client(scheduler, timeout=WAIT)
    except (OSError, TimeoutError, ValueError):
        raise EstimationError(
            f"bootstrap.scheduler: no Dask scheduler answers at {scheduler}; right is the address that "
            "`dask scheduler` prints, such as tcp://127.0.0.1:8786"
        ) from None
    with client:
        yield client

"""One BLAS thread while werksem computes, whatever a notebook has set."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["one_blas_thread"]

VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Give matrix products one thread inside the block: many small ones are 15 times slower on several.

    Libraries that are loaded already are told so, those still to come read it from the environment;
    who has set the environment keeps what is set. After the block all is as it was.
    """
    from threadpoolctl import threadpool_limits

    before = {name: os.environ.get(name) for name in VARIABLES}
    unset = [name for name, value in before.items() if value is None]
    os.environ.update(dict.fromkeys(unset, "1"))
    try:
        with threadpool_limits(limits=1 if unset else None, user_api="blas"):
            yield
    finally:
        for name in unset:
            os.environ.pop(name, None)

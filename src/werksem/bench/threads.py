"""One BLAS thread for everybody, set before NumPy is imported."""

from __future__ import annotations

import os

__all__ = ["BLAS", "one_blas_thread"]

BLAS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def one_blas_thread() -> None:
    """Set one BLAS thread for this process, if NumPy is not loaded yet, and for every child of it."""
    os.environ.update(dict.fromkeys(BLAS, "1"))

"""What stands before the first replicate: start of Python, compilation, the first fit; cold and warm.

``python -m werksem.bench.start N`` does one small bootstrap in a process of its own and prints what
each step took. Cold is the first process ever, with no compiled kernel on disk; warm is the next.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from werksem import __version__
from werksem.bench.threads import one_blas_thread
from werksem.errors import EstimationError

__all__ = ["Start", "own_starts"]


@dataclass(frozen=True, slots=True)
class Start:
    """Wall seconds before the first replicate of a program; NaN where a step was not measured.

    ``start`` until it can fit, ``first_fit`` the model on all rows, ``first_replicates`` the first
    call of the bootstrap (compiles its kernels, or loads them), ``process`` from begin to end with
    the data drawn in it; ``peak_mb`` is the memory of that process at its highest.
    """

    peer: str
    version: str
    state: str
    n: int
    start: float
    first_fit: float
    first_replicates: float = float("nan")
    process: float = float("nan")
    peak_mb: float = float("nan")


def own_starts(n: int) -> tuple[Start, Start]:
    """Return our start cold and warm at n respondents, each a process of its own with an own cache."""
    with tempfile.TemporaryDirectory(prefix="werksem-cache-") as cache:
        return _start("cold", n, cache), _start("warm", n, cache)


def _start(state: str, n: int, cache: str) -> Start:
    environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
    began = perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "werksem.bench.start", str(n)], env=environment, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    wall = perf_counter() - began
    if done.returncode:
        raise EstimationError(f"the {state} start failed: {done.stderr.strip()[-300:]}")
    return Start("werksem", __version__, state, n, **json.loads(done.stdout), process=wall)


def _steps(n: int) -> dict[str, float]:
    """Return the seconds of each step in this process, and its peak of memory."""
    began = perf_counter()
    from werksem.bench.case import case_of
    from werksem.bench.chain import answers, chain_model
    from werksem.bench.own import own_refits, own_units

    loaded = perf_counter()
    model, rows = chain_model(), answers(n)
    drawn = perf_counter()
    case = case_of(model, rows)
    fitted = perf_counter()
    own_refits(case, own_units(case), 1, 2)
    return {
        "start": loaded - began,
        "first_fit": fitted - drawn,
        "first_replicates": perf_counter() - fitted,
        "peak_mb": _peak_mb(),
    }


def _peak_mb() -> float:
    """Return this process's highest memory; ``ru_maxrss`` would count its parent's where that was higher."""
    status = Path("/proc/self/status")
    if status.is_file():
        return next(int(x.split()[1]) / 1024 for x in status.read_text().splitlines() if "VmHWM" in x)
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


if __name__ == "__main__":
    one_blas_thread()
    print(json.dumps(_steps(int(sys.argv[1]))))

"""A bootstrap under load: wall time, processor time and peak memory of one process.

    python benchmarks/load.py [--n 1000000] [--replicates 5000] [--jobs 2]

The binding chain, 45 five-point items; every replicate is a full ML refit. Drawing the answers counts for
memory, not for time. ``start`` is the peak before the first replicate, with data and fit in memory.
"""

from __future__ import annotations

import argparse
import os
import resource
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from werksem.bench.case import case_of
from werksem.bench.chain import answers, chain_model
from werksem.bench.own import own_refits, own_units


def peak_mb() -> float:
    """Return the peak memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print one line per measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=1_000_000)
    parser.add_argument("--replicates", type=int, default=5000)
    parser.add_argument("--jobs", type=int, default=2)
    wanted = parser.parse_args()
    began = time.perf_counter()
    case = case_of(chain_model(), answers(wanted.n))
    units = own_units(case)
    own_refits(case, units, 1, 64)
    print(f"start       {time.perf_counter() - began:8.1f} s   peak {peak_mb():8.0f} MB", flush=True)
    done = own_refits(case, units, 1, wanted.replicates, jobs=wanted.jobs)
    solved = int(np.isfinite(done.theta).all(axis=1).sum())
    print(f"replicates  {done.wall:8.1f} s   peak {peak_mb():8.0f} MB   cpu {done.cpu:.1f} s")
    print(f"n = {wanted.n:,}, {solved:,} of {wanted.replicates:,} solved, jobs = {wanted.jobs}")


if __name__ == "__main__":
    main()

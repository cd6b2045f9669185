"""Wall time, processor time and peak memory of the commands people run, and one refit beside semopy's.

    python benchmarks/main_job.py [--replicates 1000]

Each command is a process of its own, one BLAS thread. Times on a shared machine drift by a factor of
two to three: quote the ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str) -> tuple[float, float, float]:
    """Return (wall seconds, CPU seconds, peak MB so far of any child) of one werksem command."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "werksem", *arguments], check=True, env=environment, capture_output=True
    )
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, after.ru_maxrss / 1024


def semopy_refit_seconds(config: Path) -> float:
    """Return the median processor time of one semopy fit of the study's model to its moments."""
    from statistics import median

    from werksem.estimators.semopy_adapter import semopy_estimates
    from werksem.inputs import read_inputs
    from werksem.model import build_model
    from werksem.sem_data import sem_data
    from werksem.spec.load import load_study

    study, spec = load_study(config)
    moments = sem_data(study, spec, read_inputs(study, spec), by_group=False).moments
    model = build_model(spec)
    times = []
    for _ in range(4):
        began = time.process_time()
        semopy_estimates(model, moments)
        times.append(time.process_time() - began)
    return median(times[1:])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=1000)
    replicates = parser.parse_args().replicates
    with tempfile.TemporaryDirectory() as place:
        print(f"{'command':46} {'wall s':>8} {'cpu s':>8} {'peak MB':>8}")
        for name in ("binding", "mediatie_binding"):
            config = str(ROOT / "configs" / f"{name}.yaml")
            jobs = {
                f"check {name}": ("check", config),
                f"fit {name}": ("fit", config, "--quiet", "--out", f"{place}/{name}"),
            }
            for label, arguments in jobs.items():
                print(f"{label:46} {' '.join(f'{value:8.1f}' for value in run(*arguments))}")
        config = ROOT / "configs" / "mediatie_binding.yaml"
        out = f"{place}/boot"
        run("fit", str(config), "--only", "bootstrap", "--jobs", "1", "--quiet", "--out", out,
            "--set", f"bootstrap.replicates={replicates}")  # fmt: skip
        ours = json.loads(Path(out, "manifest.json").read_text())["timings"]["bootstrap_cpu"] / replicates
    theirs = semopy_refit_seconds(config)
    print(
        f"\none refit of mediatie_binding, processor time: werksem {1e3 * ours:.2f} ms (resampling "
        f"included), semopy {1e3 * theirs:.0f} ms: {theirs / ours:.0f} times"
    )


if __name__ == "__main__":
    main()

"""WLSMV beside lavaan's, turn about in one run, as ratios of wall time; lavaan is skipped where R is absent.

    python benchmarks/wlsmv.py [--rounds 5] [--large]

Ours: from rows to thresholds, polychoric correlations, estimates, robust standard errors and every fit
measure. lavaan: cfa(estimator = "WLSMV", ordered = TRUE), fitMeasures() beside it. One BLAS thread; the
start of R, reading its CSV and compilation are not counted. ``--large`` adds 40 items x 40,000 rows,
which takes lavaan minutes, once.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from werksem.categorical.moments import ordinal_moments
from werksem.estimators.ls import fit_ls
from werksem.estimators.ls_model import ordinal_model
from werksem.estimators.ls_statistics import ordinal_statistics
from werksem.inference.ls_inference import ls_inference
from werksem.model import Model, build_model
from werksem.rows import Options
from werksem.spec.assemble import Parts, assemble
from werksem.spec.lavaan import parse_lavaan

LAVAAN = """
suppressMessages(library(lavaan))
arguments <- commandArgs(TRUE)
d <- read.csv(arguments[1]); syntax <- paste(readLines(arguments[2]), collapse = "\\n")
fit_time <- system.time(fit <- cfa(syntax, d, estimator = "WLSMV", ordered = TRUE))[["elapsed"]]
measure_time <- system.time(m <- fitMeasures(fit, c("chisq.scaled", "cfi.robust")))[["elapsed"]]
cat(fit_time, measure_time, m, "\\n")
"""


def survey(n: int, factors: int, per: int, seed: int = 1) -> tuple[np.ndarray, list[str], str]:
    """Return skewed 5-point answers (n, items), item names and the model."""
    rng = np.random.default_rng(seed)
    correlated = np.linalg.cholesky(0.6 * np.eye(factors) + 0.4)
    latent = np.repeat(rng.normal(size=(n, factors)) @ correlated.T, per, axis=1)
    noise = rng.normal(size=latent.shape)
    noise[:, 1] += 0.4 * noise[:, per + 1]  # what the model leaves out
    rows = 1.0 + ((0.7 * latent + 0.7 * noise)[:, :, None] > np.array([-1.6, -0.8, 0.1, 1.2])).sum(axis=2)
    names = [f"i{f}_{k}" for f in range(factors) for k in range(per)]
    lines = [f"f{f} =~ " + " + ".join(f"i{f}_{k}" for k in range(per)) for f in range(factors)]
    return rows, names, "\n".join(lines)


def ours(base: Model, rows: np.ndarray, names: list[str]) -> tuple[float, float, float]:
    """Return (seconds, scaled chi-square, robust CFI)."""
    began = time.perf_counter()
    moments = ordinal_moments([rows], names, names)
    model = ordinal_model(base, moments)
    statistics = ordinal_statistics(model, moments, "WLSMV")
    fit = fit_ls(model, statistics, "WLSMV")
    found = ls_inference(model, statistics, fit).measures
    return time.perf_counter() - began, found["chisq_scaled"], found["cfi_robust"]


def lavaan(folder: Path) -> tuple[float, float, float, float]:
    """Return (seconds of cfa(), seconds of fitMeasures(), scaled chi-square, robust CFI)."""
    command = ["Rscript", "wlsmv.R", "rows.csv", "model.txt"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    fit, measures, chisq, cfi = (float(x) for x in done.stdout.split()[:4])
    return fit, measures, chisq, cfi


def compare(n: int, factors: int, per: int, rounds: int) -> None:
    rows, names, text = survey(n, factors, per)
    base = build_model(assemble(parse_lavaan(text), Parts("m")), options=Options(mean_structure=True))
    ours(base, rows[:500], names)  # compilation
    mine, theirs = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "model.txt").write_text(text)
        (folder / "wlsmv.R").write_text(LAVAAN)
        np.savetxt(folder / "rows.csv", rows, delimiter=",", header=",".join(names), comments="", fmt="%g")
        for _ in range(rounds):
            mine.append(ours(base, rows, names))
            theirs += [lavaan(folder)] if shutil.which("Rscript") else []
    seconds = median(m[0] for m in mine)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{n} rows x {len(names)} items: ours {seconds:.3f} s, peak memory {peak:.2f} GB")
    if not theirs:
        print("  lavaan: R is not here, skipped")
        return
    fit, measures = median(t[0] for t in theirs), median(t[1] for t in theirs)
    apart = max(abs(mine[0][1] - theirs[0][2]), abs(mine[0][2] - theirs[0][3]))
    print(f"  lavaan cfa {fit:.2f} s, fitMeasures {measures:.2f} s: ratio {fit / seconds:.0f} (cfa alone)")
    print(f"  largest difference of scaled chi-square and robust CFI: {apart:.1e}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--large", action="store_true", help="also 40 items x 40,000 rows, one round")
    arguments = parser.parse_args()
    compare(5_000, 3, 5, arguments.rounds)
    compare(10_000, 4, 5, arguments.rounds)
    if arguments.large:
        compare(40_000, 8, 5, 1)


if __name__ == "__main__":
    main()

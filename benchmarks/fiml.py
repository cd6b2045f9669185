"""FIML beside lavaan's, turn about in one run, as ratios of wall time; lavaan is skipped where R is absent.

    python benchmarks/fiml.py [--n 40000] [--rounds 3] [--large]

Ours: from rows with NaN to estimates, standard errors and all fit measures, robust CFI and RMSEA too.
lavaan: sem(missing = "ml"), which leaves those robust measures to fitMeasures(), timed beside it. One BLAS
thread; the start of R and reading its CSV are not counted.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from werksem.estimators.fiml import fiml_problem, fit_fiml_problem
from werksem.inference.fiml import fiml_inference
from werksem.model import Model, build_model
from werksem.patterns import patterns
from werksem.rows import Options
from werksem.spec.assemble import Parts, assemble
from werksem.spec.lavaan import parse_lavaan

LAVAAN = """
suppressMessages(library(lavaan))
arguments <- commandArgs(TRUE)
d <- read.csv(arguments[1]); syntax <- paste(readLines(arguments[2]), collapse = "\\n")
fit_time <- system.time(fit <- sem(syntax, d, missing = "ml", estimator = arguments[3]))[["elapsed"]]
measure_time <- system.time(m <- fitMeasures(fit, c("chisq", "cfi.robust")))[["elapsed"]]
cat(fit_time, measure_time, m, max(abs(lavInspect(fit, "se")$lambda)), "\\n")
"""


def survey(n: int, factors: int, per: int, blank: float, seed: int = 1) -> tuple[np.ndarray, list[str], str]:
    """Return 5-point answers (n, items) with blanks completely at random, item names and the model."""
    rng = np.random.default_rng(seed)
    correlated = np.linalg.cholesky(0.6 * np.eye(factors) + 0.4)
    latent = np.repeat(rng.normal(size=(n, factors)) @ correlated.T, per, axis=1)
    noise = rng.normal(size=latent.shape)
    noise[:, 1] += 0.4 * noise[:, per + 1]  # what the model leaves out
    rows = np.clip(np.round(3 + 0.7 * latent + 0.7 * noise), 1, 5)
    rows[rng.random(rows.shape) < blank] = np.nan
    names = [f"i{f}_{k}" for f in range(factors) for k in range(per)]
    lines = [f"f{f} =~ " + " + ".join(f"i{f}_{k}" for k in range(per)) for f in range(factors)]
    return rows, names, "\n".join(lines)


def ours(model: Model, rows: np.ndarray, names: list[str], robust: bool) -> tuple[float, float, float]:
    """Return (seconds, chi-square, robust CFI)."""
    began = time.perf_counter()
    problem = fiml_problem(model, [patterns(rows, names)])
    fit = fit_fiml_problem(model, problem)
    found = fiml_inference(model, problem.data, fit, robust=robust, problem=problem)
    return time.perf_counter() - began, found.measures["chisq"], found.measures["cfi_robust"]


def lavaan(folder: Path, estimator: str) -> tuple[float, float, float, float]:
    """Return (seconds of sem(), seconds of fitMeasures(), chi-square, robust CFI)."""
    command = ["Rscript", "fiml.R", "rows.csv", "model.txt", estimator]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    fit, measures, chisq, cfi = (float(x) for x in done.stdout.split()[:4])
    return fit, measures, chisq, cfi


def compare(n: int, rounds: int) -> None:
    rows, names, text = survey(n, 3, 4, 0.03)
    model = build_model(assemble(parse_lavaan(text), Parts("m")), options=Options(mean_structure=True))
    peer = shutil.which("Rscript") is not None
    ours(model, rows[:500], names, False)  # imports
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "model.txt").write_text(text)
        (folder / "fiml.R").write_text(LAVAAN)
        np.savetxt(folder / "rows.csv", rows, delimiter=",", header=",".join(names), comments="", fmt="%g")
        (folder / "rows.csv").write_text((folder / "rows.csv").read_text().replace("nan", "NA"))
        for estimator in ("ML", "MLR"):
            mine, theirs = [], []
            for _ in range(rounds):
                mine.append(ours(model, rows, names, estimator == "MLR"))
                theirs += [lavaan(folder, estimator)] if peer else []
            seconds = median(time for time, *_ in mine)
            print(f"{estimator} 12 items, {n} rows, 3 % blanks: {seconds:.2f} s, chi-square {mine[0][1]:.3f}")
            if peer:
                sem, more = median(t[0] for t in theirs), median(t[1] for t in theirs)
                print(
                    f"  lavaan: sem() {sem:.2f} s, fitMeasures() {more:.2f} s, "
                    f"chi-square {theirs[0][2]:.3f}; ratio {sem / seconds:.0f}, "
                    f"with measures {(sem + more) / seconds:.0f}; "
                    f"robust CFI {mine[0][2]:.6f} and {theirs[0][3]:.6f}"
                )
    if not peer:
        print("  lavaan skipped: Rscript is not here")


def large(n: int) -> None:
    for blank in (0.003, 0.03, 0.2):
        rows, names, text = survey(n, 9, 5, blank)
        model = build_model(assemble(parse_lavaan(text), Parts("m")), options=Options(mean_structure=True))
        count = len(patterns(rows, names).size)
        for robust in (False, True):
            seconds, chisq, _ = ours(model, rows, names, robust)
            kind = "MLR" if robust else "ML"
            share = f"{100 * blank:g} % blanks, {count} patterns"
            print(f"{kind} 45 items, {n} rows, {share}: {seconds:.1f} s (chi-square {chisq:.2f})")


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", action="store_true", help="45 items too, ours only")
    given = parser.parse_args()
    compare(given.n, given.rounds)
    if given.large:
        large(given.n)


if __name__ == "__main__":
    main()

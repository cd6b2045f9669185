"""MLR at 40,000 respondents × 45 items: everything a fit prints, and lavaan's time where R is there.

    python benchmarks/robust.py [--rows 40000] [--lavaan]

lavaan takes minutes at full size, so it runs only where asked.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from werksem.engines.estimate import estimate
from werksem.model import build_model
from werksem.moments import moments
from werksem.respondents import Respondents
from werksem.rows import Options
from werksem.sem_data import SemData
from werksem.spec.assemble import Parts, assemble
from werksem.spec.lavaan import parse_lavaan
from werksem.spec.study import Sem

FACTORS, ITEMS = 9, 5


def answers(rows: int) -> pd.DataFrame:
    """Return five-point answers of nine correlated factors, five items each."""
    rng = np.random.default_rng(1)
    latent = 0.7 * rng.normal(size=(rows, FACTORS)) + 0.7 * rng.normal(size=(rows, 1))
    z = 0.8 * np.repeat(latent, ITEMS, axis=1) + 0.6 * rng.normal(size=(rows, FACTORS * ITEMS))
    names = [f"f{f}_{i}" for f in range(FACTORS) for i in range(ITEMS)]
    return pd.DataFrame(np.digitize(z, [-1.3, -0.5, 0.4, 1.4]) + 1.0, columns=names)


def syntax() -> str:
    """Return the measurement model in lavaan's syntax."""
    return "\n".join(f"f{f} =~ " + " + ".join(f"f{f}_{i}" for i in range(ITEMS)) for f in range(FACTORS))


def ours(data: pd.DataFrame, *, clusters: bool) -> float:
    """Return seconds from rows to estimates, robust errors and all fit measures."""
    began = time.perf_counter()
    spec = assemble(parse_lavaan(syntax()), Parts("robust"))
    model = build_model(spec, options=Options(mean_structure=clusters))
    rows = data[list(model.observed)].to_numpy(dtype=float)
    people = Respondents(rows, None, np.arange(len(rows)) % 300 if clusters else None)
    settings = Sem(estimator="MLR", information="observed", engine="werksem")
    estimate(model, SemData(("all",), (moments(rows, model.observed),), (people,)), settings)
    return time.perf_counter() - began


def lavaan(data: pd.DataFrame) -> float:
    """Return lavaan's seconds for the same, its data read before the clock starts."""
    with tempfile.TemporaryDirectory() as place:
        data.to_csv(Path(place, "d.csv"), index=False)
        script = (
            f"suppressMessages(library(lavaan)); d <- read.csv('{place}/d.csv'); m <- '{syntax()}'\n"
            "t <- system.time({f <- cfa(m, d, estimator = 'MLR'); x <- fitMeasures(f)})['elapsed']; cat(t)"
        )
        done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def main() -> None:
    """Print seconds, and the ratio where lavaan ran."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=40_000)
    parser.add_argument("--lavaan", action="store_true")
    arguments = parser.parse_args()
    data = answers(arguments.rows)
    ours(data.head(2000), clusters=False)
    plain, clustered = ours(data, clusters=False), ours(data, clusters=True)
    print(f"{arguments.rows} x {data.shape[1]}: MLR {plain:.2f} s, with 300 clusters {clustered:.2f} s")
    if arguments.lavaan and shutil.which("Rscript"):
        theirs = lavaan(data)
        print(f"lavaan MLR {theirs:.1f} s: {theirs / plain:.0f} times")


if __name__ == "__main__":
    main()

"""The posterior of latent variables beside what else PyMC can do: gradients, effective draws, a whole study.

    python -m benchmarks.posterior gradient [--rounds 5] [--rows 2000]
    python -m benchmarks.posterior draws [--draws 1000] [--peer 100]
    python -m benchmarks.posterior study
    python -m benchmarks.posterior rows

The binding chain in 7 sectors: 45 items, 11 latents, paths and means that differ between sectors.
``gradient``: log-density and gradient by werksem's model, by its plain PyTensor graph (minutes to
compile), and by one multivariate normal per row. ``draws``: effective draws per CPU second beside PyMC's
own sampler on the graph. ``study``: configs/binding.yaml at this level, a process with nothing compiled
and two with. ``rows``: a gradient at 2,000 and 200,000 respondents. One BLAS thread; CPU seconds,
compilation apart.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("PYTENSOR_FLAGS", "mode=NUMBA")  # as werksem sets it

import numpy as np
import pandas as pd

from benchmarks.main_job import run
from werksem.bayes.latent.design import LatentDesign
from werksem.bayes.latent.graph import (
    KEPT,
    _matrices,
    latent_model,
    likelihood,
    likelihood_graph,
    theta_graph,
)
from werksem.bayes.latent.prepare import prepared
from werksem.bayes.sample import Sampled, sample_model
from werksem.bench.chain import FILE, answers, chain_model
from werksem.rows import Options
from werksem.spec.load import load_model
from werksem.spec.study import Bayes

ROOT = Path(__file__).resolve().parents[1]
SECTORS = 7
FULL = 40_000


def survey(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return answers (n, 45) and sectors (n,), drawn at random."""
    return answers(n), np.random.default_rng(1).integers(0, SECTORS, n)


def design(rows: np.ndarray, sector: np.ndarray) -> LatentDesign:
    """Return the arrays of the posterior."""
    frame = pd.DataFrame(rows, columns=list(chain_model().observed))
    settings = Bayes(level="latent", vary=("paths", "means"))
    return prepared(
        load_model(FILE), frame, pd.Series(sector).astype(str), None, settings, Options(mean_structure=True)
    )


def gradient_of(model: Any) -> Callable[[], float]:
    """Return a function that gives seconds of CPU for one log-density with gradient of a PyMC model."""
    from pymc.blocking import DictToArrayBijection

    compiled = model.logp_dlogp_function(ravel_inputs=True)
    compiled.set_extra_values({})
    start = DictToArrayBijection.map(model.initial_point())
    point = start.data + 0.01 * np.random.default_rng(3).standard_normal(len(start.data))

    def seconds() -> float:
        began, times = time.process_time(), 0
        while times < 3 or time.process_time() - began < 0.5:
            compiled(point)
            times += 1
        return (time.process_time() - began) / times

    seconds()
    return seconds


def alone(arrays: LatentDesign, likelihood_of: Callable[..., Any]) -> Any:
    """Return the PyMC model of the likelihood by itself: every sector's links, no priors."""
    import pymc as pm

    start = np.tile(arrays.expansion.base, (SECTORS, 1))
    with pm.Model() as model:
        b = pm.Flat("b", shape=start.shape, initval=start)
        pm.Potential("likelihood", likelihood_of(arrays, b))
    return model


def row_wise(arrays: LatentDesign, rows: np.ndarray, sector: np.ndarray) -> Any:
    """Return the PyMC model of one multivariate normal per row, with its sector's covariances; no priors."""
    import pymc as pm
    import pytensor.tensor as pt

    start = np.tile(arrays.expansion.base, (SECTORS, 1))
    with pm.Model() as model:
        b = pm.Flat("b", shape=start.shape, initval=start)
        theta = theta_graph(arrays.links, b, arrays.given)
        mean, cov = [], []
        for g in range(SECTORS):
            nu, alpha, Lambda, B, Psi, Theta = _matrices(arrays, theta[g])
            reach = Lambda @ pt.linalg.inv(np.eye(len(arrays.model.eta)) - B)
            mean.append(nu + reach @ alpha)
            cov.append(reach @ Psi @ reach.T + Theta)
        observed = rows - arrays.centre
        pm.MvNormal("y", mu=pt.stack(mean)[sector], cov=pt.stack(cov)[sector], observed=observed)
    return model


def timed(label: str, make: Callable[[], Any]) -> Callable[[], float]:
    """Return the clock of a model and print how long it took to compile."""
    began = time.perf_counter()
    clock = gradient_of(make())
    print(f"{label}: compiled in {time.perf_counter() - began:.0f} s", flush=True)
    return clock


def show(labels: Sequence[str], clocks: Sequence[Callable[[], float]], rounds: int) -> list[float]:
    """Print milliseconds per gradient and ratios to the first in interleaved rounds; return medians."""
    found = np.array([[clock() for clock in clocks] for _ in range(rounds)])
    for label, times in zip(labels, found.T, strict=True):
        ratio = times / found[:, 0]
        spread = f"{np.median(ratio):9.1f} ({ratio.min():.1f}-{ratio.max():.1f})"
        print(f"{label:26} {1e3 * np.median(times):10.3f} ms {spread}", flush=True)
    return list(np.median(found, axis=0))


def gradient(rounds: int, count: int) -> None:
    """Print what one gradient costs three ways; row by row at two sizes, carried on by the slope."""
    data, sector = survey(FULL)
    arrays, half = design(data, sector), count // 2
    alike = {
        "likelihood, werksem": lambda: alone(arrays, likelihood),
        "likelihood, PyTensor graph": lambda: alone(arrays, likelihood_graph),
        f"row by row, {half}": lambda: row_wise(arrays, data[:half], sector[:half]),
        f"row by row, {count}": lambda: row_wise(arrays, data[:count], sector[:count]),
    }
    own, _, some, more = show(list(alike), [timed(label, make) for label, make in alike.items()], rounds)
    far = more + (more - some) / (count - half) * (FULL - count)
    print(f"row by row, {FULL} by that slope: {1e3 * far:.0f} ms, {far / own:.0f} times", flush=True)
    whole = {
        "whole model, werksem": lambda: latent_model(arrays),
        "whole model, PyTensor graph": lambda: latent_model(arrays, compiled=False),
    }
    show(list(whole), [timed(label, make) for label, make in whole.items()], rounds)


def effective(sampled: Sampled, label: str) -> float:
    """Return effective draws per CPU second: the least bulk ESS of what is kept; tuning's time counts."""
    import arviz as az

    least = min(
        float(np.nanmin(az.ess(az.convert_to_dataset({name: value}))[name]))
        for name, value in sampled.values.items()
    )
    cpu = sampled.timings["bayes_sampling_cpu"]
    said = f"ESS {least:.0f} in {cpu:.1f} CPU s, {sampled.gradients:.0f} gradients"
    print(f"{label}: {said}: {least / cpu:.3f} per s", flush=True)
    return least / cpu


def draws(count: int, peer: int) -> None:
    """Print effective draws per CPU second of werksem's way and of PyMC's sampler on the plain graph."""
    arrays = design(*survey(FULL))
    common: dict[str, Any] = {"seed": 1, "quiet": True, "kept": KEPT}
    ours = sample_model(latent_model(arrays), chains=4, draws=count, tune=count, sampler="nutpie", **common)
    own = effective(ours, f"werksem, 4 x {count}")
    theirs = sample_model(
        latent_model(arrays, compiled=False), chains=2, draws=peer, tune=peer, sampler="pymc", **common
    )
    print(f"ratio {own / effective(theirs, f'PyMC on the graph, 2 x {peer}'):.0f}")


def study() -> None:
    """Print wall, CPU and peak memory of the study, first with nothing compiled, then again."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["NUMBA_CACHE_DIR"] = f"{place}/numba"
        os.environ["PYTENSOR_FLAGS"] = f"mode=NUMBA,base_compiledir={place}/pytensor"
        for label in ("cold", "warm", "again"):
            out = f"{place}/{label}"
            wall, cpu, peak = run(
                "fit", str(ROOT / "configs" / "binding.yaml"), "--only", "bayes", "--set",
                "bayes.level=latent", "--quiet", "--out", out,
            )  # fmt: skip
            print(f"{label}: {wall:.1f} s, {cpu:.1f} CPU s, {peak:.0f} MB", flush=True)
        print(Path(out, "diagnostics.csv").read_text())
        print(json.loads(Path(out, "manifest.json").read_text())["timings"])


def rows(rounds: int) -> None:
    """Print what a gradient costs at 2,000 and at 200,000 respondents."""
    sizes = (2_000, 200_000)
    clocks = [gradient_of(latent_model(design(*survey(n)))) for n in sizes]
    show([f"{n} respondents" for n in sizes], clocks, rounds)


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=("gradient", "draws", "study", "rows"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--draws", type=int, default=1_000)
    parser.add_argument("--peer", type=int, default=100)
    given = parser.parse_args()
    match given.part:
        case "gradient":
            gradient(given.rounds, given.rows)
        case "draws":
            draws(given.draws, given.peer)
        case "study":
            study()
        case "rows":
            rows(given.rounds)


if __name__ == "__main__":
    main()

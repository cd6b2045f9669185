"""NUTS: nutpie where it is installed, PyMC's own sampler where it is not."""

from __future__ import annotations

import importlib.util
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["KEPT", "Sampled", "available_cores", "sample_model", "sampler_seed"]

Array = NDArray[np.float64]
KEPT = ("path", "intercept", "residual_sd", "between_sd", "cutpoint", "coefficient")
# measured on 3 x 5 paths in 6 sectors: divergences now and then at .8, none at .9, half the ESS at .95
TARGET_ACCEPT = 0.9


@dataclass(frozen=True, slots=True)
class Sampled:
    """The draws of the kept quantities, each (chains, draws, size), and how they came about.

    ``stats``: per draw (chains, draws) ``diverging``, ``energy``, ``n_steps``; ``gradients``
    counts all gradient evaluations, tuning included where the sampler keeps them.
    """

    values: Mapping[str, Array]
    stats: Mapping[str, NDArray[Any]]
    gradients: float
    sampler: str
    timings: Mapping[str, float]


def sampler_seed(seed: int) -> int:
    """Return the sampler's seed: 32 bits of the study's, which may be larger."""
    return int(np.random.SeedSequence(seed).generate_state(1)[0])


def available_cores() -> int:
    """Return how many cores this process may use."""
    found = getattr(os, "sched_getaffinity", None)
    return len(found(0)) if found else os.cpu_count() or 1


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@contextmanager
def third_party_warnings() -> Iterator[None]:
    """Silence warnings of the samplers' own code; what matters is said in the diagnostics."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def sample_model(
    model: Any, *, chains: int, draws: int, tune: int, seed: int, quiet: bool = False, sampler: str = "",
    cores: int = 0,
) -> Sampled:  # fmt: skip
    """Return draws of a PyMC model; the same seed gives the same draws on any number of cores.

    ``sampler`` is ``nutpie`` or ``pymc``, by default nutpie where it is installed.
    """
    chosen = sampler or ("nutpie" if importlib.util.find_spec("nutpie") else "pymc")
    settings: dict[str, Any] = {
        "chains": chains, "draws": draws, "tune": tune, "target_accept": TARGET_ACCEPT,
        "cores": min(chains, cores or available_cores()),
        "progress_bar": not quiet and sys.stderr.isatty(), "seed": sampler_seed(seed),
    }  # fmt: skip
    run = _nutpie if chosen == "nutpie" else _pymc
    with third_party_warnings():
        return run(model, settings)


def _nutpie(model: Any, settings: dict[str, Any]) -> Sampled:
    import nutpie

    began = perf_counter()
    compiled = nutpie.compile_pymc_model(model)
    compiled_at, cpu = perf_counter(), _cpu()
    trace = nutpie.sample(compiled, save_warmup=True, **settings)
    return _sampled(trace, "nutpie", compiled_at - began, compiled_at, cpu)


def _pymc(model: Any, settings: dict[str, Any]) -> Sampled:
    import logging

    import pymc as pm

    began = perf_counter()
    with model:
        step = pm.NUTS(target_accept=settings.pop("target_accept"))
        compiled_at, cpu = perf_counter(), _cpu()
        settings["random_seed"] = settings.pop("seed")
        settings["progressbar"] = settings.pop("progress_bar")
        logger = logging.getLogger("pymc")
        level = logger.level
        logger.setLevel(logging.ERROR)
        try:
            trace = pm.sample(
                step=step, discard_tuned_samples=False, compute_convergence_checks=False, **settings
            )
        finally:
            logger.setLevel(level)
    return _sampled(trace, "pymc", compiled_at - began, compiled_at, cpu)


def _sampled(trace: Any, sampler: str, compiling: float, began: float, cpu: float) -> Sampled:
    posterior, stats = trace.posterior, trace.sample_stats
    values = {name: posterior[name].to_numpy().astype(float) for name in KEPT if name in posterior}
    kept = {name: stats[name].to_numpy() for name in ("diverging", "energy", "n_steps") if name in stats}
    steps = [part["n_steps"].to_numpy().sum() for part in (stats, trace.get("warmup_sample_stats"))
             if part is not None and "n_steps" in part]  # fmt: skip
    timings = {
        "bayes_compile": compiling, "bayes_sampling": perf_counter() - began,
        "bayes_sampling_cpu": _cpu() - cpu,
    }  # fmt: skip
    return Sampled(values, kept, float(sum(steps)), sampler, timings)

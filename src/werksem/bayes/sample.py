"""NUTS: nutpie where it is installed, PyMC's own sampler where it is not."""

from __future__ import annotations

import importlib.util
import os
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.progress import clear_line

__all__ = [
    "KEPT", "Sampled", "available_cores", "compiled", "cpu_seconds", "default_sampler", "sample_model",
    "sampler_seed",
]  # fmt: skip

Array = NDArray[np.float64]
KEPT = (
    "path",
    "intercept",
    "residual_sd",
    "between_sd",
    "nested_sd",
    "residual_correlation",
    "between_correlation",
    "nested_correlation",
    "cutpoint",
    "coefficient",
)
# measured on 3 x 5 paths in 6 sectors: divergences now and then at .8, none at .9, half the ESS at .95
TARGET_ACCEPT = 0.9


@dataclass(frozen=True, slots=True)
class Sampled:
    """The draws of the kept quantities, each (chains, draws, size), and how they came about.

    ``stats``: per draw (chains, draws) ``diverging``, ``energy``, ``n_steps``; ``gradients``
    counts all gradient evaluations, tuning included where the sampler keeps them. ``fit`` says how
    good an approximation is, empty for a sampler: ``pareto_k``, ``ess_importance``. ``ready`` is what
    can be sampled again without compiling: nutpie's model, None for others.
    """

    values: Mapping[str, Array]
    stats: Mapping[str, NDArray[Any]]
    gradients: float
    sampler: str
    timings: Mapping[str, float]
    fit: Mapping[str, float] = field(default_factory=dict)
    ready: Any = None


def sampler_seed(seed: int) -> int:
    """Return the sampler's seed: 32 bits of the study's, which may be larger."""
    return int(np.random.SeedSequence(seed).generate_state(1)[0])


def available_cores() -> int:
    """Return how many cores this process may use."""
    found = getattr(os, "sched_getaffinity", None)
    return len(found(0)) if found else os.cpu_count() or 1


def cpu_seconds() -> float:
    """Return the processor time of this process and its children."""
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
    cores: int = 0, kept: Sequence[str] = KEPT, initial: Mapping[str, Array] | None = None,
    target_accept: float = TARGET_ACCEPT,
) -> Sampled:  # fmt: skip
    """Return draws of a PyMC model; the same seed gives the same draws on any number of cores.

    ``sampler`` is ``nutpie`` or ``pymc``, by default nutpie where it is installed; ``model`` may be
    what ``compiled`` returned, for nutpie. ``kept`` names the vectors to keep, those the model lacks are
    passed over; ``initial`` gives values of free variables, on their own scale, around which the chains
    start (plus -1 to 1 on the sampler's).
    ``target_accept`` is the mean acceptance that the step size aims at.
    """
    chosen = sampler or default_sampler()
    settings: dict[str, Any] = {
        "chains": chains, "draws": draws, "tune": tune, "target_accept": target_accept,
        "cores": min(chains, cores or available_cores()),
        "progress_bar": not quiet and sys.stderr.isatty(), "seed": sampler_seed(seed),
    }  # fmt: skip
    run = _nutpie if chosen == "nutpie" else _pymc
    with third_party_warnings():
        return run(model, settings, tuple(kept), dict(initial or {}))


def default_sampler() -> str:
    """Return nutpie where it is installed, else PyMC's own."""
    return "nutpie" if importlib.util.find_spec("nutpie") else "pymc"


def compiled(model: Any, kept: Sequence[str] = KEPT, initial: Mapping[str, Array] | None = None) -> Any:
    """Return a PyMC model compiled by nutpie, whose data ``with_data(**arrays)`` exchanges."""
    import nutpie

    with third_party_warnings():
        return nutpie.compile_pymc_model(model, initial_points=dict(initial or {}), var_names=kept)


def _nutpie(model: Any, settings: dict[str, Any], kept: Sequence[str], initial: dict[str, Any]) -> Sampled:
    import nutpie

    began = perf_counter()
    ready = model if hasattr(model, "with_data") else compiled(model, kept, initial)
    compiled_at, cpu = perf_counter(), cpu_seconds()
    if settings["progress_bar"]:
        clear_line()
    trace = _finished(nutpie.sample(ready, save_warmup=True, blocking=False, **settings))
    return replace(_sampled(trace, kept, "nutpie", compiled_at - began, compiled_at, cpu), ready=ready)


def _finished(running: Any) -> Any:
    """Return the trace of all draws; where the process is asked to stop, none.

    Left to itself nutpie takes an interrupt for the wish to go on with the draws so far.
    """
    try:
        return running.wait()
    except BaseException:
        running.cancel()
        raise


def _pymc(model: Any, settings: dict[str, Any], kept: Sequence[str], initial: dict[str, Any]) -> Sampled:
    import logging

    import pymc as pm

    began = perf_counter()
    with model:
        step = pm.NUTS(target_accept=settings.pop("target_accept"))
        compiled_at, cpu = perf_counter(), cpu_seconds()
        settings["random_seed"] = settings.pop("seed")
        settings["progressbar"] = settings.pop("progress_bar")
        logger = logging.getLogger("pymc")
        level = logger.level
        logger.setLevel(logging.ERROR)
        try:
            trace = pm.sample(
                step=step,
                discard_tuned_samples=False,
                compute_convergence_checks=False,
                initvals=initial,
                var_names=[name for name in kept if name in model.named_vars],
                **settings,
            )
        finally:
            logger.setLevel(level)
    if len(trace.posterior["draw"]) < settings["draws"] or len(trace.posterior["chain"]) < settings["chains"]:
        raise KeyboardInterrupt  # which PyMC takes for the wish to go on with the draws so far
    return _sampled(trace, kept, "pymc", compiled_at - began, compiled_at, cpu)


def _sampled(
    trace: Any, kept: Sequence[str], sampler: str, compiling: float, began: float, cpu: float
) -> Sampled:
    posterior, stats = trace.posterior, trace.sample_stats
    values = {name: posterior[name].to_numpy().astype(float) for name in kept if name in posterior}
    of_draws = {name: stats[name].to_numpy() for name in ("diverging", "energy", "n_steps") if name in stats}
    steps = [part["n_steps"].to_numpy().sum() for part in (stats, trace.get("warmup_sample_stats"))
             if part is not None and "n_steps" in part]  # fmt: skip
    timings = {
        "bayes_compile": compiling, "bayes_sampling": perf_counter() - began,
        "bayes_sampling_cpu": cpu_seconds() - cpu,
    }  # fmt: skip
    return Sampled(values, of_draws, float(sum(steps)), sampler, timings)

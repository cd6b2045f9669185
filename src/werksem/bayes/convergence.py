"""Have the chains mixed, and are there draws enough?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.sample import Sampled
from werksem.bayes.thresholds import EBFMI_MIN, ESS_MIN, PARETO_K_MAX, RHAT_MAX

__all__ = ["diagnostics", "status_of"]

Array = NDArray[np.float64]
Rows = list[tuple[str, float, bool]]
# what a missed threshold makes of the estimates, the gravest first
STATUS = {
    "rhat_max": "rhat",
    "divergences": "not_converged",
    "ebfmi_min": "not_converged",
    "pareto_k": "few_draws",
    "ess_importance": "few_draws",
    "ess_bulk_min": "few_draws",
    "ess_tail_min": "few_draws",
}


def _two_chains(values: Array) -> Array:
    """Return (chains, draws, size) with a single chain cut in halves, which R-hat compares."""
    chains, draws, size = values.shape
    return values if chains > 1 else values[:, : draws // 2 * 2].reshape(2, draws // 2, size)


def _worst(values: Mapping[str, Array]) -> tuple[float, float, float]:
    """Return the largest rank-normalised R-hat and the smallest bulk and tail ESS of all quantities."""
    import arviz as az
    import xarray as xr

    data = xr.Dataset({
        name: (("chain", "draw", f"{name}_dim"), _two_chains(value))
        for name, value in values.items() if value.shape[-1]
    })  # fmt: skip
    rhat, bulk = az.rhat(data), az.ess(data, method="bulk")
    tail = az.ess(data, method="tail", prob=(0.05, 0.95))

    def every(found: xr.Dataset) -> Array:
        return np.concatenate([found[name].to_numpy().ravel() for name in found.data_vars])

    return float(every(rhat).max()), float(every(bulk).min()), float(every(tail).min())


def _ebfmi(energy: Array) -> float:
    """Return the smallest E-BFMI of the chains (Betancourt 2016), NaN without energies that vary."""
    spread = np.var(energy, axis=1, ddof=1)
    if not (spread > 0).all():
        return np.nan
    return float((np.square(np.diff(energy, axis=1)).mean(axis=1) / spread).min())


def _of_chains(sampled: Sampled) -> Rows:
    rhat, bulk, tail = _worst(sampled.values)
    divergences = float(np.sum(sampled.stats["diverging"]))
    rows = [
        ("rhat_max", rhat, rhat < RHAT_MAX),
        ("ess_bulk_min", bulk, bulk >= ESS_MIN),
        ("ess_tail_min", tail, tail >= ESS_MIN),
        ("divergences", divergences, divergences == 0),
    ]
    if "energy" in sampled.stats:
        ebfmi = _ebfmi(np.asarray(sampled.stats["energy"], dtype=float))
        rows.append(("ebfmi_min", ebfmi, ebfmi >= EBFMI_MIN))
    return rows


def _of_approximation(fit: Mapping[str, float]) -> Rows:
    k, ess = fit["pareto_k"], fit["ess_importance"]
    return [("pareto_k", k, k < PARETO_K_MAX), ("ess_importance", ess, ess >= ESS_MIN)]


def diagnostics(sampled: Sampled, n: int) -> pd.DataFrame:
    """Return rows of ``diagnostics.csv``: engine, measure, value, ok, over everything that was sampled.

    Of chains: R-hat < 1.01 and ESS >= 400 (Vehtari et al. 2021), no divergences, E-BFMI >= .3 in
    every chain (Betancourt 2016). Of an approximation: Pareto k < .7 (Vehtari et al. 2024) and an
    effective size of the importance weights >= 400.
    """
    rows = [
        *(_of_approximation(sampled.fit) if sampled.fit else _of_chains(sampled)),
        ("gradient_evaluations", sampled.gradients, True),
        ("cpu_seconds", sampled.timings.get("bayes_sampling_cpu", np.nan), True),
        ("n", float(n), True),
    ]
    table = pd.DataFrame([("bayes", *row) for row in rows], columns=["engine", "measure", "value", "ok"])
    return table.astype({"value": float, "ok": bool})


def status_of(table: pd.DataFrame) -> str:
    """Return the status of all rows: that of the gravest threshold missed, else ``ok``.

    ``rhat``: the chains disagree. ``not_converged``: divergences, or a low E-BFMI, so that part of
    the posterior may not have been reached. ``few_draws``: too few draws for the last digit, or an
    approximation that importance weights cannot put right.

    >>> status_of(pd.DataFrame({"measure": ["divergences", "ess_bulk_min"], "ok": [False, False]}))
    'not_converged'
    """
    missed = set(table.loc[~table["ok"], "measure"])
    return next((status for measure, status in STATUS.items() if measure in missed), "ok")

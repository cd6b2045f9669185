"""Have the chains mixed, and are there draws enough?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.sample import Sampled

__all__ = ["ESS_MIN", "RHAT_MAX", "diagnostics", "status_of"]

Array = NDArray[np.float64]
RHAT_MAX = 1.01
ESS_MIN = 400.0


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


def diagnostics(sampled: Sampled, n: int) -> pd.DataFrame:
    """Return rows of ``diagnostics.csv``: engine, measure, value, ok, over everything that was sampled.

    R-hat < 1.01 and ESS >= 400 (Vehtari et al. 2021), no divergences.
    """
    rhat, bulk, tail = _worst(sampled.values)
    divergences = float(np.sum(sampled.stats["diverging"]))
    rows = [
        ("rhat_max", rhat, rhat < RHAT_MAX),
        ("ess_bulk_min", bulk, bulk >= ESS_MIN),
        ("ess_tail_min", tail, tail >= ESS_MIN),
        ("divergences", divergences, divergences == 0),
        ("gradient_evaluations", sampled.gradients, True),
        ("n", float(n), True),
    ]
    table = pd.DataFrame([("bayes", *row) for row in rows], columns=["engine", "measure", "value", "ok"])
    return table.astype({"value": float, "ok": bool})


def status_of(table: pd.DataFrame) -> str:
    """Return the status of all rows: ``rhat`` before ``few_draws`` before ``ok``.

    >>> status_of(pd.DataFrame({"measure": ["rhat_max", "ess_bulk_min"], "ok": [True, False]}))
    'few_draws'
    """
    missed = set(table.loc[~table["ok"], "measure"])
    if "rhat_max" in missed:
        return "rhat"
    return "few_draws" if missed & {"ess_bulk_min", "ess_tail_min"} else "ok"

"""Draws of one regression of answers in categories as xarray, in the shapes of ``bayes.inference_data``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.discrete.design import Discrete, threshold_names
from werksem.bayes.discrete.draws import DiscreteDraws

__all__ = ["combined", "dataset", "joint_stats"]

Array = NDArray[np.float64]
HEAD = ("chain", "draw")
# along which coordinate the regressions' variables lie one after another
ALONG = {
    "paths": "path", "typical_paths": "path", "intercepts": "outcome", "typical_intercepts": "outcome",
    "residual_sd": "outcome", "between_sd": "varying", "thresholds": "threshold",
    "nested_sd": "varying_nested", "residual_correlation": "residual_pair",
    "between_correlation": "varying_pair", "nested_correlation": "nested_pair",
}  # fmt: skip


def dataset(model: Discrete, draws: DiscreteDraws) -> Any:
    """Return the posterior; ``residual_sd`` is the fixed one, ``thresholds`` (chain, draw, threshold)."""
    import xarray as xr

    def shaped(values: Array) -> Array:
        return values.reshape(draws.chains, -1, *values.shape[1:])

    S = len(draws.typical)
    variables: dict[str, Any] = {
        "paths": ((*HEAD, "group", "path"), shaped(draws.group[..., 1:])),
        "intercepts": ((*HEAD, "group", "outcome"), shaped(draws.group[..., :1])),
        "typical_paths": ((*HEAD, "path"), shaped(draws.typical[:, 1:])),
        "typical_intercepts": ((*HEAD, "outcome"), shaped(draws.typical[:, :1])),
        "residual_sd": ((*HEAD, "outcome"), shaped(np.full((S, 1), model.unit))),
    }
    coords: dict[str, Any] = {
        "chain": np.arange(draws.chains), "draw": np.arange(S // draws.chains),
        "group": list(model.statistics.groups), "path": list(model.statistics.equation.parameters),
        "outcome": [model.outcome],
    }  # fmt: skip
    if model.varies.any():
        variables["between_sd"] = ((*HEAD, "varying"), shaped(draws.between))
        coords["varying"] = list(model.varying)
    if model.family == "ordered":
        variables["thresholds"] = ((*HEAD, "threshold"), shaped(draws.thresholds))
        coords["threshold"] = [f"{model.outcome}|{name}" for name in threshold_names(model)]
    return xr.Dataset(variables, coords)


def joint_stats(stats: Sequence[Mapping[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """Return sampler statistics of independent posteriors, draw by draw.

    Diverging where any diverged; steps and energies are sums.
    """
    names = [name for name in stats[0] if all(name in other for other in stats)]
    return {
        name: np.any([part[name] for part in stats], axis=0) if name == "diverging"
        else np.sum([part[name] for part in stats], axis=0)
        for name in names
    }  # fmt: skip


def combined(parts: Sequence[Any], stats: Mapping[str, NDArray[Any]], attributes: Mapping[str, str]) -> Any:
    """Return InferenceData of several regressions' posteriors, each variable along its coordinate."""
    import arviz as az
    import xarray as xr

    names = [name for name in ALONG if any(name in part for part in parts)]
    posterior = xr.merge(
        [xr.concat([part[name] for part in parts if name in part], ALONG[name]) for name in names],
        join="exact",
    ).assign_attrs(attributes)
    here = {name: posterior.coords[name] for name in HEAD}
    return az.InferenceData(
        posterior=posterior, sample_stats=xr.Dataset({k: (HEAD, v) for k, v in stats.items()}, here)
    )

"""The posterior as ArviZ InferenceData: the one place that knows ArviZ's generation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.design import Design
from werksem.bayes.draws import ScoreDraws
from werksem.bayes.sample import Sampled

__all__ = ["inference_data"]

Array = NDArray[np.float64]


def inference_data(design: Design, draws: ScoreDraws, sampled: Sampled) -> Any:
    """Return InferenceData on the raw variables with the names of the model as coordinates.

    ``posterior``: ``paths`` (chain, draw, group, path), ``intercepts`` (chain, draw, group,
    outcome), ``typical_paths`` (chain, draw, path), ``typical_intercepts`` (chain, draw, outcome),
    ``residual_sd`` (chain, draw, outcome), ``between_sd`` (chain, draw, varying), and where the model has
    them ``residual_correlation``, ``between_correlation``, ``nested_sd`` and ``nested_correlation``. A path
    is named by its label, else ``outcome~predictor``; a pair ``one ~~ other``. Without groups the group is
    ``all``.
    """
    import arviz as az
    import xarray as xr

    def shaped(values: Array) -> Array:
        return values.reshape(draws.chains, -1, *values.shape[1:])

    paths, typical = _paths(design, draws.group), _paths(design, draws.typical[:, :, None])[:, 0]
    head = ("chain", "draw")
    variables: dict[str, Any] = {
        "paths": ((*head, "group", "path"), shaped(paths)),
        "intercepts": ((*head, "group", "outcome"), shaped(np.swapaxes(draws.group[..., 0], 1, 2))),
        "typical_paths": ((*head, "path"), shaped(typical)),
        "typical_intercepts": ((*head, "outcome"), shaped(draws.typical[..., 0])),
        "residual_sd": ((*head, "outcome"), shaped(draws.sigma)),
    }
    coords: dict[str, Any] = {
        "chain": np.arange(draws.chains), "draw": np.arange(len(draws.sigma) // draws.chains),
        "group": list(design.groups), "path": list(design.paths), "outcome": list(design.outcomes),
    }  # fmt: skip
    residual = [(design.outcomes[e], design.outcomes[f]) for e, f in design.residual_pairs]
    for name, along, values, labels in (
        ("between_sd", "varying", draws.between, list(design.varying)),
        ("nested_sd", "varying_nested", draws.nested, list(design.nested_varying)),
        ("residual_correlation", "residual_pair", draws.residual_correlation, _joined(residual)),
        ("between_correlation", "varying_pair", draws.between_correlation, _joined(design.between_pairs)),
        ("nested_correlation", "nested_pair", draws.nested_correlation, _joined(design.nested_pairs)),
    ):
        if labels:
            variables[name] = ((*head, along), shaped(values))
            coords[along] = labels
    attributes = {"sampler": sampled.sampler, "level": "scores"}
    posterior = xr.Dataset(variables, coords, attributes)
    here = {name: coords[name] for name in head}
    stats = xr.Dataset({name: (head, value) for name, value in sampled.stats.items()}, here)
    return az.InferenceData(posterior=posterior, sample_stats=stats)


def _joined(pairs: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{left} ~~ {right}" for left, right in pairs]


def _paths(design: Design, coefficients: Array) -> Array:
    """Return (S, G, paths) from (S, E, G, K), the first use of every path."""
    first = [tuple(np.argwhere(design.path_of == k)[0]) for k in range(len(design.paths))]
    return np.stack([coefficients[:, e, :, p + 1] for e, p in first], axis=-1)

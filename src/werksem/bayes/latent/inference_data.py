"""The posterior of a latent-variable model as ArviZ InferenceData."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.latent.design import LatentDesign
from werksem.bayes.latent.draws import LatentDraws
from werksem.bayes.quantities import Pooled
from werksem.bayes.sample import Sampled

__all__ = ["latent_inference_data"]

Array = NDArray[np.float64]


def latent_inference_data(design: LatentDesign, draws: LatentDraws, pooled: Pooled, sampled: Sampled) -> Any:
    """Return InferenceData on the variables as they are, with the names of the model as coordinates.

    ``posterior``: ``parameters`` (chain, draw, parameter) everyone's value of every parameter; ``groups``
    (chain, draw, group, varied) those that groups have for themselves, ``typical`` (chain, draw, varied) the
    mean of the groups' distribution; ``between_sd`` (chain, draw, varying), and ``nested_sd`` (chain, draw,
    varying_nested) of units within groups.
    """
    import arviz as az
    import xarray as xr

    def shaped(columns: list[Array]) -> Array:
        values = np.stack(columns, axis=-1)
        return values.reshape(draws.chains, -1, *values.shape[1:])

    head = ("chain", "draw")
    whole = [q for q in pooled.quantities if q.raw.everyone is not None and q.op not in ("r2", ":=")]
    own = [q for q in whole if q.raw.group is not None and q.raw.typical is not None]
    variables: dict[str, Any] = {
        "parameters": ((*head, "parameter"), shaped([_of(q.raw.everyone) for q in whole]))
    }
    coords: dict[str, Any] = {
        "chain": np.arange(draws.chains), "draw": np.arange(len(draws.typical) // draws.chains),
        "group": list(pooled.groups), "parameter": [q.name for q in whole],
    }  # fmt: skip
    if own:
        variables["groups"] = ((*head, "group", "varied"), shaped([_of(q.raw.group) for q in own]))
        variables["typical"] = ((*head, "varied"), shaped([_of(q.raw.typical) for q in own]))
        coords["varied"] = [q.name for q in own]
    if len(design.vary):
        variables["between_sd"] = ((*head, "varying"), shaped(list(draws.between.T)))
        coords["varying"] = [design.names[v] for v in design.vary]
    if len(design.nested):
        variables["nested_sd"] = ((*head, "varying_nested"), shaped(list(draws.nested.T)))
        coords["varying_nested"] = [design.names[v] for v in design.nested]
    posterior = xr.Dataset(variables, coords, {"sampler": sampled.sampler, "level": "latent"})
    here = {name: coords[name] for name in head}
    stats = xr.Dataset({name: (head, value) for name, value in sampled.stats.items()}, here)
    return az.InferenceData(posterior=posterior, sample_stats=stats)


def _of(values: Array | None) -> Array:
    assert values is not None
    return values

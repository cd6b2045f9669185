"""Paths between latents as the closed form takes them: on the common metric, with their groups' own
errors."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from werksem.bayes.latent.draws import LatentDraws
from werksem.bayes.latent.quantities import latent_quantities
from werksem.bayes.latent.tables import between_table, own_table
from werksem.bayes.priors import rescaled
from werksem.calibrate.sbc_latent import ReadyLatent
from werksem.calibrate.smallest_normal import Path
from werksem.compare.cells import records
from werksem.spec.priors import Prior

__all__ = ["latent_paths"]

FLAT = 100.0  # the SD of a beta's prior where it is not normal: none to speak of


def latent_paths(ready: ReadyLatent, draws: LatentDraws) -> Iterator[Path]:
    """Yield every path that differs between groups; groups without an estimate of their own are left out."""
    design = ready.design
    pooled = latent_quantities(design, draws)
    own, between = own_table(design, pooled), between_table(design, draws, pooled)
    typical = {(q.lhs, q.rhs): q.common.typical for q in pooled.quantities if q.op == "~"}
    for v, row in enumerate(records(between[between["level"] == "group"])):
        lhs, rhs = str(row["lhs"]), str(row["rhs"])
        beta = typical.get((lhs, rhs))
        if row["op"] != "~" or beta is None:
            continue
        factor = float(row["std"]) / float(row["est"])
        found = own[(own["lhs"] == lhs) & (own["rhs"] == rhs)].dropna(subset=["est", "se"])
        stated = design.priors[int(design.vary[v])]
        yield Path(
            lhs, rhs, tuple(found["group"]), found["n"].to_numpy(dtype=float),
            found["se"].to_numpy(dtype=float), np.asarray(beta), draws.between[:, v] * factor,
            _spread(stated, factor), rescaled(design.between[v], factor),
        )  # fmt: skip


def _spread(prior: Prior | None, factor: float) -> float:
    return prior.parameters[1] * factor if prior is not None and prior.family == "normal" else FLAT

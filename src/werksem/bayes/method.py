"""Draws by the method that a study asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from werksem.bayes.laplace import laplace_model
from werksem.bayes.sample import KEPT, TARGET_ACCEPT, Sampled, sample_model
from werksem.spec.study import Bayes

__all__ = ["drawn"]


def drawn(
    graph: Any, settings: Bayes, *, quiet: bool, cores: int, sampler: str, kept: Sequence[str] = KEPT,
    target_accept: float = TARGET_ACCEPT,
) -> Sampled:  # fmt: skip
    """Return draws of a PyMC model: by NUTS, or by the Laplace approximation, which ignores the rest."""
    if settings.method == "laplace":
        return laplace_model(
            graph, chains=settings.chains, draws=settings.draws, seed=settings.seed, kept=kept
        )
    return sample_model(
        graph, chains=settings.chains, draws=settings.draws, tune=settings.tune, seed=settings.seed,
        quiet=quiet, sampler=sampler, cores=cores, kept=kept, target_accept=target_accept,
    )  # fmt: skip

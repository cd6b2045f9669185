"""Draws by the method that a study asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from werksem.bayes.kept import kept_or_sampled
from werksem.bayes.laplace import laplace_model
from werksem.bayes.sample import KEPT, TARGET_ACCEPT, Sampled, compiled, default_sampler, sample_model
from werksem.spec.study import Bayes

__all__ = ["drawn"]


def drawn(
    graph: Any, settings: Bayes, *, quiet: bool, cores: int, sampler: str, kept: Sequence[str] = KEPT,
    target_accept: float = TARGET_ACCEPT, keep: Path | None = None, of: Any = None,
) -> Sampled:  # fmt: skip
    """Return draws of a PyMC model: by NUTS, or by the Laplace approximation, which ignores the rest.

    Those of the design ``of`` that lie in the folder ``keep`` are taken up, new ones are kept there.
    """
    chosen = sampler or default_sampler()
    what = (of, settings.model_dump(mode="json"), chosen, tuple(kept), target_accept)

    def sample() -> Sampled:
        return _drawn(graph, settings, quiet, cores, sampler, kept, target_accept)

    found = kept_or_sampled(keep, what, sample)
    again = "groups" in settings.leave_out and settings.method == "nuts" and chosen == "nutpie"
    return replace(found, ready=compiled(graph, kept)) if again and found.ready is None else found


def _drawn(
    graph: Any, settings: Bayes, quiet: bool, cores: int, sampler: str, kept: Sequence[str],
    target_accept: float,
) -> Sampled:  # fmt: skip
    if settings.method == "laplace":
        return laplace_model(
            graph, chains=settings.chains, draws=settings.draws, seed=settings.seed, kept=kept
        )
    return sample_model(
        graph, chains=settings.chains, draws=settings.draws, tune=settings.tune, seed=settings.seed,
        quiet=quiet, sampler=sampler, cores=cores, kept=kept, target_accept=target_accept,
    )  # fmt: skip

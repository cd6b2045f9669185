"""Regressions of answers in categories, one posterior each: they share no parameter with one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.discrete.design import Discrete, discrete
from werksem.bayes.discrete.draws import DiscreteDraws, discrete_draws
from werksem.bayes.discrete.graph import pymc_model
from werksem.bayes.kept import kept_or_sampled
from werksem.bayes.priors import Given
from werksem.bayes.sample import Sampled, default_sampler, sample_model, third_party_warnings
from werksem.errors import SpecError
from werksem.spec.study import Bayes
from werksem.spec.types import Equation

__all__ = ["DiscreteFit", "check_outcomes", "fit_discrete", "remarks"]


@dataclass(frozen=True, slots=True)
class DiscreteFit:
    """One regression's arrays, its draws on the raw variables, and how they came about."""

    model: Discrete
    draws: DiscreteDraws
    sampled: Sampled


def check_outcomes(equations: Sequence[Equation], outcomes: Mapping[str, str]) -> None:
    """Raise ``SpecError`` for a label on paths of two regressions of which one is not continuous."""
    for k, equation in enumerate(equations):
        for other in equations[k + 1 :]:
            both = set(equation.parameters) & set(other.parameters)
            if both and (equation.outcome in outcomes or other.outcome in outcomes):
                raise SpecError(
                    f"bayes: the label {min(both)!r} holds paths to {equation.outcome!r} and "
                    f"{other.outcome!r} equal, which is for continuous outcomes only; right is a label of "
                    f"its own for each path"
                )


def fit_discrete(
    equation: Equation, number: int, scores: pd.DataFrame, groups: Sequence[str], code: NDArray[np.int64],
    weights: NDArray[np.float64] | None, settings: Bayes, given: Given, sampling: Mapping[str, Any],
    keep: Path | None = None,
) -> DiscreteFit:  # fmt: skip
    """Return the posterior of one regression; ``number`` gives it random numbers of its own.

    ``sampling`` are the remaining arguments of ``sample_model``; finished draws lie in the folder ``keep``.
    """
    model = discrete(
        equation, settings.outcomes[equation.outcome], scores, groups, code, weights, settings.vary, given
    )
    own = np.random.SeedSequence(settings.seed, spawn_key=(2, number))
    seed = int(own.generate_state(1, np.uint64)[0])

    def sample() -> Sampled:
        with third_party_warnings():
            graph = pymc_model(model)
        return sample_model(
            graph, chains=settings.chains, draws=settings.draws, tune=settings.tune, seed=seed, **sampling
        )

    chosen = sampling.get("sampler") or default_sampler()
    sampled = kept_or_sampled(keep, (model, settings.model_dump(mode="json"), seed, chosen), sample)
    draws = discrete_draws(model, sampled, np.random.default_rng(own.spawn(1)[0]))
    return DiscreteFit(model, draws, sampled)


def remarks(fits: Sequence[DiscreteFit], equations: Sequence[Equation], settings: Bayes) -> Iterator[str]:
    """Yield what a reader must know: categories dropped, outcomes that are predictors, levels not there."""
    for fit in fits:
        yield from fit.model.said
        y = fit.model.outcome
        if any(y in equation.predictors for equation in equations):
            yield (
                f"bayes: {y!r} is a predictor as it was answered and an outcome as a latent response; "
                f"effects through it multiply the two"
            )
        if settings.method == "laplace":
            yield f"bayes: {y!r} is not continuous: sampled by NUTS, not approximated by laplace"
        if settings.nested is not None:
            yield (
                f"bayes: {y!r} is not continuous and has no level of {settings.nested!r} within groups: its "
                f"intervals take answers within {settings.nested!r} for independent"
            )

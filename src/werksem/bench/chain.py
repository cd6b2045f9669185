"""The benchmark's model, the binding chain, and five-point answers drawn from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from werksem.bench.case import Array
from werksem.effects import defined_effects
from werksem.model import Model, build_model
from werksem.spec.load import load_model

__all__ = ["FILE", "SEED", "answers", "chain_model", "indirect_effects"]

FILE = Path(__file__).with_name("chain.yaml")
SEED = 2024
LOADING = 0.85
# latent correlations of the population werkonderzoek_2024, rounded, below the diagonal: from the second
# latent on, in the order of the model file
CORRELATIONS = (
    "67",
    "43 48",
    "-7 -7 9",
    "54 54 49 -29",
    "57 51 38 -5 49",
    "43 48 46 -4 48 44",
    "36 34 32 -4 34 37 58",
    "43 41 40 -2 51 45 44 40",
    "38 34 33 -3 48 41 38 30 67",
    "37 32 38 23 22 29 30 28 50 35",
)
# where the answers 1 to 5 part; items differ in how easily one agrees
CUTS = np.array([-2.3, -1.3, -0.2, 1.1])
EASE = np.array([-0.2, -0.1, 0.0, 0.1, 0.2])


def chain_model() -> Model:
    """Return the model: 45 observed items, 11 latents, 145 parameters, no means.

    >>> model = chain_model()
    >>> len(model.observed), len(model.latent), model.npar
    (45, 11, 145)
    """
    return build_model(load_model(FILE))


def indirect_effects() -> int:
    """Return how many routes lead through a mediator.

    >>> indirect_effects()
    36
    """
    names = [effect.name for effect in defined_effects(load_model(FILE))]
    return sum(name.count("->") > 1 for name in names)


def answers(n: int, seed: int = SEED) -> Array:
    """Return answers 1 … 5 (n, 45) of n respondents, in the order of the model's observed variables.

    Normal latents with the correlations above, loadings of .85, fixed thresholds. The same n and
    seed give the same answers.

    >>> answers(1000).shape
    (1000, 45)
    """
    stream = np.random.Generator(np.random.PCG64(seed))
    model = chain_model()
    latents = stream.standard_normal((n, len(model.latent))) @ np.linalg.cholesky(_correlations()).T
    factor = {row.rhs: model.latent.index(row.lhs) for row in model.rows if row.op == "=~"}
    rows = np.empty((n, len(factor)))
    for column, item in enumerate(model.observed):
        noise = stream.standard_normal(n)
        response = LOADING * latents[:, factor[item]] + np.sqrt(1 - LOADING**2) * noise
        rows[:, column] = 1 + np.searchsorted(CUTS + EASE[column % len(EASE)], response)
    return rows


def _correlations() -> Array:
    """Return the latent correlations (11, 11)."""
    full = np.eye(len(CORRELATIONS) + 1)
    for row, text in enumerate(CORRELATIONS, start=1):
        full[row, :row] = full[:row, row] = np.array(text.split(), dtype=float) / 100
    return full

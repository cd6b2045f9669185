"""The benchmark's model, the binding chain, and five-point answers drawn from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from werksem.bench.case import Array
from werksem.effects import defined_effects
from werksem.model import Model, build_model
from werksem.spec.load import load_model

__all__ = ["SEED", "answers", "chain_model", "indirect_effects"]

FILE = Path(__file__).with_name("chain.yaml")
SEED = 2024
LOADING = 0.84
# correlation of the causes, one path for all, and what of an outcome is its own
COMMON, PATH, OWN = 0.5, 0.12, 0.75
# where answers 1 to 5 part; items differ in how easily one agrees
CUTS = np.array([-2.2, -1.2, -0.1, 1.1])
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


def answers(model: Model, n: int, seed: int = SEED) -> Array:
    """Return answers 1 … 5 (n, p) of n respondents to the items of a recursive model.

    Causes are normal with correlation .5, outcomes sum their causes and noise, items are cut at
    fixed thresholds. The same model, n and seed give the same answers.
    """
    stream = np.random.Generator(np.random.PCG64(seed))
    causes: dict[str, list[str]] = {name: [] for name in model.latent}
    for row in model.rows:
        if row.op == "~":
            causes[row.lhs].append(row.rhs)
    common = np.sqrt(COMMON) * stream.standard_normal(n)
    latent: dict[str, Array] = {}
    while waiting := [name for name in causes if name not in latent]:
        ready = [name for name in waiting if all(cause in latent for cause in causes[name])]
        for name in ready:
            own = stream.standard_normal(n)
            latent[name] = (
                OWN * own + PATH * sum(latent[cause] for cause in causes[name])
                if causes[name]
                else common + np.sqrt(1 - COMMON) * own
            )
    items = [(row.lhs, row.rhs) for row in model.rows if row.op == "=~"]
    columns = {}
    for number, (factor, item) in enumerate(items):
        response = LOADING * latent[factor] + np.sqrt(1 - LOADING**2) * stream.standard_normal(n)
        columns[item] = 1.0 + np.searchsorted(CUTS + EASE[number % len(EASE)], response)
    return np.column_stack([columns[name] for name in model.observed])

"""Groups whose answers have exactly the moments of a population in which some items are not comparable."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tests.cases import spec_of
from werksem.inputs import Inputs
from werksem.spec.types import ModelSpec

ITEMS = 4
LATENTS = ("f", "g", "y")
NAMES = [f"{latent}{k}" for latent in LATENTS for k in range(1, ITEMS + 1)]
PATHS = {"A": (0.4, 0.2), "B": (0.3, 0.25), "C": (0.35, 0.2), "D": (0.35, 0.25)}  # y on f and g
MEANS = {"A": 0.0, "B": 0.2, "C": -0.2, "D": 0.1}  # of f
FIRM = ("y1", 0.8, 0.6)  # in group D: item, what its loading and its intercept have more


def model() -> ModelSpec:
    lines = [f"{latent} =~ " + " + ".join(f"{latent}{k}" for k in range(1, ITEMS + 1)) for latent in LATENTS]
    return spec_of("\n".join([*lines, "y ~ f + g"]))


def population(group: str, shifted: Mapping[str, tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    """Return means and covariances of a group: variances within groups are 1, so paths are standardised."""
    b1, b2 = PATHS[group]
    Phi = np.array([[1.0, 0.3], [0.3, 1.0]])
    cross = Phi @ [b1, b2]
    Phi = np.block([[Phi, cross[:, None]], [cross[None], np.ones((1, 1))]])
    mean = np.array([MEANS[group], 0.0, b1 * MEANS[group]])
    Lambda, nu = np.zeros((len(NAMES), 3)), np.full(len(NAMES), 3.0)
    for i, name in enumerate(NAMES):
        Lambda[i, i // ITEMS] = (0.8, 0.7, 0.75, 0.65)[i % ITEMS]
        if group == "D" and name in shifted:
            Lambda[i, i // ITEMS] += shifted[name][0]
            nu[i] += shifted[name][1]
    return nu + Lambda @ mean, Lambda @ Phi @ Lambda.T + 0.5 * np.eye(len(NAMES))


def inputs(shifted: Mapping[str, tuple[float, float]], sizes: Mapping[str, int], seed: int = 1) -> Inputs:
    """Return respondents with exactly these moments (divisor n), where a group has rows enough for them."""
    rng = np.random.default_rng(seed)
    parts, labels = [], []
    for group, n in sizes.items():
        mean, cov = population(group, shifted)
        rows = rng.standard_normal((n, len(mean)))
        if n > len(mean):
            rows -= rows.mean(axis=0)
            rows = rows @ np.linalg.inv(np.linalg.cholesky(rows.T @ rows / n)).T
        parts.append(mean + rows @ np.linalg.cholesky(cov).T)
        labels += [group] * n
    items = pd.DataFrame(np.concatenate(parts), columns=NAMES)
    scores = pd.DataFrame({f: items[[n for n in NAMES if n.startswith(f)]].mean(axis=1) for f in LATENTS})
    return Inputs(None, items, scores, pd.Series(labels), None, None, None, None, {})

"""Small surveys answered in categories."""

from __future__ import annotations

import numpy as np
import pandas as pd

from werksem.bayes.discrete.design import Discrete, discrete
from werksem.bayes.priors import given_priors
from werksem.bayes.statistics import group_labels
from werksem.spec.types import Equation

FAMILIES = ("probit", "logit", "ordered")
SIZES = {"Rijk": 60, "ZBO": 12, "GR": 3}
LITERAL = {"paths": "normal(0, 1)", "means": "normal(0, 3)", "between_sd": "halfnormal(1)"}


def survey(seed: int = 2, sizes: dict[str, int] = SIZES) -> pd.DataFrame:
    """Return whole-number predictors x and w, and a latent response cut into two and into four."""
    rng = np.random.default_rng(seed)
    parts = []
    for label, n in sizes.items():
        x, w = rng.integers(1, 6, n).astype(float), rng.integers(0, 2, n).astype(float)
        z = 0.6 * rng.standard_normal() + 0.5 * (x - 3) - 0.4 * w + rng.standard_normal(n)
        part = {"x": x, "w": w, "yes": (z > 0).astype(float), "item": np.digitize(z, [-0.6, 0.3, 1.2]) + 1.0}
        parts.append(pd.DataFrame(part | {"three": np.digitize(z, [-0.4, 0.7]) + 1.0, "sector": label}))
    return pd.concat(parts, ignore_index=True)


def regression(family: str, predictors: tuple[str, ...] = ("x", "w"), outcome: str = "") -> Equation:
    y = outcome or ("item" if family == "ordered" else "yes")
    return Equation(y, predictors, tuple(f"{y}~{name}" for name in predictors))


def arrays(
    frame: pd.DataFrame, family: str, vary: tuple[str, ...] = ("paths", "means"),
    priors: dict[str, str] | None = None, *, collapse: bool = True, grouped: bool = True,
) -> Discrete:  # fmt: skip
    labels, code = group_labels(frame["sector"] if grouped else None, len(frame))
    equation = regression(family)
    names = [*equation.parameters, f"{equation.outcome} ~1"]
    given = given_priors(priors or {}, names)
    return discrete(equation, family, frame, labels, code, None, vary, given, collapse=collapse)


def point(model: Discrete, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return coefficients (G, K) and cutpoints (J - 1,) at random."""
    rng = np.random.default_rng(seed)
    cut = np.sort(rng.normal(size=len(model.values) - 1))
    return rng.normal(size=model.own.shape), cut

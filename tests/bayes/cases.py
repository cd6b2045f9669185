"""Small surveys with known statistics, and what the models say about them row by row."""

from __future__ import annotations

import numpy as np
import pandas as pd

from werksem.bayes.design import Design, design
from werksem.bayes.priors import given_priors
from werksem.bayes.statistics import group_labels, statistics
from werksem.spec.types import Equation

SIZES = {"Rijk": 210, "ZBO": 60, "GR": 25, "Provincies": 8, "Waterschappen": 3, "Eén": 1}
TWO = (
    Equation("betrokkenheid", ("veilig", "wendbaar"), ("b1", "betrokkenheid~wendbaar")),
    Equation("vertrek", ("betrokkenheid",), ("c1",)),
)
ONE = (Equation("y", ("x",), ("y~x",)),)
LITERAL = {
    "paths": "normal(0, 2)", "means": "normal(0, 10)",
    "residual_sd": "halfnormal(2)", "between_sd": "halfnormal(1)",
}  # fmt: skip


def survey(seed: int = 5, sizes: dict[str, int] = SIZES) -> pd.DataFrame:
    """Return scores on a five-point metric with sectors that differ; a few answers are missing."""
    rng = np.random.default_rng(seed)
    parts = []
    for label, n in sizes.items():
        x = 3.4 + 0.2 * rng.standard_normal(2) + 0.8 * rng.standard_normal((n, 2))
        b = np.array([0.4, 0.2]) + 0.1 * rng.standard_normal(2)
        y = 1.2 + 0.3 * rng.standard_normal() + x @ b + 0.6 * rng.standard_normal(n)
        z = 4.5 - (0.5 + 0.1 * rng.standard_normal()) * y + 0.9 * rng.standard_normal(n)
        part = {"veilig": x[:, 0], "wendbaar": x[:, 1], "betrokkenheid": y, "vertrek": z, "sector": label}
        parts.append(pd.DataFrame(part))
    frame = pd.concat(parts, ignore_index=True)
    frame.loc[[3, 40], "vertrek"] = np.nan
    return frame


def arrays(frame: pd.DataFrame, equations=TWO, vary=("paths", "means"), priors=None) -> Design:
    labels, code = group_labels(frame["sector"], len(frame))
    found = [statistics(equation, frame, labels, code) for equation in equations]
    names = [*(p for e in equations for p in e.parameters), *(f"{e.outcome} ~1" for e in equations)]
    return design(found, vary, given_priors(priors or {}, names, [e.outcome for e in equations]))


def rows_of(frame: pd.DataFrame, equation: Equation, label: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the complete rows of one sector: predictors with a leading 1, and the outcome."""
    part = frame.loc[frame["sector"] == label, [*equation.predictors, equation.outcome]].dropna().to_numpy()
    return np.column_stack([np.ones(len(part)), part[:, :-1]]), part[:, -1]

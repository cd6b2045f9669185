"""Models of every shape, parameters at random, and what the formulas say of them row by row."""

from __future__ import annotations

import numpy as np
from scipy import stats

from werksem.bayes.latent.groups import GroupMoments, group_moments
from werksem.implied import implied_moments
from werksem.model import Model, build_model
from werksem.rows import Options
from werksem.spec.load import load_model

MODELS = {
    "correlated residuals": "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\ng ~ f\nx1 ~~ y1\nx2 ~~ x3\nx1 ~~ x2",
    "cross-loading": "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3 + x2\ng ~ f",
    "observed outcomes": "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\nz ~ f + g\nw ~ z + v + f\nz ~~ w",
    "second order": "a =~ x1 + x2 + x3\nb =~ y1 + y2 + y3\nc =~ z1 + z2 + z3\nh =~ a + b + c\nw ~ h\nh ~ v",
    "one item": "f =~ x1\ng =~ y1 + y2 + y3\ng ~ f",
    "circle": "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\nf ~ g\ng ~ u\nf ~ v\ng ~ f",
    "path model": "y ~ x + z",
    "four latents": "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\nh =~ z1 + z2 + z3\nk =~ w1 + w2 + w3",
}
N = np.array([40.0, 1.0, 7.0, 300.0])


def model_of(text: str, scaling: str = "marker") -> Model:
    return build_model(load_model({"syntax": text}), ("all",), Options(True, True, scaling, ()))


def random_theta(model: Model, rng: np.random.Generator) -> np.ndarray:
    """Return a theta (q,) that is admissible."""
    theta = np.zeros(len(model.parameters))
    for row, at in zip(model.rows, model.free_of_row, strict=True):
        if at < 0:
            continue
        size = {"=~": 0.8 + 0.2 * rng.random(), "~": 0.3 * rng.standard_normal()}.get(row.op)
        if row.op == "~1":
            size = 0.2 * rng.standard_normal()
        elif size is None:
            size = 0.8 + 0.3 * rng.random() if row.lhs == row.rhs else 0.1 * rng.standard_normal()
        theta[at] = size
    return theta


def measured(model: Model) -> np.ndarray:
    """Return (q,) which parameters belong to the measurement of items."""
    out = np.zeros(len(model.parameters), dtype=bool)
    for row, at in zip(model.rows, model.free_of_row, strict=True):
        if at >= 0 and (row.op == "=~" or (row.op != "~" and row.lhs not in model.eta)):
            out[at] = row.op != "=~" or row.rhs not in model.eta
    return out


def in_groups(model: Model, rng: np.random.Generator, *, shared: bool = True) -> np.ndarray:
    """Return theta (4, q) of four groups that differ, in the measurement of items too unless it is shared."""
    theta = np.tile(random_theta(model, rng), (4, 1))
    noise = 0.02 * rng.standard_normal(theta.shape)
    return theta + np.where(measured(model) & shared, 0.0, noise)


def rows_in_groups(p: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and their groups, of N respondents."""
    code = np.repeat(np.arange(4), N.astype(int))
    return rng.standard_normal((len(code), p)) + 0.3 * rng.standard_normal((4, p))[code], code


def moments_of(rows: np.ndarray, code: np.ndarray) -> GroupMoments:
    return group_moments(rows, ("a", "b", "c", "d"), code)


def row_wise(model: Model, theta: np.ndarray, rows: np.ndarray, code: np.ndarray) -> float:
    """Return the log-likelihood as a sum over respondents."""
    total = 0.0
    for g in range(len(theta)):
        mu, Sigma = implied_moments(model, theta[g])
        total += stats.multivariate_normal(mu, Sigma).logpdf(rows[code == g]).sum()
    return total

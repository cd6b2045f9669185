"""Standard errors, tests and fit measures of least squares estimates, naive and robust.

With W the weights, Delta the derivatives of the moments, gamma n times the sampling covariances of
the statistics and E = Delta'W Delta: naive covariances are E^-1 / (N - G), robust ones
E^-1 Delta'W gamma W Delta E^-1 / (N - G) (Browne, 1984; Muthen, du Toit & Spisic, 1997). Tests are
scaled by tr(U gamma) and tr((U gamma)^2) with U = W - W Delta E^-1 Delta'W (Satorra & Bentler, 1994;
Asparouhov & Muthen, 2010). Numbers and names as lavaan 0.6-14.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.constraints import equalities, null_space
from werksem.estimators.fit import Fit
from werksem.estimators.ls_model import LSModel
from werksem.estimators.ls_problem import LSPoint, LSProblem, Slopes, evaluate, jacobians, ls_problem
from werksem.estimators.ls_statistics import Statistics
from werksem.inference.ls_baseline import baseline_parts
from werksem.inference.ls_measures import Comparison, ls_measures
from werksem.inference.ls_robust_fit import correlation_fit
from werksem.inference.ls_tests import Part, bread_of, scaled_result
from werksem.inference.vcov import inverse_information

__all__ = ["DEFAULTS", "LSInference", "Pieces", "ls_inference", "ls_pieces"]

Array = NDArray[np.float64]

# estimator: (standard errors, test), lavaan's defaults
DEFAULTS = {
    "ULS": ("standard", "standard"), "GLS": ("standard", "standard"), "WLS": ("standard", "standard"),
    "DWLS": ("standard", "standard"), "ULSM": ("robust", "satorra_bentler"),
    "ULSMV": ("robust", "scaled_shifted"), "ULSMVS": ("robust", "mean_var_adjusted"),
    "WLSM": ("robust", "satorra_bentler"), "WLSMV": ("robust", "scaled_shifted"),
    "WLSMVS": ("robust", "mean_var_adjusted"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LSInference:
    """Covariances of theta (q, q), fit measures by lavaan's names, and what a reader should know.

    Rows of residual variances of y* are those of the delta method; moments of x have zeros.
    """

    vcov: Array
    measures: dict[str, float]
    warnings: tuple[str, ...]


def ls_inference(
    ls: LSModel, statistics: Sequence[Statistics], fit: Fit, *, se: str | None = None, test: str | None = None
) -> LSInference:
    """Return the inference of a least squares fit.

    ``se`` is ``standard`` or ``robust``, ``test`` one of ``standard satorra_bentler
    mean_var_adjusted scaled_shifted``; where not given they follow from ``fit.estimator``. Raises
    ``EstimationError`` where parameters are not identified, or gamma is needed and absent.
    """
    se = se or DEFAULTS[fit.estimator][0]
    test = test or DEFAULTS[fit.estimator][1]
    if (se != "standard" or test != "standard") and any(part.gamma is None for part in statistics):
        raise EstimationError("robust inference needs the respondents' rows (gamma), not only their moments")
    p = ls_pieces(ls, statistics, fit)
    vcov = _vcov(p, robust=se != "standard")
    free = p.directions.shape[1]
    df = sum(len(part.residual) for part in p.parts) - free
    null = baseline_parts(ls, p.problem, p.parts)
    tested = Comparison(
        float(free), df, scaled_result(p.parts, p.bread, df, test),
        null.df, scaled_result(null.parts, bread_of(null.parts), null.df, test),
    )  # fmt: skip
    robust = correlation_fit(ls, p.problem, p.point, p.parts, p.bread) if test != "standard" else None
    measures = ls_measures(ls, p.problem, p.point, tested, fit, robust)
    return LSInference(vcov, measures, _warnings(fit, se))


@dataclass(frozen=True, slots=True)
class Pieces:
    """What inference is made of: problem and point, parts and slopes of each group, and E^-1 (f, f).

    ``directions`` (f, k) are those that the equality constraints leave.
    """

    problem: LSProblem
    point: LSPoint
    parts: tuple[Part, ...]
    slopes: tuple[Slopes, ...]
    bread: Array
    directions: Array


def ls_pieces(ls: LSModel, statistics: Sequence[Statistics], fit: Fit) -> Pieces:
    """Return what inference on a fit is made of."""
    problem = ls_problem(ls, statistics)
    point = evaluate(problem, _phi(ls, problem, fit))
    if point is None:
        raise EstimationError("the implied moments are not finite")
    slopes = tuple(jacobians(problem, point))
    parts = tuple(
        Part(
            group.statistics.n, group.statistics.n / problem.problem.n, group.weight,
            _scaled(group.statistics.gamma, group.units), part.free, residual,
        )
        for group, residual, part in zip(problem.groups, point.residuals, slopes, strict=True)
    )  # fmt: skip
    bread, directions = _bread(ls, problem, fit, parts)
    return Pieces(problem, point, parts, slopes, bread, directions)


def _phi(ls: LSModel, problem: LSProblem, fit: Fit) -> Array:
    """Return phi of a fit; what all else is conditional on has no moments in the problem."""
    phi = fit.theta * problem.problem.scale
    if problem.conditional:
        estimated = np.zeros(len(phi), dtype=bool)
        estimated[problem.free] = True
        phi = np.where(estimated, phi, 0.0)
    return phi


def _scaled(gamma: Array | None, units: Array) -> Array | None:
    return None if gamma is None else gamma * np.outer(units, units)


def _bread(ls: LSModel, problem: LSProblem, fit: Fit, parts: Sequence[Part]) -> tuple[Array, Array]:
    """Return E^-1 (f, f) along the equality constraints, and their null space (f, k)."""
    E = sum(part.share * part.jacobian.T @ part.weighted(part.jacobian) for part in parts)
    equal = equalities(ls.model)
    Z = np.eye(len(problem.free))
    if equal is not None:
        Z = null_space((equal.jacobian(fit.theta) / problem.problem.scale)[:, problem.free])
    names = np.zeros((len(problem.problem.scale), len(problem.free)))
    names[problem.free, np.arange(len(problem.free))] = 1.0
    inverse = inverse_information(Z.T @ E @ Z, ls.model, fit, names @ Z, names @ np.sqrt(np.diag(E)))
    return np.asarray(Z @ inverse @ Z.T), Z


def _vcov(p: Pieces, *, robust: bool) -> Array:
    """Return the covariances (q, q) of all of theta."""
    covariance = p.bread
    if robust:
        covariance = p.bread @ sum(part.share * part.meat() for part in p.parts) @ p.bread
    scale = p.problem.problem.scale
    spread = np.zeros((len(scale), len(p.problem.free)))
    spread[p.problem.free, np.arange(len(p.problem.free))] = 1.0
    for group, part in zip(p.problem.groups, p.slopes, strict=True):
        spread[group.derived] = part.derived
    n = p.problem.problem.n - len(p.parts)
    return np.asarray(spread @ covariance @ spread.T / n / np.outer(scale, scale))


def _warnings(fit: Fit, se: str) -> tuple[str, ...]:
    if se == "standard" and fit.estimator in ("ULS", "DWLS"):
        return (
            f"standard errors of {fit.estimator} with se: standard are naive (they take its weights for the "
            "inverse sampling covariances); use se: robust",
        )
    return ()

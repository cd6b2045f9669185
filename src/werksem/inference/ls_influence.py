"""Casewise influence on least squares estimates: through the statistics that are fitted.

With A half the Hessian along the constraints, theta moves by A^-1 Delta'W times what the
statistics move. ``exact`` takes the curvature of the moments into A, where the model misfits;
without it A is Delta'W Delta, as in robust standard errors (Muthen, du Toit & Spisic, 1997). Where
the weights depend on the data they move too: W ds + dW r = W (ds - dgamma W r), so what moves gamma
counts as a move of the statistics.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.fit import Fit
from werksem.estimators.ls_curvature import gauss_newton, hessian
from werksem.estimators.ls_model import LSModel
from werksem.estimators.ls_problem import gradient, jacobians, weighted
from werksem.estimators.ls_statistics import Statistics
from werksem.inference.ls_inference import Pieces, ls_pieces
from werksem.inference.tangent import tangent_inverse
from werksem.respondents import Respondents

__all__ = ["ls_influence_blocks", "pulls"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


def ls_influence_blocks(
    ls: LSModel, statistics: Sequence[Statistics], fit: Fit, respondents: Sequence[Respondents],
    influence: Iterable[tuple[int, Array]], *, exact: bool = True,
) -> Iterator[tuple[int, Array]]:  # fmt: skip
    """Yield (group, influence on theta (block, q)) for blocks of influence on the statistics.

    ``influence`` yields (group, (block, m)) over each group's rows in their order, n_g times the
    change that counting one respondent once more makes; so here n times. Derived residual variances
    and moments of given x move too.
    """
    pieces = ls_pieces(ls, statistics, fit)
    places = _of_x(ls)
    maps = _maps(ls, pieces, places, exact=exact)
    done = [0] * len(statistics)
    for g, block in influence:
        data = respondents[g]
        part = slice(done[g], done[g] + len(block))
        done[g] = part.stop
        on_x = _x_influence(ls, statistics[g], places[g], data, part)
        to_theta, from_x, larger = maps[g]
        out = block @ to_theta + on_x @ from_x
        # a weighted group of numbers counts for its weights: who is drawn makes it larger
        if exact and data.weights is not None and not ls.ordered:
            out += data.weights[part, None] * larger
        out[:, places[g]] = on_x * (sum(s.n for s in statistics) / statistics[g].n)
        yield g, out


def _of_x(ls: LSModel) -> list[Index]:
    """Return per group the places in theta of moments of given x."""
    derived = {int(at) for group in ls.derived for at in group}
    found: list[list[int]] = [[] for _ in ls.model.groups]
    for row, at in zip(ls.model.rows, ls.model.free_of_row, strict=True):
        if at >= 0 and ls.model.exogenous[at] and at not in derived:
            found[row.group].append(at)
    return [np.array(places, dtype=np.int64) for places in found]


def _maps(ls: LSModel, p: Pieces, places: list[Index], *, exact: bool) -> list[tuple[Array, Array, Array]]:
    """Return per group what takes influence on statistics (m, q) and on moments of x (k, q) to theta.

    The third (q,) is what a larger n_g does: less the group's own gradient, zero where no parameter
    is shared between groups.
    """
    problem, q = p.problem, len(p.problem.problem.scale)
    bread = _bread(ls, p) if exact else p.bread
    scale, n = problem.problem.scale, problem.problem.n
    spread = np.zeros((q, len(problem.free)))
    spread[problem.free, np.arange(len(problem.free))] = 1.0
    for group, slopes in zip(problem.groups, p.slopes, strict=True):
        spread[group.derived] = slopes.derived
    toward_x = _toward_x(p, exact=exact)
    found = []
    residuals = p.point.residuals
    for group, slopes, at, residual in zip(problem.groups, p.slopes, places, residuals, strict=True):
        size = n / group.statistics.n
        # F counts a group n_g - 1, its information n_g
        counted = group.share * size if exact else 1.0
        to_theta = weighted(group, slopes.free) @ bread @ spread.T * counted / scale
        from_x = -(toward_x[:, at] * scale[at]).T @ bread @ spread.T * size / scale
        larger = weighted(group, residual) @ slopes.free @ bread @ spread.T / scale
        found.append((to_theta * group.units[:, None], from_x, larger))
    return found


def _toward_x(p: Pieces, *, exact: bool) -> Array:
    """Return half the second derivatives (f, q) of F to the free parameters and to all, where x has a part.

    Statistics that are conditional on x do not depend on its moments: zero.
    """
    problem, q = p.problem, len(p.problem.problem.scale)
    if problem.conditional or len(problem.free) == q or any(len(group.derived) for group in problem.groups):
        return np.zeros((len(problem.free), q))
    whole = replace(problem, free=np.arange(q))
    slopes = jacobians(whole, p.point)
    H = hessian(whole, p.point, slopes) if exact else gauss_newton(whole, slopes)
    return np.asarray(H[problem.free] / 2)


def _bread(ls: LSModel, p: Pieces) -> Array:
    """Return the inverse of half the Hessian (f, f) along the constraints."""
    problem, point, q = p.problem, p.point, len(p.problem.problem.scale)
    half, slope = np.eye(q), np.zeros(q)
    free = np.ix_(problem.free, problem.free)
    half[free] = hessian(problem, point, p.slopes) / 2
    slope[problem.free] = gradient(problem, point, p.slopes)
    return tangent_inverse(ls.model, point.phi, problem.problem.scale, half, slope)[free]


def _x_influence(ls: LSModel, s: Statistics, places: Index, data: Respondents, part: slice) -> Array:
    """Return the influence (block, k) on moments of given x, n_g times the change of each."""
    names, columns = ls.model.observed, []
    weights = np.ones(len(data.rows)) if data.weights is None else data.weights * (s.n / data.weights.sum())
    rows, w = data.rows[part], weights[part]
    divisor = s.n / (s.n - 1) if not len(ls.ordered) or np.ptp(weights) == 0 else 1.0
    mean = weights @ data.rows / weights.sum()
    of_place = dict(zip(ls.model.free_of_row, ls.model.rows, strict=True))
    for at in places:
        row = of_place[int(at)]
        left = rows[:, names.index(row.lhs)] - mean[names.index(row.lhs)]
        if row.op == "~1":
            columns.append(w * left)
            continue
        right = rows[:, names.index(row.rhs)] - mean[names.index(row.rhs)]
        cov = s.start.cov[s.start.names.index(row.lhs), s.start.names.index(row.rhs)]
        columns.append(w * (divisor * left * right - cov))
    return np.column_stack(columns) if columns else np.zeros((len(rows), 0))


def pulls(ls: LSModel, statistics: Sequence[Statistics], fit: Fit) -> tuple[Array, ...]:
    """Return each group's weighted residuals W (s - sigma) (m,), in the data's units."""
    pieces = ls_pieces(ls, statistics, fit)
    found = []
    for group, residual in zip(pieces.problem.groups, pieces.point.residuals, strict=True):
        found.append(weighted(group, residual) * group.units)
    return tuple(found)

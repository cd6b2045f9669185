"""The same model with answers as ordered categories: polychoric correlations, diagonally weighted (WLSMV).

Every answer is a normal variable cut at thresholds (Muthén, 1984). Point estimates are lavaan's WLSMV; the
weights are the sampling variances of thresholds and correlations, of which no covariances are needed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from werksem.categorical.categories import category_codes
from werksem.categorical.moments import ordinal_influence
from werksem.categorical.tables import fit_tables, table_influence
from werksem.compare.passport.measured import path_jacobian, path_values
from werksem.compare.passport.samples import Draws, Sample, one_step
from werksem.errors import WerksemError
from werksem.estimators.fit import Fit
from werksem.estimators.ls import fit_ls
from werksem.estimators.ls_model import LSModel, ordinal_model
from werksem.estimators.ls_statistics import Statistics, ordinal_statistics
from werksem.inference.ls_influence import ls_influence_blocks
from werksem.model import Model, build_model
from werksem.ordinal import OrdinalMoments
from werksem.respondents import Respondents
from werksem.rows import Options
from werksem.spec.study import Sem
from werksem.spec.types import ModelSpec

__all__ = [
    "MOST_CATEGORIES",
    "MOST_ITEMS",
    "Ordinal",
    "by_wlsmv",
    "single_items",
    "steps_of",
    "why_not_ordinal",
]

Array = NDArray[np.float64]
# beyond these a number of an answer is as good as its category (Rhemtulla, Brosseau-Liard & Savalei, 2012)
MOST_CATEGORIES = 7
# influence on the correlations of 60 items is 2,000 numbers a respondent
MOST_ITEMS = 60


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A diagonally weighted fit; ``names`` is what its model calls constructs of one item: the item."""

    ls: LSModel
    statistics: Statistics
    fit: Fit
    names: dict[str, str]


def single_items(spec: ModelSpec) -> tuple[ModelSpec, dict[str, str]]:
    """Return the model with constructs of one item replaced by the item, and the items by construct.

    An ordered item has no variance of its own, so a latent variable behind it alone is not identified.
    """
    measured: dict[str, list[str]] = {}
    for statement in spec.statements:
        if statement.op == "=~":
            measured.setdefault(statement.lhs, []).append(statement.rhs)
    names = {
        name: items[0] for name, items in measured.items() if len(items) == 1 and items[0] not in measured
    }
    kept = [
        replace(s, lhs=names.get(s.lhs, s.lhs), rhs=names.get(s.rhs, s.rhs))
        for s in spec.statements
        if not (s.op == "=~" and s.lhs in names)
    ]
    scales = tuple(scale for scale in spec.scales if scale.name not in names)
    return replace(spec, statements=tuple(kept), scales=scales, effects=(), routes=None), names


def why_not_ordinal(spec: ModelSpec, observed: Sequence[str], rows: Array) -> str:
    """Return the key of what keeps the answers (n, p) from being ordered categories, empty for nothing.

    ``constraints``, ``stated`` (a reliability below 1), ``many`` items, or ``numbers``: more than seven
    values, or values that are no whole numbers.
    """
    if spec.constraints:
        return "constraints"
    if any(scale.reliability not in (None, 1.0) for scale in spec.scales):
        return "stated"
    if len(observed) > MOST_ITEMS:
        return "many"
    widths = {
        item: scale.scale[1] - scale.scale[0] + 1
        for scale in spec.scales
        if scale.scale
        for item in scale.items
    }
    for name, column in zip(observed, rows.T, strict=True):
        values = np.unique(column)
        if max(len(values), widths.get(name, 0)) > MOST_CATEGORIES or (values != np.rint(values)).any():
            return "numbers"
    return ""


def by_wlsmv(spec: ModelSpec, settings: Sem, observed: Sequence[str], sample: Sample) -> Ordinal | None:
    """Return the fit to the sample's answers (columns ``observed``), None without a solution."""
    plain, names = single_items(spec)
    try:
        base = build_model(plain, ("all",), Options(True, False, settings.scaling))
        rows = sample.rows[:, [list(observed).index(name) for name in base.observed]]
        ls = ordinal_model(base, found := [_moments(base, rows, sample.weights)])
        (statistics,) = ordinal_statistics(ls, found, "WLSMV")
        fit = fit_ls(ls, [statistics], "WLSMV")
    except (WerksemError, np.linalg.LinAlgError):
        return None
    return Ordinal(ls, statistics, fit, names) if fit.converged else None


def steps_of(
    ordinal: Ordinal, observed: Sequence[str], sample: Sample, draws: Draws, paths: Sequence[tuple[str, str]]
) -> Array:
    """Return one-step replicates (R, P) of the fit's standardised paths."""
    ls, fit, model = ordinal.ls, ordinal.fit, ordinal.ls.model
    rows = sample.rows[:, [list(observed).index(name) for name in model.observed]]
    m = len(ordinal.statistics.values)
    # what a unit of each statistic moves in theta: the influence is linear in the statistics
    nobody = [Respondents(np.zeros((m, rows.shape[1])))]
    ((_, to_theta),) = ls_influence_blocks(ls, [ordinal.statistics], fit, nobody, [(0, np.eye(m))])
    to_paths = to_theta @ np.nan_to_num(path_jacobian(model, fit.theta, paths, ordinal.names)).T
    weights = None if sample.weights is None else [sample.weights]
    # the weights of statistics are held: moving them takes twice as long, and brings replicates no nearer to
    # full refits (30 items, 1,000 respondents: 0.08 standard errors on average either way)
    blocks = ordinal_influence([rows], model.observed, ls.ordered, weights=weights, exact=True)
    est = path_values(model, fit.theta, paths, ordinal.names)
    return one_step(draws, est, (block @ to_paths for _, block in blocks), sample.at, float(len(sample.at)))


def _moments(base: Model, rows: Array, weights: Array | None) -> OrdinalMoments:
    """Return thresholds and polychoric correlations with the sampling variance of each, gamma's diagonal."""
    names, n, p = base.observed, len(rows), rows.shape[1]
    coded = [category_codes([column], name, ("all",)) for name, column in zip(names, rows.T, strict=True)]
    codes = [found[0] for found, _ in coded]
    w = np.ones(n) if weights is None else weights
    tables = fit_tables(codes, [k for _, k in coded], w, names)
    squares = [np.einsum("ij,ij->j", block, block) for block in table_influence(tables, codes, w)]
    gamma = np.diag(np.sum(squares, axis=0) / w.sum())
    return OrdinalMoments(
        tuple(names), (True,) * p, (), float(n), tables.thresholds, np.zeros(p), np.zeros((p, 0)),
        tables.correlations, np.zeros(0), np.zeros((0, 0)), gamma,
    )  # fmt: skip

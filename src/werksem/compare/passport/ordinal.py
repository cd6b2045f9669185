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
from werksem.categorical.implicit import implicit_tables
from werksem.categorical.tables import Tables, fit_tables, table_influence
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
    """A diagonally weighted fit, and the answers as codes with their pair tables.

    ``names`` is what its model calls constructs of one item: the item.
    """

    ls: LSModel
    statistics: Statistics
    fit: Fit
    names: dict[str, str]
    codes: list[NDArray[np.uint8]]
    tables: Tables


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
        codes, tables = _tables(base, rows, _weights(sample))
        found = _moments(base, codes, tables, _weights(sample))
        ls = ordinal_model(base, [found])
        (statistics,) = ordinal_statistics(ls, [found], "WLSMV")
        fit = fit_ls(ls, [statistics], "WLSMV")
    except (WerksemError, np.linalg.LinAlgError):
        return None
    return Ordinal(ls, statistics, fit, names, codes, tables) if fit.converged else None


def steps_of(ordinal: Ordinal, sample: Sample, draws: Draws, paths: Sequence[tuple[str, str]]) -> Array:
    """Return one-step replicates (R, P) of the fit's standardised paths.

    The weights of the statistics are held: moving them brings replicates no nearer to full refits (30 items,
    1,000 respondents: 0.08 standard errors on average either way).
    """
    ls, fit, model = ordinal.ls, ordinal.fit, ordinal.ls.model
    m = len(ordinal.statistics.values)
    # what a unit of each statistic moves in theta: the influence is linear in the statistics
    nobody = [Respondents(np.zeros((m, len(model.observed))))]
    ((_, to_theta),) = ls_influence_blocks(ls, [ordinal.statistics], fit, nobody, [(0, np.eye(m))])
    to_paths = to_theta @ np.nan_to_num(path_jacobian(model, fit.theta, paths, ordinal.names)).T
    weights = _weights(sample)
    tables = implicit_tables(ordinal.tables, ordinal.codes, weights)
    blocks = (block @ to_paths for block in table_influence(tables, ordinal.codes, weights))
    est = path_values(model, fit.theta, paths, ordinal.names)
    return one_step(draws, est, blocks, sample.at, float(len(sample.at)))


def _weights(sample: Sample) -> Array:
    return np.ones(len(sample.rows)) if sample.weights is None else sample.weights


def _tables(base: Model, rows: Array, weights: Array) -> tuple[list[NDArray[np.uint8]], Tables]:
    """Return the answers (n, p) as codes, and their thresholds and polychoric correlations."""
    coded = [
        category_codes([column], name, ("all",)) for name, column in zip(base.observed, rows.T, strict=True)
    ]
    codes = [found[0] for found, _ in coded]
    return codes, fit_tables(codes, [k for _, k in coded], weights, base.observed)


def _moments(
    base: Model, codes: Sequence[NDArray[np.uint8]], tables: Tables, weights: Array
) -> OrdinalMoments:
    """Return thresholds and polychoric correlations with the sampling variance of each, gamma's diagonal."""
    names, n, p = base.observed, len(weights), len(codes)
    squares = [np.einsum("ij,ij->j", block, block) for block in table_influence(tables, codes, weights)]
    gamma = np.diag(np.sum(squares, axis=0) / weights.sum())
    return OrdinalMoments(
        tuple(names), (True,) * p, (), float(n), tables.thresholds, np.zeros(p), np.zeros((p, 0)),
        tables.correlations, np.zeros(0), np.zeros((0, 0)), gamma,
    )  # fmt: skip

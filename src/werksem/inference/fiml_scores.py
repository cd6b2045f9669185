"""Casewise scores of rows with blanks, in the moments or in a model's parameters.

With z = K_k (x - mu), K_k as in ``estimators.pattern_sums``, a respondent's score in mu is z and in
sigma_ab it is z_a z_b - K_ab, halved on the diagonal. A model's scores are these times the
derivatives of its moments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.fiml import FimlPoint, FimlProblem, moment_jacobian
from werksem.estimators.pattern_curvature import vech_pairs
from werksem.estimators.pattern_sums import Batch, solved_patterns
from werksem.patterns import Patterns

__all__ = ["fiml_scores", "mean_outer_product", "moment_scores"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
# how many numbers a block of scores may hold: 32 MB
BLOCK = 4_000_000


def moment_scores(
    data: Patterns, parts: Sequence[Batch], units: Array, mu: Array, Sigma: Array
) -> Iterator[tuple[Index, Array]]:
    """Yield (rows, scores (rows, p + p*)) of one group at rescaled moments; weights are in them.

    ``rows`` are places in ``data.rows``, which ``data.order`` takes to the data given.
    """
    p = len(mu)
    row, col, c = vech_pairs(p)
    flat = row * p + col
    size = max(1, BLOCK // (p + len(row)))
    for batch, K, _, z_mean in solved_patterns(parts, mu, Sigma):
        rows, local = _rows_of(batch, data)
        z = z_mean[local]
        for k in np.flatnonzero(np.diff(data.first)[batch.number] > 1):
            mine = slice(*np.searchsorted(local, [k, k + 1]))
            z[mine] = ((data.rows[rows[mine]] / units - mu) * batch.observed[k]) @ K[k]
        inverses = c * K.reshape(len(K), -1)[:, flat]
        for begin in range(0, len(rows), size):
            block = slice(begin, begin + size)
            scores = np.empty((len(rows[block]), p + len(row)))
            scores[:, :p] = z[block]
            np.multiply(z[block][:, row], z[block][:, col] * c, out=scores[:, p:])
            scores[:, p:] -= inverses[local[block]]
            yield rows[block], scores * data.weights[rows[block], None]


def _rows_of(batch: Batch, data: Patterns) -> tuple[Index, Index]:
    """Return the rows of a batch's patterns, and each row's pattern among those of the batch."""
    counts = np.diff(data.first)[batch.number]
    local = np.repeat(np.arange(len(counts)), counts)
    begins = np.concatenate([[0], np.cumsum(counts)])[:-1]
    return data.first[batch.number][local] + np.arange(len(local)) - begins[local], local


def fiml_scores(problem: FimlProblem, point: FimlPoint) -> Iterator[tuple[int, Index, Array]]:
    """Yield (group, rows, scores (rows, q) in phi) at a point; rows are places in the data given."""
    for g, (part, term, x) in enumerate(
        zip(problem.base.groups, problem.terms, point.expansions, strict=True)
    ):
        jacobian = moment_jacobian(term, x)
        to_phi = np.zeros((len(jacobian), len(problem.base.scale)))
        np.add.at(to_phi.T, term.free, jacobian.T)
        data = problem.data[g]
        for rows, scores in moment_scores(data, problem.parts[g], part.units, point.means[g], x.Sigma):
            yield g, data.order[rows], scores @ to_phi


def mean_outer_product(
    data: Patterns, parts: Sequence[Batch], units: Array, mu: Array, Sigma: Array,
    project: Array | None = None, clusters: Index | None = None,
) -> Array:  # fmt: skip
    """Return the mean outer product (k, k) of one group's scores in the moments times ``project``.

    ``project`` is (p + p*, k); without it the scores are those in the moments. Where ``clusters``
    gives each row of the data given a code, scores are summed within clusters and the product is
    times C / (C - 1), as in lavaan.
    """
    k = len(mu) * (len(mu) + 3) // 2 if project is None else project.shape[1]
    code = None if clusters is None else np.unique(clusters[data.order], return_inverse=True)[1]
    total = np.zeros((k, k)) if code is None else np.zeros((int(code.max()) + 1, k))
    for rows, scores in moment_scores(data, parts, units, mu, Sigma):
        projected = scores if project is None else scores @ project
        if code is None:
            total += projected.T @ projected
        else:
            _add_rows(total, code[rows], projected)
    if code is not None:
        total = total.T @ total * (len(total) / (len(total) - 1))
    return total / data.n


def _add_rows(total: Array, code: Index, values: Array) -> None:
    """Add rows of values to the rows of total that their codes name."""
    order = np.argsort(code, kind="stable")
    begins = np.flatnonzero(np.diff(code[order], prepend=-1))
    total[code[order][begins]] += np.add.reduceat(values[order], begins)

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
from werksem.inference.cluster_sums import over_groups
from werksem.patterns import Patterns

__all__ = ["cluster_sums", "fiml_scores", "mean_outer_product", "moment_scores", "saturated_outer_product"]

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
    problem: FimlProblem, means: Sequence[Array], covs: Sequence[Array], projects: Sequence[Array],
    clusters: Sequence[Index] | None = None,
) -> Array:  # fmt: skip
    """Return the mean outer product (k, k), over all groups, of scores in the moments times ``projects``.

    ``projects`` are (p + p*, k) per group. ``clusters`` as in ``cluster_sums``, over all groups a
    cluster lies in (``inference.cluster_sums``).
    """
    if clusters is None:
        parts = zip(problem.base.groups, means, covs, projects, strict=True)
        total = np.zeros((projects[0].shape[1],) * 2)
        for g, (group, mu, Sigma, project) in enumerate(parts):
            data = problem.data[g]
            found = _outer_product(data, problem.parts[g], group.units, mu, Sigma, project)
            total += group.weight / data.n * found
        return total
    labels, sums = zip(
        *(
            cluster_sums(problem, g, means[g], covs[g], codes, projects[g])
            for g, codes in enumerate(clusters)
        ),
        strict=True,
    )
    whole = over_groups(sums, labels)
    return np.asarray(whole.T @ whole / problem.base.n)


def saturated_outer_product(problem: FimlProblem, g: int) -> Array:
    """Return the mean outer product (p + p*, p + p*) of one group's scores at its saturated moments."""
    group, data = problem.base.groups[g], problem.data[g]
    return _outer_product(data, problem.parts[g], group.units, group.mean, group.cov) / data.n


def _outer_product(
    data: Patterns, parts: Sequence[Batch], units: Array, mu: Array, Sigma: Array,
    project: Array | None = None,
) -> Array:  # fmt: skip
    k = len(mu) * (len(mu) + 3) // 2 if project is None else project.shape[1]
    total = np.zeros((k, k))
    for _, scores in moment_scores(data, parts, units, mu, Sigma):
        projected = scores if project is None else scores @ project
        total += projected.T @ projected
    return total


def cluster_sums(
    problem: FimlProblem, g: int, mu: Array, Sigma: Array, clusters: Index, project: Array | None = None
) -> tuple[Index, Array]:
    """Return the codes (C_g,) of a group's clusters, and its scores (C_g, k) summed within them.

    ``clusters`` gives each row of the data given a code, the same in every group. ``project`` is
    (p + p*, k); without it the scores are those in the moments.
    """
    data, units = problem.data[g], problem.base.groups[g].units
    labels, code = np.unique(clusters[data.order], return_inverse=True)
    total = np.zeros((len(labels), len(mu) * (len(mu) + 3) // 2 if project is None else project.shape[1]))
    for rows, scores in moment_scores(data, problem.parts[g], units, mu, Sigma):
        _add_rows(total, code[rows], scores if project is None else scores @ project)
    return labels, total


def _add_rows(total: Array, code: Index, values: Array) -> None:
    """Add rows of values to the rows of total that their codes name."""
    order = np.argsort(code, kind="stable")
    begins = np.flatnonzero(np.diff(code[order], prepend=-1))
    total[code[order][begins]] += np.add.reduceat(values[order], begins)

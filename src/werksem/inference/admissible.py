"""What is wrong with an inadmissible solution, in words: which variance, which pair, which value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.implied import matrices
from werksem.model import Model

__all__ = ["inadmissible"]

Array = NDArray[np.float64]
# as in ``estimators.ml.admissibility``
TOLERANCE = -1e-10
# members of a dependence that are named
SHARE, MOST = 0.3, 6


def inadmissible(model: Model, theta: Array) -> tuple[str, ...]:
    """Return a sentence for every negative variance and impossible correlation, none where all is well.

    Sentences begin with the status they explain: ``heywood:`` or ``not_positive_definite:``.

    >>> from werksem.spec.types import ModelSpec, Statement
    >>> from werksem.model import build_model
    >>> spec = ModelSpec("m", (), tuple(Statement("f", "=~", x) for x in ("x1", "x2", "x3")))
    >>> inadmissible(build_model(spec), np.array([1.0, 1.0, -0.1, 0.5, 0.5, 1.0]))
    ('heywood: the residual variance of x1 is -0.1, below zero',)
    """
    said: list[str] = []
    for group, label in enumerate(model.groups):
        where = "" if len(model.groups) == 1 else f" (group {label})"
        m = matrices(model, theta, group)
        explained = {row.lhs for row in model.rows if row.op == "~"}
        explained |= {row.rhs for row in model.rows if row.op == "=~"}
        for names, matrix in ((model.observed, m.Theta), (model.eta, m.Psi)):
            kinds = ["residual " if name in explained else "" for name in names]
            said += [text + where for text in _variances(names, kinds, matrix)]
            said += [text + where for text in _correlations(names, kinds, matrix)]
    return tuple(said)


def _variances(names: Sequence[str], kinds: Sequence[str], matrix: Array) -> Iterator[str]:
    for name, kind, value in zip(names, kinds, np.diag(matrix), strict=True):
        if value < 0:
            yield f"heywood: the {kind}variance of {name} is {value:.3g}, below zero"


def _correlations(names: Sequence[str], kinds: Sequence[str], matrix: Array) -> Iterator[str]:
    """Yield the pairs correlated beyond 1, or else the variables that are too much alike together."""
    used = np.flatnonzero(np.diag(matrix) > 0)
    size = np.sqrt(np.diag(matrix)[used])
    R = matrix[np.ix_(used, used)] / np.outer(size, size)
    beyond = np.argwhere(np.tril(np.abs(R), -1) > 1)
    for i, j in beyond:
        a, b = used[j], used[i]
        kind = "residual " if kinds[a] and kinds[b] else ""
        yield f"not_positive_definite: the {kind}correlation of {names[a]} and {names[b]} is {R[i, j]:.3f}"
    if len(beyond) or not len(used):
        return
    smallest = np.linalg.eigvalsh(matrix[np.ix_(used, used)])[0]
    if smallest < TOLERANCE:
        values, vectors = np.linalg.eigh(R)
        weight = np.abs(vectors[:, 0])
        most = [int(used[k]) for k in np.argsort(-weight)[:MOST] if weight[k] > SHARE * weight.max()]
        kind = "residual " if all(kinds[k] for k in most) else ""
        listed = ", ".join(names[k] for k in sorted(most))
        yield (
            f"not_positive_definite: the {kind}covariances of {listed} contradict each other "
            f"(smallest eigenvalue of their correlations {values[0]:.3f})"
        )

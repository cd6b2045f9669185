"""Summary statistics instead of respondents: correlations, standard deviations, means."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from werksem.errors import DataError, did_you_mean
from werksem.moments import Moments, select
from werksem.spec.matrix import correlation_matrix
from werksem.spec.study import MomentsInput

__all__ = ["n_of", "read_moments"]


def read_moments(given: MomentsInput, names: Sequence[str]) -> tuple[Moments, ...]:
    """Return the moments of the named variables, one group, from ``data.moments``.

    cov = sd R sd (n - 1)/n: published statistics have divisor n - 1, ``Moments`` has n (lavaan's
    ``sample.cov.rescale``). Standard deviations default to 1, means to 0; where n differs between
    outcomes it is the smallest. Raises ``DataError`` for names that are absent, a matrix that is
    not positive definite, and no more respondents than variables.

    >>> given = MomentsInput(n=101, correlation={"y": [], "x": [0.5]}, sd={"x": 2.0})
    >>> read_moments(given, ["x", "y"])[0].cov.round(4).tolist()
    [[3.9604, 0.9901], [0.9901, 0.9901]]
    """
    known, rows = correlation_matrix(given)
    for name in names:
        if name not in known:
            raise DataError(f'data.moments has no "{name}"{did_you_mean(name, known)}')
    n = _smallest(given)
    sd = np.array([(given.sd or {}).get(name, 1.0) for name in known])
    mean = np.array([(given.mean or {}).get(name, 0.0) for name in known])
    cov = np.array(rows) * np.outer(sd, sd) * (n - 1) / n
    found = select(Moments(known, float(n), mean, cov), names)
    _refuse_impossible(found)
    return (found,)


def n_of(given: MomentsInput, outcome: str) -> int:
    """Return how many respondents the regression of an outcome has.

    >>> n_of(MomentsInput(n={"y": 80}, correlation={"y": []}), "y")
    80
    """
    if isinstance(given.n, int):
        return given.n
    if outcome not in given.n:
        raise DataError(f'data.moments.n has no "{outcome}"{did_you_mean(outcome, given.n)}')
    return given.n[outcome]


def _smallest(given: MomentsInput) -> int:
    if isinstance(given.n, int):
        return given.n
    if not given.n:
        raise DataError("data.moments.n is empty; right is a number, or outcome: number")
    return min(given.n.values())


def _refuse_impossible(found: Moments) -> None:
    p = len(found.names)
    if found.n <= p:
        raise DataError(f"data.moments: n is {found.n:g} for {p} variables; at least {p + 1} are needed")
    sd = np.sqrt(np.diag(found.cov))
    smallest = np.linalg.eigvalsh(found.cov / np.outer(sd, sd))[0]
    if smallest <= 1e-10:
        raise DataError(
            f"data.moments: the correlations are not positive definite (smallest eigenvalue {smallest:.2g}); "
            "no data can have them, or one variable follows from others"
        )

"""What answers have in common because one person gave them: taken out of the covariances.

A method factor loads sign · sqrt(v) · sd on every answer, so v is the share of each answer's variance
that it explains, and S - v (sign sd)(sign sd)' is what would have been seen without it.
Two factors are told apart by keying. ``halo``: a mood or an opinion of the whole, which answers
follow in the direction of their construct. ``acquiescence``: agreeing whatever is asked, so that
items recoded because they were worded the other way go the other way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.moments import Moments
from werksem.survey.keying import against_the_rest

__all__ = ["FACTORS", "answer_signs", "construct_signs", "largest_share", "without_factor"]

Array = NDArray[np.float64]
FACTORS = ("halo", "acquiescence")


def answer_signs(
    factor: str, constructs: Mapping[str, Sequence[str]], reversed_items: Collection[str],
    turned: Collection[str] = (),
) -> dict[str, float]:  # fmt: skip
    """Return the direction, 1 or -1, in which a method factor moves each recoded answer.

    ``reversed_items`` were recoded before: acquiescence moves them down. ``turned`` constructs run
    against the others (leaving, red tape): a halo moves their answers down.

    >>> answer_signs("acquiescence", {"f": ("x1", "x2")}, {"x2"})
    {'x1': 1.0, 'x2': -1.0}
    >>> answer_signs("halo", {"f": ("x1", "x2"), "g": ("z",)}, {"x2"}, {"g"})
    {'x1': 1.0, 'x2': 1.0, 'z': -1.0}
    """
    pairs = [(construct, item) for construct, items in constructs.items() for item in items]
    if factor == "halo":
        return {item: -1.0 if construct in turned else 1.0 for construct, item in pairs}
    return {item: -1.0 if item in reversed_items else 1.0 for _, item in pairs}


def construct_signs(found: Moments, constructs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the constructs whose sums of answers run against those of the others.

    As single items are found that run against their scale: the sign of the minority on the first
    principal component, and a clearly negative correlation with the rest.
    """
    names = tuple(constructs)
    weights = np.array([[float(name in constructs[c]) for name in found.names] for c in names])
    # of two constructs neither is the minority
    if len(names) < 3:
        return ()
    against = against_the_rest(weights @ found.cov @ weights.T, found.n)
    return tuple(names[at] for at in sorted(against))


def largest_share(found: Moments, signs: Mapping[str, float]) -> float:
    """Return the share at which what is left is no longer positive definite: 1 / (l'S^-1 l), l = sign sd.

    >>> m = Moments(("x", "y"), 50.0, np.zeros(2), np.array([[1.0, 0.5], [0.5, 1.0]]))
    >>> round(largest_share(m, {"x": 1.0, "y": 1.0}), 12), round(largest_share(m, {"x": 1.0, "y": -1.0}), 12)
    (0.75, 0.25)
    """
    loading = _loading(found, signs)
    return float(1 / (loading @ np.linalg.solve(found.cov, loading)))


def without_factor(found: Moments, signs: Mapping[str, float], share: float) -> tuple[Moments, Array]:
    """Return the moments without the factor, and what was taken out (p, p), below the largest share.

    Variables without a sign are no answers and keep their variances and covariances.

    >>> m = Moments(("x", "y", "z"), 50.0, np.zeros(3), np.eye(3) * 4)
    >>> without_factor(m, {"x": 1.0, "y": -1.0}, 0.25)[0].cov.tolist()
    [[3.0, 1.0, 0.0], [1.0, 3.0, 0.0], [0.0, 0.0, 4.0]]
    """
    loading = np.sqrt(share) * _loading(found, signs)
    taken = np.outer(loading, loading)
    return Moments(found.names, found.n, found.mean, found.cov - taken, found.group), taken


def _loading(found: Moments, signs: Mapping[str, float]) -> Array:
    sd = np.sqrt(np.diag(found.cov))
    return np.asarray(sd * np.array([signs.get(name, 0.0) for name in found.names]), dtype=float)

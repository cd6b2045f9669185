"""Summary statistics instead of respondents: correlations, standard deviations, means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.errors import DataError, SpecError, did_you_mean
from werksem.moments import Moments, select
from werksem.spec.equations import equations, observed_names
from werksem.spec.matrix import correlation_matrix
from werksem.spec.study import MomentsInput, Study
from werksem.spec.types import ModelSpec
from werksem.survey.check import LARGEST, LEAST

__all__ = ["read_moments", "scale_moments", "scale_weights"]

Array = NDArray[np.float64]


def read_moments(study: Study, model: ModelSpec) -> tuple[Moments, dict[str, int]]:
    """Return the moments that a study gives of a model's variables, and n per outcome where it differs.

    cov = sd R sd (n - 1)/n: published statistics have divisor n - 1, ``Moments`` has n (lavaan's
    ``sample.cov.rescale``). Standard deviations default to 1, means to 0; ``n`` is the smallest
    one. Reversed items are recoded. A construct whose items are not given stands for its scale
    mean, unless the study has an SEM. Raises ``DataError`` for names that are absent, a matrix that
    is not positive definite, and no more respondents than variables.
    """
    given = study.data.moments
    if given is None:
        raise SpecError("the study has respondents, there are no moments to read")
    known, rows = correlation_matrix(given)
    names = _needed(study, model, known)
    sizes = _sizes(given, model)
    n = given.n if isinstance(given.n, int) else min(sizes.values())
    sd = np.array([(given.sd or {}).get(name, 1.0) for name in known])
    _refuse_sizes(known, sd)
    mean = np.array([(given.mean or {}).get(name, 0.0) for name in known])
    cov = np.array(rows) * np.outer(sd, sd) * (n - 1) / n
    found = _recoded(select(Moments(known, float(n), mean, cov), names), model)
    _refuse_impossible(found)
    return found, sizes


def _refuse_sizes(names: Sequence[str], sd: Array) -> None:
    """Raise ``DataError`` for a standard deviation that no variance can be squared of."""
    wrong = (sd > LARGEST) | (sd < LEAST)
    if wrong.any():
        at = int(np.argmax(wrong))
        raise DataError(
            f"data.moments.sd: {names[at]} has {sd[at]:g}, right is from {LEAST:g} to {LARGEST:g}: put it in "
            f"a {'larger' if sd[at] > LARGEST else 'smaller'} unit"
        )


def _needed(study: Study, model: ModelSpec, known: Sequence[str]) -> tuple[str, ...]:
    names = list(observed_names(model))
    if not (study.sem or study.invariance):
        for scale in model.scales:
            if scale.name in known and not set(scale.items) <= set(known):
                names = [name for name in names if name not in scale.items] + [scale.name]
    for name in names:
        if name not in known:
            raise DataError(f'data.moments has no "{name}"{did_you_mean(name, known)}')
    return tuple(names)


def _sizes(given: MomentsInput, model: ModelSpec) -> dict[str, int]:
    """Return n per outcome, empty where one n serves all."""
    if isinstance(given.n, int):
        return {}
    for equation in equations(model):
        if equation.outcome not in given.n:
            near = did_you_mean(equation.outcome, given.n)
            raise DataError(f'data.moments.n has no "{equation.outcome}"{near}')
    if not given.n:
        raise DataError("data.moments.n is empty; right is a number, or outcome: number")
    return dict(given.n)


def _recoded(found: Moments, model: ModelSpec) -> Moments:
    """Return the moments with reversed items turned round: lowest + highest - answer."""
    mean, sign = found.mean.copy(), np.ones(len(found.names))
    for scale in model.scales:
        for name in set(scale.reversed) & set(found.names):
            at = found.names.index(name)
            sign[at] = -1.0
            mean[at] = sum(scale.scale or (0.0, 0.0)) - mean[at]
    return Moments(found.names, found.n, mean, found.cov * np.outer(sign, sign), found.group)


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


def scale_moments(source: Moments, model: ModelSpec) -> Moments:
    """Return the moments of scale means and plain columns from those of items without blanks.

    A mean of items is linear: with W (q, p) the weights, mean W m and covariance W S W'.
    Constructs that ``source`` has by name stay as they are.

    >>> from werksem.spec.load import load_model
    >>> model = load_model({"syntax": "f =~ x1 + x2; f ~ z"})
    >>> cov = np.array([[1.0, 0.5, 0.2], [0.5, 1.0, 0.4], [0.2, 0.4, 1.0]])
    >>> found = scale_moments(Moments(("x1", "x2", "z"), 50.0, np.zeros(3), cov), model)
    >>> found.names, found.cov.round(3).tolist()
    (('f', 'z'), [[0.75, 0.3], [0.3, 1.0]])
    """
    names, W = scale_weights(source.names, model)
    return Moments(names, source.n, W @ source.mean, W @ source.cov @ W.T, source.group)


def scale_weights(names: Sequence[str], model: ModelSpec) -> tuple[tuple[str, ...], Array]:
    """Return what has a score, and how much each of the variables ``names`` counts in it (q, p)."""
    at = dict(zip(names, np.eye(len(names)), strict=True))
    weights = {s.name: _weights(s.name, at, model) for s in model.scales}
    items = {item for scale in model.scales for item in scale.items}
    used = {name for e in equations(model) for name in (e.outcome, *e.predictors)}
    weights |= {name: at[name] for name in names if name in used - set(weights) or name not in items}
    return tuple(weights), np.array(list(weights.values()))


def _weights(name: str, at: Mapping[str, Array], model: ModelSpec) -> Array:
    """Return how much each variable (p,) counts in a construct's scale mean."""
    scale = model.scale(name)
    if name in at or scale is None:
        return at[name]
    return np.array([_weights(item, at, model) for item in scale.items]).mean(axis=0)

"""One simulated survey: new answers of the same respondents, who are asked and leave open the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.calibrate.marginals import shown
from werksem.calibrate.population import Population
from werksem.inputs import Inputs
from werksem.moments import Moments
from werksem.spec.equations import equations
from werksem.spec.types import ModelSpec
from werksem.survey.scales import scale_mean

__all__ = ["drawn_inputs", "drawn_moments", "enlarged", "stream"]

Array = NDArray[np.float64]


def stream(seed: int, survey: int) -> np.random.Generator:
    """Return the random numbers of one survey, the same whichever others are drawn.

    >>> float(stream(1, 2).random()) == float(stream(1, 2).random()) != float(stream(1, 3).random())
    True
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(survey,))))


def drawn_inputs(source: Population, spec: ModelSpec, inputs: Inputs, numbers: np.random.Generator) -> Inputs:
    """Return the inputs of the engines with new answers: groups, clusters, weights and blanks stay.

    A respondent leaves open what he left open, whatever he would have answered. Traits of organisations that
    only predict stay too.
    """
    answers = np.full(source.blank.shape, np.nan)
    for part, normal in zip(source.parts, _normals(source, numbers), strict=True):
        answers[part.rows] = shown(part.columns, normal)
    if inputs.items is not None:
        kept = [name for name, stays in zip(source.names, source.kept, strict=True) if stays]
        answers[:, source.kept] = inputs.items[kept].to_numpy(dtype=float)
    answers[source.blank] = np.nan
    index = None if inputs.items is None else inputs.items.index
    items = pd.DataFrame(answers, columns=list(source.names), index=index)
    return replace(inputs, survey=None, items=items, scores=_scores(spec, items))


def _normals(source: Population, numbers: np.random.Generator) -> Iterator[Array]:
    """Yield the normals (n, p) behind the answers of each part; a cluster is the same one in all of them."""
    p, codes = len(source.names), [part.cluster for part in source.parts if part.cluster is not None]
    pulls = np.zeros((len(source.parts), 0, p))
    if codes:
        J = 1 + max(int(code.max()) for code in codes)
        root = np.linalg.cholesky(source.shared)
        pulls = np.tensordot(root, numbers.standard_normal((len(source.parts), J, p)), axes=1)
        pulls[:, :, source.traits] = pulls[0][:, source.traits]
    for part, pull in zip(source.parts, pulls, strict=True):
        normal = numbers.standard_normal((len(part.rows), p)) @ part.within
        if part.between is not None and part.cluster is not None:
            normal += (part.centre + pull @ part.between)[part.cluster]
        yield normal


def _scores(spec: ModelSpec, items: pd.DataFrame) -> pd.DataFrame:
    """Return the scale means and plain columns of answers that are recoded already."""
    used = [name for e in equations(spec) for name in (e.outcome, *e.predictors)]
    plain = [name for name in dict.fromkeys(used) if spec.scale(name) is None]
    scores = {scale.name: scale_mean(scale, items, spec) for scale in spec.scales}
    return pd.DataFrame(scores | {name: items[name].to_numpy() for name in plain}, index=items.index)


def drawn_moments(source: Moments, numbers: np.random.Generator) -> Moments:
    """Return the moments of n respondents drawn from a normal population with these moments.

    n times the covariances are Wishart with n - 1 degrees of freedom, means are apart from them.
    """
    n = round(source.n)
    root = np.linalg.cholesky(source.cov)
    factor = root @ _wishart_root(len(root), n - 1, numbers)
    mean = source.mean + root @ numbers.standard_normal(len(root)) / np.sqrt(n)
    return replace(source, mean=mean, cov=factor @ factor.T / n)


def enlarged(drawn: Moments, source: Moments, n: int, numbers: np.random.Generator) -> Moments:
    """Return the moments of n respondents, of whom ``drawn`` are some and the others come from ``source``.

    Of two samples the squares about the common mean are those about their own, and
    n1 n2 / n times the square of what their means differ by. Those of fewer respondents stay as they are.

    >>> source = Moments(("x",), 2.0, np.zeros(1), np.eye(1))
    >>> enlarged(source, source, 5, np.random.default_rng(1)).n
    5.0
    """
    first, more = round(drawn.n), n - round(drawn.n)
    if more <= 0:
        return drawn
    root = np.linalg.cholesky(source.cov)
    factor = root @ _wishart_root(len(root), more - 1, numbers)
    apart = source.mean + root @ numbers.standard_normal(len(root)) / np.sqrt(more) - drawn.mean
    squares = first * drawn.cov + factor @ factor.T + first * more / n * np.outer(apart, apart)
    return replace(drawn, n=float(n), mean=drawn.mean + more / n * apart, cov=squares / n)


def _wishart_root(p: int, freedom: int, numbers: np.random.Generator) -> Array:
    """Return A whose A A' (p, p) is Wishart of identity (Bartlett's decomposition; Muirhead, 1982, 3.2.4)."""
    if freedom < p:
        return numbers.standard_normal((p, freedom))
    lower = np.tril(numbers.standard_normal((p, p)), -1)
    lower[np.diag_indices(p)] = np.sqrt(numbers.chisquare(freedom - np.arange(p)))
    return lower

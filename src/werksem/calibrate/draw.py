"""One simulated survey: new answers of the same respondents, who are asked and leave open the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.calibrate.marginals import shown
from werksem.calibrate.population import Cells, Population
from werksem.inputs import Inputs
from werksem.moments import Moments
from werksem.spec.equations import equations
from werksem.spec.types import ModelSpec
from werksem.survey.scales import scale_mean

__all__ = ["drawn_inputs", "drawn_moments", "stream"]

Array = NDArray[np.float64]


def stream(seed: int, survey: int) -> np.random.Generator:
    """Return the random numbers of one survey, the same whichever others are drawn.

    >>> float(stream(1, 2).random()) == float(stream(1, 2).random()) != float(stream(1, 3).random())
    True
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(survey,))))


def drawn_inputs(source: Population, spec: ModelSpec, inputs: Inputs, numbers: np.random.Generator) -> Inputs:
    """Return the inputs of the engines with new answers: groups, clusters, weights and blanks stay.

    A respondent leaves open what he left open, whatever he would have answered.
    """
    answers = np.full(source.blank.shape, np.nan)
    for part in source.parts:
        answers[part.rows] = _answers(part, numbers)
    answers[source.blank] = np.nan
    index = None if inputs.items is None else inputs.items.index
    items = pd.DataFrame(answers, columns=list(source.names), index=index)
    return replace(inputs, survey=None, items=items, scores=_scores(spec, items))


def _answers(part: Cells, numbers: np.random.Generator) -> Array:
    """Return the answers (n, p) of a part's respondents."""
    p = len(part.columns)
    normal = numbers.standard_normal((len(part.rows), p)) @ part.within
    if part.between is not None and part.cluster is not None:
        shared = numbers.standard_normal((int(part.cluster.max()) + 1, p)) @ part.between
        normal += shared[part.cluster]
    return shown(part.columns, normal)


def _scores(spec: ModelSpec, items: pd.DataFrame) -> pd.DataFrame:
    """Return the scale means and plain columns of answers that are recoded already."""
    used = [name for e in equations(spec) for name in (e.outcome, *e.predictors)]
    plain = [name for name in dict.fromkeys(used) if spec.scale(name) is None]
    scores = {scale.name: scale_mean(scale, items, spec) for scale in spec.scales}
    return pd.DataFrame(scores | {name: items[name].to_numpy() for name in plain}, index=items.index)


def drawn_moments(source: Moments, numbers: np.random.Generator) -> Moments:
    """Return the moments of n respondents drawn from a normal population with these moments.

    n times the covariances are Wishart with n - 1 degrees of freedom (Bartlett's decomposition; Muirhead,
    1982, section 3.2.4), means are apart from them.
    """
    p, n = len(source.names), round(source.n)
    root = np.linalg.cholesky(source.cov)
    lower = np.tril(numbers.standard_normal((p, p)), -1)
    lower[np.diag_indices(p)] = np.sqrt(numbers.chisquare(n - 1 - np.arange(p)))
    factor = root @ lower
    mean = source.mean + root @ numbers.standard_normal(p) / np.sqrt(n)
    return replace(source, mean=mean, cov=factor @ factor.T / n)

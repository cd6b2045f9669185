"""What the priors say of the betas before any answer is read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.prior_numbers import draw_prior
from werksem.spec.priors import Prior

__all__ = ["PREDICTIVE", "prior_groups", "prior_predictive"]

Array = NDArray[np.float64]
DRAWS = 4000
PREDICTIVE = ("lhs", "rhs", "mean", "sd", "ci_lower", "ci_upper", "beyond_one")


def prior_groups(
    typical: Sequence[Prior], between: Sequence[Prior | None], seed: int, draws: int = DRAWS
) -> Array:
    """Return (draws, k) values of a group under the priors, NaN where one of them is flat.

    Parameter k of a group is normal around the typical one, whose prior is ``typical[k]``, with an
    SD of prior ``between[k]``; None is a parameter that is the same in all groups.

    >>> from werksem.spec.priors import parse_prior
    >>> drawn = prior_groups([parse_prior("normal(0, .3)")], [parse_prior("uniform(.4, .4001)")], 1)
    >>> drawn.std().round(1).item()
    0.5
    """
    columns = []
    for k, (prior, spread) in enumerate(zip(typical, between, strict=True)):
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(2, k)))
        values = draw_prior(prior, draws, rng)
        if spread is not None:
            values = values + draw_prior(spread, draws, rng) * rng.standard_normal(draws)
        columns.append(values)
    return np.column_stack(columns) if columns else np.zeros((draws, 0))


def prior_predictive(paths: Sequence[tuple[str, str]], betas: Array) -> pd.DataFrame:
    """Return ``prior_predictive.csv``: per path what its prior says of a group's standardised value.

    ``betas`` (S, k) are draws from the prior, in the order of ``paths`` (outcome, predictor).
    Columns: mean, sd, equal-tailed 95 % interval, and ``beyond_one``, the share of the prior with
    |beta| > 1. Empty where the prior is flat: it says nothing that has a share.

    >>> prior_predictive([("y", "x")], np.array([[-2.0], [0.0], [0.5], [1.5]]))["beyond_one"].tolist()
    [0.5]
    """
    rows = []
    for (lhs, rhs), values in zip(paths, betas.T, strict=True):
        beyond = float((np.abs(values) > 1).mean()) if np.isfinite(values).all() else np.nan
        low, high = np.quantile(values, [0.025, 0.975])
        rows.append((lhs, rhs, values.mean(), values.std(ddof=1), low, high, beyond))
    return pd.DataFrame(rows, columns=list(PREDICTIVE))

"""What sampling weights make of a posterior, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["weight_sentence"]


def weight_sentence(
    labels: Sequence[str], code: NDArray[np.int64], weights: pd.Series | None, sizes: NDArray[np.float64]
) -> tuple[str, ...]:
    """Return whether weights make a poststratified posterior, which is exact, or a pseudo-posterior.

    ``code`` (N,) is each row's group, -1 for none, ``sizes`` (G,) the effective sizes that groups count with.

    >>> weight_sentence(("a",), np.array([0, 0]), pd.Series([2.0, 2.0]), np.array([2.0]))[0][:46]
    'bayes: the weights are constant within every g'
    """
    if weights is None:
        return ()
    by_group = weights[code >= 0].groupby(code[code >= 0])
    if ((by_group.max() - by_group.min()) <= 1e-9 * by_group.max()).all():
        return (
            "bayes: the weights are constant within every group, so groups are estimated as they are and "
            "added up by their share of the population: the posterior is poststratified, exactly",
        )
    listed = ", ".join(f"{label} {size:.0f}" for label, size in zip(labels, sizes, strict=True))
    return (
        "bayes: weighted, so this is a pseudo-posterior: each group counts with its effective size "
        f"(sum of weights)² / (sum of squared weights): {listed}",
    )

"""How the respondents were sampled: sampling fractions of strata, and replicate weights, checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.errors import DataError
from werksem.spec.study import ReplicateWeights, Study
from werksem.spec.support import LEAST_SQUARES
from werksem.survey.check import refuse_weights
from werksem.survey.header import expanded
from werksem.survey.read import Place, row_place

__all__ = ["design_notes", "replicate_columns", "replicate_weights", "sampling_fractions"]

Array = NDArray[np.float64]
Labels = NDArray[Any]
# mean replicate weight ÷ mean weight (or ÷ 1 where not combined) beyond which they look like the other kind
UNLIKE = 2.0


def sampling_fractions(
    name: str, given: Array, strata: Labels | None = None, clusters: Labels | None = None
) -> Array:
    """Return the sampling fraction n_h / N_h (n,) of each row's stratum from the column ``given`` (n,).

    Its values are N_h, the number of clusters (else rows) in the population of the stratum, or the
    fractions themselves where none is above 1. Raises ``DataError`` for values that are blank, not
    positive or of both kinds, that differ within a stratum, or below the number that was sampled.

    >>> sampling_fractions("N", np.array([10.0, 10, 4, 4]), np.array(["a", "a", "b", "b"], object)).tolist()
    [0.2, 0.2, 0.5, 0.5]
    """
    for wrong, what in (
        (~np.isfinite(given), "is blank or infinite"), (given <= 0, "is not above 0"),
        ((given < 1) & (given > 1).any(), "is below 1 where others are above (numbers and shares mixed)"),
    ):  # fmt: skip
        if wrong.any():
            raise DataError(f'column "{name}" (data.fpc) {what} for {int(wrong.sum())} of {len(given)} rows')
    stratum, names = pd.factorize(np.zeros(len(given)) if strata is None else strata)
    lowest, highest = np.full(len(names), np.inf), np.zeros(len(names))
    np.minimum.at(lowest, stratum, given)
    np.maximum.at(highest, stratum, given)
    for h in np.flatnonzero(lowest < highest)[:1]:
        where = _where(names[h], strata)
        message = f'column "{name}" (data.fpc) is {lowest[h]:g} and {highest[h]:g} {where}; it is one number'
        raise DataError(message)
    if highest.max() <= 1:
        return given
    unit = np.arange(len(given)) if clusters is None else pd.factorize(clusters)[0]
    units = np.bincount(np.unique(np.stack([stratum, unit]), axis=1)[0], minlength=len(names))
    for h in np.flatnonzero(units > highest)[:1]:
        what = "respondents" if clusters is None else "clusters"
        where = _where(names[h], strata)
        raise DataError(
            f'column "{name}" (data.fpc) says {highest[h]:g} {what} {where}, but {units[h]} of them are in '
            "the data; right is the number in the population"
        )
    return np.asarray((units / highest)[stratum], dtype=float)


def _where(stratum: object, strata: Labels | None) -> str:
    return "over the rows" if strata is None else f'in stratum "{stratum}"'


def replicate_columns(settings: ReplicateWeights, header: Sequence[str], weights: str | None) -> list[str]:
    """Return the columns of the replicate weights in the order of the file or list.

    Raises ``DataError`` for fewer than two, for the sampling weights among them, and for another
    number of rscales.
    """
    place = "data.replicate_weights"
    asked = (settings.columns,) if isinstance(settings.columns, str) else settings.columns
    found = expanded(asked, header)
    if len(found) < 2:
        listed = ", ".join(f'"{name}"' for name in found)
        raise DataError(f"{place}.columns finds {listed or 'nothing'}; right are two columns or more")
    if weights in found:
        raise DataError(f'{place}.columns takes "{weights}", the sampling weights (data.weights), too')
    if len(settings.rscales) not in (0, 1, len(found)):
        raise DataError(f"{place}.rscales has {len(settings.rscales)} numbers for {len(found)} columns")
    return found


def replicate_weights(
    columns: pd.DataFrame, base: Array, *, combined: bool, place: Place = row_place
) -> Array:
    """Return replicate weights (n, R) that hold the sampling weights ``base`` (n,).

    ``columns`` (n, R) holds it already where ``combined``. Raises ``DataError`` naming the column with a
    weight that is blank, infinite or negative, or with nothing but zeros.
    """
    for name in columns:
        refuse_weights(str(name), columns[name].to_numpy(), columns, place)
    values = columns.to_numpy()
    return values if combined else values * base[:, None]


def design_notes(study: Study, base: Array | None, replicates: Array | None) -> Iterator[str]:
    """Yield notes on weights (n,), replicate weights (n, R) and clusters that settings do not go with."""
    data, scheme = study.data, study.bootstrap.scheme if study.bootstrap else ""
    if base is not None and scheme == "cases":
        yield (
            f"weights with cases: bootstrap.scheme cases draws respondents as if {data.weights} said nothing "
            "of how they were sampled; with data.strata, data.group or data.cluster resamples keep to them"
        )
    if data.cluster is not None and study.sem is not None and study.sem.estimator in LEAST_SQUARES:
        yield (
            f"clusters left out: standard errors and tests by {study.sem.estimator} take no account of "
            f"{data.cluster} and may be too small; ML and MLR do, and so does bootstrap.scheme: cluster"
        )
    if data.fpc is not None:
        yield f"fpc: {data.fpc} corrects the errors and intervals of the bootstrap only"
    if data.replicate_weights is None or replicates is None or base is None:
        return
    if scheme != "replicate_weights":
        yield "replicate weights: only the bootstrap with scheme replicate_weights uses them, not this study"
    combined = data.replicate_weights.combined
    ratio = float(replicates.mean() / base.mean())
    if not 1 / UNLIKE < ratio < UNLIKE:
        yield (
            f"replicate weights: with combined: {str(combined).lower()} their mean is {ratio:.3g} times that "
            f"of {data.weights}; does combined say whether they hold the sampling weight?"
        )

"""What makes data unfit for a study: refused before anything is estimated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.errors import DataError
from werksem.spec.types import Equation, Scale
from werksem.survey.answers import plain
from werksem.survey.dependence import exact_copy, exact_dependence
from werksem.survey.read import Place, row_place
from werksem.survey.spelling import hidden_sign

__all__ = [
    "refuse_columns", "refuse_dependence", "refuse_few_rows", "refuse_few_scores", "refuse_labels",
    "refuse_outside", "refuse_sizes", "refuse_weightless", "refuse_weights",
]  # fmt: skip

# beyond these squares of variances, and the steps of derivatives (``inference.delta``), lose their digits
LARGEST, LEAST = 1e40, 1e-40
# a mean of more standard deviations is rounded by so much of one that coefficients lose their digits
OFFSET = 1e11
# where all other weights together are this part of one, their answers are lost in rounding
ALONE = 1e-9
SHOWN = 5
# what estimates.csv calls all respondents together, and the mean of the groups' distribution
TAKEN = ("all", "typical")
SIGNS = {"\n": "a line break", "\r": "a line break", "\t": "a tab"}

Array = NDArray[np.float64]


def refuse_sizes(data: pd.DataFrame, place: Place = row_place) -> None:
    """Raise ``DataError`` for a column with values that are infinite, or too large or too near to square.

    The message says how many there are, and ``place``, where the first. ``data`` (n, p) are numbers; its
    index is the row in the file, counted from 0. A constant column passes.
    """
    for name in data:
        values = data[name].to_numpy()
        for wrong, what, right in _beyond(values, "value"):
            if wrong.any():
                found = f"{_count(wrong, what)}, {_first(wrong, data, place)}"
                raise DataError(f'column "{name}" has {found}{right}')
        answered = values[~np.isnan(values)]
        apart = float(np.ptp(answered)) if len(answered) else 0.0
        if 0 < apart < LEAST:
            raise DataError(
                f'column "{name}" varies too little to be squared: its {len(answered)} answers lie within '
                f"{apart:.2g} of one another, right is {LEAST:g} or more; put it in a smaller unit"
            )


def _beyond(values: Array, what: str) -> tuple[tuple[NDArray[np.bool_], str, str], ...]:
    """Return which values (n,) are infinite and which too large; what is right."""
    right = f"; right is at most {LARGEST:g} in size: put it in a larger unit"
    return (
        (np.isinf(values), f"infinite {what}", ""),
        (np.abs(values) > LARGEST, f"{what} too large to be squared", right),
    )


def refuse_columns(data: pd.DataFrame) -> None:
    """Raise ``DataError`` for a column (n,) of numbers without answers, or constant."""
    for name in data:
        values = data[name].to_numpy()
        answered = values[~np.isnan(values)]
        if not len(answered):
            raise DataError(f'column "{name}" has no answers in the {len(data)} rows used')
        if answered.min() == answered.max():
            raise DataError(
                f'column "{name}" is constant: all {len(answered)} answers are {plain(float(answered[0]))}'
            )
        if abs(float(np.mean(answered))) > OFFSET * float(np.std(answered)):
            raise DataError(
                f'column "{name}" varies by too little for its size, from {answered.min():.17g} to '
                f"{answered.max():.17g}; take a constant off it (data.derive)"
            )


def refuse_outside(
    data: pd.DataFrame,
    scale: Scale,
    labels: Mapping[str, Mapping[float | str, str]] | None = None,
    place: Place = row_place,
) -> None:
    """Raise ``DataError`` for an answer outside the declared scale: which, how often, where first."""
    if scale.scale is None:
        return
    lowest, highest = scale.scale
    for name in scale.items:
        if name not in data:
            continue
        values = data[name].to_numpy()
        outside = (values < lowest) | (values > highest)
        if outside.any():
            found = _each(values, outside, data, (labels or {}).get(name, {}), place)
            right = f"the scale of {scale.name} runs from {lowest:g} to {highest:g}"
            how = "list what means no answer in missing_codes"
            raise DataError(f'item "{name}" has answers outside its scale: {found}; {right}; {how}')


def _each(
    values: Array,
    outside: NDArray[np.bool_],
    data: pd.DataFrame,
    labels: Mapping[float | str, str],
    place: Place,
) -> str:
    """Return the values outside in words, the most frequent first: how often, and where first."""
    found, times = np.unique(values[outside], return_counts=True)
    most = np.argsort(-times, kind="stable")[:SHOWN]
    each = [
        f"{found[i]:g}{_meaning(labels, float(found[i]))} "
        f"({times[i]}x, {_first(values == found[i], data, place)})"
        for i in most
    ]
    rest = f" and {len(found) - SHOWN} other values" if len(found) > SHOWN else ""
    return ", ".join(each) + rest


def _meaning(labels: Mapping[float | str, str], value: float) -> str:
    return f' "{labels[value]}"' if value in labels else ""


def _first(where: NDArray[np.bool_], data: pd.DataFrame, place: Place) -> str:
    return f"first in {place(int(data.index[int(np.argmax(where))]))}"


def _count(where: NDArray[np.bool_], what: str) -> str:
    times = int(where.sum())
    head, _, rest = what.partition(" too ")
    return f"{times} {head}{'' if times == 1 else 's'}{f' too {rest}' if rest else ''}"


def refuse_few_rows(data: pd.DataFrame, *, fiml: bool = False) -> None:
    """Raise ``DataError`` where no more rows than variables are complete (with FIML: have an answer).

    With FIML also where nobody answered both of two variables: nothing says how these covary.
    """
    answered = ~np.isnan(data.to_numpy())
    n = int((answered.any(axis=1) if fiml else answered.all(axis=1)).sum())
    p = answered.shape[1]
    if n > p:
        apart = _never_together(answered, list(data.columns)).removeprefix("; ") if fiml else ""
        if apart:
            raise DataError(f"{apart}, so their covariance is not in the data; leave one of them out")
        return
    kind = "with an answer" if fiml else "complete"
    message = (
        f"{n} of {len(data)} rows are {kind} on the {p} variables of the model; at least {p + 1} are needed"
    )
    raise DataError(message + _never_together(answered, list(data.columns)))


def _never_together(answered: NDArray[np.bool_], names: Sequence[str]) -> str:
    ones = answered.astype(float)
    never = np.argwhere(np.triu(ones.T @ ones == 0, 1))
    if not len(never):
        return ""
    a, b = never[0]
    return f'; nobody answered both "{names[a]}" and "{names[b]}"'


def refuse_few_scores(scores: pd.DataFrame, equations: Sequence[Equation]) -> None:
    """Raise ``DataError`` for a regression with no more complete rows than coefficients."""
    for equation in equations:
        used = [equation.outcome, *equation.predictors]
        n = int(scores[used].notna().all(axis=1).sum())
        if n <= len(used):
            raise DataError(
                f"{n} of {len(scores)} rows are complete for the regression of {equation.outcome}; "
                f"at least {len(used) + 1} are needed"
            )


def refuse_dependence(data: pd.DataFrame, *, fiml: bool = False) -> None:
    """Raise ``DataError`` for an exact copy, or exact sum, of other variables in the complete rows.

    With FIML also for a copy wherever both are answered.
    """
    rows = data.to_numpy()
    names = [str(name) for name in data.columns]
    complete = ~np.isnan(rows).any(axis=1)
    if fiml and not complete.all() and (found := exact_copy(rows, names)):
        raise DataError(f"column {found}; a model cannot tell them apart, leave one out")
    rows = rows[complete]
    if len(rows) <= rows.shape[1]:
        return
    varies = rows.min(axis=0) < rows.max(axis=0)
    if not varies.all():
        name = names[int(np.argmin(varies))]
        raise DataError(f'column "{name}" is constant in the {len(rows)} complete rows')
    found = exact_dependence(rows, names)
    if found:
        raise DataError(f"column {found}; a model cannot tell them apart, leave one out")


def refuse_weights(name: str, weights: Array, data: pd.DataFrame, place: Place = row_place) -> None:
    """Raise ``DataError`` for weights (n,) blank, infinite, too large or negative, or all zero or too small.

    Any weight may be as small as it likes beside one of ``LEAST`` or more. The index of ``data`` is the
    row in the file.
    """
    for wrong, what, right in (
        (np.isnan(weights), "blank weight", ""),
        *_beyond(weights, "weight"),
        (weights < 0, "negative weight", ""),
    ):
        if wrong.any():
            found = f"{_count(wrong, what)}, {_first(wrong, data, place)}"
            raise DataError(f'column "{name}" has {found}{right}')
    if not weights.any():
        raise DataError(f'column "{name}": all weights are zero')
    if (largest := weights.max()) < LEAST:
        raise DataError(
            f'column "{name}" has weights too small to be squared: the largest is {largest:.2g}, right is '
            f"{LEAST:g} or more; multiply them all by one number"
        )
    others = float(np.sort(weights)[:-1].sum())
    if len(weights) > 1 and others < ALONE * largest:
        at = _first(weights == largest, data, place)
        raise DataError(
            f'column "{name}" has a weight beside which all others count for nothing: {largest:g} ({at}), '
            f"the others together {others:g}"
        )


def refuse_weightless(name: str, weights: Array, groups: NDArray[Any] | None) -> None:
    """Raise ``DataError`` for a group (n,) in which no respondent has a weight."""
    code, labels = pd.factorize(np.zeros(len(weights)) if groups is None else groups)
    without = np.bincount(code, weights=weights, minlength=len(labels)) == 0
    if without.any():
        raise DataError(f'column "{name}": all weights are zero in group {labels[int(np.argmax(without))]}')


def refuse_labels(name: str, labels: Sequence[str]) -> None:
    """Raise ``DataError`` for a group whose label means something else in the tables of results.

    So does one with line ends, tabs, other control characters or marks that turn the direction of writing.
    """
    for label in labels:
        if sign := hidden_sign(label):
            code = sign.encode("unicode_escape").decode()
            raise DataError(
                f'column "{name}" has a group "{label.replace(sign, code)}" with a control character '
                f"({SIGNS.get(sign, code)}); give it another label"
            )
    taken = [label for label in labels if label in TAKEN]
    if taken:
        raise DataError(
            f'column "{name}" has a group "{taken[0]}"; that name stands for '
            f"{'all groups together' if taken[0] == 'all' else 'the mean of the groups'}, give it another"
        )

"""What a careful reader would like to know of the data: notes, none of which stops a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.spec.types import ModelSpec, Scale
from werksem.survey.codes import leftover_codes
from werksem.survey.keying import against_the_rest
from werksem.survey.scales import recoded

__all__ = [
    "FACTS", "NEAR_CONSTANT", "coverage_notes", "data_notes", "duplicate_rows", "keying_notes",
]  # fmt: skip

# how notes begin that tell what was done; the others warn
FACTS = ("filter:", "blank ", "missing codes:", "listwise:")
# one answer given by more than this share
NEAR_CONSTANT = 0.95
# repeated rows, as a share; fewer come about by chance
DUPLICATES = 0.001
# respondents who answered both of two variables, below which FIML leans on the model for their covariance
TOGETHER = 10

Array = NDArray[np.float64]


def data_notes(data: pd.DataFrame, model: ModelSpec) -> Iterator[str]:
    """Yield the notes on answers (n, p): keying, near-constant columns, odd answers, duplicate rows."""
    yield from keying_notes(data, model)
    yield from _near_constant(data)
    yield from _odd_answers(data, model)
    n = duplicate_rows(data)
    if n > DUPLICATES * len(data):
        yield f"duplicate rows: {n} of {len(data)} respondents gave exactly the answers of another one"


def keying_notes(data: pd.DataFrame, model: ModelSpec) -> Iterator[str]:
    """Yield a note for each item that goes against the rest of its scale, after recoding."""
    turned = recoded(data, model)
    for scale in model.scales:
        names = [name for name in scale.items if name in turned]
        if len(names) < 2:
            continue
        for name, r in _against(turned[names].to_numpy(), names):
            yield (
                f"reversed keying: {name} correlates {r:.2f} with the rest of {scale.name}; "
                f"{_remedy(name, scale)}"
            )


def _remedy(name: str, scale: Scale) -> str:
    return "it is listed as reversed" if name in scale.reversed else "is it reversed?"


def _against(answers: Array, names: Sequence[str]) -> Iterator[tuple[str, float]]:
    rows = answers[~np.isnan(answers).any(axis=1)]
    if len(rows) < 3:
        return
    centred = rows - rows.mean(axis=0)
    for at, r in against_the_rest(centred.T @ centred / len(rows), len(rows)).items():
        yield names[at], r


def _near_constant(data: pd.DataFrame) -> Iterator[str]:
    for name in data:
        values = data[name].to_numpy()
        answered = values[~np.isnan(values)]
        middle = np.partition(answered, len(answered) // 2)[len(answered) // 2]
        share = float(np.mean(answered == middle))
        if share > NEAR_CONSTANT:
            yield f"near-constant: {100 * share:.1f}% of the answers to {name} are {middle:g}"


def _odd_answers(data: pd.DataFrame, model: ModelSpec) -> Iterator[str]:
    """Yield a note for answers between those of a scale, and codes left in columns that have no scale."""
    scaled = {name for scale in model.scales if scale.scale is not None for name in scale.items}
    for name in map(str, data):
        values = data[name].to_numpy()
        if name not in scaled:
            for code, times in leftover_codes(values).items():
                yield (
                    f"leftover code: {name} has {code:g} ({times}x), far from its other values; if it means "
                    "no answer, list it in missing_codes"
                )
            continue
        between = values[values != np.round(values)]
        between = between[~np.isnan(between)]
        if len(between):
            yield f"between answers: {name} has {len(between)} answers that are not whole, as {between[0]:g}"


def coverage_notes(data: pd.DataFrame) -> Iterator[str]:
    """Yield a note for pairs of variables that few respondents both answered."""
    seen = (~np.isnan(data.to_numpy())).astype(np.float32)
    both = np.triu(seen.T @ seen, 1) + np.tril(np.full((seen.shape[1],) * 2, np.inf))
    few = np.argwhere(both < TOGETHER)
    if len(few):
        a, b = few[np.argmin(both[tuple(few.T)])]
        more = f" ({len(few)} such pairs)" if len(few) > 1 else ""
        yield (
            f"hardly together: {both[a, b]:.0f} of {len(data)} respondents answered both {data.columns[a]} "
            f"and {data.columns[b]}{more}; how they go together rests on the model"
        )


def duplicate_rows(data: pd.DataFrame) -> int:
    """Return how many rows repeat an earlier one, 0 where repeats would come by chance.

    Chance is likely unless the possible answers outnumber the pairs of respondents a
    hundredfold. Rows with one or two different answers throughout are not counted.
    """
    values = data.to_numpy()
    distinct = [min(len(np.unique(column[~np.isnan(column)])), 1000) for column in values[:2000].T]
    if np.log(np.maximum(distinct, 1)).sum() < np.log(100.0 * len(values) ** 2):
        return 0
    ordered = np.sort(values, axis=1)
    varied = (np.diff(ordered, axis=1) > 0).sum(axis=1) >= 2
    rows = np.ascontiguousarray(np.nan_to_num(values[varied], nan=-9.5e99))
    # one 64-bit key per row: odd multipliers, summed with wrap-around
    odd = np.random.default_rng(0).integers(0, 2**63, rows.shape[1], dtype=np.uint64) * np.uint64(
        2
    ) + np.uint64(1)
    mixed = rows.view(np.uint64)
    mixed = (mixed ^ (mixed >> np.uint64(33))) * odd
    keys = (mixed ^ (mixed >> np.uint64(29))).sum(axis=1)
    return len(keys) - len(np.unique(keys))

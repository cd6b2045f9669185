"""What a careful reader would like to know of the data: notes, none of which stops a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.spec.types import ModelSpec, Scale
from werksem.survey.keying import against_the_rest
from werksem.survey.scales import recoded

__all__ = [
    "FACTS", "NEAR_CONSTANT", "data_notes", "duplicate_rows", "keying_notes", "spelling_notes",
    "weight_notes",
]  # fmt: skip

# how notes begin that tell what was done; the others warn
FACTS = ("filter:", "blank ", "missing codes:", "listwise:")
# one answer given by more than this share
NEAR_CONSTANT = 0.95
# repeated rows, as a share; fewer come about by chance
DUPLICATES = 0.001
# a weight this many times the mean, or a twentieth of the total and this many times the mean
DOMINATING, DOMINATING_SHARE, DOMINATING_FEW = 20.0, 0.05, 5.0

Array = NDArray[np.float64]


def data_notes(data: pd.DataFrame, model: ModelSpec) -> Iterator[str]:
    """Yield the notes on answers (n, p): keying, near-constant columns, duplicate rows."""
    yield from keying_notes(data, model)
    yield from _near_constant(data)
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


def spelling_notes(column: str, sizes: Mapping[str, int]) -> Iterator[str]:
    """Yield a note for labels that differ in case or spaces only, and for groups of one."""
    alike: dict[str, list[str]] = defaultdict(list)
    for label in sizes:
        alike["".join(label.casefold().split())].append(label)
    for found in alike.values():
        if len(found) > 1:
            each = ", ".join(f'"{label}" ({sizes[label]})' for label in found)
            yield f"group spellings: {column} has {each}; they count as different groups"
    single = [label for label, size in sizes.items() if size == 1]
    if single:
        yield f"groups of one: {column} has one respondent in {', '.join(single)}"


def weight_notes(name: str, weights: Array) -> Iterator[str]:
    """Yield a note for a dominating weight and for weights of zero."""
    zero = int((weights == 0).sum())
    if zero:
        yield f"weights: {zero} of {len(weights)} respondents have a weight of zero in {name}"
    largest, mean, share = weights.max(), weights.mean(), weights.max() / weights.sum()
    if largest > DOMINATING * mean or (share > DOMINATING_SHARE and largest > DOMINATING_FEW * mean):
        times = f"{largest / mean:.0f} times the mean, {100 * share:.1f}% of the total"
        yield f"dominating weight: the largest in {name} is {times}"

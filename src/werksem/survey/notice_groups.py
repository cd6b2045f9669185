"""Notes on what sorts and weighs respondents: spellings, groups of one, split clusters, weights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.survey.formulas import runs
from werksem.survey.spelling import damaged, skeleton

__all__ = ["group_notes", "label_notes", "split_notes", "weight_notes"]

SHOWN = 5
# a weight this many times the mean, or a twentieth of the total and this many times the mean
DOMINATING, DOMINATING_SHARE, DOMINATING_FEW = 20.0, 0.05, 5.0
# groups of fewer are told nothing of: all of them may well give one answer, and it would be told of them
SMALL = 10
# clusters that lie in several groups, as a share: more of them lie across groups on purpose
SPLIT = 0.2

Array = NDArray[np.float64]


def label_notes(kind: str, column: str, sizes: Mapping[str, int]) -> Iterator[str]:
    """Yield notes on the labels of groups, clusters or strata, with how many respondents each has.

    Labels that differ in case, spaces, look-alikes or leading zeros only; text of another encoding; what a
    spreadsheet would run as a formula.
    """
    looks: dict[str, list[str]] = defaultdict(list)
    for label in sizes:
        looks[skeleton(label)].append(label)
    for found in looks.values():
        if len(found) > 1:
            each = ", ".join(f'"{label}" ({sizes[label]})' for label in found)
            yield f"{kind} spellings: {column} has {each}; they count as different {_many(kind)}"
    if broken := [label for label in sizes if damaged(label)]:
        yield (
            f"encoding: {column} has {_listed(broken)}: the text was read in another encoding than it was "
            "written in, before it came into this file"
        )
    if kind == "group" and (formulas := [label for label in sizes if runs(label)]):
        yield (
            f"formula: {column} has {_listed(formulas)}, which a spreadsheet would run; in every CSV it "
            "stands behind an apostrophe"
        )
    yield from _lone(kind, column, sizes)


def _lone(kind: str, column: str, sizes: Mapping[str, int]) -> Iterator[str]:
    """Yield a note for groups of one respondent, and for clusters where every one is that."""
    single = [label for label, size in sizes.items() if size == 1]
    if kind == "group" and single:
        more = f" and {len(single) - SHOWN} more" if len(single) > SHOWN else ""
        yield f"groups of one: {column} has one respondent in {', '.join(single[:SHOWN])}{more}"
    if kind == "cluster" and len(single) == len(sizes) > 1:
        yield f"clusters of one: each of the {len(sizes)} clusters of {column} has one respondent"


def _many(kind: str) -> str:
    return "strata" if kind == "stratum" else f"{kind}s"


def _listed(labels: list[str]) -> str:
    more = f" and {len(labels) - SHOWN} more" if len(labels) > SHOWN else ""
    return ", ".join(f'"{label}"' for label in labels[:SHOWN]) + more


def group_notes(column: str, labels: NDArray[Any], data: pd.DataFrame) -> Iterator[str]:
    """Yield a note for variables (n, p) that all respondents of a group gave one answer to, or none."""
    code, names = pd.factorize(labels)
    large = np.bincount(code, minlength=len(names)) >= SMALL
    parts = data.groupby(code, sort=True)
    lowest, highest = parts.min().to_numpy(), parts.max().to_numpy()
    for wrong, what in ((lowest == highest, "constant in group"), (np.isnan(lowest), "unanswered in group")):
        found = [f"{data.columns[j]} in {names[i]}" for i, j in np.argwhere(wrong & large[:, None])]
        if found and len(names) > 1:
            more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
            said = "one answer only" if what.startswith("constant") else "no answers"
            yield f"{what}: {column} has {said} to {', '.join(found[:SHOWN])}{more}"


def split_notes(cluster: str, clusters: NDArray[Any], group: str, groups: NDArray[Any]) -> Iterator[str]:
    """Yield a note for clusters in several groups, where nearly all others lie in one."""
    pairs = pd.DataFrame({"cluster": clusters, "group": groups}).drop_duplicates()
    times = pairs["cluster"].value_counts(sort=False)
    split = [str(name) for name in times.index[times > 1]]
    if split and len(split) <= SPLIT * len(times):
        where = ", ".join(map(str, pairs.loc[pairs["cluster"] == split[0], "group"].head(SHOWN)))
        yield (
            f"split clusters: {len(split)} of {len(times)} clusters of {cluster} lie in several groups of "
            f"{group}, such as {split[0]} in {where}"
        )


def weight_notes(name: str, weights: Array) -> Iterator[str]:
    """Yield a note for a dominating weight, for weights of zero, and for weights that are all the same."""
    zero = int((weights == 0).sum())
    if zero:
        yield f"weights: {zero} of {len(weights)} respondents have a weight of zero in {name}"
    if weights.min() == weights.max():
        yield f"equal weights: all weights in {name} are {weights[0]:g}, so they change no estimate"
    largest, mean, share = weights.max(), weights.mean(), weights.max() / weights.sum()
    if largest > DOMINATING * mean or (share > DOMINATING_SHARE and largest > DOMINATING_FEW * mean):
        times = f"{_under(largest / mean)} times the mean, over {_under(100 * share)}% of the total"
        yield f"dominating weight: the largest in {name} is over {times}"


def _under(value: float) -> str:
    """Return 1, 2 or 5 times a power of ten not above a value: it is one respondent's, so no more is said.

    >>> _under(33.2), _under(7.7), _under(0.04)
    ('20', '5', '0.02')
    """
    power = np.floor(np.log10(value))
    return f"{next(k * 10**power for k in (5, 2, 1) if k * 10**power <= value * (1 + 1e-9)):g}"

"""Tables of the answers to items: each answer, the highest two, and three ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from werksem.describe.asking import among, itself, rows_of
from werksem.describe.questions import Question
from werksem.describe.sample import Sample
from werksem.describe.variables import answer_values, answers, scale_answers
from werksem.spec.describe import Items, ThreeWay, Top2

__all__ = ["items", "three_way", "top2"]

Rows = list[dict[str, Any]]


def top2(spec: Top2, sample: Sample) -> Rows:
    """Return the share that gave one of the two highest answers, of each item as it was worded."""
    return _of_items(spec, sample, lambda offered: _shares({"top2": offered[-2:]}, part=False))


def three_way(spec: ThreeWay, sample: Sample) -> Rows:
    """Return the shares of the two highest answers, those between, the two lowest, and don't know."""

    def asked(offered: Sequence[float]) -> list[Question]:
        ways = {"high": offered[-2:], "middle": offered[2:-2], "low": offered[:2]}
        return _shares({name: those for name, those in ways.items() if those} | _dont_know(spec.dont_know))

    return _of_items(spec, sample, asked)


def items(spec: Items, sample: Sample) -> Rows:
    """Return every answer's share, that of the highest two together, and the mean of the answers."""

    def asked(offered: Sequence[float]) -> list[Question]:
        each = _shares({f"{answer:g}": (answer,) for answer in offered} | _dont_know(spec.dont_know))
        top = _shares({"top2": offered[-2:]}, part=False) if len(offered) >= 4 else []
        return [*each, *top, *([] if spec.dont_know else [Question("mean", "", itself)])]

    return _of_items(spec, sample, asked)


def _dont_know(codes: Sequence[float]) -> dict[str, Sequence[float]]:
    return {"dont_know": codes} if codes else {}


def _shares(those: Mapping[str, Sequence[float]], *, part: bool = True) -> list[Question]:
    """Return a question per category, which answers it has; ``part`` where they add to 1."""
    return [Question("share", name, partial(among, those=given), True, part) for name, given in those.items()]


def _of_items(
    spec: Top2 | ThreeWay | Items, sample: Sample, asked: Callable[[Sequence[float]], list[Question]]
) -> Rows:
    found: Rows = []
    for name in spec.of:
        x = answers(sample, name, spec.dont_know)
        known = np.where(np.isin(x, spec.dont_know), np.nan, x) if spec.dont_know else x
        offered = scale_answers(name, sample.limits.get(name), known)
        questions = asked(offered if isinstance(spec, Items) else answer_values(name, offered))
        found += rows_of(spec, sample, name, questions, x)
    return found

"""What kind of variable a column is: items, yes or no, numbers, words; and what looks like no answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from werksem.errors import DataError
from werksem.starting.file import Raw
from werksem.survey.answers import Coding, is_text, labels, numbers

__all__ = ["Column", "Kind", "column_of", "leftovers"]

Kind = Literal["items", "yes_no", "numbers", "words", "units", "text", "unique", "constant", "empty"]
Array = NDArray[np.float64]

POINTS = 11  # an item has at most eleven answers, 0 to 10
FEW_WORDS = 20
LONG_TEXT = 40
MANY = 30  # answers; with more it is no item
UNIQUE_FROM = 20
# codes that surveys use for no answer; outside an item's own answers they are never one of them
CODES = {7, 8, 9, 66, 77, 88, 96, 97, 98, 99, 888, 998, 999, -1, -2, -3, -7, -8, -9, -77, -88, -98, -99, -999}
NO_ANSWER = re.compile(
    r"weet (ik )?(het )?niet|geen (mening|antwoord|idee)|w(il|enst) niet|niet van toepassing|n\.?v\.?t\b"
    r"|don.?t know|no (answer|opinion|basis)|refus|not applicable|do not know|^missing$|^n/?a$|^system",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column and what it seems to be.

    ``values`` (n,) are numbers, NaN where there is no answer or a leftover code, None for words.
    ``found`` are the distinct words with how often each was given, the most frequent first.
    ``scale`` is the lowest and highest answer; ``told`` says that value labels gave it. ``codes``
    are answers that mean none.
    """

    name: str
    kind: Kind
    label: str = ""
    values: Array | None = None
    found: tuple[tuple[str, int], ...] = ()
    distinct: int = 0
    scale: tuple[float, float] | None = None
    told: bool = False
    codes: tuple[float | str, ...] = ()
    blank: int = 0
    user_missing: bool = False


def column_of(raw: Raw) -> Column:
    """Return what a column seems to be."""
    words = tuple(word for word, _ in _texts(raw.answers) if NO_ANSWER.search(word))
    try:
        values, _ = numbers(raw.name, raw.answers, Coding({}, words))
    except DataError:
        return _of_words(raw)
    return _of_numbers(raw, values, words)


def _texts(answers: pa.ChunkedArray) -> list[tuple[str, int]]:
    """Return the distinct answers of a column of text with their counts, the most frequent first."""
    if not is_text(answers):
        return []
    given = labels(answers)
    found, times = np.unique(given[given != None].astype(str), return_counts=True)  # noqa: E711
    order = np.argsort(-times, kind="stable")
    return [(str(found[i]), int(times[i])) for i in order]


def _of_words(raw: Raw) -> Column:
    texts = _texts(raw.answers)
    n, rows = sum(times for _, times in texts), len(raw.answers)
    kind: Kind = "words"
    if len(texts) == 1:
        kind = "constant"
    elif len(texts) == n and n > UNIQUE_FROM:
        kind = "unique"
    elif len(texts) > FEW_WORDS:
        long = sum(len(text) for text, _ in texts) > LONG_TEXT * len(texts)
        kind = "text" if long or len(texts) > n / 2 else "units"
    return Column(
        raw.name, kind, raw.label, found=tuple(texts[:FEW_WORDS]), distinct=len(texts), blank=rows - n
    )


def _of_numbers(raw: Raw, values: Array, words: Sequence[str]) -> Column:
    values = np.where(np.isfinite(values), values, np.nan)  # an infinite one is for check to refuse
    answered = values[~np.isnan(values)]
    distinct = np.unique(answered)
    codes = leftovers(distinct, raw.meanings)
    body = distinct[~np.isin(distinct, codes)]
    values = np.where(np.isin(values, codes), np.nan, values)
    kind, scale, told = _kind(body, answered, raw.meanings, codes)
    return Column(
        raw.name, kind, raw.label, values, distinct=len(body), scale=scale, told=told,
        codes=(*codes, *words), blank=int(np.isnan(values).sum()), user_missing=raw.user_missing,
    )  # fmt: skip


def _kind(
    body: Array, answered: Array, meanings: Mapping[str, str], codes: Sequence[float]
) -> tuple[Kind, tuple[float, float] | None, bool]:
    """Return the kind of a column of numbers, the range of its answers, and whether labels gave it."""
    if len(body) < 2:
        return ("constant" if len(body) else "empty"), None, False
    whole = bool((body == np.round(body)).all())
    lowest, highest = float(body[0]), float(body[-1])
    answers = (_number(code) for code, text in meanings.items() if not NO_ANSWER.search(text))
    known = [value for value in answers if value is not None and value not in codes]
    told = len(known) > 1 and min(known) <= lowest and max(known) >= highest
    if told:
        lowest, highest = min(known), max(known)
    if whole and highest - lowest < POINTS and lowest > -POINTS and highest < POINTS:
        two = highest - lowest == 1 or (len(body) == 2 and not told)
        return ("yes_no" if two else "items"), (lowest, highest), told
    unique = whole and len(body) == len(answered) > UNIQUE_FROM
    return ("unique" if unique else "numbers"), None, False


def leftovers(distinct: Array, meanings: Mapping[str, str]) -> tuple[float, ...]:
    """Return which of the distinct answers, ascending, seem to mean none.

    Those whose label says so; and known codes that lie at least two beyond the answers of an item
    (0 to 10 at most), or below zero where no other answer does.

    >>> leftovers(np.array([1.0, 2, 3, 4, 5, 8, 9]), {})
    (8.0, 9.0)
    >>> leftovers(np.array([1.0, 2, 3, 4, 5, 6]), {"6": "don't know"})
    (6.0,)
    """
    if len(distinct) > MANY:
        return ()
    said = [value for value in distinct.tolist() if NO_ANSWER.search(meanings.get(f"{value:g}", ""))]
    rest = [value for value in distinct.tolist() if value not in said]
    below = [value for value in rest if value < 0]
    body = [value for value in rest if value >= 0] if below and set(below) <= CODES else rest
    for at in range(len(body) - 1, 1, -1):
        above = body[at:]
        named = any(f"{value:g}" in meanings for value in above)
        item = body[at - 1] < POINTS and body[at - 1] - body[0] < POINTS
        if body[at] - body[at - 1] >= 2 and set(above) <= CODES and item and not named:
            body = body[:at]
            break
    return tuple(value for value in distinct.tolist() if value not in body)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None

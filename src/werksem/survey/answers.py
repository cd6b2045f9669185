"""From columns as they stand in a file to numbers and labels; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from werksem.errors import DataError
from werksem.survey.read import Place

__all__ = ["Coding", "is_text", "labels", "numbers", "plain", "refuse_no_label"]

SHOWN = 8
LONGEST = 40
# #N/B and #N/A, #DEEL/0! and #DIV/0!, #WAARDE! and #VALUE! …
SHEET_ERROR = re.compile(r"#[A-Z]+(/[A-Z0-9])?[!?]?")
DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+")

Numbers = NDArray[np.float64]
Texts = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Coding:
    """How one column's answers are read: numbers for texts, and what means "no answer"."""

    codes: Mapping[str, float | None] = field(default_factory=dict)
    missing: Sequence[float | str] = ()


def is_text(column: pa.ChunkedArray) -> bool:
    """Tell whether a column holds text, dates or anything else that is not a number."""
    kind = column.type
    numeric = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    return not (numeric or pa.types.is_boolean(kind) or pa.types.is_null(kind))


def numbers(
    name: str, column: pa.ChunkedArray, coding: Coding = Coding(), place: Place | None = None
) -> tuple[Numbers, int]:
    """Return a column as numbers (n,), NaN where there is no answer, and how many missing codes it had.

    Raises ``DataError`` listing the distinct texts where no code says which number they are, and ``place``,
    where in the file the first is; and for dates, times and lists, which are no answers.

    >>> numbers("x", pa.chunked_array([["1", "9", None, "yes"]]), Coding({"yes": 2.0}, (9.0,)))
    (array([ 1., nan, nan,  2.]), 1)
    """
    _refuse_other_types(name, column)
    if is_text(column) or coding.codes:
        values, texts = _from_texts(name, column, coding, place)
    else:
        values, texts = _from_numbers(column), 0
    codes = [code for code in coding.missing if not isinstance(code, str)]
    coded = np.isin(values, codes) if codes else np.zeros(len(values), dtype=bool)
    values[coded] = np.nan
    return values, texts + int(coded.sum())


def _from_numbers(column: pa.ChunkedArray) -> Numbers:
    values = column.cast(pa.float64(), safe=False).to_numpy()
    return np.array(values, dtype=float)


def _refuse_other_types(name: str, column: pa.ChunkedArray) -> None:
    """Raise ``DataError`` for a column whose type holds no single number or text."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_temporal(kind):
        first = next((value for value in column.drop_null().slice(0, 1).to_pylist()), "")
        raise DataError(
            f'column "{name}" holds dates or times (such as {first}); right are numbers, such as years'
        )
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise DataError(f'column "{name}" holds {kind} values; right is one number per respondent')


def _from_texts(
    name: str, column: pa.ChunkedArray, coding: Coding, place: Place | None
) -> tuple[Numbers, int]:
    at, texts = _distinct(column)
    missing = {text for text in coding.missing if isinstance(text, str)}
    table = [np.nan if text in missing else _number(text, coding.codes) for text in texts]
    unread = [i for i, value in enumerate(table) if value is None]
    times = np.bincount(at[at >= 0], minlength=len(texts))
    if unread:
        most = max(unread, key=lambda i: times[i])
        first = f", first in {place(int(np.argmax(at == most)))}" if place else ""
        found = {texts[i]: int(times[i]) for i in unread}
        raise _unreadable(name, found, coding, {texts[most]: first})
    values = np.array([*table, np.nan], dtype=float)[at]
    return values, int(sum(times[i] for i, text in enumerate(texts) if text in missing))


def refuse_no_label(name: str, column: pa.ChunkedArray) -> None:
    """Raise ``DataError`` for a column of groups, clusters or strata that holds lists, records or bytes."""
    kind = column.type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise DataError(f'column "{name}" holds {kind} values; right is one text or number per respondent')


def _distinct(column: pa.ChunkedArray) -> tuple[NDArray[np.int64], list[str]]:
    """Return the place (n,) of every answer among the distinct trimmed texts, -1 where blank."""
    array = column.combine_chunks()
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    at = array.indices.cast(pa.int64()).fill_null(-1).to_numpy()
    seen: dict[str, int] = {}
    found = [plain(value).strip() for value in array.dictionary.to_pylist()]
    again = [seen.setdefault(text, len(seen)) if text else -1 for text in found]
    return np.array([*again, -1], dtype=np.int64)[at], list(seen)


def plain(value: Any) -> str:
    """Return an answer as text; whole numbers without a decimal point.

    >>> plain(3.0), plain(2.5), plain(" a"), plain(None), plain(float("nan"))
    ('3', '2.5', ' a', '', '')
    """
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _number(text: str, codes: Mapping[str, float | None]) -> float | None:
    """Return the number of an answer, NaN where its code is empty, None where it is no number."""
    if text in codes:
        code = codes[text]
        return np.nan if code is None else code
    if not text.isascii() or "_" in text:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    # "nan" in quotes, or in a column of text, is a word that somebody has to say the meaning of
    return None if np.isnan(value) else value


def _unreadable(name: str, texts: Mapping[str, int], coding: Coding, first: Mapping[str, str]) -> DataError:
    if all(DECIMAL_COMMA.fullmatch(text) for text in texts):
        text = next(iter(texts))
        right = f"right are decimal points: {text.replace(',', '.')}"
        return DataError(f'column "{name}" has decimal commas ("{text}"{first.get(text, "")}); {right}')
    found = _counted(texts, first)
    if coding.codes:
        return DataError(f'column "{name}": data.codes gives no number for {found}')
    example = ", ".join(f"{_short(text)}: .." for text in list(texts)[:2])
    how = f"give each its number, data.codes: {{{name}: {{{example}}}}}, or list it in missing_codes"
    if any(SHEET_ERROR.fullmatch(text) for text in texts):
        how = f"a spreadsheet error stands for no answer: mend the sheet, or list it in missing_codes; {how}"
    return DataError(f'column "{name}" has answers in text: {found}; {how}')


def _counted(texts: Mapping[str, int], first: Mapping[str, str]) -> str:
    most = sorted(texts.items(), key=lambda pair: -pair[1])
    rest = f" and {len(most) - SHOWN} other answers" if len(most) > SHOWN else ""
    return ", ".join(f'"{_short(text)}" ({n}x{first.get(text, "")})' for text, n in most[:SHOWN]) + rest


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2]}.."


def labels(column: pa.ChunkedArray, names: Mapping[float | str, str] | None = None) -> Texts:
    """Return a column as trimmed texts (n,), None where blank.

    Codes become their value labels where every code that occurs has one of its own.

    >>> labels(pa.chunked_array([[1.0, 2.0, None]]), {1.0: "Rijk", 2.0: "ZBO"}).tolist()
    ['Rijk', 'ZBO', None]
    """
    at, texts = _distinct(column)
    known = {plain(code): label.strip() for code, label in (names or {}).items()}
    labelled = [known.get(text, "") for text in texts]
    if texts and all(labelled) and len(set(labelled)) == len(texts):
        texts = labelled
    return np.array([*texts, None], dtype=object)[at]

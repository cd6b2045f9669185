"""Answers that are no numbers, or none of the scale: text, labels, commas, infinities, leftover codes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trust.bad_data.case import ALL, Case, changed
from trust.bad_data.respondents import ITEMS, Change

__all__ = ["ANSWERS"]

THREE = ("check", "fit", "describe")
LABELS = ["helemaal oneens", "oneens", "neutraal", "eens", "helemaal eens"]


def put(column: str, value: object, *rows: int) -> Change:
    """Return the change that puts a value into rows (counted from 0) of a column."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        values = frame[column].astype(object)
        values.iloc[list(rows)] = value
        return frame.assign(**{column: values})

    return change


def text(column: str, value: object, *rows: int) -> Change:
    """Return the change that makes a column text, with a value in some rows."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(**{column: put(column, value, *rows)(frame)[column].astype(str)})

    return change


def _labels(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(x2=[LABELS[answer - 1] for answer in frame["x2"]])


def _category(frame: pd.DataFrame) -> pd.DataFrame:
    told = pd.Categorical(_labels(frame)["x2"], categories=LABELS, ordered=True)
    return frame.assign(x2=told)


def _text(kind: str = "text") -> list[Case]:
    how = ("answers in text", "data.codes: {x2: {")
    return [
        *changed(kind, "labels", _labels, 'column "x2"', '"helemaal oneens"', *how, formats=ALL, verbs=THREE),
        *changed(kind, "ordered_category", _category, 'column "x2"', *how, formats=(".parquet",)),
        *changed(kind, "yes_no", lambda d: d.assign(age=np.where(d["age"] > 40, "ja", "nee")),
                 'column "age" has answers in text: "', '"ja"', "data.codes: {age: {"),
        *changed(kind, "one_word", text("x2", "weet niet", 4), 'column "x2"',
                 '"weet niet" (1x, first in line 6)',
                 "missing_codes", formats=(".csv", ".csv.gz", ".tsv"), verbs=THREE),
        *changed(kind, "one_word.parquet", text("x2", "weet niet", 4), 'column "x2"',
                 '"weet niet" (1x, first in row 5)', "missing_codes", formats=(".parquet",), verbs=THREE),
        *changed(kind, "dash", text("x2", "-", 4), 'column "x2"', '"-" (1x', "missing_codes"),
        *changed(kind, "nvt", text("x2", "n.v.t.", 4, 5), 'column "x2"', '"n.v.t." (2x', "missing_codes"),
        *changed(kind, "question_mark", text("x2", "?", 4), 'column "x2"', '"?" (1x'),
        *changed(kind, "excel_nb", text("x2", "#N/B", 4), 'column "x2"', '"#N/B" (1x', "spreadsheet error"),
        *changed(kind, "excel_div", text("x2", "#DEEL/0!", 4), 'column "x2"', '"#DEEL/0!"',
                 "spreadsheet error"),
        *changed(kind, "excel_value", text("x2", "#VALUE!", 4), 'column "x2"', '"#VALUE!"',
                 "spreadsheet error"),
        *changed(kind, "true_false", lambda d: d.assign(age=d["age"] > 40), 'column "age"', '"True"',
                 "data.codes: {age: {"),
        *changed(kind, "date_text", lambda d: d.assign(age="2024-01-31"), 'column "age"', '"2024-01-31"'),
        *changed(kind, "date", lambda d: d.assign(age=pd.Timestamp("2024-01-31")), 'column "age"',
                 "dates", formats=(".parquet", ".sav")),
        *changed(kind, "hexadecimal", text("x2", "0x3", 4), 'column "x2"', '"0x3"'),
        *changed(kind, "underscore", text("age", "1_000", 4), 'column "age"', '"1_000"'),
        *changed(kind, "arabic_digit", text("x2", "٣", 4), 'column "x2"', '"٣"'),
        *changed(kind, "codes_incomplete", _labels, 'column "x2": data.codes gives no number for',
                 data={"codes": {"x2": {"oneens": 2, "eens": 4}}}),
        *changed(kind, "filter_words", lambda d: text("years", "onbekend", 4)(d.assign(years=d["age"])),
                 'data.where: "years" is text, 30 is a number',
                 '"onbekend" (1x, first in line 6), beside numbers', verbs=THREE,
                 data={"where": "years > 30"}),
        *changed(kind, "filter_of_nobody", lambda d: d, "no row has sector 'gr'", 'did you mean "GR"?',
                 data={"where": "sector == 'Rijk' or sector == 'gr'"}),
        *changed(kind, "derive_words", lambda d: text("years", "onbekend", 4)(d.assign(years=d["age"])),
                 'data.derive.old: "years" is text, 40 is a number', data={"derive": {"old": "years > 40"}},
                 study={"model": {"syntax": "f =~ x1 + x2 + x3\nf ~ old"}}),
        *changed(kind, "two_words", lambda d: text("x3", "?", 9)(text("x2", "weet niet", 4)(d)),
                 'column "x2"'),
    ]  # fmt: skip


def _numbers(kind: str = "numbers as written elsewhere") -> list[Case]:
    return [
        *changed(kind, "decimal_comma", text("x2", "3,0", *range(120)), 'column "x2" has decimal commas',
                 "3.0", formats=(".tsv", ".parquet")),
        *changed(kind, "decimal_comma_mixed", text("x2", "2,5", 4), 'column "x2"', '"2,5"',
                 "decimal commas", "first in line 6"),
        *changed(kind, "thousand_points", text("age", "1.234.567", 4), 'column "age"', '"1.234.567"'),
        *changed(kind, "thousand_commas", text("age", "1,234,567", 4), 'column "age"', '"1,234,567"'),
        *changed(kind, "percent", text("age", "45%", 4), 'column "age"', '"45%"'),
        *changed(kind, "euro", text("age", "€ 45", 4), 'column "age"', '"€ 45"'),
        *changed(kind, "unicode_minus", text("age", "−4", 4), 'column "age"', '"−4"'),
        *changed(kind, "hard_space", text("x2", "3 000", 4), 'column "x2"', "3"),
        *changed(kind, "half_answer", put("x2", 2.5, 4), "between answers: x2 has fewer than 10 answers",
                 "2.5", code=0, formats=(".csv", ".sav", ".parquet")),
    ]  # fmt: skip


def _infinite(kind: str = "infinite") -> list[Case]:
    said = ('column "age" has 1 infinite value', "first in line 6")
    return [
        *changed(kind, "inf", text("age", "inf", 4), *said, verbs=THREE),
        *changed(kind, "minus_inf", text("age", "-Infinity", 4), *said),
        *changed(kind, "too_large", text("age", "1e400", 4), *said),
        *changed(kind, "overflow", text("age", "1e200", 4),
                 'column "age" has 1 value too large to be squared, first in line 6; right is at most 1e+40'),
        *changed(kind, "inf_item", text("x2", "inf", 4), 'column "x2" has 1 infinite', "line 6", verbs=THREE),
        *changed(kind, "inf_parquet",
                 lambda d: d.assign(age=d["age"].astype(float).where(d.index != 4, np.inf)),
                 'column "age" has 1 infinite value', "first in row 5", formats=(".parquet",), verbs=THREE),
        *changed(kind, "nan_text", text("x2", "NAN", 4), 'column "x2"', '"NAN"'),
    ]  # fmt: skip


def _outside(kind: str = "outside the scale") -> list[Case]:
    how = "the scale of f runs from 1 to 5"
    return [
        *changed(kind, "leftover_99", put("x2", 99, 4, 7), 'item "x2"', "99 (2x, first in line 6)", how,
                 "missing_codes", formats=(".csv", ".csv.gz", ".tsv"), verbs=THREE),
        *changed(kind, "leftover_99", put("x2", 99, 4, 7), 'item "x2"', "99 (2x, first in row 5)", how,
                 formats=(".sav", ".parquet"), verbs=THREE),
        *changed(kind, "leftover_minus_9", put("x2", -9, 4), 'item "x2"', "-9 (1x", how),
        *changed(kind, "zero", put("x2", 0, 4), 'item "x2"', "0 (1x", how),
        *changed(kind, "six", put("x5", 6, 4), 'item "x5"', "6 (1x", "the scale of g runs from 1 to 5"),
        *changed(kind, "reversed_item", put("x6", 9, 4), 'item "x6"', "9 (1x"),
        *changed(kind, "other_code", put("x2", 98, 4), 'item "x2"', "98 (1x", data={"missing_codes": [99]}),
        *changed(kind, "outside_fiml", put("x2", 99, 4), 'item "x2"', "99 (1x", data={"missing": "fiml"}),
        *changed(kind, "outside_ordered", put("x2", 9, 4), 'item "x2"', "9 (1x",
                 data={"ordered": ITEMS}, study={"ols": None, "sem": {"estimator": "WLSMV"}}),
        *changed(kind, "code_in_scale", lambda d: d, 'data.missing_codes has 5', "the scale of f",
                 data={"missing_codes": [5]}),
        *changed(kind, "covariate_99", put("age", 999, 4, 9), "leftover code", "age", "999", code=0),
        *changed(kind, "covariate_minus_9", put("age", -9, 4, 9), "leftover code", "age", "-9", code=0),
        *changed(kind, "no_scale_99", put("x2", 99, 4, 9), "leftover code", "x2", "99", code=0,
                 study={"model": {"syntax": "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f"}}),
    ]  # fmt: skip


ANSWERS: tuple[Case, ...] = (*_text(), *_numbers(), *_infinite(), *_outside())

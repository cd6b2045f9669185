"""What only Parquet and SPSS files can hold: types, labels, user-missing answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trust.bad_data.case import Case, changed
from trust.bad_data.groups import BY
from trust.bad_data.respondents import Change, respondents

__all__ = ["BINARY"]

READ = ("data: ", "120 rows read, 120 used, 120 complete")


def _sav(change: Change, **options: Any) -> Callable[[Path], None]:
    def make(file: Path) -> None:
        import pyreadstat

        pyreadstat.write_sav(change(respondents()), file, **options)

    return make


def _parquet(kind: str = "types of Parquet") -> list[Case]:
    def refused(name: str, change: Change, *words: str) -> list[Case]:
        return list(changed(kind, name, change, 'column "x2"', *words, formats=(".parquet",)))

    def labelled(name: str, values: list[Any], *words: str) -> list[Case]:
        change: Change = lambda d: d.assign(sector=pd.Series(values, dtype=object))  # noqa: E731
        return list(changed(kind, name, change, 'column "sector"', *words, formats=(".parquet",), data=BY))

    def read(name: str, change: Change, *words: str) -> list[Case]:
        return list(changed(kind, name, change, *(words or READ), formats=(".parquet",), code=0,
                            verbs=("check",)))  # fmt: skip

    blanks: Change = lambda d: d.assign(x2=d["x2"].astype("Int64").mask(d.index < 3))  # noqa: E731
    lists: Change = lambda d: d.assign(x2=pd.Series([[1, 2]] * len(d), dtype=object))  # noqa: E731
    return [
        *refused("list", lists, "holds list"),
        *refused("struct", lambda d: d.assign(x2=pd.Series([{"a": 1}] * 120, dtype=object)), "holds struct"),
        *refused("bytes", lambda d: d.assign(x2=[b"\x03"] * len(d)), "holds binary"),
        *labelled("group_struct", [{"a": 1}] * 120, "holds struct"),
        *labelled("group_list", [[1, 2]] * 120, "holds list"),
        *labelled("group_bytes", [b"Rijk"] * 120, "holds binary"),
        *refused("dates", lambda d: d.assign(x2=pd.Timestamp("2024-05-01")), "dates or times (such as 2024"),
        *refused("durations", lambda d: d.assign(x2=pd.to_timedelta(d["x2"], unit="D")), "dates or times"),
        *refused("category_words", lambda d: d.assign(x2=pd.Categorical(["eens", "oneens"] * 60)),
                 'answers in text: "eens" (60x, first in row 1), "oneens" (60x)'),
        *refused("category_numbers_and_words", lambda d: d.assign(
                 x2=pd.Categorical([*map(str, d["x2"][1:]), "nvt"])), '"nvt" (1x, first in row 120)'),
        *refused("text_na", lambda d: d.assign(x2=d["x2"].astype(str).where(d.index > 0, "NA")), '"NA" (1x'),
        *refused("text_nan", lambda d: d.assign(x2=d["x2"].astype(str).where(d.index > 0, "nan")),
                 '"nan" (1x'),
        *read("whole_numbers_with_blanks", blanks, "120 rows read, 120 used, 117 complete"),
        *read("floats", lambda d: d.assign(x2=d["x2"].astype("float32"))),
        *read("category_of_numbers", lambda d: d.assign(x2=pd.Categorical(d["x2"]))),
        *read("category_of_digits", lambda d: d.assign(x2=pd.Categorical(d["x2"].astype(str)))),
        *read("decimals", lambda d: d.assign(x2=d["x2"].map(lambda v: __import__("decimal").Decimal(v)))),
        *read("index_column", lambda d: d.set_index(np.arange(5, len(d) + 5))),
    ]  # fmt: skip


def _spss(kind: str = "labels and missing values of SPSS") -> list[Case]:
    def of(name: str, make: Callable[[Path], None], *words: str, code: int = 2, **more: Any) -> Case:
        verbs = ("check", "fit") if code else ("check",)
        return Case(name, kind, ".sav", make, words, code=code, verbs=verbs, **more)

    nine: Change = lambda d: d.assign(x2=d["x2"].astype(float).where(d.index > 2, 9))  # noqa: E731
    labels = {"x2": {1: "oneens", 5: "eens", 9: "weet niet"}}
    sector: Change = lambda d: d.assign(sector=d["sector"].map({"Rijk": 1, "GR": 2, "ZBO": 3}))  # noqa: E731
    names = {"sector": {1: "Rijk", 2: "Gemeenten", 3: "ZBO"}}
    return [
        of("label_outside", _sav(nine, variable_value_labels=labels), 'item "x2"', '9 "weet niet" (3x',
           "first in row 1"),
        of("user_missing", _sav(nine, variable_value_labels=labels, missing_ranges={"x2": [9]}),
           "120 rows read, 120 used, 117 complete", code=0),
        of("user_missing_range", _sav(nine, missing_ranges={"x2": [{"lo": 6, "hi": 99}]}),
           "120 rows read, 120 used, 117 complete", code=0),
        of("value_labels_of_groups", _sav(sector, variable_value_labels=names),
           "groups (sector): Rijk 40, Gemeenten 40, ZBO 40", code=0, data={"group": "sector"}),
        of("filter_by_label", _sav(sector, variable_value_labels=names), "right is the number, not its label",
           data={"group": "sector", "where": "sector == 'Rijk'"}),
        of("labels_that_are_equal", _sav(sector, variable_value_labels={"sector": {1: "a", 2: "a", 3: "b"}}),
           "groups (sector): 1 40, 2 40, 3 40", code=0, data={"group": "sector"}),
        of("all_user_missing", _sav(lambda d: d.assign(x2=9.0), missing_ranges={"x2": [9]}),
           'column "x2" has no answers in the 120 rows used'),
        of("user_missing_text", _sav(lambda d: d.assign(x2=np.where(d.index < 3, "nvt", "3"))),
           'column "x2"', '"nvt" (3x'),
    ]  # fmt: skip


BINARY: tuple[Case, ...] = (*_parquet(), *_spss())

"""Columns that are not there, or say nothing: absent, twice, constant, blank, copies, sums, too few rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trust.bad_data.case import ALL, TEXT, Case, changed, raw
from trust.bad_data.respondents import ITEMS, respondents

__all__ = ["COLUMNS"]

THREE = ("check", "fit", "describe")
FIML = {"missing": "fiml"}
ORDERED = {"ordered": ITEMS}
WLSMV = {"ols": {}, "sem": {"estimator": "WLSMV"}}
INT = ("Int64", "Float64")


def _twice() -> bytes:
    text = respondents().to_csv(index=False)
    header, rest = text.split("\n", 1)
    return (header.replace("org", "x2") + "\n" + rest).encode()


def _absent(kind: str = "absent column") -> list[Case]:
    return [
        *changed(kind, "absent", lambda d: d.drop(columns="x2"), 'no column "x2"', "data.",
                 formats=ALL, verbs=THREE),
        *changed(kind, "absent_near", lambda d: d.rename(columns={"sector": "sectro"}),
                 'no column "sector"; did you mean "sectro"?', data={"group": "sector"}),
        *changed(kind, "absent_case", lambda d: d.rename(columns={"x2": "X2"}),
                 'no column "x2"; did you mean "X2"?', formats=(".csv", ".parquet")),
        *changed(kind, "absent_space_inside", lambda d: d.rename(columns={"x2": "x 2"}),
                 'no column "x2"; did you mean "x 2"?'),
        *changed(kind, "absent_lookalike", lambda d: d.rename(columns={"x2": "х2"}),
                 'no column "x2"', 'did you mean "х2"', "other characters"),
        *changed(kind, "absent_weights", lambda d: d, 'no column "gewicht"', data={"weights": "gewicht"}),
        *changed(kind, "absent_cluster", lambda d: d, 'no column "orgg"; did you mean "org"?',
                 data={"cluster": "orgg"}),
        *changed(kind, "absent_filter", lambda d: d, 'no column "agee"; did you mean "age"?',
                 data={"where": "agee > 30"}, verbs=THREE),
        *raw(kind, "quoted_bom", lambda: b"\xef\xbb\xbf" + b'"x1"\n1\n', 'no columns "x2"'),
    ]  # fmt: skip


def _twice_there(kind: str = "column twice") -> list[Case]:
    return [
        *raw(kind, "twice", _twice, '2 columns are named "x2"', "data.csv", verbs=THREE),
        *raw(kind, "twice_tsv", lambda: _twice().replace(b",", b"\t"), '2 columns are named "x2"',
             suffix=".tsv"),
        *raw(kind, "twice_by_space", lambda: _twice().replace(b"sector,x2", b"sector,x2 "),
             '2 columns are named "x2"'),
        *changed(kind, "twice_by_space", lambda d: d.assign(**{"x2 ": d["x2"]}), '2 columns are named "x2"',
                 formats=(".parquet",)),
    ]  # fmt: skip


def _empty(kind: str = "constant or blank") -> list[Case]:
    return [
        *changed(kind, "constant", lambda d: d.assign(x2=3),
                 'column "x2" is constant: all 120 answers are 3', formats=ALL),
        *changed(kind, "nearly_constant_for_its_size", lambda d: d.assign(age=d["age"].astype(int) + 10**14),
                 'column "age" varies by too little for its size', "take a constant off it"),
        *changed(kind, "constant_text", lambda d: d.assign(age="40"), 'column "age" is constant'),
        *changed(kind, "constant_fiml", lambda d: d.assign(x2=3), 'column "x2" is constant', data=FIML),
        *changed(kind, "constant_ordered", lambda d: d.assign(x2=3), 'column "x2" is constant',
                 data=ORDERED, study=WLSMV),
        *changed(kind, "constant_after_filter", lambda d: d.assign(x2=d["x2"].where(d["sector"] != "GR", 3)),
                 'column "x2" is constant: all 40 answers are 3', data={"where": "sector == 'GR'"}),
        *changed(kind, "constant_after_codes", lambda d: d.assign(x2=np.resize([3, 9], len(d))),
                 'column "x2" is constant', data={"missing_codes": [9]}),
        *changed(kind, "blank", lambda d: d.assign(x2=np.nan),
                 'column "x2" has no answers in the 120 rows used', formats=ALL),
        *changed(kind, "blank_spaces", lambda d: d.assign(x2="  "),
                 'column "x2" has no answers in the 120 rows used', formats=(".csv", ".parquet")),
        *changed(kind, "blank_codes", lambda d: d.assign(x2=9),
                 'column "x2" has no answers in the 120 rows used', data={"missing_codes": [9]}),
        *changed(kind, "blank_group", lambda d: d.assign(sector=""),
                 'column "sector" is blank for all respondents', data={"group": "sector"},
                 formats=(".csv", ".parquet"), verbs=("check", "fit")),
    ]  # fmt: skip


def _exact(kind: str = "copy or sum") -> list[Case]:
    total = "leave one out"
    return [
        *changed(kind, "copy", lambda d: d.assign(x3=d["x1"]), 'column "x3" is an exact copy of "x1"', total,
                 formats=(".csv", ".sav", ".parquet")),
        *changed(kind, "copy_fiml", lambda d: d.assign(x3=d["x1"]), '"x3" is an exact copy of "x1"',
                 data=FIML),
        *changed(kind, "copy_fiml_blanks", lambda d: d.assign(
                 x3=d["x1"].where(d.index % 5 > 0), x5=d["x5"].where(d.index % 5 != 1),
                 x4=d["x4"].where(d.index % 5 != 2), x2=d["x2"].where(d.index % 5 < 3)),
                 '"x3" is an exact copy of "x1"', data=FIML),
        *changed(kind, "copy_ordered", lambda d: d.assign(x3=d["x1"]), '"x3" is an exact copy of "x1"',
                 data=ORDERED, study=WLSMV),
        *changed(kind, "reversed_copy", lambda d: d.assign(x6=6 - d["x5"]), '"x6" is exactly - x5 + 6'),
        *changed(kind, "sum", lambda d: d.assign(age=d["x1"] + d["x4"]), 'column "age" is exactly x1 + x4',
                 formats=(".csv", ".sav", ".parquet")),
        *changed(kind, "mean", lambda d: d.assign(age=d[["x1", "x2", "x3"]].mean(axis=1)),
                 'column "age" is exactly 0.3333*x1 + 0.3333*x2 + 0.3333*x3'),
        *changed(kind, "dummies", lambda d: d, 'exactly - rijk - gr + 1', data={"derive": {
                 "rijk": "sector == 'Rijk'", "gr": "sector == 'GR'", "zbo": "sector == 'ZBO'"}},
                 study={"model": {"syntax": "f =~ x1 + x2 + x3\nf ~ rijk + gr + zbo"}}),
    ]  # fmt: skip


def _few(kind: str = "too few rows") -> list[Case]:
    return [
        *changed(kind, "few_rows", lambda d: d.head(7), "7 of 7 rows are complete on the 7 variables",
                 "at least 8", formats=ALL),
        *changed(kind, "few_fiml", lambda d: d.head(7), "7 of 7 rows are with an answer on the 7", data=FIML),
        *changed(kind, "few_ols", lambda d: d.assign(age=d["age"].where(d.index < 3)),
                 "3 of 120 rows are complete for the regression of g; at least 4",
                 study={"ols": {}, "sem": None}),
        *changed(kind, "one_row", lambda d: d.head(1), "data."),
        *changed(kind, "no_rows", lambda d: d.head(0), "the file has a header but no respondents",
                 formats=ALL, verbs=THREE),
        *changed(kind, "filter_none", lambda d: d, "none of the 120 respondents satisfies age > 99",
                 data={"where": "age > 99"}, verbs=THREE),
        *changed(kind, "never_together", lambda d: d.assign(
                 x1=d["x1"].where(d.index < 60), x4=d["x4"].where(d.index >= 60)),
                 '0 of 120 rows are complete', 'nobody answered both "x1" and "x4"',
                 formats=(".csv", ".sav", ".parquet")),
        *changed(kind, "never_together_fiml", lambda d: d.assign(
                 x1=d["x1"].where(d.index < 60), x4=d["x4"].where(d.index >= 60)),
                 'nobody answered both "x1" and "x4"', data=FIML),
        *changed(kind, "hardly_together_fiml", lambda d: d.assign(
                 x1=d["x1"].where(d.index < 61), x4=d["x4"].where(d.index >= 60)),
                 "hardly together: fewer than 10 of 120 respondents answered both x1 and x4",
                 data=FIML, code=0, study={"sem": {}}, verbs=("check",)),
    ]  # fmt: skip


COLUMNS: tuple[Case, ...] = (*_absent(), *_twice_there(), *_empty(), *_exact(), *_few())
_ = (pd, TEXT)

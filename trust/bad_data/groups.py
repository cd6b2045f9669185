"""Groups: their labels, their sizes, and items that do not vary within one of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trust.bad_data.case import Case, changed
from trust.bad_data.respondents import Change

__all__ = ["GROUPS"]

OLS = {"sem": None}
BY = {"group": "sector"}
JOINT = {"sem": {"engine": "werksem", "multigroup": True}}
LADDER = {"invariance": ["configural", "metric"]}


def named(label: object, *rows: int) -> Change:
    """Return the change that gives some respondents another group."""
    return lambda d: d.assign(sector=d["sector"].where(~d.index.isin(rows), label))


def _spellings(kind: str = "group spellings") -> list[Case]:
    def told(name: str, label: str, *words: str) -> list[Case]:
        return list(changed(kind, name, named(label, *range(1, 40, 3)), "group spellings", *words, code=0,
                            data=BY, study=OLS))  # fmt: skip

    return [
        *told("case", "gr", '"gr" (13)', '"GR" (27)'),
        *told("space_inside", "G R", '"G R" (13)'),
        *told("full_stop", "GR.", '"GR." (13)'),
        *told("hard_space", "G\u00a0R", "(13)"),
        *told("zero_width", "GR\u200b", "(13)"),
        *told("lookalike", "GR".replace("R", "Ｒ"), "(13)"),
        *changed(kind, "normal_forms", lambda d: named("Financie\u0308n", *range(0, 60, 3))(
                 d.assign(sector=d["sector"].replace("Rijk", "Financi\u00ebn"))), "group spellings", "(20)",
                 code=0, data=BY, study=OLS),
        *changed(kind, "leading_zero", lambda d: d.assign(
                 sector=np.where(d["sector"] == "GR", "1", np.where(d["sector"] == "ZBO", "01", "2"))),
                 "group spellings", '"1" (40)', '"01" (40)', code=0, data=BY, study=OLS),
        *changed(kind, "one_and_one_point_zero", lambda d: d.assign(
                 sector=np.where(d["sector"] == "GR", "1", np.where(d["sector"] == "ZBO", "1.0", "2"))),
                 "group spellings", '"1.0" (40)', code=0, data=BY, study=OLS),
        *changed(kind, "trailing_spaces", lambda d: d.assign(
                 sector=np.where(d.index % 2, d["sector"] + "  ", d["sector"])),
                 "groups (sector): Rijk 40, GR 40, ZBO 40", code=0, data=BY, verbs=("check",),
                 formats=(".csv", ".parquet")),
        *changed(kind, "cluster_case", lambda d: d.assign(org=np.where(d.index < 12, "O1", d["org"])),
                 "cluster spellings", '"O1"', code=0, data={"cluster": "org"}, study=OLS),
    ]  # fmt: skip


def _names(kind: str = "group names") -> list[Case]:
    def refused(name: str, label: str, *words: str) -> list[Case]:
        return list(changed(kind, name, named(label, *range(1, 40, 3)), 'column "sector"', *words, data=BY))

    return [
        *refused("all", "all", 'has a group "all"', "all groups together"),
        *refused("typical", "typical", 'has a group "typical"'),
        *refused("line_break", "G\nR", "line break", '"G\\nR"'),
        *refused("tab", "G\tR", "tab", '"G\\tR"'),
        *refused("control", "G\x1b[31mR", "control character", "\\x1b"),
        *refused("right_to_left", "G\u202eR", "control character", "\\u202e"),
        *changed(kind, "comma_and_quote", named('Zorg, "welzijn"', *range(1, 40, 3)),
                 'groups (sector): Rijk 40, Zorg, "welzijn" 13', code=0, data=BY, verbs=("check",)),
        *changed(kind, "blank_some", named("", 1, 4, 7), "blank sector: 3 respondents without sector",
                 code=0, data=BY, study=OLS),
        *changed(kind, "many_groups", lambda d: d.assign(sector=[f"p{i}" for i in d.index]),
                 "fewer than 10 respondents", "p0, ", code=0, data=BY, study=OLS),
        *changed(kind, "group_is_item", lambda d: d, '"x1" sorts respondents (data.group)',
                 data={"group": "x1"}),
        *changed(kind, "group_is_text_number", lambda d: d.assign(sector=d["age"] / 7),
                 "fewer than 10 respondents", "3.0", code=0, data=BY, study=OLS),
    ]  # fmt: skip


def _small(kind: str = "groups too small or the same") -> list[Case]:
    one_answer: Change = lambda d: d.assign(x2=d["x2"].where(d["sector"] != "GR", 3))  # noqa: E731
    no_answer: Change = lambda d: d.assign(x2=d["x2"].where(d["sector"] != "GR"))  # noqa: E731
    said = ("column \"x2\" is constant in group 'GR'", "data.where: sector != 'GR'")
    return [
        *changed(kind, "group_of_one", named("Een", 4), "fewer than 10 respondents", "Een", code=0,
                 data=BY, study=OLS, formats=(".csv", ".parquet")),
        *changed(kind, "group_of_one_joint", named("Een", 4), "fewer than 10 of", "rows of group 'Een'",
                 "data.where: sector != 'Een'", data=BY, study=JOINT),
        *changed(kind, "few_in_group_joint", lambda d: d[(d["sector"] != "GR") | (d.index < 15)],
                 "fewer than 10 of", "rows of group 'GR'", data=BY, study=JOINT),
        *changed(kind, "few_in_group_ladder", lambda d: d[(d["sector"] != "GR") | (d.index < 15)],
                 "fewer than 10 of", "rows of group 'GR'", data=BY, study=LADDER),
        *changed(kind, "constant_in_group", one_answer, *said, data=BY, study=JOINT,
                 formats=(".csv", ".sav", ".parquet")),
        *changed(kind, "constant_in_group_ladder", one_answer, *said, data=BY, study=LADDER),
        *changed(kind, "constant_in_group_fiml", one_answer, *said, data=BY | {"missing": "fiml"},
                 study=JOINT),
        *changed(kind, "constant_in_group_pooled", one_answer, "constant in group", "x2", "GR", code=0,
                 data=BY, study=OLS),
        *changed(kind, "unanswered_in_group", no_answer, "0 of", "rows of group 'GR'", data=BY, study=JOINT),
        *changed(kind, "unanswered_in_group_fiml", no_answer, "nobody in group 'GR' answered x2",
                 data=BY | {"missing": "fiml"}, study=JOINT),
        *changed(kind, "copy_in_group", lambda d: d.assign(x3=d["x3"].where(d["sector"] != "GR", d["x1"])),
                 '"x3" is an exact copy of "x1"', "group 'GR'", data=BY, study=JOINT),
        *changed(kind, "one_group_joint", lambda d: d.assign(sector="GR"),
                 'invariance compares groups, and column "sector" has one group: GR',
                 data=BY, study=LADDER),
        *changed(kind, "joint_without_group", lambda d: d, "data.group", study=JOINT),
        *changed(kind, "category_absent_in_group", lambda d: d.assign(
                 x2=d["x2"].where((d["sector"] != "GR") | (d["x2"] > 1), 2)), "x2", "GR", "answer 1",
                 data=BY | {"ordered": ["x1", "x2", "x3", "x4", "x5", "x6"]},
                 study={"ols": {}, "sem": {"estimator": "WLSMV", "multigroup": True}}),
    ]  # fmt: skip


GROUPS: tuple[Case, ...] = (*_spellings(), *_names(), *_small())
_ = pd

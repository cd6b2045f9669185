"""Summary statistics that no respondents can have, and waves of tables of which one is bad."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from trust.bad_data.case import Case, changed
from trust.bad_data.respondents import respondents, write

__all__ = ["MOMENTS"]

THREE = ("check", "fit")
NAMES = ("f", "age", "g")
GOOD = {"f": [], "age": [0.1], "g": [0.5, 0.2]}


def _moments(kind: str = "moments") -> list[Case]:
    def of(name: str, given: dict[str, Any], *words: str) -> Case:
        moments = {"n": 120, "correlation": GOOD} | given
        return Case(name, kind, "", lambda file: None, words, data={"moments": moments},
                    study={"sem": None}, verbs=THREE)  # fmt: skip

    impossible = {"f": [], "age": [0.9], "g": [0.9, -0.9]}
    return [
        of("beyond_one", {"correlation": {"f": [], "age": [1.2], "g": [0, 0]}}, '"age" and "f": 1.2',
           "not between -1 and 1", "study.yaml:"),
        of("not_possible", {"correlation": impossible}, "data.moments", "not positive definite"),
        of("copy", {"correlation": {"f": [], "age": [1.0], "g": [0.5, 0.5]}}, "data.moments",
           "positive definite"),
        of("absent", {"correlation": {"f": [], "agee": [0.1], "g": [0.5, 0.2]}},
           'data.moments has no "age"; did you mean "agee"?'),
        of("short_row", {"correlation": {"f": [], "age": [0.1], "g": []}}, '"g" has 0 numbers, right are 2',
           "study.yaml:"),
        of("diagonal", {"correlation": {"f": [1], "age": [0.1, 0.9], "g": [0.5, 0.2, 1]}},
           '"age" with itself is 0.9, right is 1'),
        of("two_values", {"correlation": {"f": {"age": 0.2, "g": 0.5}, "age": {"f": 0.1, "g": 0.2}, "g": {}}},
           "are given as"),
        of("few", {"n": 3}, "data.moments: n is 3 for 3 variables; at least 4"),
        of("negative_n", {"n": -5}, "data.moments.n"),
        of("zero_sd", {"sd": {"f": 0}}, "data.moments.sd"),
        of("sd_of_nobody", {"sd": {"h": 1}}, 'sd: "h" is not among the correlations'),
        of("not_a_number", {"correlation": {"f": [], "age": [".nan"], "g": [0.5, 0.2]}}, "correlation"),
        of("n_of_another", {"n": {"h": 100}}, 'data.moments.n has no "g"'),
    ]  # fmt: skip


def _waves(kind: str = "waves of tables") -> list[Case]:
    def of(name: str, change: Any, *words: str, suffix: str = ".csv", code: int = 2) -> Case:
        def make(file: Path) -> None:
            write(respondents(), file)
            write(change(respondents()), file.with_name(f"before{suffix}"))

        tables = [{"table": "t", "kind": "means", "of": ["f"], "by": "sector"}]
        study = {"describe": {"wave": "2024", "waves": {"2022": f"before{suffix}"}, "tables": tables},
                 "ols": None, "sem": None}  # fmt: skip
        verbs = ("check", "describe") if code else ("check",)
        data = {"group": "sector"}
        return Case(name, kind, suffix, make, words, study=study, verbs=verbs, code=code, data=data)

    return [
        of("wave_outside", lambda d: d.assign(x2=d["x2"].where(d.index != 4, 99)), "before.csv",
           'item "x2"', "99 (1x, first in line 6)"),
        of("wave_text", lambda d: d.assign(x2=d["x2"].astype(str).where(d.index != 4, "nvt")), "before.csv",
           'column "x2"', '"nvt" (1x, first in line 6)'),
        of("wave_infinite", lambda d: d.assign(age=d["age"].where(d.index != 4, 1) * 1.0e300), "before.csv",
           'column "age" has 120 values too large to be squared'),
        of("wave_spellings", lambda d: d.assign(sector=d["sector"].where(d.index != 1, "gr")),
           "warning: group spellings: sector has", "(wave 2022)", code=0),
        of("wave_code", lambda d: d.assign(age=d["age"].where(d.index != 4, 999)),
           "warning: leftover code: age has 999", "(wave 2022)", code=0),
        of("wave_empty", lambda d: d.head(0), "before.csv", "a header but no respondents"),
    ]  # fmt: skip


MOMENTS: tuple[Case, ...] = (*_moments(), *_waves())
_ = changed

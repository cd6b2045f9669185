"""What grows: the cases of every axis, and how each stage may grow with it by its arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trust.load.made import Shape

__all__ = ["AXES", "CASES", "POOLED", "Axis", "Case"]

DRAWN: Mapping[str, object] = {"ols": {}, "sem": {}, "bootstrap": {"replicates": 1000}}
IN_GROUPS: Mapping[str, object] = {**DRAWN, "data": {"group": "groep"}}
POOLED: Mapping[str, object] = {
    "ols": {}, "bayes": {"level": "scores", "vary": ["paths", "means"], "draws": 1000, "tune": 1000},
    "data": {"group": "groep"},
}  # fmt: skip
LADDER: Mapping[str, object] = {
    "sem": {"engine": "werksem"}, "invariance": ["configural", "metric", "scalar"],
    "data": {"group": "groep"},
}  # fmt: skip
BLANKS: Mapping[str, object] = {"sem": {"engine": "werksem"}, "data": {"missing": "fiml"}}


@dataclass(frozen=True, slots=True)
class Case:
    """A study of one size: what grows, how large it is, its shape and sections, and its kind of file."""

    axis: str
    size: int
    shape: Shape
    sections: Mapping[str, object]
    file: str = "answers.parquet"


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: its heading, what grows, what stays, and per stage the exponent that its arithmetic allows.

    ``allowed`` has (exponent, the arithmetic in words); stages that are not named may not grow faster
    than linearly.
    """

    name: str
    title: str
    grows: str
    stays: str
    allowed: Mapping[str, tuple[float, str]]


AXES = (
    Axis(
        "respondents", "Respondents", "respondents",
        "60 items in 12 constructs, 32 paths, 1,000 bootstrap replicates",
        {
            "reading": (1.0, "n p"), "answers": (1.0, "n p"), "OLS": (1.0, "n k²"),
            "SEM": (1.0, "n p² once, then p³"), "measurement": (1.0, "R n p² by tables of counts"),
            "modification": (0.0, "moments only"), "bootstrap": (1.0, "R n p² by tables of counts, R p³"),
            "intervals": (0.0, "R q"), "passport": (1.0, "R n p²"), "writing": (1.0, "n p² for sums"),
            "report": (0.0, "rows of tables"),
        },
    ),
    Axis(
        "csv", "Respondents in a CSV file", "respondents",
        "60 items from a CSV file, OLS",
        {"reading": (1.0, "n p"), "answers": (1.0, "n p"), "OLS": (1.0, "n k²")},
    ),
    Axis(
        "patterns", "Patterns of blanks", "respondents",
        "30 items with 3% blanks, so that most answer a set of their own; FIML",
        {"SEM": (1.0, "patterns × p³ per iteration"), "reading": (1.0, "n p")},
    ),
    Axis(
        "items", "Items", "items",
        "10,000 respondents, 5 items a construct in 3 layers, 1,000 bootstrap replicates",
        {
            "reading": (1.0, "n p"), "SEM": (4.0, "semopy: parameters × p³ per gradient"),
            "modification": (4.0, "p² candidates × parameters²"), "measurement": (2.0, "R n p²"),
            "bootstrap": (3.0, "R n p², R p³"), "intervals": (3.0, "R paths; implied covariances p³"),
            "passport": (2.0, "R n p²"), "report": (2.0, "paths ~ p²"), "writing": (2.0, "p² rows"),
        },
    ),
    Axis(
        "groups", "Groups of a posterior", "groups",
        "200 respondents a group, 18 items, 8 paths, 2 x 1,000 iterations by 4 chains",
        {
            "posterior": (1.0, "groups × paths per gradient"), "reading": (1.0, "n p"),
            "report": (1.0, "groups × paths"), "OLS": (1.0, "n k²"),
        },
    ),
    Axis(
        "ladder", "Groups on the ladder of invariance", "groups",
        "200 respondents a group, 18 items; configural, metric, scalar",
        {"invariance": (3.0, "(groups × parameters)³ per step")},
    ),
    Axis(
        "effects", "Enumerated effects", "effects",
        "5,000 respondents, 4 layers of columns and all their routes, 1,000 replicates",
        {
            "SEM": (1.0, "routes × parameters"), "fragility": (1.5, "60 routes × refits of p³"),
            "bootstrap": (0.75, "R p³, p = 4 routes^¼"), "intervals": (1.0, "R × routes"),
            "writing": (1.0, "routes × replicates"), "report": (1.0, "rows"), "modification": (1.0, "p⁴"),
        },
    ),
)  # fmt: skip


def _cases() -> tuple[Case, ...]:
    people = [
        Case("respondents", n, Shape(n, groups=20), IN_GROUPS) for n in (10_000, 30_000, 100_000, 1_000_000)
    ]
    csv = [Case("csv", n, Shape(n), {"ols": {}}, "answers.csv") for n in (10_000, 100_000, 1_000_000)]
    blank = [Case("patterns", n, Shape(n, (2, 2, 2), blank=0.03), BLANKS) for n in (2_000, 4_000, 8_000)]
    items = [Case("items", 15 * w, Shape(10_000, (w, w, w)), DRAWN) for w in (2, 4, 8)]
    groups = [Case("groups", g, Shape(200 * g, (4, 2), 3, g), POOLED) for g in (10, 100, 300)]
    ladder = [Case("ladder", g, Shape(200 * g, (4, 2), 3, g), LADDER) for g in (5, 10, 20, 30)]
    routes = [
        Case(
            "effects",
            w**4,
            Shape(5_000, (w, w, w, w), 1),
            {**DRAWN, "sem": {"engine": "werksem"}, "effects": True},
        )
        for w in (2, 4, 7, 10)
    ]
    return (*people, *csv, *blank, *items, *groups, *ladder, *routes)


CASES = _cases()

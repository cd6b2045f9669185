"""A printed table of betas beside a run's: how many come out the same, in value, stars, sign and R2."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from werksem.compare.agreement import agrees
from werksem.compare.cells import records
from werksem.compare.stars import stars
from werksem.errors import DataError

__all__ = ["Judged", "judged", "stars_line"]

# "geen effect": the 95 % interval of a standardised beta lies within this of 0
NOTHING = 0.05
R2_ROUNDING = 0.001


@dataclass(frozen=True, slots=True)
class Judged:
    """What was printed of one outcome, what came out, whether it is the same; ``signs`` without numbers."""

    what: str
    published: str
    ours: str
    same: bool
    signs: bool = False
    why: str = ""


def judged(published: pd.DataFrame, estimates: pd.DataFrame) -> list[Judged]:
    """Return one judgement per outcome of a published table; ``estimates`` are one engine's rows, as text.

    Raises ``DataError`` where a published path is not among the estimates.
    """
    beside = _beside(published, estimates)
    explained = estimates[estimates["op"] == "r2"]
    r2 = dict(zip(explained["rhs"], pd.to_numeric(explained["est"]), strict=True))
    return [
        _of_outcome(str(outcome), rows, r2.get(str(outcome), math.nan))
        for outcome, rows in beside.groupby("lhs", sort=False)
    ]


def stars_line(published: pd.DataFrame, estimates: pd.DataFrame) -> Judged:
    """Return how many cells get the printed stars; cells whose numbers contradict each other do not count."""
    beside = _beside(published, estimates)
    sure = beside[beside["known_deviation"] == ""]
    right = sure["our_stars"] == sure["stars"]
    wrong = _named(sure[~right])
    left = len(beside) - len(sure)
    why = f"niet gelijk: {wrong}" if wrong else ""
    why += (
        f"{'; ' if why else ''}{left} cellen tellen niet mee: hun bèta en sterren kunnen niet allebei kloppen"
        if left
        else ""
    )
    said = f"{int(right.sum())} van {len(sure)} cellen dezelfde sterren"
    return Judged("sterren", f"sterren van {len(beside)} cellen", said, bool(right.all()), why=why)


def _of_outcome(outcome: str, rows: pd.DataFrame, r2: float) -> Judged:
    if rows["beta"].notna().any():
        same = [agrees(a, b, r) for a, b, r in zip(rows["std"], rows["beta"], rows["rounding"], strict=True)]
        wrong = _named(rows[[not found for found in same]])
        size, printed, adjusted = len(rows), float(rows["adj_r2"].iloc[0]), _adjusted(r2, rows)
        fits = math.isnan(printed) or agrees(adjusted, printed, R2_ROUNDING)
        ours = f"{sum(same)} van {size} gelijk na afronding; R² {adjusted:.4f}; {_stars_said(rows)}"
        published = f"{size} bèta's, gecorrigeerde R² {printed:.3f}, n {rows['n'].iloc[0]:.0f}"
        name = f"bèta's van {outcome}"
        why = "; ".join(part for part in (_not(wrong), "" if fits else "R² verschilt", _known(rows)) if part)
        return Judged(name, _dutch(published), _dutch(ours), all(same) and fits, why=why)
    signed = rows[rows["sign"] != ""]
    same = [_has_sign(row) for row in records(signed)]
    wrong = _named(signed[[not found for found in same]])
    said = ", ".join(f"{row['rhs']} {row['sign']}" for row in records(signed))
    ours = f"{sum(same)} van {len(signed)} tekens"
    return Judged(f"tekens van {outcome}", said, ours, all(same), signs=True, why=_not(wrong))


def _has_sign(row: dict[str, Any]) -> bool:
    low, high = float(row["std_ci_lower"]), float(row["std_ci_upper"])
    return {"+": low > 0, "-": high < 0, "0": low > -NOTHING and high < NOTHING}[str(row["sign"])]


def _beside(published: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the published rows with the estimates' standardised values, their limits and stars."""
    paths = estimates[estimates["op"] == "~"].assign(group=estimates["group"].replace("", "all"))
    columns = ["std", "std_ci_lower", "std_ci_upper", "pvalue"]
    paths = paths[["lhs", "rhs", "group", *columns]].copy()
    paths[columns] = paths[columns].apply(pd.to_numeric, errors="coerce")
    beside = published.merge(paths, on=["lhs", "rhs", "group"], how="left", validate="one_to_one")
    absent = beside[beside["std"].isna()]
    if len(absent):
        first = absent.iloc[0]
        raise DataError(
            f"the run has no {first.lhs} ~ {first.rhs} (group {first.group}), which was published"
        )
    return beside.assign(our_stars=[stars(p) for p in beside["pvalue"]])


def _stars_said(rows: pd.DataFrame) -> str:
    return f"sterren gelijk in {int((rows['our_stars'] == rows['stars']).sum())} van {len(rows)}"


def _known(rows: pd.DataFrame) -> str:
    """Return what is known to be wrong in the printed cells, once for each reason."""
    wrong = rows[rows["known_deviation"] != ""]
    parts = wrong.groupby("known_deviation", sort=False)["rhs"].agg(", ".join)
    return "; ".join(f"{names}: {str(reason).rstrip('.')}" for reason, names in parts.items())


def _adjusted(r2: float, rows: pd.DataFrame) -> float:
    """Return 1 - (1 - R2)(n - 1)/(n - k - 1), with the printed n and the k predictors of the table."""
    n, k = float(rows["n"].iloc[0]), len(rows)
    return 1 - (1 - r2) * (n - 1) / (n - k - 1)


def _dutch(text: str) -> str:
    return text.replace(".", ",")


def _named(rows: pd.DataFrame) -> str:
    return ", ".join(_each(rows))


def _each(rows: pd.DataFrame) -> Iterator[str]:
    for row in records(rows):
        yield f"{row['rhs']} {row['std']:.3f}".replace(".", ",")


def _not(wrong: str) -> str:
    return f"niet: {wrong}" if wrong else ""

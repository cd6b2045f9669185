"""What a calibration comes to, in numbers: per kind of interval, and of the study's own ones together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from werksem.calibrate.coverage import BROKEN, CONFIDENCE, JUDGED, LEAST, MARGIN, off, own

__all__ = ["Kept", "judged", "kept_of", "needed", "per_kind", "posterior_off", "standing"]

KINDS = (
    "engine", "interval", "own", "quantities", "coverage", "lowest", "highest", "below", "above", "width",
    "level", "used", "failed", "heywood", "surveys", "verdict",
)  # fmt: skip
# the gravest first
VERDICTS = ("not in order", "too low", "biased", "undecided", "too high", "ok")
ONE = ["engine", "interval", "group", "lhs", "op", "rhs"]
# the chance that intervals that cover what they promise are all found in order
CHANCE = 0.9
MOST = 100_000


@dataclass(frozen=True, slots=True)
class Kept:
    """How the study's own intervals of paths and effects fare.

    ``shares`` are levels with their mean coverage, ``total`` intervals of which so many are ``off`` or
    ``undecided`` (one in units and standardised is one), ``failed`` the largest share of surveys without an
    interval, ``short`` how far below its level the coverage of an interval may be for all that is known,
    ``more`` the surveys that would tell by the key that asks for them, ``posterior`` whether its ranks are
    in order. ``unjudged`` others are not among them: so few surveys were asked for, by the keys of
    ``few``, that they could only have been found broken.
    """

    shares: tuple[tuple[float, float], ...]
    total: int
    off: int = 0
    undecided: int = 0
    failed: float = 0.0
    short: float = 0.0
    more: tuple[tuple[str, int], ...] = ()
    posterior: bool = True
    unjudged: int = 0
    few: tuple[tuple[str, int], ...] = ()


def posterior_off(sbc: pd.DataFrame) -> bool:
    """Return whether the ranks of all quantities say that the posterior is not what it says it is."""
    return bool(len(sbc)) and sbc["verdict"].iloc[0] != "calibrated"


def standing(kept: Kept | None) -> str:
    """Return ``broken``, ``undecided`` or ``kept``: the gravest of what was found; empty without intervals.

    >>> standing(Kept(((0.95, 0.948),), 15)), standing(Kept(((0.95, 0.948),), 15, posterior=False))
    ('kept', 'broken')
    """
    if kept is None:
        return ""
    if kept.off or not kept.posterior:
        return "broken"
    return "undecided" if kept.undecided else "kept"


def needed(level: float, intervals: int) -> int:
    """Return the surveys with which intervals that cover ``level`` are all found in order, 9 times in 10.

    The chance of each, by the binomial, is at least 1 - .1 / intervals; in hundreds.

    >>> needed(0.95, 1), needed(0.95, 30)
    (1600, 3100)
    """
    from scipy.stats import binom

    surveys = np.arange(LEAST, MOST + 1, 100)
    # the fewest that hold the truth whose lower limit is at level - .02 or above
    inside = binom.isf((1 - CONFIDENCE) / 2, surveys, level - MARGIN) + 1
    enough = binom.sf(inside - 1, surveys, level) >= 1 - (1 - CHANCE) / intervals
    return int(surveys[enough.argmax()] if enough.any() else MOST)


def judged(table: pd.DataFrame) -> pd.DataFrame:
    """Return the standardised paths and effects of a table of coverage.

    Of the posterior those of all respondents: its groups are in the table itself.
    """
    chosen = table["op"].isin(JUDGED) & (table["quantity"] == "std")
    return table[chosen & ((table["engine"] != "bayes") | (table["group"] == "all"))]


def kept_of(table: pd.DataFrame, sbc: pd.DataFrame) -> Kept | None:
    """Return how the study's own intervals fare, None where it has none; ``sbc`` is empty without ranks."""
    asked = own(table)
    if own(judged(table)).empty:
        return None
    mine = _judgeable(asked)
    shown = judged(mine)
    levels = sorted((float(level) for level in shown["level"].unique()), reverse=True)
    shares = [(level, float(shown.loc[shown["level"] == level, "coverage"].mean())) for level in levels]
    broken = off(table)
    open_ones = mine[mine["verdict"] == "undecided"]
    total = _intervals(mine)
    left_out = asked.drop(mine.index)
    few = left_out.groupby(_key(left_out))["surveys"].max()
    more = {
        key: max(needed(float(level), total) for level in part["level"].unique())
        for key, part in open_ones.groupby(_key(open_ones), sort=False)
    }
    return Kept(
        tuple(shares), total, _intervals(broken), _intervals(open_ones),
        float((mine["failed"] / mine["surveys"]).max()),
        float((mine["level"] - mine["coverage_lower"]).max()), tuple(more.items()), not posterior_off(sbc),
        _intervals(left_out), tuple((str(key), int(surveys)) for key, surveys in few.items()),
    )  # fmt: skip


def _judgeable(mine: pd.DataFrame) -> pd.DataFrame:
    """Return rows of surveys enough to find them in order, or found broken; all where there are no such."""
    enough = (mine["surveys"] >= LEAST) | mine["verdict"].isin(BROKEN)
    return mine[enough] if (mine["surveys"] >= LEAST).any() else mine


def _key(rows: pd.DataFrame) -> pd.Series:
    """Return the key of the study that asks for more surveys of each row."""
    names = {True: "calibrate.posteriors", False: "calibrate.surveys"}
    return (rows["engine"] == "bayes").map(names)


def _intervals(rows: pd.DataFrame) -> int:
    """Return how many intervals rows are of: one in units and one standardised are one."""
    return len(rows[ONE].drop_duplicates())


def per_kind(table: pd.DataFrame) -> pd.DataFrame:
    """Return a row per engine and kind of interval: coverage (mean, ends), misses, width, verdict.

    The verdict is the gravest of its rows.
    """
    rows = []
    for (engine, kind), part in judged(table).groupby(["engine", "interval"], sort=False):
        worst = min(part["verdict"], key=VERDICTS.index)
        rows.append({
            "engine": engine, "interval": kind, "own": bool(part["own"].any()), "quantities": len(part),
            "coverage": part["coverage"].mean(), "lowest": part["coverage"].min(),
            "highest": part["coverage"].max(), "below": part["below"].mean(), "above": part["above"].mean(),
            "width": part["width"].mean(), "level": part["level"].iloc[0], "used": int(part["used"].min()),
            "failed": int(part["failed"].max()), "heywood": int(part["heywood"].max()),
            "surveys": int(part["surveys"].max()), "verdict": worst,
        })  # fmt: skip
    return pd.DataFrame(rows, columns=list(KINDS))

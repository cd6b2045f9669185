"""What a calibration comes to, in numbers: per kind of interval, and of the study's own ones together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from werksem.calibrate.coverage import BIAS, BROKEN, CONFIDENCE, FAILED, JUDGED, LEAST, MARGIN, own

__all__ = ["Kept", "gravest", "judged", "kept_of", "needed", "per_kind", "posterior_off", "standing"]

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
    ``undecided`` (one in units and standardised is one, as grave as the graver of the two), ``failed`` the
    largest share of surveys without an interval, ``short`` how far below its level the coverage of an
    undecided interval may be for all that is known, ``more`` the surveys that would tell, if it keeps its
    promise, by the key that asks for them, ``posterior`` whether its ranks are in order. Of ``doubtful`` of
    the undecided what was found lies beyond half a margin: how many surveys would tell is not to be said.
    ``unjudged`` others are not among them: so few surveys were asked for, by the keys of ``few``, that they
    could only have been found broken.
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
    doubtful: int = 0


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
    worst = gravest(mine)
    open_ones = mine[worst == "undecided"]
    doubtful = open_ones[_doubtful(open_ones).groupby([open_ones[name] for name in ONE]).transform("any")]
    left_out = asked.drop(mine.index)
    few = left_out.groupby(_key(left_out))["surveys"].max()
    return Kept(
        tuple(shares), _intervals(mine), _intervals(mine[worst.isin(BROKEN)]), _intervals(open_ones),
        float((mine["failed"] / mine["surveys"]).max()),
        float((open_ones["level"] - open_ones["coverage_lower"]).max()) if len(open_ones) else 0.0,
        _more(open_ones.drop(doubtful.index), _intervals(mine)), not posterior_off(sbc),
        _intervals(left_out), tuple((str(key), int(surveys)) for key, surveys in few.items()),
        _intervals(doubtful),
    )  # fmt: skip


def gravest(rows: pd.DataFrame) -> pd.Series:
    """Return for each row the gravest verdict of its interval: in units and standardised they are one."""
    order = dict(enumerate(VERDICTS))
    rank = rows["verdict"].map({verdict: place for place, verdict in order.items()})
    return rank.groupby([rows[name] for name in ONE]).transform("min").map(order)


def _doubtful(rows: pd.DataFrame) -> pd.Series:
    """Return of which rows what was found lies beyond half of what is allowed.

    What is found so is no sign that the interval keeps its promise, on which ``needed`` rests.
    """
    covers = rows["coverage"] < rows["level"] - MARGIN / 2
    return covers | (rows["bias"].abs() > BIAS / 2 * rows["sd"]) | (
        rows["failed"] > FAILED / 2 * rows["surveys"])  # fmt: skip


def _more(rows: pd.DataFrame, intervals: int) -> tuple[tuple[str, int], ...]:
    """Return the surveys with which undecided rows that keep their promise are found in order, by key."""
    return tuple(
        (str(key), max(needed(float(level), intervals) for level in part["level"].unique()))
        for key, part in rows.groupby(_key(rows), sort=False)
    )


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

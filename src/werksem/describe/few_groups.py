"""Which groups have too few respondents to be shown, and which must be hidden with them."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from werksem.spec.disclosure import Disclosure

__all__ = ["groups_of_few"]


def groups_of_few(
    counts: pd.DataFrame, rule: Disclosure, already: Collection[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the groups of fewer than ``smallest`` respondents, and those to hide with them (complementary).

    ``counts`` has a row per group and a column per number of respondents that something is made of: all of
    the group, those who answered a certain question; the first orders groups by size. Totals less the groups
    that are shown give those that are hidden together: as long as that is one group, or fewer than
    ``smallest`` respondents, the smallest shown group is hidden too (Willenborg & De Waal, 2001, chapter 6).
    Groups that are hidden ``already`` count as hidden, and are not returned.

    >>> counts = pd.DataFrame({"n": [40, 12, 30, 4]}, index=["a", "b", "c", "d"])
    >>> groups_of_few(counts, Disclosure())
    (('d',), ('b',))
    >>> groups_of_few(counts, Disclosure(complementary=False)), groups_of_few(counts, Disclosure(), "dc")
    ((('d',), ()), ((), ()))
    """
    before = counts.index.isin(list(already))
    small = ((counts > 0) & (counts < rule.smallest)).any(axis=1) & ~before
    few = [str(group) for group in counts.index[small]]
    hidden, also = counts[small | before], []
    # of equals by the first the smallest by the next, and by name: not by who comes first in the data
    shown = counts[~(small | before)].sort_index().sort_values(list(counts.columns), kind="stable")
    while rule.complementary and len(helping := shown[_told(hidden, shown, rule.smallest)]):
        also.append(str(helping.index[0]))
        hidden, shown = pd.concat([hidden, helping.iloc[:1]]), shown.drop(helping.index[0])
    return tuple(few), tuple(also)


def _told(hidden: pd.DataFrame, shown: pd.DataFrame, smallest: int) -> pd.Series:
    """Return which shown groups have respondents where a total would tell of one hidden group, or of few."""
    together = hidden.sum()
    alone = (hidden > 0).sum() == 1
    told = (together > 0) & (alone | (together < smallest))
    return (shown.loc[:, told] > 0).any(axis=1)

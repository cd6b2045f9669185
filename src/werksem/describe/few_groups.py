"""Which groups have too few respondents to be shown, and which must be hidden with them."""

from __future__ import annotations

import pandas as pd

from werksem.spec.disclosure import Disclosure

__all__ = ["groups_of_few"]


def groups_of_few(counts: pd.DataFrame, rule: Disclosure) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the groups of fewer than ``smallest`` respondents, and those to hide with them (complementary).

    ``counts`` has a row per group and a column per number of respondents that something is made of: all of
    the group, those who answered a certain question; the first orders groups by size. Totals less the groups
    that are shown give those that are hidden together: as long as that is one group, or fewer than
    ``smallest`` respondents, the smallest shown group is hidden too (Willenborg & De Waal, 2001, chapter 6).

    >>> counts = pd.DataFrame({"n": [40, 12, 30, 4]}, index=["a", "b", "c", "d"])
    >>> groups_of_few(counts, Disclosure())
    (('d',), ('b',))
    >>> groups_of_few(counts, Disclosure(complementary=False))
    (('d',), ())
    """
    small = ((counts > 0) & (counts < rule.smallest)).any(axis=1)
    few = [str(group) for group in counts.index[small]]
    hidden, also = counts[small], []
    shown = counts[~small].sort_values(counts.columns[0], kind="stable")
    while rule.complementary and len(hidden) and len(shown) and _told(hidden, rule.smallest):
        also.append(str(shown.index[0]))
        hidden, shown = pd.concat([hidden, shown.iloc[:1]]), shown.iloc[1:]
    return tuple(few), tuple(also)


def _told(hidden: pd.DataFrame, smallest: int) -> bool:
    """Return whether a total less the shown groups would be of one group, or of too few respondents."""
    together = hidden.sum()
    alone = (hidden > 0).sum() == 1
    return bool(((together > 0) & (alone | (together < smallest))).any())

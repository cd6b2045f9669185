"""Which groupings of a study's tables lie within others: every group of the one within one of the other."""

from __future__ import annotations

import pandas as pd

from werksem.describe.grouping import group_of
from werksem.describe.reading import Respondents
from werksem.spec.describe import Describe, Grouping
from werksem.spec.table_spec import WAVE

__all__ = ["inside_of", "nested_groupings"]


def nested_groupings(describe: Describe, respondents: Respondents) -> dict[str, tuple[str, dict[str, str]]]:
    """Return per grouping (``repr`` of ``by``) that lies within a coarser one that one, and where groups lie.

    Of several coarser ones it is that of the most groups.
    """
    asked = {
        repr(table.by): table.by
        for table in describe.tables
        if table.by not in (None, WAVE) and not (isinstance(table.by, Grouping) and table.by.indicators)
    }
    if len(asked) < 2:
        return {}
    labels = {
        name: group_of(by, respondents.sample, respondents.codebook).astype(object)
        for name, by in asked.items() if by is not None
    }  # fmt: skip
    order = sorted(labels, key=lambda name: labels[name].nunique())
    found = {}
    for at, name in enumerate(order):
        for coarser in order[:at]:
            inside = inside_of(labels[name], labels[coarser])
            if inside:
                found[name] = coarser, inside
    return found


def inside_of(fine: pd.Series, coarse: pd.Series) -> dict[str, str]:
    """Return in which coarse group each fine one lies; nothing where one lies in several, or in none.

    >>> inside_of(pd.Series(["a", "b", "b"]), pd.Series(["x", "y", "y"]))
    {'a': 'x', 'b': 'y'}
    >>> inside_of(pd.Series(["a", "b", "b"]), pd.Series(["x", "y", "x"]))
    {}
    """
    pairs = pd.DataFrame({"fine": fine, "coarse": coarse})
    pairs = pairs[pairs["fine"].notna()].fillna("").astype(str).drop_duplicates()
    if pairs["fine"].duplicated().any() or (pairs["coarse"] == "").all():
        return {}
    return dict(zip(pairs["fine"], pairs["coarse"], strict=True))

"""The respondents that claims are held against, without groups that no table may show."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from werksem.compare.measured import People
from werksem.describe.few_groups import groups_of_few
from werksem.engines.few import Withheld
from werksem.inputs import Inputs
from werksem.spec.disclosure import Disclosure

__all__ = ["inputs_of_many", "labels_of_many", "people_of_many"]


def labels_of_many(column: pd.Series, rule: Disclosure) -> pd.Series:
    """Return labels, blank for groups of few respondents and for those hidden with them.

    >>> labels_of_many(pd.Series(["a"] * 40 + ["b"] * 12 + ["c"]), Disclosure()).value_counts().to_dict()
    {'a': 40}
    """
    few, also = groups_of_few(column.value_counts(sort=False).to_frame("n"), rule)
    return column.where(~column.isin([*few, *also]), None) if few else column


def people_of_many(sample: People | None, withheld: Withheld, rule: Disclosure) -> People | None:
    """Return the respondents with no label of a hidden group, and no statistic of fewer than ``smallest``."""
    if sample is None:
        return None
    labels = {
        str(name): column.where(~column.astype(str).isin(withheld.inside), None)
        if name == sample.group
        else labels_of_many(column, rule)
        for name, column in sample.labels.items()
    }
    return replace(sample, labels=pd.DataFrame(labels, index=sample.labels.index), smallest=rule.smallest)


def inputs_of_many(inputs: Inputs, withheld: Withheld) -> Inputs:
    """Return the inputs with no group for respondents of hidden ones; they stay among all respondents."""
    if inputs.group is None or not withheld.inside:
        return inputs
    group = inputs.group.astype(object)
    return replace(inputs, group=group.where(~group.astype(str).isin(withheld.inside), None))

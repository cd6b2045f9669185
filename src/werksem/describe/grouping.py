"""The group of every respondent, by a column or by classes of a score."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from werksem.describe.kinds import interval_name
from werksem.describe.sample import Sample
from werksem.describe.variables import values
from werksem.spec.table_spec import Grouping
from werksem.survey.answers import plain
from werksem.survey.codebook import Codebook

__all__ = ["group_of"]


def group_of(by: str | Grouping, sample: Sample, codebook: Codebook) -> pd.Series:
    """Return the group of every respondent (n,), categories in the order of the codebook, else as they come.

    Numbers ascend. Raises ``DataError`` where there is no such column.
    """
    if isinstance(by, Grouping):
        return _classes(by, sample)
    if by not in sample.frame.columns and by not in sample.scores.columns:
        values(sample, by)
    found = sample.frame[by] if by in sample.frame.columns else sample.scores[by]
    texts = found.map(lambda value: plain(value) or None, na_action="ignore")
    ordered = found.dropna().sort_values() if pd.api.types.is_numeric_dtype(found.dtype) else found.dropna()
    present = list(dict.fromkeys(plain(value) for value in ordered.unique()))
    told = [str(code) for code in codebook.variables[by].values] if by in codebook.variables else []
    order = [code for code in told if code in present] + [code for code in present if code not in told]
    return pd.Series(pd.Categorical(texts, categories=order))


def _classes(by: Grouping, sample: Sample) -> pd.Series:
    x = values(sample, by.classes or "")
    at = np.searchsorted(np.array(by.at) + 1e-9, x, side="left")
    ends = (-np.inf, *by.at, np.inf)
    names = by.labels or tuple(interval_name(a, b) for a, b in pairwise(ends))
    codes = np.where(np.isfinite(x), at, -1)
    return pd.Series(pd.Categorical.from_codes(codes.astype(np.int64), categories=pd.Index(list(names))))

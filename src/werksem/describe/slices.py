"""The parts of a sample that a table has rows for: groups within waves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.describe.ratios import Design, clusters
from werksem.describe.sample import Sample
from werksem.errors import DataError, did_you_mean

__all__ = ["Slice", "column", "degrees_of", "design_by_wave", "labels", "slices", "texts"]

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Slice:
    """The respondents ``rows`` (n,) of one group in one wave; empty text is all that have a group."""

    group: str
    wave: str
    rows: Mask


def column(sample: Sample, name: str) -> pd.Series:
    """Return a column of the data as it is; raises ``DataError`` where there is none of that name."""
    if name not in sample.frame.columns:
        raise DataError(f'there is no column "{name}"{did_you_mean(name, map(str, sample.frame.columns))}')
    return sample.frame[name]


def texts(values: pd.Series) -> NDArray[Any]:
    """Return a column (n,) as text, whole numbers without decimals, None where it is blank.

    >>> texts(pd.Series([2022.0, None, 1.5])).tolist()
    ['2022', None, '1.5']
    """
    codes = values.astype("category").cat
    words = np.array([*(_text(value) for value in codes.categories), None], dtype=object)
    found: NDArray[Any] = words[codes.codes.to_numpy()]
    return found


def _text(value: Any) -> str:
    whole = isinstance(value, float | np.floating) and float(value).is_integer()
    return str(int(value)) if whole else str(value).strip()


def labels(values: pd.Series) -> list[str]:
    """Return the different texts of a column in their order: that of its categories, else ascending.

    >>> labels(pd.Series(["b", None, "a"]))
    ['a', 'b']
    """
    kept = values.astype("category").cat.remove_unused_categories()
    return [_text(value) for value in kept.cat.categories]


def slices(sample: Sample, by: object, total: bool = True) -> list[Slice]:
    """Return per wave all respondents together, then those of each group; parts without any are left out.

    Groups are the sample's, else those of the column named ``by``; a row that is blank throughout was
    left out by a filter. Raises ``DataError`` where that column is not there.
    """
    group = sample.group
    if group is None and isinstance(by, str):
        group = column(sample, by)
    every = sample.frame.notna().any(axis=1).to_numpy()
    groups = _parts(group)
    grouped = every if group is None else group.notna().to_numpy()
    groups = [("", grouped), *groups] if total or group is None else groups
    waves = _parts(sample.wave) or [("", every)]
    found = [Slice(g, w, rows & inside & every) for w, inside in waves for g, rows in groups]
    return [part for part in found if part.rows.any()]


def _parts(values: pd.Series | None) -> list[tuple[str, Mask]]:
    if values is None:
        return []
    found = texts(values)
    return [(label, found == label) for label in labels(values)]


def _codes(values: NDArray[Any]) -> NDArray[np.int64]:
    return pd.factorize(values)[0].astype(np.int64)


def design_by_wave(design: Design, wave: pd.Series | None) -> Design:
    """Return the design with each wave as strata of its own: waves are samples drawn independently.

    Numbers of clusters count within a wave; a respondent of no wave is in a stratum of those.
    """
    if wave is None:
        return design
    of = _codes(texts(wave)) + 1

    def within(codes: NDArray[np.int64]) -> NDArray[np.int64]:
        return _codes(of * (codes.max(initial=0) + 1) + codes)

    stratum = of if design.stratum is None else within(design.stratum)
    return replace(
        design, stratum=stratum, cluster=None if design.cluster is None else within(design.cluster)
    )


def degrees_of(base: Mask, design: Design) -> int:
    """Return the degrees of freedom of the respondents in ``base`` (n,): clusters (else they) minus strata.

    As R's ``survey::degf(subset(design, base))``; 0 where the base is empty.

    >>> degrees_of(np.ones(4, dtype=bool), Design(stratum=np.array([0, 0, 1, 1])))
    2
    """
    inside = base if design.weights is None else base & (design.weights > 0)
    units = int(inside.sum()) if design.cluster is None else len(np.unique(clusters(design)[inside]))
    strata = 1 if design.stratum is None else len(np.unique(design.stratum[inside]))
    return max(units - strata, 0)

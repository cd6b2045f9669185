"""Likelihood-ratio tests of nested models, plain and scaled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan

from werksem.inference.fit_measures import chisq_pvalue

__all__ = ["Difference", "chisq_difference"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference of chi-squares with its degrees of freedom and p; ``factor`` scales it."""

    chisq: float
    df: float
    pvalue: float
    factor: float


def chisq_difference(narrow: Mapping[str, float], wide: Mapping[str, float]) -> Difference:
    """Return the test of the narrower model against the wider one it is nested in, from their measures.

    Scaled statistics are compared after Satorra and Bentler (2001): the plain difference over
    (df0 c0 - df1 c1) / (df0 - df1). A negative factor, which the formula allows, gives NaN.

    >>> plain = chisq_difference({"chisq": 40.179, "df": 38}, {"chisq": 38.125, "df": 35})
    >>> round(plain.chisq, 3), plain.df, round(plain.pvalue, 3)
    (2.054, 3, 0.561)
    """
    df = narrow["df"] - wide["df"]
    chisq = narrow["chisq"] - wide["chisq"]
    factor = 1.0
    if "chisq_scaling_factor" in narrow:
        spread = [m["df"] * m["chisq_scaling_factor"] if m["df"] else 0.0 for m in (narrow, wide)]
        factor = (spread[0] - spread[1]) / df if df else nan
        chisq = chisq / factor if factor > 0 else nan
    return Difference(chisq, df, chisq_pvalue(chisq, df), factor)

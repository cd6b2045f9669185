"""What weights and numbers of respondents do: nothing, or a change that is known beforehand."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import assume
from hypothesis import strategies as st

from tests.fuzz.budget import Law
from tests.fuzz.cases import Case, cases
from tests.fuzz.numbers import numbers, same_fit, same_numbers

KIND = "metamorphic"
WEIGHTED = ("weights", "weights and clusters")


def scaled_weights(given: tuple[Case, float]) -> None:
    case, factor = given
    frame = case.frame.assign(gewicht=case.frame["gewicht"] * factor)
    before, after = numbers(case.content, case.frame), numbers(case.content, frame)
    same_numbers(before, after)
    same_fit(before, after)


def rows_twice(given: tuple[Case, int]) -> None:
    """A weight of 2 is the row twice, for estimates."""
    case, seed = given
    weight = np.random.default_rng(seed).integers(1, 4, len(case.frame))
    before = numbers(case.content, case.frame.assign(gewicht=weight))
    repeated = case.frame.loc[case.frame.index.repeat(weight)].assign(gewicht=1)
    after = numbers(case.content, repeated)
    # residual variances of OLS are divided by the number of rows, less k + 1
    same_numbers(before, after, ("est", "std"), ops=("=~", "~", "~1"))
    same_fit(before, after, ("srmr",))


def doubled_data(case: Case) -> None:
    twice = pd.concat([case.frame, case.frame], ignore_index=True)
    before, after = numbers(case.content, case.frame, ("sem",)), numbers(case.content, twice, ("sem",))
    same_numbers(before, after, ("est", "std"))
    if before.sound and after.sound:
        se = before.estimates["se"].astype(float) / np.sqrt(2)
        np.testing.assert_allclose(se, after.estimates["se"].astype(float), rtol=1e-5, atol=1e-8)
    same_fit(before, after, ("chisq", "df", "srmr"), factor=2)


def doubled_ols(case: Case) -> None:
    assume("structural" in case.made.model)
    twice = pd.concat([case.frame, case.frame], ignore_index=True)
    content = {key: value for key, value in case.content.items() if key != "sem"} | {"ols": {}}
    before, after = numbers(content, case.frame), numbers(content, twice)
    same_numbers(before, after, ("est", "std"), ops=("~", "~1"))
    paths = before.estimates.index.get_level_values("op") == "~"
    for outcome in set(before.estimates[paths].index.get_level_values("lhs")):
        n, df = (float(before.fit["ols", "all", f"{measure}.{outcome}"]) for measure in ("n", "f_df2"))
        own = paths & (before.estimates.index.get_level_values("lhs") == outcome)
        for column in ("se",):
            x, y = (found.estimates.loc[own, column].astype(float) for found in (before, after))
            np.testing.assert_allclose(x * np.sqrt(df / (df + n)), y, rtol=1e-9)


LAWS = (
    Law(
        "scaled_weights",
        KIND,
        "weights times a constant change no number",
        "weights, with and without clusters",
        st.tuples(cases(WEIGHTED), st.sampled_from((1e-6, 0.01, 3.0, 1e4))),
        scaled_weights,
        3,
        200,
    ),
    Law(
        "rows_twice",
        KIND,
        "a weight of 2 gives the estimates of the row twice",
        "weights",
        st.tuples(cases(("weights",)), st.integers(0, 2**32 - 1)),
        rows_twice,
        3,
        200,
    ),
    Law(
        "doubled_data",
        KIND,
        "all respondents twice: estimates stay, SEs shrink by √2, chi-square doubles",
        "ML, MLR, GLS, ULS, FIML",
        cases(("ML", "ML with means", "FIML", "groups")),
        doubled_data,
        3,
        200,
    ),
    Law(
        "doubled_ols",
        KIND,
        "all respondents twice: OLS's b and β stay, SEs shrink by √((n-k-1)/(2n-k-1))",
        "OLS",
        cases(("OLS", "ML")),
        doubled_ols,
        3,
        200,
    ),
)

"""What departure ranks would have shown: exact power against ranks that are simulated."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from werksem.calibrate.posterior_shown import ranks_said, ranks_table
from werksem.calibrate.sbc import RANKS
from werksem.calibrate.sbc_power import least_seen, rank_law
from werksem.calibrate.sbc_table import ALPHA, EVERY, KEPT, calibrated
from werksem.calibrate.sbc_uniform import ecdf_power, ecdf_pvalue

LEVEL = 1 - ALPHA / 40


def drawn(numbers: np.random.Generator, surveys: int, shift: float = 0.0, ratio: float = 1.0) -> np.ndarray:
    """Return ranks of truths N(0, 1) among KEPT draws of N(shift, ratio²), drawn one by one."""
    draws = shift + ratio * numbers.standard_normal((surveys, KEPT))
    return (draws < numbers.standard_normal((surveys, 1))).sum(axis=1)


@pytest.mark.parametrize(("shift", "ratio"), [(0.0, 1.0), (0.4, 1.0), (0.0, 0.6)])
def test_the_law_of_ranks_is_that_of_draws(shift: float, ratio: float) -> None:
    numbers = np.random.default_rng(1)
    counts = np.bincount(drawn(numbers, 20_000, shift, ratio), minlength=KEPT + 1)
    assert stats.chisquare(counts, 20_000 * rank_law(KEPT, shift, ratio)).pvalue > 0.001


def test_a_departure_of_the_size_that_is_printed_is_seen_in_eighty_of_a_hundred() -> None:
    shift, ratio = least_seen(100, KEPT, LEVEL)
    numbers, tries = np.random.default_rng(2), 300
    for wrong in ((shift, 1.0), (0.0, ratio)):
        seen = sum(ecdf_pvalue(drawn(numbers, 100, *wrong), KEPT) < 1 - LEVEL for _ in range(tries))
        assert stats.binomtest(seen, tries, 0.8).pvalue > 0.001
    assert ecdf_power(rank_law(KEPT), 100, LEVEL) == pytest.approx(1 - LEVEL, rel=0.2)


def ranks(surveys: int, quantities: int, shift: float) -> pd.DataFrame:
    """Return ranks of many quantities, of which the first alone lies off."""
    numbers = np.random.default_rng(5)
    rank = [drawn(numbers, surveys, shift * (k == 0)) for k in range(quantities)]
    rows = [
        (s, f"y~x{k}", "all", rank[k][s], 0.0, 0.9, 1.0, 800.0, 0)
        for s in range(surveys) for k in range(quantities)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(RANKS))


def test_no_departure_says_which_would_have_been_missed_and_prints_the_verdicts_own_p() -> None:
    table = calibrated(ranks(100, 8, 0.0))
    every = table.iloc[0]
    assert every["verdict"] == "calibrated"
    assert (every["least_shift"], every["least_ratio"]) == least_seen(100, KEPT, 1 - ALPHA / 8)
    said = ranks_said(table, "en")
    p = min(1.0, table["ecdf_pvalue"][1:].min() * 8)
    for text in (
        "no departure was found", f"for all quantities, {p:.3f}".replace("0.", "."),
        f"joint width {every['width_pvalue']:.3f}".replace("0.", "."),
        f"less than {every['least_shift']:.2f} posterior SD".replace("0.", "."), "at least 300",
    ):  # fmt: skip
        assert text in said, text
    assert "at least 300" not in ranks_said(calibrated(ranks(300, 2, 0.0)), "en")


def test_one_wrong_quantity_of_many_is_seen_and_named() -> None:
    table = calibrated(ranks(300, 8, 2 * least_seen(300, KEPT, 1 - ALPHA / 8)[0]))
    assert table.set_index("quantity")["verdict"].eq("not uniform").pipe(lambda v: v[v].index.tolist()) == [
        "y~x0"
    ]
    assert table["verdict"][0] == "not calibrated"
    assert table["quantity"][0] == EVERY
    shown = ranks_table(table, {}, "en").bodies[0].rows
    # the p that the verdict rests on: times the eight quantities
    expected = np.minimum(8 * table["ecdf_pvalue"][2:], 1.0)
    assert [row[2].text for row in shown[1:]] == [f"{p:.3f}".removeprefix("0") for p in expected]

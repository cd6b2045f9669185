"""From ranks to the table: is every quantity calibrated, and are all of them together?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.calibrate.coverage import ERROR, too_many_failed
from werksem.calibrate.sbc_level import KEPT, LIKELIHOOD, Checks, went_wrong
from werksem.calibrate.sbc_power import least_seen
from werksem.calibrate.sbc_uniform import chi_square, ecdf_difference, ecdf_pvalue

__all__ = ["COLUMNS", "EVERY", "KEPT", "calibrated"]

LEVELS = (50, 90, 95)
EVERY = "every quantity"
COLUMNS = (
    "quantity", "group", "posteriors", "draws", "rank_mean", "chisq", "df", "chisq_pvalue", "ecdf_difference",
    "ecdf_pvalue", "coverage_50", "coverage_90", "coverage_95", "z_mean", "z_sd", "contraction", "width",
    "width_pvalue", "least_shift", "least_ratio", "failed", "verdict",
)  # fmt: skip
# family-wise: the chance that any quantity of a calibrated posterior is called not uniform
ALPHA = 0.01


def calibrated(ranks: pd.DataFrame, left: Sequence[str] = ()) -> pd.DataFrame:
    """Return ``sbc.csv``: a row for every quantity together, one per quantity, and one per quantity left out.

    ``ranks`` is ``sbc_ranks.csv``. ``verdict`` of a quantity is ``uniform``, or ``not uniform`` where the
    ECDF's p-value, which is exact, times the number of quantities is below .01; of the first row
    ``calibrated``, ``not calibrated`` where any quantity is not uniform or ``width_pvalue`` is below .01,
    ``not in order`` where by an exact binomial test at .05 more than 5 % of chains have divergences, an R-hat
    above 1.1 or, drawn longer, an effective number of draws below the KEPT that a rank is among. The first
    row's ``chisq_pvalue`` and ``ecdf_pvalue`` are the smallest times how many there are, its coverages the
    means over quantities, and ``least_shift`` (posterior SDs) and ``least_ratio`` (of its SD to the right
    one) how wrong one quantity must be to be called so in 80 % of calibrations of so many surveys.
    """
    chains = ranks.groupby("survey")[["rhat", "ess", "divergences"]].first()
    failed = sum(went_wrong(Checks(*chain)) for chain in chains.itertuples(index=False))
    rows = [
        {"quantity": quantity, "group": group, **_of(found), "failed": failed}
        for (quantity, group), found in ranks.groupby(["quantity", "group"], sort=False)
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table["verdict"] = np.where(table["ecdf_pvalue"] * len(table) < ALPHA, "not uniform", "uniform")
    gone = pd.DataFrame([
        {"quantity": name, "group": "all", "posteriors": 0, "verdict": "not simulated"} for name in left
    ], columns=list(COLUMNS))  # fmt: skip
    every = pd.DataFrame([_together(table, failed, *_width(ranks))], columns=list(COLUMNS))
    parts = [part for part in (every, table, gone) if len(part)]
    whole = pd.concat(parts, ignore_index=True)
    whole.loc[whole["quantity"] == LIKELIHOOD, "contraction"] = (
        np.nan
    )  # of other answers it is another number
    return whole.astype({"draws": "Int64", "df": "Int64", "failed": "Int64"})


def _of(found: pd.DataFrame) -> dict[str, object]:
    ranks: NDArray[np.int64] = found["rank"].to_numpy()
    chisq, df, pvalue = chi_square(ranks, KEPT)
    z = found["z"].to_numpy()
    covered = {f"coverage_{level}": _covered(ranks, level) for level in LEVELS}
    return {
        "posteriors": len(ranks), "draws": KEPT, "rank_mean": ranks.mean() / KEPT, "chisq": chisq, "df": df,
        "chisq_pvalue": pvalue, "ecdf_difference": np.abs(ecdf_difference(ranks, KEPT)).max(),
        "ecdf_pvalue": ecdf_pvalue(ranks, KEPT), **covered, "z_mean": z.mean(), "z_sd": z.std(ddof=1),
        "contraction": found["contraction"].mean(),
    }  # fmt: skip


def _covered(ranks: NDArray[np.int64], level: int) -> float:
    """Return the share of ranks in the central ``level`` % of 0 … KEPT, exact for 120 ranks."""
    out = (KEPT + 1) * (100 - level) // 200
    return float(((ranks >= out) & (ranks <= KEPT - out)).mean())


def _together(table: pd.DataFrame, failed: int, width: float, pvalue: float) -> dict[str, object]:
    posteriors = int(table["posteriors"].max())
    wrong = (table["verdict"] == "not uniform").any() or pvalue < ALPHA
    verdict = "not calibrated" if wrong else "calibrated"
    if too_many_failed(failed, posteriors, ERROR):
        verdict = "not in order"
    averaged = ["rank_mean", *(f"coverage_{level}" for level in LEVELS), "z_mean", "z_sd", "contraction"]
    means = {name: float(table[name].mean()) for name in averaged}
    smallest = {
        name: min(1.0, float(table[name].min()) * len(table)) for name in ("chisq_pvalue", "ecdf_pvalue")
    }
    shift, ratio = least_seen(posteriors, KEPT, 1 - ALPHA / len(table))
    return {
        "quantity": EVERY, "group": "all", "posteriors": posteriors, "draws": KEPT, **means, **smallest,
        "ecdf_difference": table["ecdf_difference"].max(), "width": width, "width_pvalue": pvalue,
        "least_shift": shift, "least_ratio": ratio,
        "failed": failed, "verdict": verdict,
    }  # fmt: skip


def _width(ranks: pd.DataFrame) -> tuple[float, float]:
    """Return the mean over quantities of 12 (u - 1/2)², u = (rank + 1/2) / (KEPT + 1), and its p-value.

    Quantities of one survey hang together, so the p-value is of a t-test over surveys, whose means have the
    expectation 1 - 1 / (KEPT + 1)² however they do.
    """
    from scipy import stats

    u = (ranks["rank"] + 0.5) / (KEPT + 1)
    means = (12 * (u - 0.5) ** 2).groupby(ranks["survey"]).mean().to_numpy()
    expected = 1 - 1 / (KEPT + 1) ** 2
    return float(means.mean()), float(stats.ttest_1samp(means, expected).pvalue)

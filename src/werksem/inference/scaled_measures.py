"""Scaled and robust fit measures, numbers in, numbers out, under lavaan's names.

Scaled: the statistic divided by its factor. Robust CFI and TLI: each chi-square's excess over
factor · df (Brosseau-Liard & Savalei, 2014); robust RMSEA likewise (Brosseau-Liard, Savalei & Li,
2012), its interval from the scaled statistic times the root of the factor. The interval of
``rmsea_scaled`` takes the plain statistic with factor · df degrees of freedom, as lavaan does.
"""

from __future__ import annotations

from math import nan, sqrt

from werksem.inference.fit_measures import cfi, chisq_pvalue, rmsea, rmsea_interval, tli

__all__ = ["scaled_measures"]


def scaled_measures(
    chisq: float, df: float, factor: float, chisq_baseline: float, df_baseline: float,
    factor_baseline: float, n: float, groups: int, *, shift: float = 0.0, shift_baseline: float = 0.0,
) -> dict[str, float]:  # fmt: skip
    """Return the scaled and robust measures of a statistic with this scaling factor.

    A shift is added after scaling (MLMV); the factor of the robust measures is then factor ·
    (df - shift) / df, the plain statistic's expectation over its degrees of freedom.

    >>> found = scaled_measures(85.30552, 24, 0.979042, 918.85159, 36, 1.0440526, 301, 1)
    >>> [round(found[name], 4) for name in ("chisq_scaled", "cfi_robust", "rmsea_ci_lower_robust")]
    [87.1316, 0.9299, 0.0721]
    """
    scaled = chisq / factor + shift if df > 0 else 0.0
    scaled_base = chisq_baseline / factor_baseline + shift_baseline
    spread = factor
    stat, stat_df = (scaled, df) if shift else (chisq, factor * df)
    factor_baseline_printed = factor_baseline
    if shift:
        factor *= (df - shift) / df
        factor_baseline *= (df_baseline - shift_baseline) / df_baseline
    lower, upper = rmsea_interval(stat, stat_df, n, groups) if df > 0 else (0.0, 0.0)
    robust_lower, robust_upper = rmsea_interval(scaled, df, n, groups)
    excess, excess_base = chisq - factor * df, chisq_baseline - factor_baseline * df_baseline
    return {
        "chisq_scaled": scaled,
        "df_scaled": float(df),
        "pvalue_scaled": chisq_pvalue(scaled, df),
        "chisq_scaling_factor": spread if df > 0 else nan,
        "baseline_chisq_scaled": scaled_base,
        "baseline_df_scaled": float(df_baseline),
        "baseline_chisq_scaling_factor": factor_baseline_printed,
        "cfi_scaled": cfi(scaled, df, scaled_base, df_baseline),
        "tli_scaled": tli(scaled, df, scaled_base, df_baseline),
        "cfi_robust": cfi(excess, 0.0, excess_base, 0.0),
        "tli_robust": 1 - excess * df_baseline / (excess_base * df) if df > 0 and excess_base else 1.0,
        "rmsea_scaled": rmsea(stat, stat_df, n, groups) if df > 0 else 0.0,
        "rmsea_ci_lower_scaled": lower,
        "rmsea_ci_upper_scaled": upper,
        "rmsea_robust": sqrt(max(excess, 0.0) * groups / (n * df)) if df > 0 else 0.0,
        "rmsea_ci_lower_robust": robust_lower * sqrt(max(spread, 0.0)),
        "rmsea_ci_upper_robust": robust_upper * sqrt(max(spread, 0.0)),
    }

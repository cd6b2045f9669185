"""Fit measures, numbers in, numbers out, under lavaan's names.

Formulas as in lavaan 0.6 (normal likelihood): chi-square n F; CFI and TLI against the
independence model; RMSEA with its 90 % interval from the noncentral chi-square (Steiger);
SRMR after Bentler; AIC and BIC from the log-likelihood.
"""

from __future__ import annotations

from math import log, nan, sqrt

__all__ = ["cfi", "chisq_pvalue", "information_criteria", "rmsea", "rmsea_interval", "rmsea_pvalue", "tli"]


def chisq_pvalue(chisq: float, df: float) -> float:
    """Return the upper tail of the chi-square distribution, NaN without degrees of freedom.

    >>> f"{chisq_pvalue(85.306, 24):.2e}"
    '8.50e-09'
    """
    from scipy.special import chdtrc

    return float(chdtrc(df, chisq)) if df > 0 else nan


def cfi(chisq: float, df: float, chisq_baseline: float, df_baseline: float) -> float:
    """Return the comparative fit index, between 0 and 1.

    >>> round(cfi(85.306, 24, 918.852, 36), 3)
    0.931
    """
    misfit = max(chisq - df, 0.0)
    worst = max(misfit, chisq_baseline - df_baseline, 0.0)
    return 1.0 if worst == 0 else 1 - misfit / worst


def tli(chisq: float, df: float, chisq_baseline: float, df_baseline: float) -> float:
    """Return the Tucker-Lewis index, 1 without degrees of freedom.

    >>> round(tli(85.306, 24, 918.852, 36), 3)
    0.896
    """
    if df <= 0 or df_baseline <= 0:
        return 1.0
    baseline = chisq_baseline / df_baseline
    return 1.0 if baseline == 1 else (baseline - chisq / df) / (baseline - 1)


def rmsea(chisq: float, df: float, n: float, groups: int = 1) -> float:
    """Return the root mean square error of approximation, 0 without degrees of freedom.

    >>> round(rmsea(85.306, 24, 301), 3)
    0.092
    """
    return sqrt(max((chisq - df) / (n * df), 0.0) * groups) if df > 0 else 0.0


def rmsea_interval(
    chisq: float, df: float, n: float, groups: int = 1, level: float = 0.90
) -> tuple[float, float]:
    """Return the limits of RMSEA's interval: the noncentralities at which chisq sits in either tail.

    >>> [round(limit, 3) for limit in rmsea_interval(85.306, 24, 301)]
    [0.071, 0.114]
    """
    if df <= 0:
        return 0.0, 0.0
    tail = (1 - level) / 2
    lower, upper = (_noncentrality(chisq, df, share) for share in (1 - tail, tail))
    return sqrt(lower * groups / (n * df)), sqrt(upper * groups / (n * df))


def rmsea_pvalue(chisq: float, df: float, n: float, groups: int = 1, close: float = 0.05) -> float:
    """Return the probability of a chisq as large as this where RMSEA is ``close`` (test of close fit)."""
    if df <= 0:
        return nan
    from scipy.stats import chi2, ncx2

    # the noncentral distribution lies above the central one; scipy overflows far down its tail
    if chi2.cdf(chisq, df) < 1e-17:
        return 1.0
    return float(ncx2.sf(chisq, df, n * df * close**2 / groups))


def _noncentrality(chisq: float, df: float, share: float) -> float:
    """Return the noncentrality at which chisq has this share of the distribution below it."""
    from scipy.optimize import brentq
    from scipy.stats import chi2, ncx2

    if chi2.cdf(chisq, df) < share:
        return 0.0

    def excess(ncp: float) -> float:
        return float(ncx2.cdf(chisq, df, ncp)) - share if ncp > 0 else float(chi2.cdf(chisq, df)) - share

    top = max(chisq, 1.0)
    while excess(top) > 0:
        top *= 2
    return float(brentq(excess, 0.0, top, xtol=1e-9 * max(top, 1.0)))


def information_criteria(logl: float, npar: int, n: float) -> dict[str, float]:
    """Return AIC, BIC and the sample-size adjusted BIC.

    >>> round(information_criteria(-3737.745, 21, 301)["aic"], 2)
    7517.49
    """
    return {
        "aic": -2 * logl + 2 * npar,
        "bic": -2 * logl + npar * log(n),
        "bic2": -2 * logl + npar * log((n + 2) / 24),
    }

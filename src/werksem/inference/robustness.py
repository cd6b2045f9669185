"""How strong an omitted cause must be to undo a regression coefficient: robustness values.

With f = |t| / sqrt(df), Cohen's partial f, a confounder that explains a share RV of the residual
variance of both predictor and outcome brings the estimate to 0 (Cinelli & Hazlett, 2020,
Journal of the Royal Statistical Society B 82, section 4.3).
"""

from __future__ import annotations

from math import nan, sqrt

__all__ = ["critical_t", "partial_f", "robustness_value"]


def critical_t(df: float, alpha: float) -> float:
    """Return the two-sided critical value of t.

    >>> round(critical_t(10, 0.05), 4)
    2.2281
    """
    from scipy.special import stdtrit

    return float(stdtrit(df, 1 - alpha / 2))


def partial_f(t: float, df: float) -> float:
    """Return the partial f of a predictor, |t| / sqrt(df), t with the classical standard error.

    >>> partial_f(-2.0, 100.0)
    0.2
    """
    return abs(t) / sqrt(df) if df > 0 else nan


def robustness_value(t: float, df: float, alpha: float = 1.0, se_ratio: float = 1.0) -> float:
    """Return the robustness value RV, a share from 0 to 1, NaN where df is no more than 1.

    RV = (sqrt(f⁴ + 4 f²) - f²) / 2, with f the partial f (``alpha`` 1: the estimate becomes 0) or
    what is left of it after the critical value, f - t* / sqrt(df - 1) (its test at ``alpha`` no
    longer rejects); where explaining the outcome completely asks less, (f² - f*²) / (1 + f²).
    ``t`` and ``df`` are the classical ones; ``se_ratio`` is how many times larger the standard error
    in use is, which enlarges the critical value.

    >>> [round(robustness_value(4.18445, 783, alpha), 3) for alpha in (1.0, 0.05)]
    [0.139, 0.076]
    """
    if not df > 1 or not abs(t) < float("inf"):
        return nan
    f = partial_f(t, df)
    if alpha >= 1:
        return _equal_shares(f)
    critical = critical_t(df - 1, alpha) * se_ratio / sqrt(df - 1)
    if f <= critical:
        return 0.0
    if f < 1 / critical:
        return _equal_shares(f - critical)
    return (f**2 - critical**2) / (1 + f**2)


def _equal_shares(f: float) -> float:
    return (sqrt(f**4 + 4 * f**2) - f**2) / 2

"""Test statistics of least squares, plain and scaled, from traces over groups.

With A = W Delta: tr(U gamma) = tr(W gamma) - tr(E^-1 A'gamma A), and tr((U gamma)^2) =
tr(W gamma W gamma) - 2 tr(E^-1 A'gamma W gamma A) + tr((E^-1 A'gamma A)^2), so that U is not formed.
Of group g, W carries n_g/n and gamma its inverse, so only A'gamma A and A'gamma W gamma A carry n_g/n.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
from numpy.typing import NDArray

from werksem.inference.fit_measures import chisq_pvalue

__all__ = ["Part", "ScaledResult", "bread_of", "scaled_result"]

Array = NDArray[np.float64]
NOTHING = 1e-8


@dataclass(frozen=True, slots=True)
class Part:
    """One group with its share n_g/n: weights, gamma (m, m), Jacobian (m, f), residuals (m,)."""

    n: float
    share: float
    weight: Array
    gamma: Array | None
    jacobian: Array
    residual: Array

    @property
    def chisq(self) -> float:
        """(n - 1) times the weighted sum of squared residuals."""
        return (self.n - 1) * float(self.residual @ self.weighted(self.residual))

    def weighted(self, values: Array) -> Array:
        """Return W times a matrix or vector."""
        if self.weight.ndim == 2:
            return self.weight @ values
        return self.weight * values if values.ndim == 1 else self.weight[:, None] * values

    def meat(self) -> Array:
        """Return Delta'W gamma W Delta (f, f)."""
        if self.gamma is None:
            raise ValueError("robust covariances need gamma")
        A = self.weighted(self.jacobian)
        return np.asarray(A.T @ (self.gamma @ A))

    def traces(self) -> tuple[float, float, Array, Array]:
        """Return tr(W gamma), tr(W gamma W gamma), A'gamma A and A'gamma W gamma A."""
        if self.gamma is None:
            raise ValueError("scaled tests need gamma")
        A = self.weighted(self.jacobian)
        gamma_A = self.gamma @ A
        if self.weight.ndim == 1:
            first = float(self.weight @ np.diag(self.gamma))
            second = float(self.weight @ self.gamma**2 @ self.weight)
        else:
            product = self.weight @ self.gamma
            first, second = float(np.trace(product)), float(np.einsum("ij,ji->", product, product))
        return first, second, A.T @ gamma_A, gamma_A.T @ self.weighted(gamma_A)


@dataclass(frozen=True, slots=True)
class ScaledResult:
    """A test, unscaled and scaled; ``trace`` is tr(U gamma). Scaled entries are NaN where unscaled."""

    kind: str
    chisq: float
    df: int
    scaled: float = nan
    df_scaled: float = nan
    pvalue_scaled: float = nan
    factor: float = nan
    shift: float = nan
    trace: float = nan


def bread_of(parts: Sequence[Part]) -> Array:
    """Return E^-1 (f, f) of parts that share no constraint."""
    E = sum(part.share * part.jacobian.T @ part.weighted(part.jacobian) for part in parts)
    return np.linalg.inv(np.asarray(E))


def scaled_result(parts: Sequence[Part], bread: Array, df: int, kind: str) -> ScaledResult:
    """Return the test of a model: ``standard``, or scaled by mean, by mean and variance, or shifted."""
    chisq = sum(part.chisq for part in parts)
    # what a saturated model leaves is rounding
    chisq = chisq if chisq > NOTHING else 0.0
    if kind == "standard":
        return ScaledResult(kind, chisq, df)
    if df <= 0:
        return ScaledResult(kind, chisq, df, chisq, float(df))
    found = [part.traces() for part in parts]
    B = sum(part.share * meat for part, (_, _, meat, _) in zip(parts, found, strict=True))
    C = sum(part.share * double for part, (_, _, _, double) in zip(parts, found, strict=True))
    EB = bread @ B
    trace = sum(first for first, _, _, _ in found) - float(np.trace(EB))
    square = sum(second for _, second, _, _ in found) - 2 * float(np.einsum("ij,ji->", bread, C))
    square += float(np.einsum("ij,ji->", EB, EB))
    # the baseline's trace under DWLS is its df: rounding must not decide what depends on a factor of 1
    trace = float(df) if abs(trace - df) < 1e-11 * df else trace
    return _scaled(kind, chisq, df, trace, square)


def _scaled(kind: str, chisq: float, df: int, trace: float, square: float) -> ScaledResult:
    df_scaled, shift = float(df), nan
    if kind == "satorra_bentler":
        factor = trace / df
        scaled = chisq / factor
    elif kind == "mean_var_adjusted":
        df_scaled = trace**2 / square
        factor = trace / df_scaled
        scaled = chisq / factor
    elif kind == "scaled_shifted":
        factor = sqrt(square / df)
        shift = df - trace / factor
        scaled = chisq / factor + shift
    else:
        raise ValueError(f"{kind!r} is not a test")
    pvalue = chisq_pvalue(max(scaled, 0.0), df_scaled)
    return ScaledResult(kind, chisq, df, scaled, df_scaled, pvalue, factor, shift, trace)

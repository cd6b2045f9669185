"""Claims about paths against one another: stronger, weaker, as strong, no trade-off, suppression, R².

Each function returns the verdict and what decided it, None where the engine has no joint values.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from werksem.compare.beliefs import Belief
from werksem.compare.found import Found, contrast
from werksem.compare.paths_claimed import Judged, beliefs_of
from werksem.compare.said import beyond, interval, joined, joint_sign
from werksem.compare.verdicts import (
    CONFIRMED,
    REFUTED,
    THRESHOLDS,
    UNDECIDED,
    Limits,
    Thresholds,
    all_of,
    bounded,
    no_effect,
    smallest,
    stronger,
    wider,
)
from werksem.describe.contrasts import holm
from werksem.spec.claims import (
    R2,
    AsStrongAs,
    Bounded,
    DeltaR2,
    NoTradeOff,
    StrongerThan,
    Suppression,
    WeakerThan,
    tidy,
)

__all__ = ["alike", "bounds_of", "explained", "suppressed", "surpassed", "traded"]


def surpassed(claim: StrongerThan | WeakerThan, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge |path| above (or below) each of the others, by the contrasts' intervals."""
    pairs = [(claim.path, other) for other in claim.than]
    if isinstance(claim, WeakerThan):
        pairs = [(other, one) for one, other in pairs]
    contrasts = [contrast(found, one, other) for one, other in pairs]
    known = [one for one in contrasts if one is not None]
    if len(known) < len(contrasts):
        return None
    said = [interval(one) + beyond(one, 1) for one in known]
    verdict = all_of(stronger(one.limits, len(known), at) for one in known)
    return verdict, joined(said, joint_sign(known, [1] * len(known)))


def alike(claim: AsStrongAs, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge whether every two paths differ by less than the rope in absolute value."""
    contrasts = [contrast(found, one, other) for one, other in combinations(claim.paths, 2)]
    known = [one for one in contrasts if one is not None]
    if len(known) < len(contrasts):
        return None
    rope = claim.rope or at.rope
    verdict = all_of(no_effect(one.limits, rope, len(known), at) for one in known)
    return verdict, joined([interval(one, THRESHOLDS.inside) for one in known])


def traded(claim: NoTradeOff, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge that no predictor raises one outcome while it lowers another.

    Confirmed where each predictor lowers none by more than the rope, or raises none, by 95 % intervals: with
    either to choose from, each has half of the 5 %. Refuted where one is positive for an outcome and negative
    for another, at level 1 - 5 % / all paths.
    """
    rope = claim.rope or at.rope
    rows = [beliefs_of(found, [f"{y} ~ {x}" for y in claim.outcomes]) for x in claim.predictors]
    known = [row for row in rows if row is not None]
    if len(known) < len(rows):
        return None
    count = len(claim.predictors) * len(claim.outcomes)
    return all_of(_trade(row, rope, count, at) for row in known), joined(
        [interval(b, THRESHOLDS.level) for row in known for b in row]
    )


def _trade(row: Sequence[Belief], rope: float, count: int, at: Thresholds) -> str:
    # two ways to confirm: 90 % intervals would let one of them pass by chance in 10 %
    inside = [b.limits(at.level) for b in row]
    if all(low > -rope for low, _ in inside) or all(high < rope for _, high in inside):
        return CONFIRMED
    outer = [b.limits(wider(count, at)) for b in row]
    both = any(low > 0 for low, _ in outer) and any(high < 0 for _, high in outer)
    return REFUTED if both else UNDECIDED


def suppressed(claim: Suppression, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge suppression: path and correlation of other signs, both apart from 0, by Holm over the family.

    A path's p-value is the larger of the two (both must be there); where their signs agree it is 1.
    Refuted where a path and its correlation have one sign and both are apart from 0.
    """
    family = [tidy(path) for path in claim.family or claim.paths]
    family += [tidy(path) for path in claim.paths if tidy(path) not in family]
    betas, zero = beliefs_of(found, family), beliefs_of(found, [_pair(path) for path in family])
    if betas is None or zero is None:
        return None
    pvalues = [_opposed(b, r) for b, r in zip(betas, zero, strict=True)]
    corrected = dict(zip(family, zip(pvalues, holm(np.array(pvalues)), strict=True), strict=True))
    verdicts, said = [], []
    for path in map(tidy, claim.paths):
        b, r = betas[family.index(path)], zero[family.index(path)]
        plain, p = corrected[path]
        same = b.est * r.est > 0 and all(_apart(one.limits, len(claim.paths), at) for one in (b, r))
        verdicts.append(CONFIRMED if p <= 1 - at.level else REFUTED if same else UNDECIDED)
        vif = _vif(found, path)
        said += [
            interval(b),
            interval(r),
            f"p {plain:.4f}, Holm {p:.4f}" + (f", VIF {vif:.2f}" if vif else ""),
        ]
    return all_of(verdicts), joined([*said, found.say("suppression")])


def _pair(path: str) -> str:
    return tidy(path.replace("~", "~~"))


def _apart(limits: Limits, count: int, at: Thresholds) -> bool:
    low, high = limits(wider(count, at))
    return low > 0 or high < 0


def _opposed(beta: Belief, zero: Belief) -> float:
    """Return the p-value of both being apart from 0 with other signs."""
    if beta.est * zero.est >= 0:
        return 1.0
    return max(smallest(lambda alpha, b=b: _out(b, alpha), 1 - 1e-9) for b in (beta, zero))  # type: ignore[misc]


def _out(belief: Belief, alpha: float) -> bool:
    low, high = belief.limits(1 - alpha)
    return low > 0 or high < 0


def _vif(found: Found, path: str) -> float | None:
    """Return how much a predictor's variance is inflated by the others of its equation."""
    outcome, predictor = path.split(" ~ ")
    names = _predictors(found, outcome)
    if len(names) < 2:
        return None
    at = names.index(predictor)
    belief = found.combined(
        _pairs(names), lambda v: np.linalg.inv(_matrix(v, len(names)))[..., at, at], "VIF"
    )
    return None if belief is None else belief.est


def explained(claim: R2 | DeltaR2, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge explained variance, of all predictors or what some of them add, by the delta method."""
    beliefs = [_explained(claim, found, outcome) for outcome in claim.outcomes]
    known = [belief for belief in beliefs if belief is not None]
    if len(known) < len(beliefs):
        return None
    low, high = bounds_of(claim)
    verdict = all_of(bounded(b.limits, low, high, len(known), at) for b in known)
    level = THRESHOLDS.inside if claim.between else THRESHOLDS.level
    return verdict, joined([interval(b, level) for b in known])


def bounds_of(claim: Bounded) -> tuple[float, float]:
    """Return the lowest and the highest value that the claim allows."""
    if claim.between is not None:
        return claim.between
    return (
        -np.inf if claim.at_least is None else claim.at_least,
        np.inf if claim.at_most is None else claim.at_most,
    )


def _explained(claim: R2 | DeltaR2, found: Found, outcome: str) -> Belief | None:
    names = _predictors(found, outcome)
    if not names:
        return None
    k, block = len(names), set(getattr(claim, "predictors", ()))
    rest = [i for i, name in enumerate(names) if name not in block]
    ratio = (found.n - 1) / (found.n - k - 1) if getattr(claim, "adjusted", False) else 1.0

    def value(correlations: Any) -> Any:
        R = _matrix(correlations, k + 1)
        r2 = _r2(R, list(range(k)))
        if isinstance(claim, DeltaR2):
            return r2 - (_r2(R, rest) if rest else 0)
        return 1 - (1 - r2) * ratio

    label = "ΔR²" if isinstance(claim, DeltaR2) else "adj. R²" if claim.adjusted else "R²"
    return found.combined(_pairs([*names, outcome]), value, f"{label} {outcome}")


def _r2(R: Any, chosen: list[int]) -> Any:
    r = R[..., chosen, -1]
    inner = R[..., chosen, :][..., :, chosen]
    return (r * np.linalg.solve(inner, r[..., None])[..., 0]).sum(axis=-1)


def _predictors(found: Found, outcome: str) -> list[str]:
    split = [path.split(" ~ ") for path in found.paths]
    return [predictor for name, predictor in split if name == outcome]


def _pairs(names: Sequence[str]) -> list[str]:
    return [f"{a} ~~ {b}" for a, b in combinations(names, 2)]


def _matrix(values: Any, size: int) -> Any:
    """Return correlation matrices (…, k, k) from their pairs (…, k (k - 1) / 2), row by row."""
    R = np.zeros((*values.shape[:-1], size, size), dtype=values.dtype)
    i, j = np.triu_indices(size, 1)
    R[..., i, j] = values
    R[..., j, i] = values
    R[..., range(size), range(size)] = 1
    return R

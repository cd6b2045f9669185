"""What one engine found, as the rules of claims ask for it: single values and what is made of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from werksem.bayes.quantities import Pooled
from werksem.compare.beliefs import Belief, from_draws, from_posterior, from_rows
from werksem.compare.verdicts import Limits
from werksem.estimators.joint import Joint
from werksem.inference.delta import complex_jacobian
from werksem.spec.claims import Statistic, tidy

__all__ = ["EDGE", "Found", "Function", "Say", "contrast", "derived", "found_by", "size"]

Function = Callable[[Any], Any]
Say = Callable[[str], str]
EDGE = 0.005  # true values this near a bound decide nothing: sources print two decimals


@dataclass(frozen=True, slots=True)
class Found:
    """One engine's answers, None where it has none.

    ``belief`` on a path, effect or correlation; ``combined`` on a function of several, of values (…, k);
    ``paths`` are the paths it has. Of respondents (engine ``data``): ``measured`` gives statistics
    together, ``labels`` the groups of a column, ``ranked`` whether groups' values of a variable may be put
    in order. ``say`` turns a keyword into the study's language.
    """

    engine: str
    say: Say
    belief: Callable[[str], Belief | None]
    combined: Callable[[Sequence[str], Function, str], Belief | None]
    paths: tuple[str, ...] = ()
    n: float = np.nan
    measured: Callable[[Sequence[Statistic]], Joint | None] = lambda _: None
    labels: Callable[[str | None], tuple[str, ...]] = lambda _: ()
    ranked: Callable[[Statistic], bool] = lambda _: True


def found_by(
    engine: str, say: Say, *, estimates: pd.DataFrame, joint: Joint | None = None,
    pooled: Pooled | None = None, group: str | None = None,
) -> Found:  # fmt: skip
    """Return an engine's answers: of a posterior by its draws, else by rows and joint values."""
    if pooled is not None:
        return Found(
            engine, say, lambda path: from_posterior(pooled, path, group),
            partial(_of_draws, pooled, group),
            tuple(f"{q.lhs} ~ {q.rhs}" for q in pooled.quantities if q.op == "~"),
        )  # fmt: skip
    paths = () if joint is None else tuple(name for name in joint.names if " ~ " in name)

    def belief(path: str) -> Belief | None:
        row = None if joint is not None and joint.exact else from_rows(estimates, engine, path, group)
        return row or combined([path], lambda v: v[..., 0], tidy(path))

    def combined(names: Sequence[str], function: Function, name: str) -> Belief | None:
        return None if joint is None else derived(joint, names, function, name, group or "all")

    n = np.nan if joint is None else joint.n
    return Found(engine, say, belief, combined, tuple(dict.fromkeys(paths)), n)


def _of_draws(
    pooled: Pooled, group: str | None, names: Sequence[str], function: Function, name: str
) -> Belief | None:
    beliefs = [from_posterior(pooled, path, group) for path in names]
    draws = [b.draws for b in beliefs if b is not None and b.draws is not None]
    return from_draws(name, function(np.stack(draws, axis=-1))) if len(draws) == len(names) else None


def derived(
    joint: Joint, names: Sequence[str], function: Function, name: str, group: str = "all"
) -> Belief | None:
    """Return what ``function`` makes of joint values (…, k): by replicates, else by the delta method.

    None where a name is not among them.

    >>> two = Joint(("a", "b"), ("all", "all"), np.array([0.3, 0.1]), np.diag([0.01, 0.01]), 9.0)
    >>> found = derived(two, ["a", "b"], lambda v: v[..., 0] - v[..., 1], "a - b")
    >>> round(found.est, 3), [round(limit, 3) for limit in found.limits(0.95)]
    (0.2, [-0.077, 0.477])
    """
    place = {(g, label): i for i, (g, label) in enumerate(zip(joint.groups, joint.names, strict=True))}
    at = [place.get((group, tidy(path)), -1) for path in names]
    if min(at) < 0 or not np.isfinite(joint.est[at]).all():
        return None
    est = float(function(joint.est[at]))
    if joint.exact:
        return Belief(name, est, lambda _: (est - EDGE, est + EDGE))
    if joint.draws is not None:
        return Belief(name, est, from_draws(name, function(joint.draws[:, at])).limits)
    gradient = complex_jacobian(lambda v: function(v)[..., None], joint.est[at])[0]
    se = float(np.sqrt(gradient @ joint.cov[np.ix_(at, at)] @ gradient))
    return Belief(name, est, wald(est, se, joint.degrees))


def wald(est: float, se: float, degrees: float = np.inf) -> Limits:
    """Return est ± quantile · se by level; Student's t, the normal with infinite ``degrees``.

    Without spread nothing was measured, and the limits are NaN: they decide nothing.

    >>> [round(limit, 3) for limit in wald(0.0, 1.0)(0.95)]
    [-1.96, 1.96]
    """
    from scipy.special import stdtrit

    def limits(level: float) -> tuple[float, float]:
        chance = (1 + level) / 2
        t = NormalDist().inv_cdf(chance) if np.isinf(degrees) else float(stdtrit(degrees, chance))
        half = t * se if se > 0 else np.nan
        return est - half, est + half

    return limits


def size(values: Any) -> Any:
    """Return absolute values, by the sign of the real part where values are complex steps.

    >>> size(np.array([-2.0, 1.0])).tolist()
    [2.0, 1.0]
    """
    return np.where(np.real(values) < 0, -values, values)


def contrast(found: Found, one: str, other: str) -> Belief | None:
    """Return |one| - |other| of two standardised paths."""
    name = f"|{tidy(one)}| - |{tidy(other)}|"
    return found.combined([one, other], lambda v: size(v[..., 0]) - size(v[..., 1]), name)

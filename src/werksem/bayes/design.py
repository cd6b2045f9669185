"""The regressions as arrays of one shape: what varies, on which scale, under which priors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.block import Block, block
from werksem.bayes.joint import Joint, alone
from werksem.bayes.names import coefficient_name, intercept_name
from werksem.bayes.priors import Given
from werksem.bayes.priors_by_level import (
    LEVELS,
    lkj,
    mean_prior,
    path_prior,
    sd_prior,
    spread_intercept,
    spread_prior,
)  # fmt: skip
from werksem.bayes.statistics import Statistics, pooled_cov
from werksem.errors import SpecError, did_you_mean
from werksem.spec.priors import Prior

__all__ = ["Design", "design"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Design:
    """E regressions in G groups as padded arrays, in units of the pooled within-group SDs.

    P = most predictors of a regression, K = P + 1 coefficients, the intercept first. ``n`` (E, G)
    and ``cross`` (E, G, K + 1, K + 1) are the sufficient statistics; ``scale_x`` (E, P) and
    ``scale_y`` (E,) the units, ``mean_x`` (E, P) and ``mean_y`` (E,) the grand means. ``paths`` are the
    parameters' names, each once, ``path_of`` (E, P) which of them a predictor has (-1: none) and
    ``ratio`` (E, P) that coefficient in the regression's own units. ``varies`` (E, K) says which
    coefficients differ between groups, and ``lever`` (E, P) the distance, in units of x, from the
    point where the intercepts' deviations are independent of the paths' to the grand means: zero
    by default, the grand means themselves where the user's ``between_sd`` speaks of raw intercepts.
    ``nested_varies`` and ``nested_priors`` are those of the units within groups. ``blocks`` holds the
    regressions
    that are estimated jointly, each regression once; ``residual_prior`` is of their residuals' correlations,
    ``between_prior`` of the deviations' (None: independent).
    """

    statistics: tuple[Statistics, ...]
    groups: tuple[str, ...]
    paths: tuple[str, ...]
    path_of: NDArray[np.int64]
    ratio: Array
    varies: NDArray[np.bool_]
    lever: Array
    n: Array
    cross: Array
    scale_x: Array
    scale_y: Array
    mean_x: Array
    mean_y: Array
    path_priors: tuple[Prior, ...]
    mean_priors: tuple[Prior | None, ...]
    sd_priors: tuple[Prior, ...]
    between_priors: tuple[Prior, ...]
    nested_varies: NDArray[np.bool_]
    nested_priors: tuple[Prior, ...]
    residual_prior: Prior
    between_prior: Prior | None
    blocks: tuple[Block, ...]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcome of each regression."""
        return tuple(found.equation.outcome for found in self.statistics)

    @property
    def varying(self) -> tuple[str, ...]:
        """The names of the coefficients that differ between groups, regression by regression."""
        return tuple(coefficient_name(self.statistics[e], k) for e, k in np.argwhere(self.varies).tolist())

    @property
    def nested_varying(self) -> tuple[str, ...]:
        """The names of the coefficients that differ between the units within groups."""
        return tuple(
            coefficient_name(self.statistics[e], k) for e, k in np.argwhere(self.nested_varies).tolist()
        )

    @property
    def residual_pairs(self) -> tuple[tuple[int, int], ...]:
        """Which regressions' residuals covary, block by block."""
        return tuple((b.members[i], b.members[j]) for b in self.blocks for i, j in b.pairs)

    @property
    def between_pairs(self) -> tuple[tuple[str, str], ...]:
        """The names of the coefficients whose deviations of groups covary, block by block."""
        return self._pairs([b.varies for b in self.blocks])

    @property
    def nested_pairs(self) -> tuple[tuple[str, str], ...]:
        """The names of the coefficients whose deviations of units covary, block by block."""
        return self._pairs([b.nested for b in self.blocks])

    def _pairs(self, places: Sequence[NDArray[np.int64]]) -> tuple[tuple[str, str], ...]:
        if self.between_prior is None:
            return ()
        return tuple(
            (
                coefficient_name(self.statistics[b.e[at[j]]], b.k[at[j]]),
                coefficient_name(self.statistics[b.e[at[i]]], b.k[at[i]]),
            )
            for b, at in zip(self.blocks, places, strict=True)
            for i in range(len(at))
            for j in range(i)
        )


def design(
    found: Sequence[Statistics], vary: Sequence[str], given: Given, joints: Sequence[Joint] = (),
    vary_nested: Sequence[str] = (),
) -> Design:  # fmt: skip
    """Return the arrays and priors of a model; raises ``SpecError`` for a name in ``vary`` that is none.

    Without ``joints`` every regression is by itself.

    Priors are in the model's units: the user's are literal on the raw variables, so they are
    divided by the units here; the defaults are stated in these units.
    """
    E, G = len(found), len(found[0].groups)
    P = max(len(s.equation.predictors) for s in found)
    cross, scale_x, mean_x = np.zeros((E, G, P + 2, P + 2)), np.ones((E, P)), np.zeros((E, P))
    scale_y, mean_y = np.ones(E), np.zeros(E)
    for e, s in enumerate(found):
        sd = np.sqrt(np.diag(pooled_cov(s)))
        p = len(s.equation.predictors)
        scale_x[e, :p], scale_y[e] = sd[:p], sd[p]
        mean_x[e, :p], mean_y[e] = s.centre[:p], s.centre[p]
        unit = np.concatenate([[1.0], sd])
        at = np.concatenate([np.arange(p + 1), [P + 1]])
        cross[e][:, at[:, None], at] = s.cross / np.outer(unit, unit)
    paths, path_of = _paths(found, P)
    step = scale_y[:, None] / scale_x
    raw = np.concatenate([scale_y[:, None], step], axis=1)
    first = np.array([step[path_of == k][0] for k in range(len(paths))])
    varies = _varies(found, P, vary, "vary") & (G > 1)
    nested = _varies(found, P, vary_nested, "vary_nested")
    _refuse_shared(found, varies | nested, path_of, paths)
    levers = [mean_x / scale_x * _literal(given, level, found)[:, None] for level in LEVELS]
    parts = joints or tuple(alone(e, s) for e, s in enumerate(found))
    blocks = tuple(
        block(part, found, scale_x, scale_y, (varies, nested), (levers[0], levers[1])) for part in parts
    )
    free = [_free(part, found[e]) for e in range(E) for part in parts if e in part.members]
    return Design(
        tuple(found), found[0].groups, paths, path_of, np.where(path_of >= 0, first[path_of] / step, 0.0),
        varies, levers[0],
        np.array([s.n for s in found]), cross, scale_x, scale_y, mean_x, mean_y,
        tuple(path_prior(given, name, 1 / first[k]) for k, name in enumerate(paths)),
        tuple(mean_prior(given, s.equation.outcome, 1 / scale_y[e]) for e, s in enumerate(found)),
        tuple(sd_prior(given, s.equation.outcome, 1 / y) for s, y in zip(found, scale_y, strict=True)),
        _spread_priors(given, LEVELS[0], found, varies, raw, [at[0] for at in free]),
        nested, _spread_priors(given, LEVELS[1], found, nested, raw, [at[1] for at in free]),
        lkj(given, "residual_correlation"), given.by_kind.get("between_correlation"), blocks,
    )  # fmt: skip


def _paths(found: Sequence[Statistics], P: int) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    names = tuple(dict.fromkeys(name for s in found for name in s.equation.parameters))
    path_of = np.full((len(found), P), -1, dtype=np.int64)
    for e, s in enumerate(found):
        path_of[e, : len(s.equation.parameters)] = [names.index(name) for name in s.equation.parameters]
    return names, path_of


def _varies(found: Sequence[Statistics], P: int, vary: Sequence[str], key: str) -> NDArray[np.bool_]:
    """Return which coefficients (E, P + 1) are named by the study's ``key``."""
    varies = np.zeros((len(found), P + 1), dtype=bool)
    known = {name for s in found for name in s.equation.parameters}
    known |= {intercept_name(s.equation.outcome) for s in found} | {"paths", "means"}
    for name in vary:
        if name not in known:
            raise SpecError(f"unknown name {name!r}{did_you_mean(name, known)}", where=f"bayes.{key}")
    for e, s in enumerate(found):
        names = s.equation.parameters
        varies[e, 0] = "means" in vary or intercept_name(s.equation.outcome) in vary
        varies[e, 1 : len(names) + 1] = ["paths" in vary or name in vary for name in names]
    return varies


def _refuse_shared(
    found: Sequence[Statistics], varies: NDArray[np.bool_], path_of: NDArray[np.int64], paths: Sequence[str]
) -> None:
    """Raise ``SpecError`` for one label on several paths that vary: they would have to vary together."""
    for k, name in enumerate(paths):
        if (path_of == k).sum() > 1 and varies[:, 1:][path_of == k].any():
            raise SpecError(
                f"bayes: the label {name!r} holds several paths equal, which level scores can do only for "
                f"paths that are the same in all groups; leave it out of vary, or label the paths apart"
            )


def _literal(given: Given, level: str, found: Sequence[Statistics]) -> NDArray[np.bool_]:
    """Return (E,) whether the user's prior of a level's SDs speaks of the raw intercept."""
    return np.array([spread_intercept(given, level, s.equation.outcome) is not None for s in found])


def _free(part: Joint, found: Statistics) -> tuple[int, int]:
    """Return how many groups, and units within groups, are there beyond those that fix a mean."""
    groups = int((found.rows > 0).sum())
    return groups - 1, int((part.rows > 0).sum()) - groups


def _spread_priors(
    given: Given, level: str, found: Sequence[Statistics], varies: NDArray[np.bool_], unit: Array,
    free: Sequence[int],
) -> tuple[Prior, ...]:  # fmt: skip
    """Return the prior of every SD of a level's deviations, in the units of the model."""
    return tuple(
        spread_prior(given, level, found[e], k, 1 / unit[e, k], free[e])
        for e, k in np.argwhere(varies).tolist()
    )

"""What a posterior must offer to be calibrated, whatever its level: surveys with their truth, and fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.convergence import diagnostics
from werksem.bayes.quantities import Pooled, Quantity
from werksem.bayes.sample import Sampled

__all__ = ["KEPT", "LIKELIHOOD", "RHAT", "Checks", "Level", "checks", "named", "thinned", "went_wrong"]

Array = NDArray[np.float64]
OPS = ("~", "~1", "~~", "=~", ":=")
LIKELIHOOD = "log-likelihood"
KEPT = 119  # draws that a rank is among: 120 ranks hold 50, 90 and 95 % exactly
# measured: the largest of 39 R-hats over halves of a right chain of 400 draws comes to 1.06; a study's own
# threshold is of four long chains
RHAT = 1.1


@dataclass(frozen=True, slots=True)
class Checks:
    """How a chain went: its largest R-hat, its smallest bulk ESS, its divergences."""

    rhat: float
    ess: float
    divergences: float


@dataclass(frozen=True, slots=True)
class Level:
    """A posterior of k quantities, ready to be simulated and fitted again; compiled once.

    ``names`` (k,): quantity and group. ``survey(i)`` returns the truth (k,) and the data of simulated survey
    i. ``fit(data, draws, seed)`` returns a chain for such data; ``values(chain, data, seed)`` its quantities
    (draws, k). ``before`` (k,) are the quantities' SDs among the truths.
    """

    names: tuple[tuple[str, str], ...]
    survey: Callable[[int], tuple[Array, Any]]
    fit: Callable[[Any, int, int], Sampled]
    values: Callable[[Sampled, Any, int], Array]
    before: Array


def checks(sampled: Sampled) -> Checks:
    """Return how a chain went; of an approximation Pareto k stands for R-hat, 1 where it is in order."""
    table = diagnostics(sampled, 0).set_index("measure")
    found = table["value"]
    if sampled.fit:
        return Checks(1.0 if table["ok"]["pareto_k"] else np.inf, float(found["ess_importance"]), 0.0)
    return Checks(float(found["rhat_max"]), float(found["ess_bulk_min"]), float(found["divergences"]))


def went_wrong(went: Checks) -> bool:
    """Return whether a survey's chain says nothing: divergences, an R-hat above 1.1, or an ESS below KEPT.

    >>> went_wrong(Checks(1.01, 400.0, 0.0)), went_wrong(Checks(1.01, 80.0, 0.0))
    (False, True)
    """
    return not (went.rhat <= RHAT and went.divergences == 0 and went.ess >= KEPT)


def thinned(sampled: Sampled, kept: int) -> Sampled:
    """Return the chains, one after another, thinned evenly to ``kept`` draws of one chain."""

    def thin(value: Array) -> Array:
        flat = value.reshape(-1, value.shape[-1])
        return flat[np.linspace(0, len(flat) - 1, kept).round().astype(int)][None]

    return replace(sampled, values={name: thin(value) for name, value in sampled.values.items()})


def named(pooled: Pooled, more: Mapping[str, Array]) -> tuple[tuple[tuple[str, str], ...], Array]:
    """Return names and draws (S, k) of a posterior's parameters and effects, on the variables as they are.

    A quantity that varies has its groups, ``all`` (their mean by share) and ``typical``, another ``all``
    alone. ``more`` are further ones (S,), of no group. What is constant over draws is passed over.
    """
    rows = [row for q in pooled.quantities if q.op in OPS for row in _of(q, pooled.groups)]
    rows += [(name, "all", value) for name, value in more.items()]
    return tuple((name, group) for name, group, _ in rows), np.column_stack([value for *_, value in rows])


def _of(q: Quantity, groups: Sequence[str]) -> Iterator[tuple[str, str, Array]]:
    name = f"{q.lhs}{q.op}{q.rhs}" if q.op in ("~", "~~", "=~") else q.name if q.op == "~1" else q.lhs
    if q.raw.everyone is not None:
        yield name, "all", q.raw.everyone
    if q.varies and groups != ("all",):
        if q.raw.typical is not None:
            yield name, "typical", q.raw.typical
        for g in np.flatnonzero(q.present).tolist() if q.raw.group is not None else ():
            assert q.raw.group is not None
            yield name, groups[g], q.raw.group[:, g]

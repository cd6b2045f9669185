"""Drawing the columns under ``multiple``, from random streams of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.spec.filters import rows
from werksem.survey.multiple import Items, Multiple, Tick, Ticks, Words

__all__ = ["systematic", "with_multiple"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
PLACE = 20  # the place of these sets among the children of a wave's seed


def with_multiple(
    frame: pd.DataFrame, sets: Sequence[Multiple], shipped: Mapping[str, int], seed: int
) -> pd.DataFrame:
    """Return the wave (column ``sector``) with the columns of the sets after its own, which do not change.

    ``shipped`` are the respondents per sector of the shipped wave, of which counts are; in a wave of
    another size they are scaled. Each set has a stream of its own, by its place.
    """
    for place, one in enumerate(sets):
        stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(PLACE, place))))
        if isinstance(one, Ticks):
            drawn: Mapping[str, NDArray[np.generic]] = _ticks(one, frame, shipped, stream)
        elif isinstance(one, Words):
            drawn = {one.name: _words(one, frame, shipped, stream)}
        else:
            drawn = _items(one, frame, stream)
        frame = frame.assign(**drawn)
    return frame


def _true(condition: str, frame: pd.DataFrame) -> Mask:
    return rows(condition, frame) if condition else np.ones(len(frame), dtype=bool)


def _ticks(
    one: Ticks, frame: pd.DataFrame, shipped: Mapping[str, int], stream: np.random.Generator
) -> dict[str, NDArray[np.float32]]:
    asked = np.flatnonzero(_true(one.when, frame))
    if any(tick.counts for tick in one.columns):
        chosen = _by_count(one, frame, asked, shipped, stream)
    else:
        shares = _shares(one, frame.iloc[asked])
        chosen = systematic(shares, one.most, stream) if one.most else stream.random(shares.shape) < shares
    values = np.full((len(frame), len(one.columns)), np.nan, dtype=np.float32)
    values[asked] = chosen
    return {tick.name: values[:, j] for j, tick in enumerate(one.columns)}


def _shares(one: Ticks, asked: pd.DataFrame) -> Array:
    """Return each respondent's shares (n, k); shifts are centred, so that a share holds for all together."""
    shares = np.repeat(np.array([[tick.share for tick in one.columns]]), len(asked), axis=0)
    names = [tick.name for tick in one.columns]
    for condition, moved in one.shifts:
        true = _true(condition, asked).astype(float)
        for name, by in moved:
            shares[:, names.index(name)] += by * (true - (true.mean() if len(true) else 0.0))
    shares = np.clip(shares, 0.0, 1.0)
    total = shares.sum(axis=1, keepdims=True)
    return shares * np.minimum(1.0, (one.most or len(names)) / np.maximum(total, 1e-12))


def systematic(shares: Array, most: int, stream: np.random.Generator) -> Mask:
    """Return ticks (n, k) with exactly these chances (n, k) and at most ``most`` in a row.

    Systematic sampling with unequal chances in random order (Madow 1949): chances, with empty columns that
    fill them up to ``most``, are laid end to end, and every column on u, u + 1, … is ticked.

    >>> stream = np.random.default_rng(1)
    >>> ticks = systematic(np.full((1000, 4), 0.5), 2, stream)
    >>> int(ticks.sum(axis=1).min()), int(ticks.sum(axis=1).max())
    (2, 2)
    """
    n, k = shares.shape
    left = np.maximum(most - shares.sum(axis=1), 0.0)
    empty = max(1, int(np.ceil(left.max(initial=0.0) - 1e-9)))
    both = np.concatenate([shares, np.repeat(left[:, None] / empty, empty, axis=1)], axis=1)
    order = np.argsort(stream.random(both.shape), axis=1)
    ends = np.cumsum(np.take_along_axis(both, order, axis=1), axis=1) - stream.random((n, 1))
    starts = np.concatenate(
        [ends[:, :1] - np.take_along_axis(both, order[:, :1], axis=1), ends[:, :-1]], axis=1
    )
    hit = np.floor(ends) > np.floor(starts)
    found = np.zeros_like(hit)
    np.put_along_axis(found, order, hit, axis=1)
    return found[:, :k]


def _by_count(
    one: Ticks,
    frame: pd.DataFrame,
    asked: NDArray[np.intp],
    shipped: Mapping[str, int],
    stream: np.random.Generator,
) -> Mask:
    """Return ticks of those asked in the counts per column and sector, each ticking ``least`` or more."""
    sector = frame["sector"].to_numpy()
    first = _true(one.prefer, frame)[asked]
    chosen = np.zeros((len(asked), len(one.columns)), dtype=bool)
    for name in dict.fromkeys(sector[asked]):
        here = np.flatnonzero(sector[asked] == name)
        size = (sector == name).sum() / shipped[name]
        for j, tick in enumerate(one.columns):
            wanted = int(np.floor(_count(tick, name) * size + 0.5))
            order = stream.permutation(here)
            order = order[np.argsort(~first[order], kind="stable")]
            chosen[order[:wanted], j] = True
        chosen[here] = _with_least(chosen[here], one.least, stream)
    return chosen


def _count(tick: Tick, sector: str) -> int:
    return dict(tick.counts).get(sector, 0)


def _with_least(ticks: Mask, least: int, stream: np.random.Generator) -> Mask:
    """Return ticks (n, k) with the same column totals, moved to those with too few from those with most."""
    ticks = ticks.copy()
    while True:
        count = ticks.sum(axis=1)
        to, most = int(count.argmin()) if len(count) else 0, count.max(initial=0)
        if not len(count) or count[to] >= least or most <= count[to] + 1:
            return ticks
        giver = int(stream.choice(np.flatnonzero(count == most)))
        column = int(stream.choice(np.flatnonzero(ticks[giver] & ~ticks[to])))
        ticks[giver, column], ticks[to, column] = False, True


def _words(
    one: Words, frame: pd.DataFrame, shipped: Mapping[str, int], stream: np.random.Generator
) -> NDArray[np.object_]:
    """Return the words (n,): in their numbers among those of ``exact``, the others in the same ratio."""
    sector = frame["sector"].to_numpy()
    when, exact = _true(one.when, frame), _true(one.exact, frame)
    found = np.full(len(frame), None, dtype=object)
    for name, counts in one.counts:
        words = np.array([word for word, _ in counts], dtype=object)
        number = np.array([count for _, count in counts])
        here = (sector == name) & when
        sure = np.flatnonzero(here & exact)
        others = np.flatnonzero(here & ~exact)
        deck = np.repeat(words, number)
        if len(deck) != len(sure):  # a wave of another size
            deck = stream.choice(deck, len(sure))
        found[sure] = stream.permutation(deck)
        found[others] = stream.choice(deck if len(deck) else words, len(others))
    return found


def _items(one: Items, frame: pd.DataFrame, stream: np.random.Generator) -> dict[str, NDArray[np.float32]]:
    """Return the items: loading x latent + noise, cut where a normal variable has the answers' shares."""
    from scipy.special import ndtri

    n, explained = len(frame), sum(r**2 for _, r in one.correlations)
    latent = np.sqrt(1 - explained) * stream.standard_normal(n)
    for name, r in one.correlations:
        x = frame[name].to_numpy(dtype=float)
        known = np.isfinite(x)
        spread = x[known].std() if known.any() else 0.0
        latent += r * (np.where(known, x - x[known].mean(), 0.0) / spread if spread > 0 else 0.0)
    found = {}
    for name, _, loading, cells in one.items:
        response = loading * latent + np.sqrt(1 - loading**2) * stream.standard_normal(n)
        cuts = ndtri(np.cumsum(cells)[:-1] / np.sum(cells))
        found[name] = (1 + np.searchsorted(cuts, response, side="right")).astype(np.float32)
    return found

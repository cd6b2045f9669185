"""Survey data drawn from a population: ordinal answers, blanks, organisations in sectors, weights."""

from __future__ import annotations

import numpy as np
import pandas as pd

from werksem.errors import DataError
from werksem.survey.extension import extended_latents
from werksem.survey.ordinal import Array
from werksem.survey.organisations import Organisations, coefficients, organisations
from werksem.survey.population import MOST_RESPONDENTS, Column, Population
from werksem.survey.ticks import with_multiple

__all__ = ["simulate"]

ADDED = 10  # the place of added constructs among the children of a wave's seed


def simulate(population: Population, n: int | None = None, seed: int | None = None) -> pd.DataFrame:
    """Return a drawn wave: one row per respondent, sorted by sector and organisation.

    Columns: ``sector``, ``organisatie``, ``gewicht`` (share of the workforce / share of the
    sample), then every observed column as float32, blank (NaN) where not answered or not
    asked; text columns as the population says; after all those its ``multiple``. ``n`` and ``seed``
    default to the shipped wave's. The same population, n and seed give the same rows.
    Raises ``DataError`` for n < 1 or a negative seed.
    """
    n = population.n if n is None else n
    seed = population.seed if seed is None else seed
    if n < 1 or seed < 0:
        raise DataError(f"n is at least 1 and seed at least 0; found n = {n}, seed = {seed}")
    if n > MOST_RESPONDENTS:
        raise DataError(f"n is {n}; at most {MOST_RESPONDENTS} respondents are drawn at once")
    groups = organisations(population)
    streams = [np.random.Generator(np.random.PCG64(s)) for s in np.random.SeedSequence(seed).spawn(4)]
    sizes = group_sizes(population, groups, n)
    member = np.repeat(np.arange(len(sizes)), sizes)
    latents = _latents(population, groups, member, streams[0])
    further = [np.random.Generator(np.random.PCG64(s)) for s in _spawned(seed)]
    latents = extended_latents(population, groups, member, latents, further[0])
    frame = _design(population, groups, member)
    asked = _asked(population, groups.sector[member], streams[3])
    skips = np.where(streams[2].random(n) < population.skippers, population.missing / population.skippers, 0)
    for j, construct in enumerate(population.constructs):
        _, response, blank = streams[:3] if j < len(population.correlation) else further
        for column in construct.columns:
            answers = _answers(column, latents[:, j], response)
            answers[blank.random(n) < skips] = np.nan
            answers[~asked[construct.name]] = np.nan
            frame[column.name] = answers
    drawn = _with_texts(pd.DataFrame(frame), population)
    return with_multiple(drawn, population.multiple, {s.name: s.n for s in population.sectors}, seed)


def _spawned(seed: int) -> list[np.random.SeedSequence]:
    """Return the seeds of added constructs (latents, answers, blanks), apart from those of all others."""
    return np.random.SeedSequence(seed, spawn_key=(ADDED,)).spawn(3)


def group_sizes(population: Population, groups: Organisations, n: int) -> np.ndarray:
    """Return the respondents per organisation: n over the sectors, then over each one's organisations."""
    per_sector = _apportion(np.array([sector.n for sector in population.sectors], dtype=float), n)
    parts = [
        _apportion(np.array(sector.sizes, dtype=float), int(total))
        for sector, total in zip(population.sectors, per_sector, strict=True)
    ]
    return np.concatenate(parts)


def _apportion(shares: Array, total: int) -> np.ndarray:
    """Return whole numbers with this total, in proportion to the shares (largest remainder)."""
    exact = shares / shares.sum() * total
    sizes = np.floor(exact).astype(np.int64)
    most = np.argsort(-(exact - sizes), kind="stable")[: total - sizes.sum()]
    sizes[most] += 1
    return sizes


def _latents(
    population: Population, groups: Organisations, member: np.ndarray, stream: np.random.Generator
) -> Array:
    """Return the latents (n, q): residuals, then outcome by outcome the paths of one's organisation."""
    B, psi = coefficients(population)
    factor = np.sqrt(1 - population.icc) * np.linalg.cholesky(psi)
    latents = stream.standard_normal((len(member), len(B))) @ factor.T
    at = {name: i for i, name in enumerate(population.names)}
    for outcome, predictors in population.structure:
        y = at[outcome]
        for x in (at[name] for name in predictors):
            latents[:, y] += (B[y, x] + groups.slopes[member, y, x]) * latents[:, x]
    return latents + groups.mean[member]


def _design(
    population: Population, groups: Organisations, member: np.ndarray
) -> dict[str, np.ndarray | pd.Series]:
    names = np.array([sector.name for sector in population.sectors], dtype=object)
    within = np.concatenate([np.arange(1, len(sector.sizes) + 1) for sector in population.sectors])
    labels = [f"{names[s]} {number:03d}" for s, number in zip(groups.sector, within, strict=True)]
    workforce = np.array([sector.workforce for sector in population.sectors])
    sector = groups.sector[member]
    sample = np.bincount(sector, minlength=len(names)) / len(member)
    present = sample > 0
    weight = np.zeros(len(names))
    weight[present] = workforce[present] / workforce[present].sum() / sample[present]
    return {
        "sector": names[sector],
        "organisatie": np.array(labels, dtype=object)[member],
        "gewicht": np.round(weight, 6)[sector],
    }


def _asked(population: Population, sector: np.ndarray, stream: np.random.Generator) -> dict[str, np.ndarray]:
    """Return per construct which respondents were asked it."""
    asked = {
        name: ~np.isin(sector, [i for i, s in enumerate(population.sectors) if name in s.not_asked])
        for name in population.names
    }
    for module in population.modules:
        chosen = stream.random(len(sector)) < module.share
        for name in module.constructs:
            asked[name] = asked[name] & chosen
    return asked


def _answers(column: Column, latent: Array, stream: np.random.Generator) -> np.ndarray:
    response = latent
    if column.loading < 1:
        noise = stream.standard_normal(len(latent))
        response = column.loading * latent + np.sqrt(1 - column.loading**2) * noise
    values = np.array(column.values[::-1] if column.reversed else column.values, dtype=np.float32)
    return values[np.searchsorted(np.array(column.thresholds), response, side="right")]


def _with_texts(frame: pd.DataFrame, population: Population) -> pd.DataFrame:
    """Return the frame with coded columns replaced by their sector's words."""
    for name in dict.fromkeys(column for column, _, _ in population.texts):
        words = {sector: labels for column, sector, labels in population.texts if column == name}
        codes = frame[name].to_numpy()
        text = np.full(len(frame), None, dtype=object)
        for sector, labels in words.items():
            rows = (frame["sector"] == sector).to_numpy() & ~np.isnan(codes)
            text[rows] = np.array(labels, dtype=object)[codes[rows].astype(int)]
        frame[name] = text
    return frame

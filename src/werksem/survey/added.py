"""Constructs added to a population: latents that follow from the ones before them, as a file states them.

An added latent is, in an organisation g of sector s,

    eta = sum over x of (path_x + deviation_xs) eta_x + mean_s + z_g + noise

with noise split over organisations (z_g, the intraclass share) and respondents, or the product of two
latents less their correlation. What was drawn before an addition does not change by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werksem.errors import SpecError, did_you_mean

__all__ = ["Added", "added_from", "bent"]


@dataclass(frozen=True, slots=True)
class Added:
    """``paths`` and ``means`` by sector; ``noise`` a variance; a ``product`` has none of the three."""

    name: str
    paths: tuple[tuple[str, tuple[float, ...]], ...]
    means: tuple[float, ...]
    noise: float
    product: tuple[str, ...] = ()


def added_from(
    entries: Mapping[str, Mapping[str, Any]], base: Sequence[str], sectors: Sequence[str], file: str
) -> tuple[Added, ...]:
    """Return the additions of a population file in their order; ``base`` are the constructs before them.

    Raises ``SpecError`` where a path comes from a later or unknown construct, a product is not of two
    constructs of ``base`` or comes after other additions, a sector is unknown, or a noise is negative.
    """
    found: list[Added] = []
    for name, entry in entries.items():
        known = [*base, *(one.name for one in found)]
        product = tuple(entry.get("product", ()))
        if name in known:
            raise SpecError(f"additions: {name} is there already", where=file)
        if product and (len(product) != 2 or any(not one.product for one in found)):
            raise SpecError(
                f"additions: {name} is a product; it names two constructs and stands before additions "
                "with paths",
                where=file,
            )
        for other in (*product, *entry.get("paths", ())):
            if other not in (base if product else known):
                raise SpecError(
                    f'additions: {name} follows from "{other}", which is no construct before it'
                    f"{did_you_mean(other, known)}",
                    where=file,
                )
        noise = 0.0 if product else float(entry["noise"])
        if noise < 0:
            raise SpecError(f"additions: the noise of {name} is a variance; found {noise}", where=file)
        found.append(Added(name, _paths(name, entry, sectors, file), _means(entry, sectors), noise, product))
    return tuple(found)


def _paths(
    name: str, entry: Mapping[str, Any], sectors: Sequence[str], file: str
) -> tuple[tuple[str, tuple[float, ...]], ...]:
    paths, by_sector = entry.get("paths", {}), entry.get("by_sector", {})
    for predictor in by_sector:
        if predictor not in paths:
            raise SpecError(f"additions: {name} ~ {predictor} varies but is no path", where=file)
    for sector in (s for by in (*by_sector.values(), entry.get("means", {})) for s in by):
        if sector not in sectors:
            raise SpecError(
                f'additions: {name} names "{sector}", which is no sector{did_you_mean(sector, sectors)}',
                where=file,
            )
    return tuple(
        (x, tuple(float(b) + float(by_sector.get(x, {}).get(s, 0.0)) for s in sectors))
        for x, b in paths.items()
    )


def _means(entry: Mapping[str, Any], sectors: Sequence[str]) -> tuple[float, ...]:
    return tuple(float(entry.get("means", {}).get(sector, 0.0)) for sector in sectors)


def bent(added: Sequence[Added]) -> frozenset[str]:
    """Return the additions that are products or follow from one: their latents are not normal.

    >>> ab = Added("ab", (), (0.0,), 0.0, ("a", "b"))
    >>> sorted(bent([ab, Added("y", (("ab", (0.1,)),), (0.0,), 1.0), Added("z", (), (0.0,), 1.0)]))
    ['ab', 'y']
    """
    found: set[str] = set()
    for one in added:
        if one.product or found & {x for x, _ in one.paths}:
            found.add(one.name)
    return frozenset(found)

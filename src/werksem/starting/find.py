"""Finding scales among columns: by the stems of names, by opening words of labels, by answers alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from werksem.starting.factors import clusters, covariances, dimensions
from werksem.starting.kinds import Column
from werksem.starting.proposals import Proposal, proposal
from werksem.starting.stems import by_header, by_opening, by_stem, header, is_general, slug

__all__ = ["found_scales"]

SPLIT_FROM = 6  # items under one general stem (q1, q2, …) that may be several scales
FEWEST = 3
STRONG = 0.60


def found_scales(columns: Sequence[Column], language: str) -> list[Proposal]:
    """Return the scales that items and numbers seem to make, in the order of the columns.

    Yes/no columns make none. Scales from answers alone are looked for among columns without a stem or
    label in common; they stand only where names and labels gave none.
    """
    usable = [column for column in columns if column.kind in ("items", "numbers")]
    taken = {column.name for column in columns}
    alone = [column for column in usable if column.name not in _with_mates(usable)]
    found = list(_by_names(usable))
    found += list(_by_labels(usable, found))
    named = any(entry.stands for entry in found)
    found += [replace(entry, stands=not named) for entry in _by_answers(alone, found)]
    order = {column.name: at for at, column in enumerate(columns)}
    return _named(sorted(found, key=lambda entry: order[entry.items[0]]), taken, language)


def _with_mates(columns: Sequence[Column]) -> set[str]:
    return {name for names in by_stem([column.name for column in columns]).values() for name in names}


def _by_names(columns: Sequence[Column]) -> Iterator[Proposal]:
    known = {column.name: column for column in columns}
    for stem, names in by_stem(list(known)).items():
        for alike in _alike([known[name] for name in names]):
            yield from _of_stem(stem, alike)


def _of_stem(stem: str, columns: list[Column]) -> Iterator[Proposal]:
    name = re.sub(r"[\W_]+$", "", stem)
    if is_general(stem):
        for text, names in by_header({column.name: column.label for column in columns}).items():
            yield proposal(slug(text), [c for c in columns if c.name in names], "label", text, text)
            columns = [column for column in columns if column.name not in names]
    if len(columns) < 2:
        return
    R, n = _correlations(columns)
    m = dimensions(R, n) if len(columns) >= SPLIT_FROM else 1
    if m > 1 and is_general(stem):
        yield from _split(columns, R, m, f"{name}_")
    else:
        yield proposal(name, columns, "stem", stem, header([column.label for column in columns]), m)


def _split(columns: list[Column], R: np.ndarray, m: int, prefix: str) -> Iterator[Proposal]:
    for places in clusters(R, m):
        if len(places) >= FEWEST:
            chosen = [columns[at] for at in places]
            yield proposal(f"{prefix}?", chosen, "answers", "", header([column.label for column in chosen]))


def _by_labels(columns: Sequence[Column], earlier: Sequence[Proposal]) -> Iterator[Proposal]:
    known = {column.name: column for column in _left(columns, earlier) if column.label}
    for words, names in by_opening({name: column.label for name, column in known.items()}).items():
        for alike in _alike([known[name] for name in names]):
            if len(alike) >= FEWEST:
                made = proposal(slug(words), alike, "label", words)
                yield replace(made, stands=made.stands and made.alpha >= STRONG)


def _by_answers(columns: Sequence[Column], earlier: Sequence[Proposal]) -> Iterator[Proposal]:
    """Yield scales of items whose names say nothing: rotated factors that hang together well."""
    left = [column for column in _left(columns, earlier) if column.kind == "items"]
    for alike in _alike(left):
        if len(alike) >= FEWEST:
            R, n = _correlations(alike)
            m = dimensions(R, n)
            found = _split(alike, R, m, "?") if m else ()
            yield from (entry for entry in found if entry.stands and entry.alpha >= STRONG)


def _left(columns: Sequence[Column], earlier: Sequence[Proposal]) -> list[Column]:
    used = {name for entry in earlier for name in (*entry.items, *(item for item, _ in entry.left_out))}
    return [column for column in columns if column.name not in used]


def _alike(columns: Sequence[Column]) -> list[list[Column]]:
    """Return columns that have the same answers together: items within one range, numbers apart.

    Without value labels a range is what was answered, so items that miss an end join the widest.
    """
    items = [column for column in columns if column.scale is not None]
    counted = Counter(column.scale for column in items if column.scale is not None)
    ranges = sorted(counted, key=lambda scale: (-counted[scale], -(scale[1] - scale[0])))
    groups: dict[tuple[float, float], list[Column]] = {}
    for column in items:
        own = column.scale or (0.0, 0.0)
        fits = [s for s in ranges if s == own or (not column.told and _within(own, s))]
        groups.setdefault(fits[0], []).append(column)
    numbers = [column for column in columns if column.scale is None]
    return [group for group in (*groups.values(), numbers) if len(group) > 1]


def _within(inner: tuple[float, float], outer: tuple[float, float]) -> bool:
    lacking = (inner[0] - outer[0]) + (outer[1] - inner[1])
    return outer[0] <= inner[0] and inner[1] <= outer[1] and lacking <= 1 + (outer[1] - outer[0]) / 5


def _correlations(columns: Sequence[Column]) -> tuple[np.ndarray, int]:
    C, seen = covariances(np.column_stack([column.values for column in columns if column.values is not None]))
    sd = np.sqrt(np.diag(C))
    return C / np.outer(sd, sd), int(np.median(seen))


def _named(found: list[Proposal], taken: set[str], language: str) -> list[Proposal]:
    """Return the proposals with names that differ from each other and from all columns."""
    word = "schaal" if language == "nl" else "scale"
    names: list[Proposal] = []
    for entry in found:
        stem = entry.name.replace("?", "").rstrip("_")
        numbered = "?" in entry.name
        base = f"{stem}_{word}".lstrip("_") if numbered or stem in taken else stem
        name, number = (f"{base}_1" if numbered else base), 1
        while name in taken:
            number += 1
            name = f"{base}_{number}"
        taken.add(name)
        names.append(replace(entry, name=name))
    return names

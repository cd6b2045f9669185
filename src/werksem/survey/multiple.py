"""Columns drawn after all others, given those: sets of ticks, destinations in words, further items.

They stand under ``multiple`` in a population file, one entry per set, and are read here; ``ticks``
draws them. What is drawn before does not change by them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werksem.errors import SpecError
from werksem.spec.filters import parse_filter
from werksem.spec.types import Label

__all__ = ["Items", "Multiple", "Tick", "Ticks", "Words", "codebook_entries", "multiple_from"]

NO_YES = (Label("nee", "no"), Label("ja", "yes"))
KEYS = {
    "columns": {"when", "most", "least", "prefer", "shifts", "columns"},
    "words": {"when", "exact", "label", "words"},
    "items": {"from", "answers", "items"},
}


@dataclass(frozen=True, slots=True)
class Tick:
    """A column of 0 and 1: ticked by a ``share``, or by ``counts`` of the shipped wave, per sector."""

    name: str
    label: Label
    share: float = 0.0
    counts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Ticks:
    """Columns ticked together by those ``when`` (empty: all), others are blank.

    ``most`` is how many one ticks at most (0: they are drawn apart), ``least`` how many of ``counts`` at
    least. ``shifts`` move shares where a condition is true. Counts fall first on those of ``prefer``.
    """

    name: str
    columns: tuple[Tick, ...]
    when: str = ""
    most: int = 0
    least: int = 0
    prefer: str = ""
    shifts: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """A column of one word each: those ``exact`` in these numbers per sector, the rest in that ratio."""

    name: str
    label: Label
    when: str
    exact: str
    counts: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """Items of one latent variable, with its correlations with columns drawn before.

    ``items`` are name, label, loading and shares of the answers 1, 2, …; ``answers`` their words.
    """

    name: str
    correlations: tuple[tuple[str, float], ...]
    items: tuple[tuple[str, Label, float, tuple[float, ...]], ...]
    answers: tuple[Label, ...] = ()


Multiple = Ticks | Words | Items


def multiple_from(
    entries: Mapping[str, Mapping[str, Any]],
    answers: Mapping[str, tuple[Label, ...]],
    sectors: Sequence[str],
    file: str,
) -> tuple[Multiple, ...]:
    """Return the sets of a population file in their order, which is that of drawing.

    Raises ``SpecError`` for an entry of none of the three forms, an unknown key, a condition that cannot be
    read, shares that one cannot tick, or counts of an unknown sector.
    """
    return tuple(_set(name, entry, answers, sectors, file) for name, entry in entries.items())


def _set(
    name: str,
    entry: Mapping[str, Any],
    answers: Mapping[str, tuple[Label, ...]],
    sectors: Sequence[str],
    file: str,
) -> Multiple:
    form = next((form for form in KEYS if form in entry), None)
    if form is None or set(entry) - KEYS[form]:
        raise SpecError(
            f"multiple.{name}: found {', '.join(entry)}; right is one of columns, words and items, with "
            + "; ".join(f"{one}: {', '.join(sorted(keys - {one}))}" for one, keys in KEYS.items()),
            where=file,
        )
    for condition in [entry.get(key) for key in ("when", "exact", "prefer")]:
        if condition:
            parse_filter(condition, file)
    if form == "items":
        return _items(name, entry, answers)
    found = _words(name, entry) if form == "words" else _ticks(name, entry, file)
    counted = found.counts if isinstance(found, Words) else [c for t in found.columns for c in t.counts]
    for sector, _ in counted:
        if sector not in sectors:
            raise SpecError(
                f'multiple.{name}: "{sector}" is no sector; they are {", ".join(sectors)}', where=file
            )
    return found


def _ticks(name: str, entry: Mapping[str, Any], file: str) -> Ticks:
    columns = tuple(
        Tick(column, _label(one), float(one.get("share", 0.0)), tuple(one.get("counts", {}).items()))
        for column, one in entry["columns"].items()
    )
    most, total = entry.get("most", 0), sum(tick.share for tick in columns)
    if (most and total > most) or not all(0 <= tick.share <= 1 for tick in columns):
        raise SpecError(
            f"multiple.{name}: shares lie between 0 and 1 and add to at most {most or len(columns)}; "
            f"found a sum of {total:.2f}",
            where=file,
        )
    shifts = tuple(
        (shift["when"], tuple((c, float(v)) for c, v in shift.items() if c != "when"))
        for shift in entry.get("shifts", ())
    )
    unknown = {c for _, moved in shifts for c, _ in moved} - {tick.name for tick in columns}
    if unknown:
        raise SpecError(
            f"multiple.{name}.shifts: {', '.join(sorted(unknown))} is no column of it", where=file
        )
    for condition, _ in shifts:
        parse_filter(condition, file)
    return Ticks(
        name, columns, entry.get("when", ""), most, entry.get("least", 0), entry.get("prefer", ""), shifts
    )


def _words(name: str, entry: Mapping[str, Any]) -> Words:
    counts = tuple((sector, tuple(by.items())) for sector, by in entry["words"].items())
    return Words(name, _label(entry), entry["when"], entry["exact"], counts)


def _items(name: str, entry: Mapping[str, Any], answers: Mapping[str, tuple[Label, ...]]) -> Items:
    items = tuple(
        (item, _label(one), float(one["loading"]), tuple(map(float, one["cells"])))
        for item, one in entry["items"].items()
    )
    return Items(name, tuple(entry.get("from", {}).items()), items, answers.get(entry.get("answers", ""), ()))


def _label(entry: Mapping[str, Any]) -> Label:
    found = entry.get("label", {})
    return Label(found.get("nl", ""), found.get("en", ""))


def codebook_entries(sets: Sequence[Multiple]) -> dict[str, dict[str, Any]]:
    """Return what a codebook says of every column of the sets."""
    found: dict[str, dict[str, Any]] = {}
    for one in sets:
        if isinstance(one, Ticks):
            found |= {t.name: _entry(one.name, t.label, _said(NO_YES, 0)) for t in one.columns}
        elif isinstance(one, Words):
            words = dict.fromkeys(word for _, by in one.counts for word, _ in by)
            found[one.name] = _entry(one.name, one.label, {word: word for word in words})
        else:
            found |= {name: _entry(one.name, label, _said(one.answers, 1)) for name, label, _, _ in one.items}
    return found


def _said(words: Sequence[Label], lowest: int) -> dict[int, dict[str, str]]:
    return {value: {"nl": word.nl, "en": word.en} for value, word in enumerate(words, start=lowest)}


def _entry(construct: str, label: Label, values: Mapping[Any, Any]) -> dict[str, Any]:
    return {"construct": construct, "label": {"nl": label.nl, "en": label.en}, "values": dict(values)}

"""What stands below a table: why numbers are missing, which rule of marks or classes, whose answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from werksem.describe.contrasts import BOUNDS
from werksem.describe.marks import mark
from werksem.describe.rounding import half_up
from werksem.report.described.folder import Described
from werksem.report.described.words import said
from werksem.report.numbers import number

__all__ = ["notes_of", "readable"]


def notes_of(found: Described, table: Mapping[str, Any], hidden: bool, few: bool) -> tuple[str, ...]:
    """Return the notes of a table in the page's language."""
    return tuple(_notes(found, table, hidden, few))


def _notes(found: Described, table: Mapping[str, Any], hidden: bool, few: bool) -> Iterator[str]:
    language, kind, by = found.language, str(table["kind"]), table.get("by")
    if hidden:
        yield said("hidden", language, smallest=found.manifest.get("disclosure", found.manifest)["smallest"])
    if few:
        yield said("few", language)
    if kind == "marks":
        yield _rule(str(table.get("rule") or found.manifest["marks"]), language)
    if kind == "enps":
        yield said(f"enps_{table['scheme']}", language)
    if kind in ("items", "top2", "three_way"):
        yield said("as_worded", language)
    if kind in ("difference", "trend"):
        yield said("compared_by", language, bound=_bound(table, language))
        if table.get("measure") == "share":
            yield said("in_points", language)
    if table.get("top"):
        yield said("top", language, top=table["top"])
    if isinstance(by, dict) and by.get("indicators"):
        yield said("overlap", language)
    if table.get("where"):
        yield said("where", language, where=readable(str(table["where"])))


def _bound(table: Mapping[str, Any], language: str) -> str:
    """Return the smallest difference that matters, in points of percent or standard deviations."""
    measure = str(table.get("measure") or "mean")
    bound = float(table.get("bound") or BOUNDS[measure])
    if measure == "share":
        return said("points", language, number=number(100 * bound, language, 0))
    return said("sds", language, number=number(bound, language, 2))


def readable(where: str) -> str:
    """Return a row filter with the signs that people use.

    >>> readable("sector != 'Rechterlijke macht'")
    'sector ≠ Rechterlijke macht'
    """
    for sign, seen in (("!=", "≠"), ("==", "="), ("<=", "≤"), (">=", "≥"), ("'", ""), ('"', "")):
        where = where.replace(sign, seen)
    return where


def _rule(rule: str, language: str) -> str:
    if rule == "direct":
        return said("direct", language)
    three = number(half_up(mark(3.0, rule), 1), language, 1)
    return said("rule", language, rule=said(f"rule_{rule}", language), three=three)

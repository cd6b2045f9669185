"""The shapes of tables: categories in columns, groups in columns, measures in columns, a histogram."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werksem.describe.plain_cells import SHARES
from werksem.report.described.bars import histogram, point, shades, stacked
from werksem.report.described.cells import category_label, cell, count_cell, shown
from werksem.report.described.folder import Described, group_label, label_of
from werksem.report.described.words import SAID, said
from werksem.report.table import Body, Cell, Column

__all__ = ["Laid", "by_category", "by_group", "by_measure", "drawn", "group_cell", "head", "values", "where"]

Row = Mapping[str, Any]
DONT_KNOW = "#9aa5b1"


@dataclass(frozen=True, slots=True)
class Laid:
    """Columns and bodies of a table; ``bars`` by (body, row); ``key`` are colours and what they stand for.

    ``ends`` are the numbers at both ends of the axis that the bars share, empty where there is none.
    """

    columns: tuple[Column, ...]
    bodies: tuple[Body, ...]
    bars: Mapping[tuple[int, int], str] = field(default_factory=dict)
    pictures: tuple[tuple[str, str], ...] = ()
    key: tuple[tuple[str, str], ...] = ()
    ends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Key:
    """The categories that add to 1, their colours and labels."""

    parts: Sequence[str]
    colours: Mapping[str, str]
    labels: Mapping[str, str]


def values(rows: Sequence[Row], name: str) -> list[str]:
    """Return the different values of a column, in their order."""
    return list(dict.fromkeys(str(row[name]) for row in rows))


def where(rows: Sequence[Row], **wanted: str) -> Row | None:
    """Return the first row with these values, None without one."""
    return next((row for row in rows if all(row[key] == value for key, value in wanted.items())), None)


def group_cell(found: Described, table: Mapping[str, Any], group: str) -> Cell:
    """Return what a group is called, the total in bold."""
    if group == "":
        return Cell(said("total", found.language), tone="strong")
    return Cell(group_label(found, table, group))


def by_category(found: Described, table: Mapping[str, Any], rows: Sequence[Row], *, grouped: bool) -> Laid:
    """Return categories as columns with a stacked bar; groups (else variables) are rows."""
    language, variables, groups = found.language, values(rows, "variable"), values(rows, "group")
    columns = _asked(rows)
    parts = [category for measure, category in columns if measure == "share" and category != "top2"]
    labels = {c: category_label(found, table, variables[0], c) for c in (*parts, "top2")}
    key = _Key(parts, _colours(parts, str(table["kind"])), labels)
    bodies: list[Body] = []
    bars: dict[tuple[int, int], str] = {}
    for some in [(variable,) for variable in variables] if grouped else [tuple(variables)]:
        lines: list[tuple[Cell, ...]] = []
        for variable in some:
            for group in groups:
                here = _of(rows, variable, group)
                bars[len(bodies), len(lines)] = _bar(here, key, language)
                first = group_cell(found, table, group) if grouped else Cell(label_of(found, variable))
                cells = (cell(where(here, measure=m, category=c), language) for m, c in columns)
                lines.append((first, *cells, count_cell(here, language)))
        heading = label_of(found, some[0]) if grouped and len(variables) > 1 else ""
        bodies.append(Body(heading, tuple(lines)))
    names = [labels[c] if m == "share" else _measure(m, str(table["kind"]), language) for m, c in columns]
    first_head = "group" if grouped else "statement" if table["kind"] == "items" else "what"
    heads = head(said(first_head, language), [*names, said("n", language)])
    drawn_bars = {place: bar for place, bar in bars.items() if bar}
    return Laid(heads, tuple(bodies), drawn_bars, key=tuple((key.colours[c], labels[c]) for c in parts))


def head(first: str, names: Sequence[str]) -> tuple[Column, ...]:
    """Return a first column of text and columns of numbers."""
    return (Column(first), *(Column(name, numeric=True) for name in names))


def _asked(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Return the measures with their categories, in the order of the rows."""
    return list(dict.fromkeys((str(row["measure"]), str(row["category"])) for row in rows))


def _of(rows: Sequence[Row], variable: str, group: str) -> list[Row]:
    return [row for row in rows if row["variable"] == variable and row["group"] == group]


def _measure(measure: str, kind: str, language: str) -> str:
    return said("enps_score" if measure == "score" and kind == "enps" else measure, language)


def _colours(parts: Sequence[str], kind: str) -> dict[str, str]:
    """Return the colour of each category, from low to high; don't know is grey."""
    known = [part for part in parts if part != "dont_know"]
    ordered = list(reversed(known)) if kind in ("three_way", "enps") else known
    return dict(zip(ordered, shades(len(ordered)), strict=True)) | {"dont_know": DONT_KNOW}


def _bar(here: Sequence[Row], key: _Key, language: str) -> str:
    shares = {part: where(here, measure="share", category=part) for part in key.parts}
    known = {part: math.nan if row is None else float(row["value"]) for part, row in shares.items()}
    alt = ", ".join(f"{key.labels[part]} {shown('share', value, language)}" for part, value in known.items())
    return stacked(
        [(known[part], key.colours[part]) for part in key.parts], said("bar_alt", language, parts=alt)
    )


def by_group(found: Described, table: Mapping[str, Any], rows: Sequence[Row]) -> Laid:
    """Return variables as rows and groups as columns, a body per measure, and the largest n per column."""
    language, groups, variables = found.language, values(rows, "group"), values(rows, "variable")
    measures = [asked for asked in _asked(rows) if _in_words(asked[0])]
    bodies = []
    for measure, category in measures:
        lines: list[tuple[Cell, ...]] = []
        for variable in variables:
            here = [where(_of(rows, variable, g), measure=measure, category=category) for g in groups]
            lines.append((Cell(label_of(found, variable)), *(cell(row, language) for row in here)))
        heading = _heading(found, table, measure, category) if len(measures) > 1 else ""
        bodies.append(Body(heading, tuple(lines)))
    counted = (count_cell([row for row in rows if row["group"] == g], language) for g in groups)
    size = (Cell(said("n", language), tone="quiet"), *counted)
    bodies[-1] = Body(bodies[-1].heading, (*bodies[-1].rows, size))
    return Laid(
        head(said("what", language), [group_cell(found, table, g).text for g in groups]), tuple(bodies)
    )


def _in_words(measure: str) -> bool:
    """Return whether a measure is shown where groups are columns: not the SD beside the mean."""
    return measure != "sd"


def _heading(found: Described, table: Mapping[str, Any], measure: str, category: str) -> str:
    if category == "" or measure == "one_in":
        return said(measure, found.language) if measure in SAID else measure
    return category_label(found, table, "", category)


def by_measure(found: Described, table: Mapping[str, Any], rows: Sequence[Row]) -> Laid:
    """Return variables (or the groups of one) as rows, measures as columns, and a point with its interval."""
    language, grouped, measures = found.language, table.get("by") is not None, _asked(rows)
    ends = _ends([row for row in rows if (row["measure"], row["category"]) == measures[0]])
    lines: list[tuple[Cell, ...]] = []
    bars: dict[tuple[int, int], str] = {}
    for variable in values(rows, "variable"):
        for group in values(rows, "group"):
            here = _of(rows, variable, group)
            bar = _point(here[0], ends, language) if here else ""
            bars |= {(0, len(lines)): bar} if bar else {}
            first = group_cell(found, table, group) if grouped else Cell(label_of(found, variable))
            cells = (cell(where(here, measure=m, category=c), language) for m, c in measures)
            lines.append((first, *cells, count_cell(here, language)))
    named = [_column(found, table, values(rows, "variable")[0], m, c) for m, c in measures]
    heads = head(said("group" if grouped else "what", language), [*named, said("n", language)])
    named_ends = tuple(shown(str(measures[0][0]), end, language) for end in ends) if bars else ()
    return Laid(heads, (Body("", tuple(lines)),), bars, ends=named_ends)


def _column(found: Described, table: Mapping[str, Any], variable: str, measure: str, category: str) -> str:
    if measure in SHARES and category:
        if category == "insufficient":
            return said("insufficient_short", found.language)
        return category_label(found, table, variable, category)
    return said(measure, found.language) if measure in SAID else measure


def _ends(rows: Sequence[Row]) -> tuple[float, float]:
    """Return the ends of an axis that holds every value and interval."""
    found = [float(row[name]) for row in rows for name in ("value", "ci_lower", "ci_upper")]
    known = [value for value in found if math.isfinite(value)]
    return (min(known), max(known)) if known else (0.0, 0.0)


def _point(row: Row, ends: tuple[float, float], language: str) -> str:
    measure = str(row["measure"])
    low, high = (shown(measure, row[name], language) for name in ("ci_lower", "ci_upper"))
    alt = f"{shown(measure, row['value'], language)} ({low}–{high})"
    return point(row["value"], row["ci_lower"], row["ci_upper"], ends, alt)


def drawn(found: Described, table: Mapping[str, Any], rows: Sequence[Row]) -> Laid:
    """Return a histogram per variable and group, and the share below the bound as a table."""
    language, variables = found.language, values(rows, "variable")
    pictures: list[tuple[str, str]] = []
    lines: list[tuple[Cell, ...]] = []
    for variable in variables:
        for group in values(rows, "group"):
            here = _of(rows, variable, group)
            parts = [label_of(found, variable)] if len(variables) > 1 else []
            parts += [group_cell(found, table, group).text] if table.get("by") is not None else []
            title = " · ".join(parts)
            bins = [row for row in here if " - " in str(row["category"])]
            pictures.append((title, _histogram(bins, table.get("below"), language)))
            for row in here:
                if row not in bins:
                    name = Cell(title or label_of(found, variable))
                    lines.append((name, cell(row, language), count_cell([row], language)))
    bound = next((str(row["category"]) for row in rows if str(row["category"]).startswith("<")), "")
    named = [category_label(found, table, "", bound), said("n", language)]
    heads = head(said("what", language), named)
    return Laid(heads, (Body("", tuple(lines)),), pictures=tuple(p for p in pictures if p[1]))


def _histogram(bins: Sequence[Row], below: float | None, language: str) -> str:
    ends = [str(row["category"]).split(" - ") for row in bins]
    edges = [left for left, _ in ends] + ([ends[-1][1]] if ends else [])
    shares = [float(row["value"]) for row in bins]
    labels = [shown("share", share, language) or "·" for share in shares]
    low = [below is not None and float(right) <= below for _, right in ends]
    told = [edge.replace(".", ",") if language == "nl" else edge for edge in edges]
    alt = ", ".join(f"{a}–{b} {label}" for (a, b), label in zip(ends, labels, strict=True))
    return histogram(shares, labels, told, low, said("histogram_alt", language, parts=alt))

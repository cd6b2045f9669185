"""Defined effects: every route from a source to a target, and formulas of the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from werksem.compare.cells import records
from werksem.report.folder import Result, label_of
from werksem.report.numbers import beta, interval
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import word

__all__ = ["EffectName", "column_prefix", "effect_label", "effects_brief", "effects_table", "parse_effect"]

KINDS = {"total indirect: ": "total_indirect", "total: ": "total"}
ENGINES = ("sem", "bootstrap", "bayes")
# the bootstrap gives its interval to the SEM estimate
HEADERS = {"sem": "sem", "bootstrap": "sem_bootstrap", "bayes": "bayes"}
ARROW = " → "


@dataclass(frozen=True, slots=True)
class EffectName:
    """What an effect is: ``route``, ``total_indirect``, ``total`` or ``formula``; the names on its way."""

    kind: str
    names: tuple[str, ...]

    @property
    def target(self) -> str:
        """The outcome the effect is on; empty for a formula."""
        return self.names[-1] if self.kind != "formula" else ""


def parse_effect(name: str) -> EffectName:
    """Return what the name of a defined effect says.

    >>> parse_effect("total indirect: a -> y")
    EffectName(kind='total_indirect', names=('a', 'y'))
    >>> parse_effect("a1b1").kind
    'formula'
    """
    kind, rest = next(((k, name[len(p) :]) for p, k in KINDS.items() if name.startswith(p)), ("route", name))
    names = tuple(rest.split(" -> "))
    return EffectName(kind, names) if len(names) > 1 else EffectName("formula", (name,))


def effect_label(result: Result, effect: EffectName) -> str:
    """Return the effect in words: its source, and via what."""
    if effect.kind == "formula":
        return label_of(result, effect.names[0])
    labels = [label_of(result, name) for name in effect.names]
    if effect.kind == "route":
        via = ARROW.join(labels[1:-1]) or word("direct", result.language)
        return f"{labels[0]}{ARROW}{via}"
    return f"{labels[0]}: {word(effect.kind, result.language).lower()}"


def column_prefix(rows: pd.DataFrame) -> str:
    """Return ``std_`` where the effects are standardised, else an empty prefix for the raw ones."""
    return "std_" if rows["std"].notna().any() else ""


def effect_rows(result: Result) -> pd.DataFrame:
    """Return the rows of defined effects of all respondents together."""
    rows = result.estimates
    return rows[(rows["op"] == ":=") & (rows["group"] == "all")]


def effects_table(result: Result) -> Table:
    """Return the effects by target: routes first, then what they add up to; empty without effects."""
    language, rows = result.language, effect_rows(result)
    engines = [engine for engine in ENGINES if (rows["engine"] == engine).any()]
    if "bootstrap" in engines and "sem" in engines:
        engines.remove("sem")
    columns = (Column(word("effect", language)), *(Column(word(HEADERS[e], language), True) for e in engines))
    columns = (*columns, Column(word("not_zero", language)))
    bodies: dict[str, list[tuple[Cell, ...]]] = {}
    for name, part in rows.groupby("lhs", sort=False):
        effect = parse_effect(str(name))
        bodies.setdefault(effect.target, []).append(_row(result, effect, part, engines))
    headings = {target: label_of(result, target) or word("other_effects", language) for target in bodies}
    parts = tuple(Body(headings[target], tuple(cells)) for target, cells in bodies.items())
    raw = () if not len(rows) or column_prefix(rows) else (word("effects_raw", language),)
    return Table(word("effects_caption", language), columns, parts, raw, stacked=True)


def _row(result: Result, effect: EffectName, part: pd.DataFrame, engines: list[str]) -> tuple[Cell, ...]:
    language, prefix = result.language, column_prefix(part)
    tone = "strong" if effect.kind == "total_indirect" else ""
    cells = [Cell(effect_label(result, effect), tone=tone)]
    clear = []
    for engine in engines:
        found = part[part["engine"] == engine]
        if not len(found):
            cells.append(Cell())
            continue
        row = found.iloc[0]
        low, high = float(row[f"{prefix}ci_lower"]), float(row[f"{prefix}ci_upper"])
        value = float(row["std" if prefix else "est"])
        cells.append(Cell(beta(value, language, 3), interval(low, high, language, 3), tone=tone))
        clear.append(low > 0 or high < 0)
    return (*cells, Cell(_clear(clear, engines, language)))


def _clear(clear: list[bool], engines: list[str], language: str) -> str:
    """Return yes or no, or per engine where they disagree."""
    if not clear:
        return ""
    if len(set(clear)) == 1:
        return word("yes" if clear[0] else "no", language)
    pairs = zip(engines, clear, strict=False)
    return "; ".join(f"{word(HEADERS[e], language)} {word('yes' if c else 'no', language)}" for e, c in pairs)


def effects_brief(result: Result) -> tuple[str, ...]:
    """Return how many of the total indirect effects are clear of zero; nothing where there are none."""
    rows = effect_rows(result)
    rows = rows[rows["lhs"].str.startswith("total indirect: ")]
    engine = next((e for e in ("bootstrap", "bayes", "sem") if (rows["engine"] == e).any()), None)
    if engine is None:
        return ()
    rows, prefix = rows[rows["engine"] == engine], column_prefix(rows)
    clear = (rows[f"{prefix}ci_lower"] > 0) | (rows[f"{prefix}ci_upper"] < 0)
    return (word("brief_indirect", result.language, count=len(rows), clear=int(clear.sum())),)


def inconsistent(result: Result) -> tuple[str, ...]:
    """Return source → target pairs with a total of about 0 and a positive indirect effect clear of zero."""
    rows = effect_rows(result)
    found = []
    for engine in ("bootstrap", "sem", "bayes"):
        named = {str(row["lhs"]): row for row in records(rows[rows["engine"] == engine])}
        for name, indirect in named.items():
            ends = name.removeprefix("total indirect: ")
            total = named.get(f"total: {ends}")
            if ends != name and total and _near_zero(total, indirect):
                found.append(ARROW.join(label_of(result, end) for end in ends.split(" -> ")))
    return tuple(dict.fromkeys(found))


def _near_zero(total: Mapping[str, float], indirect: Mapping[str, float]) -> bool:
    return total["std_ci_lower"] < 0 < total["std_ci_upper"] and indirect["std_ci_lower"] > 0

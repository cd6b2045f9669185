"""Defined effects: every route from a source to a target, and formulas of the user's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from werksem.compare.cells import records
from werksem.report.band import band_notes, bands_of, verdict_of
from werksem.report.design_words import design_word
from werksem.report.folder import Result, label_of
from werksem.report.numbers import beta, count, interval
from werksem.report.replicates import share_mark
from werksem.report.table import Body, Cell, Column, Table, with_columns
from werksem.report.words import word

__all__ = [
    "EffectName", "column_prefix", "effect_label", "effects_brief", "effects_table", "parse_effect",
    "headline_first", "opposite", "whole_label",
]  # fmt: skip

KINDS = {"total indirect: ": "total_indirect", "total: ": "total"}
ENGINES = ("sem", "bootstrap", "bayes")
# the bootstrap gives its interval to the SEM estimate
HEADERS = {"sem": "sem", "bootstrap": "sem_bootstrap", "bayes": "bayes"}
ARROW = " → "
ORDER = ("total_indirect", "route", "total", "formula")
# rows of the table; a page of thousands does not open well, and estimates.csv has them all
MOST_SHOWN = 300


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


def whole_label(result: Result, name: str) -> str:
    """Return an effect in words with the outcome it is on."""
    effect = parse_effect(name)
    target = f"{ARROW}{label_of(result, effect.target)}" if effect.target else ""
    return effect_label(result, effect) + target


def column_prefix(rows: pd.DataFrame) -> str:
    """Return ``std_`` where the effects are standardised, else an empty prefix for the raw ones."""
    return "std_" if rows["std"].notna().any() else ""


def effect_rows(result: Result) -> pd.DataFrame:
    """Return the rows of defined effects of all respondents together."""
    rows = result.estimates
    return rows[(rows["op"] == ":=") & (rows["group"] == "all")]


def effects_table(result: Result, *, banded: bool = True) -> Table:
    """Return the effects by target: what the routes of a pair add up to before the routes themselves.

    ``banded`` puts the simultaneous band beside the bootstrap's interval, where the folder has one.
    """
    language, rows = result.language, effect_rows(result)
    engines = [engine for engine in ENGINES if (rows["engine"] == engine).any()]
    if "bootstrap" in engines and "sem" in engines:
        engines.remove("sem")
    metric = "std" if column_prefix(rows) else "raw"
    bands = bands_of(result, metric) if "bootstrap" in engines else {}
    bodies: dict[str, list[tuple[Cell, ...]]] = {}
    mark, shown = share_mark(result), most_telling(rows)
    parts = {str(name): part for name, part in rows[rows["lhs"].isin(shown)].groupby("lhs", sort=False)}
    for name in headline_first(parts):
        effect, part = parse_effect(name), parts[name]
        cells = _row(result, effect, part, engines, bands, bands.get(name), mark)
        bodies.setdefault(effect.target, []).append(cells)
    headings = {target: label_of(result, target) or word("other_effects", language) for target in bodies}
    found = tuple(Body(headings[target], tuple(cells)) for target, cells in bodies.items())
    notes = (
        *_left_out(len(shown), rows["lhs"].nunique(), language),
        *_reading(rows, metric, language),
        *(band_notes(result, metric) if "bootstrap" in engines else ()),
    )
    formulas = set(bodies) == {""}
    columns = _columns(engines, bool(bands), language, "formula" if formulas else "effect")
    caption = word("formulas_caption", language) if formulas else design_word(result, "effects_caption")
    table = Table(caption, columns, found, notes, stacked=True)
    return table if banded or not bands else _without_band(table, language)


def most_telling(rows: pd.DataFrame) -> list[str]:
    """Return the names of the effects (rows of ``:=``) to show: all, or of very many 300.

    Sums and formulas come before routes, the larger (of any engine) before the smaller.

    >>> found = pd.DataFrame({"lhs": ["a -> m -> y", "total: a -> y"], "est": [2.0, -1.0], "std": [0.1, 0.2]})
    >>> most_telling(found)
    ['a -> m -> y', 'total: a -> y']
    """
    size = rows["std" if column_prefix(rows) else "est"].abs().groupby(rows["lhs"], sort=False).max()
    names = list(map(str, size.index))
    if len(names) <= MOST_SHOWN:
        return names
    route = [parse_effect(name).kind == "route" for name in names]
    order = sorted(range(len(names)), key=lambda at: (route[at], -size.iloc[at]))
    return [names[at] for at in sorted(order[:MOST_SHOWN])]


def _left_out(shown: int, total: int, language: str) -> tuple[str, ...]:
    """Return how many effects stand in estimates.csv only; nothing where all are shown."""
    if shown == total:
        return ()
    return (word("effects_some", language, shown=count(shown, language), count=count(total, language)),)


def headline_first(names: Iterable[str]) -> list[str]:
    """Return effects with the total indirect one of each pair before its routes, the total after them.

    >>> headline_first(["a -> m -> y", "total indirect: a -> y", "total: a -> y", "own"])
    ['total indirect: a -> y', 'a -> m -> y', 'total: a -> y', 'own']
    """
    effects = {str(name): parse_effect(str(name)) for name in names}
    ends = {name: (found.names[0], found.target) for name, found in effects.items()}
    first = {end: at for at, end in reversed(list(enumerate(ends.values())))}
    return sorted(effects, key=lambda name: (first[ends[name]], ORDER.index(effects[name].kind)))


def _reading(rows: pd.DataFrame, metric: str, language: str) -> list[str]:
    """Return how to read the table: its metric, and why sums of several routes come first."""
    if not len(rows):
        return []
    effects = [parse_effect(str(name)) for name in rows["lhs"].unique()]
    said = [] if metric == "std" else [word("effects_raw", language)]
    if metric == "std" and all(effect.kind == "formula" for effect in effects):
        said.append(word("formulas_note", language))
    routes = Counter((e.names[0], e.target) for e in effects if e.kind == "route")
    return [*said, word("headline_note", language)] if max(routes.values(), default=0) > 1 else said


def _columns(engines: list[str], banded: bool, language: str, first: str) -> tuple[Column, ...]:
    columns = [Column(word(first, language))]
    for engine in engines:
        columns.append(Column(word(HEADERS[engine], language), True))
        if engine == "bootstrap" and banded:
            columns.append(Column(word("band", language), True))
    return (*columns, Column(word("band_not_zero" if banded else "not_zero", language)))


def _without_band(table: Table, language: str) -> Table:
    """Return the table without the limits of the band; what it says of 0 stays."""
    kept = [at for at, column in enumerate(table.columns) if column.header != word("band", language)]
    return with_columns(table, kept)


def _row(
    result: Result,
    effect: EffectName,
    part: pd.DataFrame,
    engines: list[str],
    bands: Mapping[str, tuple[float, float]],
    band: tuple[float, float] | None,
    mark: str,
) -> tuple[Cell, ...]:
    language, prefix = result.language, column_prefix(part)
    tone = "strong" if effect.kind == "total_indirect" else ""
    cells = [Cell(effect_label(result, effect), tone=tone)]
    verdicts: dict[str, str] = {}
    for engine in engines:
        found = part[part["engine"] == engine]
        banded = engine == "bootstrap" and bool(bands)
        if not len(found):
            cells += [Cell(), Cell()] if banded else [Cell()]
            continue
        row = found.iloc[0]
        low, high = float(row[f"{prefix}ci_lower"]), float(row[f"{prefix}ci_upper"])
        value = float(row["std" if prefix else "est"])
        limits = interval(low, high, language, 3)
        share = mark if engine == "bootstrap" else ""
        cells.append(Cell(beta(value, language, 3), limits + share if limits else "", tone=tone))
        if banded:
            cells.append(Cell(interval(*band, language, 3) if band else ""))
        beyond = _beyond_zero(*band) if banded and band else None
        if limits:
            verdicts[engine] = verdict_of(_beyond_zero(low, high), beyond)
    return (*cells, Cell(_clear(verdicts, language)))


def _beyond_zero(low: float, high: float) -> bool:
    return low > 0 or high < 0


def _clear(verdicts: Mapping[str, str], language: str) -> str:
    """Return yes or no, or per engine where they disagree."""
    if not verdicts:
        return ""
    if len(set(verdicts.values())) == 1:
        return word(next(iter(verdicts.values())), language)
    return "; ".join(f"{word(HEADERS[e], language)} {word(said, language)}" for e, said in verdicts.items())


def effects_brief(result: Result) -> tuple[str, ...]:
    """Return how many total indirect effects are clear of zero, and how many replicates that rests on."""
    mark, said = share_mark(result).strip(" ()"), _clear_of_zero(result)
    return (*said, word("share_said", result.language, share=mark)) if said and mark else said


def _clear_of_zero(result: Result) -> tuple[str, ...]:
    """Return how many of the total indirect effects are clear of zero; nothing where there are none.

    Where a band stands around all effects together, it says how many of them are.
    """
    language, rows = result.language, effect_rows(result)
    rows = rows[rows["lhs"].str.startswith("total indirect: ")]
    engine = next((e for e in ("bootstrap", "bayes", "sem") if (rows["engine"] == e).any()), None)
    if engine is None:
        return ()
    rows, prefix = rows[rows["engine"] == engine], column_prefix(rows)
    clear = (rows[f"{prefix}ci_lower"] > 0) | (rows[f"{prefix}ci_upper"] < 0)
    bands = bands_of(result, "std" if prefix else "raw") if engine == "bootstrap" else {}
    places = {"count": count(len(rows), language), "clear": count(int(clear.sum()), language)}
    if len(rows) == 1:
        places["clear"] = word("a" if clear.all() else "none", language)
        return (design_word(result, "brief_single", **places),)
    if not bands:
        return (design_word(result, "brief_indirect", **places),)
    beyond = sum(_beyond_zero(*bands[name]) for name in rows["lhs"] if name in bands)
    return (design_word(result, "brief_banded", banded=count(beyond, language), **places),)


def inconsistent(result: Result) -> tuple[str, ...]:
    """Return source → target pairs with a total of about 0 and a positive indirect effect clear of zero."""
    found = (pair for pair, total, indirect in _pairs(result) if _near_zero(total, indirect))
    return tuple(dict.fromkeys(found))


def opposite(result: Result) -> tuple[str, ...]:
    """Return source → target pairs whose indirect effect is clear of zero and the direct one of other sign.

    Where the total is about 0 too, they are among those of ``inconsistent``.
    """
    found = (pair for pair, total, indirect in _pairs(result) if _cancel(total, indirect))
    return tuple(dict.fromkeys(found))


def _pairs(result: Result) -> Iterator[tuple[str, Mapping[str, float], Mapping[str, float]]]:
    """Yield every pair with its total and total indirect effect, engine by engine."""
    rows = effect_rows(result)
    for engine in ("bootstrap", "sem", "bayes"):
        named = {str(row["lhs"]): row for row in records(rows[rows["engine"] == engine])}
        for name, indirect in named.items():
            ends = name.removeprefix("total indirect: ")
            total = named.get(f"total: {ends}")
            if ends != name and total:
                yield ARROW.join(label_of(result, end) for end in ends.split(" -> ")), total, indirect


def _near_zero(total: Mapping[str, float], indirect: Mapping[str, float]) -> bool:
    return total["std_ci_lower"] < 0 < total["std_ci_upper"] and indirect["std_ci_lower"] > 0


def _cancel(total: Mapping[str, float], indirect: Mapping[str, float]) -> bool:
    clear = _beyond_zero(indirect["std_ci_lower"], indirect["std_ci_upper"])
    return clear and (total["std"] - indirect["std"]) * indirect["std"] < 0

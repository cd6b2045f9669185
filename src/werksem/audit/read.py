"""A table file to a ``Table``: every printed number becomes the interval it was rounded from."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from werksem.audit.csv_file import csv_document
from werksem.audit.file import Entry, OutcomePart, SumPart, TableFile
from werksem.audit.rounding import (
    EVERYTHING,
    UNSIGNED,
    Interval,
    absolute,
    decimals_of,
    r2_interval,
    rounded,
)
from werksem.audit.table import Cell, Outcome, Sum, Table
from werksem.errors import SpecError, did_you_mean
from werksem.spec.problems import validated
from werksem.spec.yaml import Document, load

__all__ = ["read_table", "table_of"]

KINDS = ("beta", "b", "r2", "se", "t", "p", "sd")


def read_table(path: Path) -> Table:
    """Return a published table (.yaml, .csv); raises ``SpecError`` with its line where it is wrong."""
    document = csv_document(path) if path.suffix.lower() == ".csv" else load(path)
    return table_of(document)


def table_of(document: Document) -> Table:
    """Return the table of a document; raises as ``read_table``."""
    file = validated(TableFile, document)
    _check(file, document)
    decimals = _decimals(file)
    k = Counter(entry.lhs for entry in file.betas)
    named = {entry.lhs: file.outcomes.get(entry.lhs, OutcomePart()) for entry in file.betas}
    outcomes = {name: _outcome(name, part, k[name], decimals["r2"]) for name, part in named.items()}
    for name, found in outcomes.items():
        if found.df is not None and found.df < 1:
            message = f"n is {found.n} for {found.k} predictors; at least {found.k + 2}"
            raise SpecError(message, where=document.where(("outcomes", name, "n")))
    cells = tuple(_cell(entry, file, decimals) for entry in file.betas)
    sums = tuple(_sum(part) for part in file.totals)
    shown = max(decimals["beta"], decimals["b"])
    name = file.published or Path(document.file).stem
    return Table(name, file.source, file.language, shown, outcomes, cells, sums)


def _check(file: TableFile, document: Document) -> None:
    """Raise ``SpecError`` for names and marks that are nowhere, and for a cell given twice."""
    seen: set[tuple[str, str]] = set()
    for number, entry in enumerate(file.betas):
        where = document.where(("betas", number))
        if file.outcomes and entry.lhs not in file.outcomes:
            near = did_you_mean(entry.lhs, file.outcomes)
            raise SpecError(f'outcomes has no "{entry.lhs}"{near}', where=where)
        if entry.stars and entry.stars not in file.stars:
            marks = ", ".join(file.stars)
            message = f'found the mark "{entry.stars}", right are {marks} (key stars of the table)'
            raise SpecError(message, where=document.where(("betas", number, "stars")))
        if (entry.lhs, entry.rhs) in seen:
            raise SpecError(f"{entry.lhs} ~ {entry.rhs} is given twice", where=where)
        seen.add((entry.lhs, entry.rhs))
    known = {name for entry in file.betas for name in (entry.lhs, entry.rhs)}
    for section, names, right in (
        ("outcomes", file.outcomes, {lhs for lhs, _ in seen}), ("sd", file.sd, known),
    ):  # fmt: skip
        for name in names:
            if name not in right:
                message = f'{section}: "{name}" has no cell{did_you_mean(name, right)}'
                raise SpecError(message, where=document.where((section, name), key=True))


def _decimals(file: TableFile) -> dict[str, int]:
    """Return the decimals of every kind of number: as the file says, else of the most precise one."""
    entries, parts = file.betas, file.outcomes.values()
    seen: dict[str, Iterable[float | None]] = {
        "beta": [entry.beta for entry in entries],
        "b": [entry.b for entry in entries],
        "r2": [value for part in parts for value in (part.r2, part.adj_r2)],
        "se": [entry.se for entry in entries],
        "t": [entry.t for entry in entries],
        "p": [entry.p for entry in entries if not isinstance(entry.p, str)],
        "sd": file.sd.values(),
    }
    said = {kind: getattr(file.decimals, kind) for kind in KINDS}
    found = {kind: decimals_of(v for v in seen[kind] if v is not None) for kind in KINDS}
    return {kind: found[kind] if said[kind] is None else said[kind] for kind in KINDS}


def _outcome(name: str, part: OutcomePart, k: int, decimals: int) -> Outcome:
    adjusted = part.adj_r2 is not None
    printed = part.adj_r2 if adjusted else part.r2
    allowed = (0.0, 1.0)
    if printed is not None:
        allowed = r2_interval(printed, decimals, adjusted=adjusted, n=part.n, k=k)
    return Outcome(name, part.n, k, allowed, printed, adjusted, decimals, part.sample)


def _cell(entry: Entry, file: TableFile, decimals: dict[str, int]) -> Cell:
    value, kind = (entry.beta, "beta") if entry.b is None else (entry.b, "b")
    step = entry.rounding or file.rounding
    given = EVERYTHING if value is None else rounded(value, decimals[kind])
    if value is not None and step is not None:
        given = value - step / 2, value + step / 2
    se = UNSIGNED if entry.se is None else _positive(rounded(entry.se, decimals["se"]))
    unit, exact = _unit(entry, file, decimals["sd"])
    return Cell(
        outcome=entry.lhs, predictor=entry.rhs,
        printed=math.nan if value is None else value * exact,
        beta=_times(given, unit), se=_times(se, unit), ratio=_ratio(absolute(given), se),
        t=UNSIGNED if entry.t is None else absolute(rounded(entry.t, decimals["t"])),
        p=_p(entry.p, decimals["p"]), star_p=_star_p(entry.stars, file.stars), stars=entry.stars,
    )  # fmt: skip


def _unit(entry: Entry, file: TableFile, decimals: int) -> tuple[Interval, float]:
    """Return sd of predictor ÷ sd of outcome, which makes a b a beta: 1 for a beta, unknown without sd."""
    if entry.b is None:
        return (1.0, 1.0), 1.0
    if entry.lhs not in file.sd or entry.rhs not in file.sd:
        return UNSIGNED, math.nan
    x, y = (rounded(file.sd[name], decimals) for name in (entry.rhs, entry.lhs))
    return _ratio(_positive(x), _positive(y)), file.sd[entry.rhs] / file.sd[entry.lhs]


def _positive(interval: Interval) -> Interval:
    return max(interval[0], 0.0), interval[1]


def _ratio(above: Interval, below: Interval) -> Interval:
    """Return the quotients of two intervals of numbers that are not negative."""
    low = above[0] / below[1] if math.isfinite(below[1]) else 0.0
    return low, above[1] / below[0] if below[0] > 0 else math.inf


def _times(values: Interval, unit: Interval) -> Interval:
    if unit == UNSIGNED or not math.isfinite(values[1]):
        return (0.0 if values[0] >= 0 else -math.inf), math.inf
    products = [value * factor for value in values for factor in unit]
    return min(products), max(products)


def _p(printed: float | str | None, decimals: int) -> Interval:
    if printed is None:
        return 0.0, 1.0
    if isinstance(printed, str):
        return 0.0, float(printed.lstrip("< "))
    low, high = rounded(printed, decimals)
    return max(low, 0.0), min(high, 1.0)


def _star_p(mark: str | None, rule: dict[str, float]) -> Interval:
    """Return the p that a mark says: at most its own, above that of the next stricter mark."""
    if mark is None:
        return 0.0, 1.0
    limits = sorted([0.0, *rule.values(), 1.0])
    top = limits.index(rule[mark]) if mark else len(limits) - 1
    return limits[top - 1], limits[top]


def _sum(part: SumPart) -> Sum:
    decimals = part.decimals
    if decimals is None:
        decimals = decimals_of([*part.parts, *([] if part.total is None else [part.total])])
    total = 100.0 if part.total is None else part.total
    return Sum(part.name, part.parts, total, part.total is None, decimals, part.counts)

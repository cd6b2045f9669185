"""Sensitivity: what would undo the findings, the most fragile first."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from werksem.compare.cells import records
from werksem.report.effects import effect_label, parse_effect, whole_label
from werksem.report.folder import Result, label_of, optional_table
from werksem.report.numbers import beta, count, level_percent, number, percent
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import word

__all__ = ["fragility_report", "method_report", "order_report", "robustness_report", "sensitivity_tables"]

SHOWN = 10


def sensitivity_tables(result: Result) -> tuple[tuple[str, Table], ...]:
    """Return (sentence, table) of each kind of sensitivity that the folder has."""
    found = (fragility_report, order_report, method_report, robustness_report)
    return tuple(part for part in (make(result) for make in found) if part[0])


def fragility_report(result: Result) -> tuple[str, Table]:
    """Return the indirect effects clear of 0 that the smallest residual correlation would undo."""
    language = result.language
    table = optional_table(result, "fragility.csv", ("effect", "group", "mediator", "outcome", "note"))
    keys = ("effect", "outcome", "fragile_step", "rho_interval", "rho_zero")
    columns = tuple(Column(word(key, language), key.startswith("rho")) for key in keys)
    clear = table[pd.to_numeric(table["rho_interval"]).abs() > 0] if len(table) else table
    if not len(clear):
        said = word("fragility_none", language, all=count(len(table), language)) if len(table) else ""
        return said, _table("fragility_caption", language, columns, ())
    clear = clear.loc[clear["rho_interval"].abs().sort_values(kind="stable").index]
    rows = tuple(_fragile(result, row) for row in records(clear.head(SHOWN)))
    first = clear.iloc[0]
    places = {
        "effect": whole_label(result, str(first["effect"])), "clear": count(len(clear), language),
        "rho": beta(float(first["rho_interval"]), language, 3), "all": count(len(table), language),
    }  # fmt: skip
    said = word("fragility_said", language, **places)
    method = word("fragility_note", language, level=level_percent(float(first["level"]), language))
    return said, _table("fragility_caption", language, columns, rows, method)


def _fragile(result: Result, row: dict[str, Any]) -> tuple[Cell, ...]:
    effect = parse_effect(str(row["effect"]))
    group = "" if row["group"] == "all" else str(row["group"])
    step = f"{label_of(result, str(row['mediator']))} ↔ {label_of(result, str(row['outcome']))}"
    return (
        Cell(effect_label(result, effect), group), Cell(label_of(result, effect.target)), Cell(step),
        Cell(beta(float(row["rho_interval"]), result.language, 3)),
        Cell(beta(float(row["rho_zero"]), result.language, 3)),
    )  # fmt: skip


def order_report(result: Result) -> tuple[str, Table]:
    """Return the indirect effects with two mediators the other way round."""
    language = result.language
    text = ("first", "second", "group", "effect", "reversed_effect", "equivalent", "method", "note")
    table = optional_table(result, "mediator_order.csv", text).head(SHOWN)
    keys = ("effect", "std_here", "std_reversed", "chisq_here", "chisq_reversed", "equivalent")
    columns = tuple(Column(word(key, language), key not in ("effect", "equivalent")) for key in keys)
    rows = tuple(
        (
            Cell(whole_label(result, str(row["effect"])), whole_label(result, str(row["reversed_effect"]))),
            *(Cell(beta(float(row[key]), language, 3)) for key in ("std", "reversed_std")),
            *(Cell(number(float(row[key]), language, 1)) for key in ("chisq", "reversed_chisq")),
            Cell(word(str(row["equivalent"]), language) if row["equivalent"] else ""),
        )
        for row in records(table)
    )
    said = word("order_said", language) if rows else ""
    return said, _table("order_caption", language, columns, rows)


def method_report(result: Result) -> tuple[str, Table]:
    """Return per share of method variance how many paths and effects keep their verdict."""
    language = result.language
    table = optional_table(
        result,
        "method_variance.csv",
        ("factor", "turned", "group", "lhs", "op", "rhs", "flips", "method", "status"),
    )
    keys = ("factor", "method_share", "clear_paths", "clear_effects", "first_lost")
    columns = tuple(Column(word(key, language), key not in ("factor", "first_lost")) for key in keys)
    if not len(table):
        return "", _table("method_caption", language, columns, ())
    rows, lost = [], ""
    for _, part in table.groupby(["factor", "share"], sort=False):
        factor, share = str(part["factor"].iloc[0]), float(part["share"].iloc[0])
        rows.append(_share(result, factor, share, part, table))
        gone = _lost(part[part["op"] == "~"])
        if not lost and len(gone):
            places = {
                "share": percent(share, language, 0), "factor": word(factor, language).lower(),
                "count": count(len(gone), language), "clear": count(_clear(table, factor, "~"), language),
                "path": _path(result, gone.iloc[0]),
            }  # fmt: skip
            lost = word("method_said", language, **places)
    said = lost or word("method_kept", language)
    names = [label_of(result, name) for name in "".join(table["turned"].unique()).split(", ") if name]
    turned = word("method_turned", language, names=", ".join(names)) if names else ""
    note = word("method_note", language, turned=turned)
    return said, _table("method_caption", language, columns, tuple(rows), note)


def _share(
    result: Result, factor: str, share: float, part: pd.DataFrame, table: pd.DataFrame
) -> tuple[Cell, ...]:
    """Return one share's line: of what was clear at share 0, how much keeps its verdict."""
    language = result.language
    name, size = Cell(word(factor, language)), Cell(percent(share, language, 0))
    if part["est"].isna().all():
        possible = part["status"].iloc[0] == "not_converged"
        why = word("method_unsolved" if possible else "method_impossible", language)
        return name, size, Cell(), Cell(), Cell(why, tone="quiet")
    cells = []
    for op in ("~", ":="):
        clear = _clear(table, factor, op)
        kept = clear - len(_lost(part[part["op"] == op]))
        cells.append(Cell(f"{count(kept, language)} / {count(clear, language)}" if clear else ""))
    gone = _lost(part[part["op"] == "~"])
    names = [_path(result, row) for _, row in gone.head(3).iterrows()]
    more = word("more", language, count=count(len(gone) - 3, language)) if len(gone) > 3 else ""
    return name, size, *cells, Cell("; ".join(names), more)


def _clear(table: pd.DataFrame, factor: str, op: str) -> int:
    """Return how many intervals exclude 0 before anything is taken out."""
    rows = table[(table["factor"] == factor) & (table["share"] == 0) & (table["op"] == op)]
    return int(((rows["ci_lower"] > 0) | (rows["ci_upper"] < 0)).sum())


def _lost(part: pd.DataFrame) -> pd.DataFrame:
    return part[part["flips"].isin(["sign", "includes 0"])]


def _path(result: Result, row: Any) -> str:
    return f"{label_of(result, str(row['rhs']))} → {label_of(result, str(row['lhs']))}"


def robustness_report(result: Result) -> tuple[str, Table]:
    """Return the clear betas with the smallest robustness value, and the bounds of published ones."""
    language = result.language
    table = optional_table(result, "robustness.csv", ("source", "group", "lhs", "rhs", "basis"))
    columns = tuple(
        Column(word(key, language), key.startswith(("rv", "beta")))
        for key in ("path", "beta", "rv", "rv_alpha")
    )
    if not len(table):
        return "", _table("robustness_caption", language, columns, ())
    bodies, said = [], ""
    for source, part in table.groupby("source", sort=False):
        values = part["rv_alpha"].fillna(part["rv_alpha_lower"])
        clear = part[values > 0].assign(order=values).sort_values("order", kind="stable")
        rows = tuple(_robust(result, row) for row in records(clear.head(SHOWN)))
        bodies.append(Body(word(str(source), language), rows))
        if not said and len(clear):
            first = clear.iloc[0]
            share = percent(float(first["order"]), language)
            places = {"path": _path(result, first), "clear": count(len(clear), language), "share": share}
            said = word("robustness_said", language, **places)
    notes = (word("robustness_note", language),)
    return said, Table(word("robustness_caption", language), columns, tuple(bodies), notes, wide=True)


def _robust(result: Result, row: dict[str, Any]) -> tuple[Cell, ...]:
    language = result.language
    group = "" if row["group"] == "all" else str(row["group"])
    values = [_bounded(row, key, language) for key in ("rv", "rv_alpha")]
    return Cell(_path(result, row), group), Cell(beta(float(row["beta"]), language)), *values


def _bounded(row: dict[str, Any], key: str, language: str) -> Cell:
    """Return a robustness value, or the bounds that stars leave."""
    value, low, high = (float(row[name]) for name in (key, f"{key}_lower", f"{key}_upper"))
    if not math.isnan(value):
        return Cell(percent(value, language))
    if high >= 1:
        return Cell(f"≥ {percent(low, language)}")
    return Cell(f"{percent(low, language)} – {percent(high, language)}")


def _table(
    caption: str,
    language: str,
    columns: tuple[Column, ...],
    rows: tuple[tuple[Cell, ...], ...],
    note: str = "",
) -> Table:
    bodies = (Body("", rows),) if rows else ()
    return Table(word(caption, language), columns, bodies, (note,) if note else (), wide=True)

"""How every item was answered, scale by scale, with its part in the scale."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from werksem.compare.cells import records
from werksem.report.described.bars import shades, stacked
from werksem.report.folder import Result, label_of, optional_table
from werksem.report.numbers import beta, count, number, percent
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import word

__all__ = ["items_table"]

NONE = pd.Series(dtype=float)
KEYS = ("items_n", "items_missing", "items_mean", "items_sd", "items_answers", "items_rest", "loading")


def items_table(result: Result) -> Table:
    """Return a body per construct, a row per item; empty for a folder without answers.

    Where groups are estimated by themselves, item-rest correlations and loadings are ranges over them.
    """
    language = result.language
    answers = optional_table(result, "distributions.csv", ("construct", "item", "status"))
    items = optional_table(result, "items.csv", ("construct", "item", "group", "note"))
    columns = (
        Column(word("item", language)),
        *(Column(word(key, language), key != "items_answers") for key in KEYS),
    )
    source = answers if len(answers) else items
    if source.empty:
        return Table(word("items_caption", language), columns, ())
    bodies = []
    for construct, names in source.groupby("construct", sort=False)["item"].unique().items():
        rows = tuple(_row(result, str(construct), str(item), answers, items) for item in names)
        bodies.append(Body(_heading(result, str(construct)), rows))
    notes = _notes(answers, language)
    return Table(word("items_caption", language), columns, tuple(bodies), notes, wide=True)


def _notes(answers: pd.DataFrame, language: str) -> tuple[str, ...]:
    said = ["items_note"] if len(answers) else []
    said += ["items_hidden"] if len(answers) and (answers["status"] != "").any() else []
    weighted = len(answers) and answers["share_weighted"].notna().any()
    return tuple(word(key, language) for key in (*said, *(["items_weighted"] if weighted else [])))


def _heading(result: Result, construct: str) -> str:
    rows = result.reliability
    found = rows[rows["construct"] == construct] if len(rows) else rows
    alphas = pd.to_numeric(found["alpha"]).dropna() if len(found) else pd.Series(dtype=float)
    label = label_of(result, construct)
    return f"{label} · α = {_range(alphas, result.language)}" if len(alphas) else label


def _row(
    result: Result, construct: str, item: str, answers: pd.DataFrame, items: pd.DataFrame
) -> tuple[Cell, ...]:
    language = result.language
    given = answers[(answers["item"] == item) & (answers["construct"] == construct)]
    own = items[(items["item"] == item) & (items["construct"] == construct)]
    n, mean, sd = _described(given, own)
    label = label_of(result, item)
    turned = word("items_reversed", language) if item in _reversed(result, construct) else ""
    below = [part for part in (item if label != item else "", turned) if part]
    used = float(result.manifest.get("data", {}).get("rows_used", math.nan))
    return (
        Cell(label, ", ".join(below)),
        Cell(count(n, language)),
        Cell(percent(1 - n / used, language) if used >= n else ""),
        Cell(number(mean, language)),
        Cell(number(sd, language)),
        _answers(given, language),
        Cell(_range(own.get("item_rest", NONE).dropna(), language)),
        Cell(_range(own.get("loading", NONE).dropna(), language)),
    )


def _described(given: pd.DataFrame, own: pd.DataFrame) -> tuple[float, float, float]:
    """Return n, mean and SD of all respondents; from the answers themselves where groups have rows."""
    if len(own) == 1:
        return tuple(float(own[name].iloc[0]) for name in ("n", "mean", "sd"))  # type: ignore[return-value]
    counts = given["n"].astype(float)
    if not len(given) or counts.isna().any() or not counts.sum() > 1:
        return (float(own["n"].sum()) if len(own) else math.nan), math.nan, math.nan
    weighted = given["share_weighted"].astype(float)
    share, y, n = weighted if weighted.notna().all() else given["share"], given["answer"], counts.sum()
    mean = float((share * y).sum())
    return float(n), mean, math.sqrt(float((share * (y - mean) ** 2).sum()) * n / (n - 1))


def _answers(given: pd.DataFrame, language: str) -> Cell:
    """Return the answers as a bar with their percentages below it; what is hidden is named."""
    if not len(given):
        return Cell()
    name = "share_weighted" if given["share_weighted"].notna().any() else "share"
    shares = [float(row[name]) for row in records(given)]
    said = [
        f"{number(float(row['answer']), language, 0 if float(row['answer']).is_integer() else 1)}: "
        f"{percent(float(row[name]), language) or word('items_small', language)}"
        for row in records(given)
    ]
    if any(math.isnan(share) for share in shares):
        return Cell("; ".join(said), tone="quiet")
    bar = stacked(list(zip(shares, shades(len(shares)), strict=True)), "; ".join(said))
    shown = " · ".join(number(100 * share, language, 0) for share in shares)
    return Cell("", f"{shown} %", picture=bar)


def _reversed(result: Result, construct: str) -> tuple[str, ...]:
    """Return the items of a construct that are worded the other way, where the study says so."""
    model = result.study.get("model")
    measured = model.get("measurement") if isinstance(model, Mapping) else None
    found: Any = (measured or {}).get(construct)
    return tuple(found.get("reversed") or ()) if isinstance(found, Mapping) else ()


def _range(values: pd.Series, language: str) -> str:
    """Return one value, or the smallest and the largest where groups have their own."""
    if not len(values):
        return ""
    ends = dict.fromkeys(beta(float(end), language) for end in (values.min(), values.max()))
    return " – ".join(ends)

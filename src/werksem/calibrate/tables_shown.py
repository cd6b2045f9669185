"""The tables of the calibration page: coverage per kind of interval, every path, and power."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from werksem.calibrate.coverage import BROKEN, Z95
from werksem.calibrate.names import kind_name, label, path_name
from werksem.calibrate.summary import judged, per_kind
from werksem.calibrate.words import said
from werksem.report.numbers import beta, count, number, percent
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import engine_name

__all__ = ["ends", "kinds_table", "paths_table", "power_said", "power_tables"]

# where a number would say what is not so
NONE = "–"
TONES = {
    "ok": "good", "too low": "bad", "biased": "bad", "too high": "warn", "undecided": "warn",
    "not in order": "bad",
}  # fmt: skip


def verdict(kind: str, language: str) -> Cell:
    """Return a verdict in words, with its colour."""
    return Cell(said(kind, language), tone=TONES[kind])


def used(row: Mapping[Any, Any], language: str) -> Cell:
    """Return how many surveys gave an interval, and below it of how many where some did not."""
    some = row["used"] < row["surveys"]
    return Cell(count(row["used"], language), f"/ {count(row['surveys'], language)}" if some else "")


def kinds_table(table: pd.DataFrame, language: str) -> Table:
    """Return a row per kind of interval, by engine."""
    heads = ("interval", "mean", "lowest", "highest", "misses", "width", "used", "verdict")
    columns = tuple(Column(said(name, language), 0 < at < len(heads) - 1) for at, name in enumerate(heads))
    rows = tuple(_kind(row, language) for row in per_kind(table).to_dict("records"))
    return Table(said("coverage_caption", language), columns, (Body("", rows),), wide=True)


def _kind(row: dict[Any, Any], language: str) -> tuple[Cell, ...]:
    name = kind_name(row["engine"], row["interval"], language)
    own = said("own", language) if row["own"] else ""
    # without a survey that gave an interval there is nothing to miss
    sides = filter(None, (percent(row[side], language) for side in ("below", "above")))
    misses = " / ".join(sides)
    return (
        Cell(name, own, tone="strong" if row["own"] else ""),
        *(Cell(percent(row[key], language)) for key in ("coverage", "lowest", "highest")),
        Cell(misses), Cell(beta(row["width"], language, 3)), used(row, language),
        verdict(row["verdict"], language),
    )  # fmt: skip


def paths_table(
    table: pd.DataFrame, powers: pd.DataFrame, manifest: Mapping[str, Any], language: str
) -> Table:
    """Return the study's own intervals, a row per standardised path and effect, by engine."""
    own = judged(table)
    own = own[own["own"]]
    size = beta(manifest["calibrate"]["difference"], language)
    heads = [
        said(key, language, size=size)
        for key in ("path", "truth", "bias", "sd", "cover", "used", "power", "n_80", "verdict")
    ]
    columns = tuple(Column(text, 0 < at < len(heads) - 1) for at, text in enumerate(heads))
    known = {
        (row["engine"], row["interval"], row["group"], row["lhs"], row["rhs"]): row
        for row in powers[powers["kind"] == "path"].to_dict("records")
    }
    bodies = tuple(
        Body(
            kind_name(str(engine), str(kind), language),
            tuple(_path(row, known, manifest, language) for row in part.to_dict("records")),
        )
        for (engine, kind), part in own.groupby(["engine", "interval"], sort=False)
    )
    return Table(said("paths_caption", language), columns, bodies, wide=True)


def _path(
    row: dict[Any, Any], known: Mapping[Any, dict[Any, Any]], manifest: Mapping[str, Any], language: str
) -> tuple[Cell, ...]:
    power = known.get((row["engine"], row["interval"], row["group"], row["lhs"], row["rhs"]), {})
    group = "" if row["group"] == "all" else str(row["group"])
    span = bias_error = ""
    if np.isfinite(row["coverage"]):
        limits = (number(100 * row[key], language, 1) for key in ("coverage_lower", "coverage_upper"))
        span, bias_error = f"[{'; '.join(limits)}]", f"± {beta(Z95 * row['bias_mcse'], language, 4)}"
    return (
        Cell(path_name(manifest, row, language), group), Cell(beta(row["truth"], language, 3)),
        Cell(beta(row["bias"], language, 4), bias_error),
        Cell(beta(row["sd"], language, 3)), Cell(percent(row["coverage"], language), span),
        used(row, language), seen(power, language), needed(power, language),
        verdict(row["verdict"], language),
    )  # fmt: skip


def seen(row: Mapping[Any, Any], language: str) -> Cell:
    """Return a counted power with its Monte-Carlo interval; a dash where the interval is not in order."""
    share, error = row.get("power", np.nan), row.get("mcse", np.nan)
    if not np.isfinite(share):
        return Cell("")
    if row["verdict"] in BROKEN:
        return Cell(NONE)
    return Cell(percent(share, language, 0), f"± {percent(Z95 * error, language, 0)}")


def needed(row: Mapping[Any, Any], language: str) -> Cell:
    """Return the respondents that would do, and in how many organisations; a dash without such a number."""
    n, clusters = row.get("n_80", np.nan), row.get("clusters_80", np.nan)
    if not np.isfinite(n):
        return Cell(NONE if np.isfinite(row.get("power", np.nan)) else "")
    inside = said("in_clusters", language, count=count(clusters, language)) if clusters == clusters else ""
    return Cell(count(n, language), inside)


def power_said(powers: pd.DataFrame, manifest: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """Return a sentence per engine: the lowest and highest power, of paths and of pairs.

    Intervals that are not in order are left out, and counted: they hold no level to have power at. Those of
    which that is not known are counted too.
    """
    size = beta(manifest["calibrate"]["difference"], language)
    return tuple(
        sentence
        for engine, part in powers[powers["power"].notna()].groupby("engine", sort=False)
        for sentence in _power_of(part, engine_name(str(engine), language), size, language)
    )


def _power_of(part: pd.DataFrame, engine: str, size: str, language: str) -> Iterator[str]:
    """Yield what is said of an engine's power."""
    broken, path = part["verdict"].isin(BROKEN), part["kind"] == "path"
    paths, pairs = (part.loc[~broken & chosen, "power"] for chosen in (path, ~path))
    known = {
        "engine": engine, "size": size, "paths": ends(paths, language), "pairs": ends(pairs, language),
        "total": count(path.sum(), language),
    }  # fmt: skip
    if len(paths):
        found = said("power_said" if len(pairs) else "power_path", language, **known)
        unknown = int((path & (part["verdict"] == "undecided")).sum())
        more = said("power_open", language, count=count(unknown, language), **known) if unknown else ""
        yield f"{found} {more}".rstrip()
    if (path & broken).any():
        yield said("power_broken", language, count=count((path & broken).sum(), language), **known)


def ends(shares: pd.Series, language: str, decimals: int = 0) -> str:
    """Return the lowest and the highest share, once where they are printed alike; empty without shares."""
    low, high = (percent(share, language, decimals) for share in (shares.min(), shares.max()))
    return low if low == high else said("from_to", language, low=low, high=high)


def power_tables(powers: pd.DataFrame, manifest: Mapping[str, Any], language: str) -> tuple[Table, ...]:
    """Return a table per engine: pairs of predictors of one outcome, power counted and by formula."""
    size = beta(manifest["calibrate"]["difference"], language)
    heads = [said(key, language, size=size) for key in ("pair", "sd", "power", "by_formula", "n_80")]
    columns = tuple(Column(text, at > 0) for at, text in enumerate(heads))
    pairs = powers[(powers["kind"] == "difference") & powers["power"].notna()]
    tables = []
    for engine, part in pairs.groupby("engine", sort=False):
        bodies = tuple(
            Body(
                label(manifest, str(outcome), language),
                tuple(_pair(row, manifest, language) for row in rows.to_dict("records")),
            )
            for outcome, rows in part.groupby("lhs", sort=False)
        )
        caption = f"{said('power_caption', language, size=size)}: {engine_name(str(engine), language)}"
        tables.append(Table(caption, columns, bodies, wide=True))
    return tuple(tables)


def _pair(row: dict[Any, Any], manifest: Mapping[str, Any], language: str) -> tuple[Cell, ...]:
    names = " – ".join(label(manifest, str(row[key]), language) for key in ("rhs", "than"))
    return (
        Cell(names), Cell(beta(row["se"], language, 3)), seen(row, language),
        Cell(NONE if row["verdict"] in BROKEN else percent(row["power_formula"], language, 0)),
        needed(row, language),
    )  # fmt: skip

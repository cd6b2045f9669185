"""The tables of the calibration page: coverage per kind of interval, every path, and power."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from werksem.calibrate.names import kind_name, label, path_name
from werksem.calibrate.summary import judged, per_kind
from werksem.calibrate.words import said
from werksem.report.numbers import beta, count, number, percent
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import engine_name

__all__ = ["kinds_table", "paths_table", "power_said", "power_tables"]

TONES = {"ok": "good", "too low": "bad", "biased": "bad", "too high": "warn", "failed": "bad"}


def verdict(kind: str, language: str) -> Cell:
    """Return a verdict in words, with its colour."""
    return Cell(said("failed_word" if kind == "failed" else kind, language), tone=TONES[kind])


def kinds_table(table: pd.DataFrame, language: str) -> Table:
    """Return a row per kind of interval, by engine."""
    heads = ("interval", "mean", "lowest", "highest", "misses", "width", "verdict")
    columns = tuple(Column(said(name, language), 0 < at < len(heads) - 1) for at, name in enumerate(heads))
    rows = tuple(_kind(row, language) for row in per_kind(table).to_dict("records"))
    return Table(said("coverage_caption", language), columns, (Body("", rows),), wide=True)


def _kind(row: dict[Any, Any], language: str) -> tuple[Cell, ...]:
    name = kind_name(row["engine"], row["interval"], language)
    own = said("own", language) if row["own"] else ""
    misses = " / ".join(percent(row[side], language) for side in ("below", "above"))
    return (
        Cell(name, own, tone="strong" if row["own"] else ""),
        *(Cell(percent(row[key], language)) for key in ("coverage", "lowest", "highest")),
        Cell(misses), Cell(beta(row["width"], language, 3)), verdict(row["verdict"], language),
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
        for key in ("path", "truth", "bias", "sd", "cover", "power", "n_80", "verdict")
    ]
    columns = tuple(Column(text, 0 < at < len(heads) - 1) for at, text in enumerate(heads))
    known = {
        (row["engine"], row["group"], row["lhs"], row["rhs"]): row
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
    power = known.get((row["engine"], row["group"], row["lhs"], row["rhs"]), {})
    group = "" if row["group"] == "all" else str(row["group"])
    span = (
        f"[{'; '.join(number(100 * row[key], language, 1) for key in ('coverage_lower', 'coverage_upper'))}]"
    )
    needed = power.get("n_80", np.nan)
    return (
        Cell(path_name(manifest, row, language), group), Cell(beta(row["truth"], language, 3)),
        Cell(beta(row["bias"], language, 4), f"± {beta(row['bias_mcse'], language, 4)}"),
        Cell(beta(row["sd"], language, 3)), Cell(percent(row["coverage"], language), span),
        Cell(percent(power.get("power", np.nan), language, 0)),
        Cell("" if not np.isfinite(needed) else count(needed, language)), verdict(row["verdict"], language),
    )  # fmt: skip


def power_said(powers: pd.DataFrame, manifest: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """Return a sentence per engine: the lowest and highest power, of paths and of pairs."""
    size, found = beta(manifest["calibrate"]["difference"], language), []
    for engine, part in powers[powers["power"].notna()].groupby("engine", sort=False):
        paths, pairs = (part.loc[part["kind"] == kind, "power"] for kind in ("path", "difference"))
        ends = {"engine": engine_name(str(engine), language), "size": size, "paths": _ends(paths, language)}
        if pairs.empty:
            found.append(said("power_path", language, **ends))
        else:
            found.append(said("power_said", language, **ends, pairs=_ends(pairs, language)))
    return tuple(found)


def _ends(shares: pd.Series, language: str) -> str:
    """Return the lowest and the highest share, once where they are printed alike."""
    low, high = percent(shares.min(), language, 0), percent(shares.max(), language, 0)
    return low if low == high else said("from_to", language, low=low, high=high)


def power_tables(powers: pd.DataFrame, manifest: Mapping[str, Any], language: str) -> tuple[Table, ...]:
    """Return a table per engine: pairs of predictors of one outcome, power by formula and counted."""
    size = beta(manifest["calibrate"]["difference"], language)
    heads = [said(key, language, size=size) for key in ("pair", "sd", "power", "simulated", "n_80")]
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
        Cell(names), Cell(beta(row["se"], language, 3)), Cell(percent(row["power"], language, 0)),
        Cell(percent(row["power_simulated"], language, 0), f"± {percent(row['mcse'], language)}"),
        Cell(count(row["n_80"], language)),
    )  # fmt: skip

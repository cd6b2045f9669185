"""What the page says of the posterior: ranks of the truth, and the smallest sector that stands alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from werksem.calibrate.names import label
from werksem.calibrate.sbc_table import EVERY
from werksem.calibrate.smallest_table import ANY, SECTOR, SMALLEST
from werksem.calibrate.words import said
from werksem.compare.ledger import RULE_N
from werksem.report.numbers import beta, count, number, percent, pvalue
from werksem.report.table import Body, Cell, Column, Table

__all__ = ["ranks_said", "ranks_table", "sectors_said", "sectors_table", "sizes_table"]

TONES = {"uniform": "good", "not uniform": "bad", "not simulated": "quiet"}
BEYOND = "> "
PUBLISHED = 300  # surveys: with fewer only a posterior that is far off would have shown
RANKS = ("quantity", "rank_mean", "ecdf_p", "cover_90", "z_sd", "contraction", "verdict")
SMALL = ("path", "n_margin", "n_overall")
SIZES = ("size", "rmse_own", "rmse_pooled", "rmse_overall", "cover_own", "cover_pooled")


def ranks_said(sbc: pd.DataFrame, language: str) -> str:
    """Return whether the ranks are uniform, in a sentence; empty without a posterior."""
    if sbc.empty:
        return ""
    every = sbc.iloc[0]
    values = {
        "posteriors": count(every["posteriors"], language), "failed": count(every["failed"], language),
        # those that the verdict rests on: the band's is times the number of quantities
        "p": pvalue(every["ecdf_pvalue"], language), "width": pvalue(every["width_pvalue"], language),
        "cover": percent(every["coverage_90"], language), "shift": beta(every["least_shift"], language),
        "narrow": percent(1 - every["least_ratio"], language, 0),
    }  # fmt: skip
    few = every["posteriors"] < PUBLISHED and every["verdict"] == "calibrated"
    more = (said("sbc more", language, least=PUBLISHED),) if few else ()
    return " ".join((said(f"sbc {every['verdict']}", language, **values), *more))


def ranks_table(sbc: pd.DataFrame, manifest: Mapping[str, Any], language: str) -> Table:
    """Return a row per quantity of the posterior."""
    columns = _columns(RANKS, language, last=True)
    rows = [] if sbc.empty else sbc[sbc["quantity"] != EVERY].to_dict("records")
    tested = sum(row["ecdf_pvalue"] == row["ecdf_pvalue"] for row in rows)
    lines = tuple(_ranks(row, tested, manifest, language) for row in rows)
    return Table(said("sbc_caption", language), columns, (Body("", lines),), wide=True)


def _columns(keys: tuple[str, ...], language: str, *, last: bool = False) -> tuple[Column, ...]:
    """Return columns of numbers after the first; the last is in words where ``last``."""
    end = len(keys) - 1 if last else len(keys)
    return tuple(Column(said(key, language), 0 < at < end) for at, key in enumerate(keys))


def _ranks(
    row: dict[Any, Any], tested: int, manifest: Mapping[str, Any], language: str
) -> tuple[Cell, ...]:  # fmt: skip
    """Return a quantity's cells; its p-value is the one that its verdict rests on."""
    group = "" if row["group"] == "all" else str(row["group"])
    quantity = " ~ ".join(label(manifest, part, language) for part in str(row["quantity"]).split("~"))
    verdict, p = str(row["verdict"]), min(1.0, row["ecdf_pvalue"] * tested)
    return (
        Cell(quantity, group), Cell(beta(row["rank_mean"], language)),
        Cell(pvalue(p, language) if row["ecdf_pvalue"] == row["ecdf_pvalue"] else ""),
        Cell(percent(row["coverage_90"], language, 0)), Cell(number(row["z_sd"], language)),
        Cell(beta(row["contraction"], language)), Cell(said(verdict, language), tone=TONES[verdict]),
    )  # fmt: skip


def sectors_said(sectors: pd.DataFrame, language: str) -> str:
    """Return from which size on a sector's own betas are within 5 % of the pooled; empty without groups."""
    found = sectors[(sectors["group"] == SMALLEST) & (sectors["lhs"] == ANY)] if len(sectors) else sectors
    if found.empty:
        return ""
    row = found.iloc[0]
    near, span = _size(row["n_margin"], sectors, language), _span(row, sectors, language)
    if pd.isna(row["n_margin"]):
        return said("smallest_never", language, n=near.removeprefix(BEYOND), rule=RULE_N)
    return said("smallest_said", language, near=near, span=span, rule=RULE_N)


def _span(row: Any, sectors: pd.DataFrame, language: str) -> str:
    """Return the Monte-Carlo interval of the size from which own is within 5 %."""
    low, high = (_size(row[f"n_margin_{side}"], sectors, language) for side in ("lower", "upper"))
    return said("from_to", language, low=low, high=high)


def _size(value: Any, sectors: pd.DataFrame, language: str) -> str:
    """Return a size; where no size of the grid is large enough, that it is beyond the largest."""
    if pd.notna(value):
        return count(round(float(value)), language)
    return f"{BEYOND}{count(sectors.loc[sectors['group'] == SECTOR, 'n'].max(), language)}"


def sectors_table(sectors: pd.DataFrame, manifest: Mapping[str, Any], language: str) -> Table:
    """Return a row per path: from which size on its own beta is within 5 % of the pooled one."""
    columns = _columns(SMALL, language)
    found = sectors[(sectors["group"] == SMALLEST) & (sectors["lhs"] != ANY)] if len(sectors) else sectors
    bodies = tuple(
        Body(
            label(manifest, str(outcome), language),
            tuple(_sector(row, sectors, manifest, language) for row in part.to_dict("records")),
        )
        for outcome, part in found.groupby("lhs", sort=False)
    ) if len(found) else ()  # fmt: skip
    return Table(said("smallest_caption", language), columns, bodies, wide=True)


def _sector(
    row: dict[Any, Any], sectors: pd.DataFrame, manifest: Mapping[str, Any], language: str
) -> tuple[Cell, ...]:
    span = "" if pd.isna(row["n_margin"]) else _span(row, sectors, language)
    return (
        Cell(label(manifest, str(row["rhs"]), language)),
        Cell(_size(row["n_margin"], sectors, language), span),
        Cell(_size(row["n_overall"], sectors, language)),
    )  # fmt: skip


def sizes_table(sectors: pd.DataFrame, language: str) -> Table:
    """Return how far own, pooled and overall betas are from the truth in sectors of every size."""
    columns = _columns(SIZES, language)
    found = sectors[(sectors["group"] == SECTOR) & (sectors["lhs"] == ANY)] if len(sectors) else sectors
    rows = tuple(
        (
            Cell(count(row["n"], language)),
            *(Cell(beta(row[key], language, 3)) for key in ("rmse_own", "rmse_pooled", "rmse_overall")),
            *(Cell(percent(row[key], language)) for key in ("coverage_own", "coverage_pooled")),
        )
        for row in found.to_dict("records")
    )
    return Table(said("sizes_caption", language), columns, (Body("", rows),), wide=True)

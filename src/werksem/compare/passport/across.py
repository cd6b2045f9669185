"""The same rungs of several result folders side by side: waves, sectors or studies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from werksem.compare.across import names_of
from werksem.compare.cells import read_table
from werksem.compare.passport.records import ORDER
from werksem.compare.passport.table import TEXT
from werksem.compare.table import verdict
from werksem.errors import DataError

__all__ = ["passports", "read_passport"]

KEYS = ["lhs", "rhs", "group", "rung"]
VALUES = ["std", "delta", "delta_ci_lower", "delta_ci_upper", "explains"]


def read_passport(folder: Path) -> pd.DataFrame:
    """Return ``passport.csv`` of a result folder; raises ``DataError`` where the study has none."""
    path = folder / "passport.csv"
    if not path.is_file():
        raise DataError(
            "there is no passport.csv: a study has one where two of ols, sem, bayes and published have betas",
            where=str(folder),
        )
    return read_table(path, TEXT)


def passports(folders: Sequence[Path]) -> pd.DataFrame:
    """Return one row per path, group and rung over all folders that have a passport, wide.

    Columns: ``lhs, rhs, group, rung``, then per folder ``NAME.std, NAME.delta, NAME.delta_ci_lower,
    NAME.delta_ci_upper, NAME.explains``, then ``difference`` (the largest gap between folders on this rung)
    and ``verdict`` (by the rule of ``comparison.csv``). One folder: its own passport. Empty where no folder
    has one.
    """
    named = [(name, at) for name, at in zip(names_of(folders), folders, strict=True)]
    present = [(name, at) for name, at in named if (at / "passport.csv").is_file()]
    if len(folders) == 1 and present:
        return read_passport(folders[0])
    tables = [(name, read_passport(at)) for name, at in present]
    tables = [(name, table[table["std"].notna()]) for name, table in tables]
    if not tables:
        return pd.DataFrame(columns=KEYS)
    wide = pd.concat([table[KEYS] for _, table in tables]).drop_duplicates().reset_index(drop=True)
    path = wide.groupby(KEYS[:3], sort=False).ngroup()
    place = pd.DataFrame({"path": path, "rung": wide["rung"].map(ORDER.index)})
    wide = wide.loc[place.sort_values(["path", "rung"], kind="stable").index].reset_index(drop=True)
    for name, table in tables:
        renamed = table[[*KEYS, *VALUES]].rename(columns={value: f"{name}.{value}" for value in VALUES})
        wide = wide.merge(renamed, on=KEYS, how="left")
        wide[f"{name}.explains"] = wide[f"{name}.explains"].fillna("")
    values = wide[[f"{name}.std" for name, _ in tables]].astype(float)
    gap = (values.max(axis=1) - values.min(axis=1)).where(values.notna().sum(axis=1) > 1)
    return wide.assign(difference=gap, verdict=[verdict(row) for row in values.to_numpy().tolist()])

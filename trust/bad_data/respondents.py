"""The respondents that every case spoils, and the files they are written to."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

__all__ = ["ITEMS", "Change", "respondents", "write"]

Change = Callable[[pd.DataFrame], pd.DataFrame]
ITEMS = ["x1", "x2", "x3", "x4", "x5", "x6"]


def respondents(n: int = 120) -> pd.DataFrame:
    """Return answers of n people to six items of two scales (x6 reversed), and their design.

    ``age`` is a covariate, ``sector`` the group (three of n/3), ``org`` a cluster within it, ``w`` a weight.
    """
    draw = np.random.default_rng(7)
    factors = draw.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], n).repeat(3, axis=1)
    factors[:, 5] *= -1
    items = np.clip(np.round(3 + factors + 0.6 * draw.standard_normal((n, 6))), 1, 5).astype(int)
    place = np.arange(n)
    return pd.DataFrame(items, columns=ITEMS).assign(
        age=draw.integers(20, 65, n),
        sector=np.array(["Rijk", "GR", "ZBO"])[place % 3],
        org=[f"o{number}" for number in place % 3 * 4 + place // 3 % 4],
        w=draw.uniform(0.5, 1.5, n).round(3),
    )


def write(frame: pd.DataFrame, file: Path) -> None:
    """Write respondents to a file of the kind its name says, as R, pandas and SPSS do."""
    name = file.name
    if name.endswith(".parquet"):
        frame.to_parquet(file, index=False)
    elif name.endswith(".sav"):
        import pyreadstat

        pyreadstat.write_sav(frame, file)
    else:
        text = frame.to_csv(index=False, sep="\t" if ".tsv" in name else ",", lineterminator="\n").encode()
        file.write_bytes(gzip.compress(text, mtime=0) if name.endswith(".gz") else text)

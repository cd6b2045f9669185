"""The published betas of a study, from one file or several."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from werksem.compare.published import read_published
from werksem.errors import SpecError

__all__ = ["published_betas"]


def published_betas(files: Sequence[Path]) -> pd.DataFrame | None:
    """Return the betas of all files, one below the other, as ``read_published``; None without files.

    Raises ``SpecError`` where two files give the same path.
    """
    tables = [read_published(path) for path in files]
    if not tables:
        return None
    found = pd.concat(tables, ignore_index=True)
    twice = found[found.duplicated(["lhs", "rhs", "group"])]
    if len(twice):
        first = twice.iloc[0]
        names = ", ".join(path.name for path in files)
        raise SpecError(f"{first.lhs} ~ {first.rhs} (group {first.group}) is given by two of {names}")
    return found

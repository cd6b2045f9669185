"""What is done about empty cells: a declared rule, the same as lavaan's.

In a 2 by 2 table with one empty cell half a respondent is moved into it, margins kept; with two
empty cells the correlation is 1 or -1. Larger tables stay as they are. Every table with an empty
cell and every category of few respondents is named in the notes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.categorical.categories import FEW

__all__ = ["filled", "perfect", "sparse_notes"]

Array = NDArray[np.float64]
HALF = 0.5


def filled(table: Array) -> Array:
    """Return the table with half a respondent moved into the only empty cell of a 2 by 2 table.

    >>> filled(np.array([[0.0, 4.0], [6.0, 8.0]])).tolist()
    [[0.5, 3.5], [5.5, 8.5]]
    """
    if table.shape != (2, 2) or (table == 0).sum() != 1:
        return table
    on_diagonal = table[0, 0] == 0 or table[1, 1] == 0
    return table + (HALF if on_diagonal else -HALF) * np.array([[1.0, -1.0], [-1.0, 1.0]])


def perfect(table: Array) -> float | None:
    """Return 1 or -1 for a 2 by 2 table with two empty cells, None otherwise."""
    if table.shape != (2, 2) or (table == 0).sum() != 2:
        return None
    return 1.0 if table[0, 0] > 0 else -1.0


def sparse_notes(
    names: Sequence[str], counts: Sequence[Array], empty: Sequence[tuple[str, str, int, bool]], group: str
) -> tuple[str, ...]:
    """Return sentences on sparse categories and on tables with empty cells.

    ``counts`` are respondents per category; ``empty`` has (name, name, empty cells, whether half a
    respondent was moved).
    """
    where = "" if group == "all" else f" in group {group!r}"
    notes = [
        f"{name}{where}: {int(share.min())} respondents in a category"
        for name, share in zip(names, counts, strict=True)
        if len(share) and share.min() < FEW
    ]
    if empty:
        pairs = ", ".join(f"{a} x {b} ({cells})" for a, b, cells, _ in empty[:10])
        more = f" and {len(empty) - 10} more" if len(empty) > 10 else ""
        notes.append(f"tables with empty cells{where}: {pairs}{more}")
    moved = [f"{a} x {b}" for a, b, _, was_filled in empty if was_filled]
    if moved:
        notes.append(f"half a respondent moved into the empty cell{where}: {', '.join(moved[:10])}")
    return tuple(notes)

"""What one more respondent does to each pair's correlation, with the exact curvature, quickly.

As ``exact`` with weights held, by derivatives in place of moved tables: 20 times as fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from werksem.categorical.sparse import filled, perfect
from werksem.categorical.tables import Tables
from werksem.kernels.polychoric import LIMIT, pair_table
from werksem.kernels.rho_influence import rho_influence

__all__ = ["implicit_tables"]

Array = NDArray[np.float64]
Codes = NDArray[np.uint8]


def implicit_tables(tables: Tables, codes: Sequence[Codes], weights: Array) -> Tables:
    """Return the look-up tables of influence with the exact curvature of each pair.

    A correlation of 1 or -1 by two empty cells of four is moved by nobody.
    """
    cells = np.zeros_like(tables.cells)
    limits = [np.concatenate([[-np.inf], part, [np.inf]]) for part in tables.thresholds]
    sizes = [len(part) + 1 for part in tables.thresholds]
    margins = [tables.margins[i, :k, : k - 1] for i, k in enumerate(sizes)]
    pairs = ((j, i) for j in range(len(codes)) for i in range(j + 1, len(codes)))
    for pair, (j, i) in enumerate(pairs):
        table = np.empty((sizes[j], sizes[i]))
        pair_table(codes[j], codes[i], weights, table)
        if perfect(table) is not None:
            continue
        rho = float(np.clip(tables.correlations[i, j], -LIMIT, LIMIT))
        influence = np.empty(table.shape)
        rho_influence(limits[j], limits[i], filled(table), rho, margins[j], margins[i], influence)
        cells[pair, : sizes[j], : sizes[i]] = influence
    return replace(tables, cells=cells)

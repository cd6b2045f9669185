"""A model as the compiled likelihood wants it: its cells, and which items say what of which latent."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.linked import linked
from werksem.errors import SpecError
from werksem.model import LAMBDA, THETA, Model

__all__ = ["LikelihoodCells", "likelihood_cells"]

Index = NDArray[np.int64]


class LikelihoodCells(NamedTuple):
    """The arguments of ``kernels.grouped_latent`` that a model alone decides."""

    value: NDArray[np.float64]  # (cells,)
    where: Index  # (5, cells)
    blocks: Index  # (b, width)
    item: Index  # (cells of P,)
    column: Index
    seen: Index  # (s,)
    scale: NDArray[np.float64]  # (p,)
    sizes: Index  # (3,)


def likelihood_cells(model: Model, *, shared: bool = True) -> LikelihoodCells:
    """Return the cells of a model of one group.

    ``shared`` says that loadings, intercepts and residuals of items are the same in all groups. Items
    without residual (observed variables in regressions, lone indicators) give their eta exactly.
    Raises ``SpecError`` for an item without residual that loads on several latents or freely.
    """
    cells, p = model.cells[0], len(model.observed)
    loading = (cells.matrix == LAMBDA) & ((cells.free >= 0) | (cells.value != 0))
    residual = (cells.matrix == THETA) & ((cells.free >= 0) | (cells.value != 0))
    noisy = {int(i) for i in cells.row[residual & (cells.row == cells.col)]}
    scale, exact = np.zeros(p), []
    for i in sorted(set(range(p)) - noisy):
        found = np.flatnonzero(loading & (cells.row == i))
        if len(found) != 1 or cells.free[found[0]] >= 0:
            raise SpecError(
                f"bayes: {model.observed[i]!r} has no residual variance, so it must measure one latent with "
                "a fixed loading; let its residual variance be estimated"
            )
        scale[i] = cells.value[found[0]]
        exact.append((i, int(cells.col[found[0]])))
    latents = sorted(
        {int(j) for i, j in zip(cells.row[loading], cells.col[loading], strict=True) if i in noisy}
    )
    taken = [eta for _, eta in exact]
    if len(set(taken)) < len(taken) or set(taken) & set(latents):
        raise SpecError(
            "bayes: a latent has an item without residual beside other items; let its residual free"
        )
    seen = [*latents, *taken]
    at = {eta: number for number, eta in enumerate(seen)}
    column = np.where(loading, [at.get(int(j), -1) for j in cells.col], -1)
    where = np.array([cells.matrix, cells.row, cells.col, cells.free, column])
    use = ~(loading & np.isin(cells.row, [i for i, _ in exact]))
    blocks = _blocks(sorted(noisy), cells.row[residual], cells.col[residual])
    item, number = _reach(blocks, cells.row[loading & use], column[loading & use])
    item += [i for i, _ in exact]
    number += [at[eta] for _, eta in exact]
    return LikelihoodCells(
        np.nan_to_num(cells.value)[use], np.ascontiguousarray(where[:, use]), blocks,
        np.array(item, np.int64), np.array(number, np.int64), np.array(seen, np.int64), scale,
        np.array([len(model.eta), len(latents), shared], np.int64),
    )  # fmt: skip


def _blocks(items: list[int], row: Index, col: Index) -> Index:
    """Return (b, width) the items whose residuals covary, directly or through others, -1 behind the last."""
    groups = [list(found) for found in linked(items, zip(row.tolist(), col.tolist(), strict=True))]
    width = max((len(group) for group in groups), default=1)
    return np.array([group + [-1] * (width - len(group)) for group in groups], np.int64).reshape(-1, width)


def _reach(blocks: Index, row: Index, column: Index) -> tuple[list[int], list[int]]:
    """Return the cells of P = Theta⁻¹ Lambda: every item of a block reaches the latents of the block."""
    found = []
    for block in blocks:
        inside = [int(i) for i in block if i >= 0]
        found += [(i, c) for i in inside for c in sorted(set(column[np.isin(row, inside)].tolist()))]
    return [i for i, _ in found], [c for _, c in found]

"""From numbers without bounds to the parameters of a model: positive SDs, and correlations that go together.

A variance is exp(2 b). Covariances come in blocks that are free throughout: partial correlations tanh(b) of
the canonical vine give the rows of the correlation matrix's Cholesky factor,

    L_ij = z_ij prod_{m<j} sqrt(1 - z_im²),  R = L L'

(Lewandowski, Kurowicka and Joe 2009), so any b gives a positive definite matrix. A pair outside such a block
is a block of its own: its correlation is tanh(b). A loading that alone gives its latent its direction keeps
its sign, exp(b) or -exp(b), so that chains cannot end in mirror images. The other parameters are b itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.linked import linked
from werksem.model import PSI, THETA, Model

__all__ = [
    "LOG_SD", "NEGATIVE", "PARTIAL", "POSITIVE", "REAL", "Block", "LinkArrays", "Links", "factor",
    "link_arrays", "links_of", "model_links", "theta_of", "with_signs",
]  # fmt: skip

Array = NDArray[np.float64]
Index = NDArray[np.int64]
REAL, LOG_SD, PARTIAL, POSITIVE, NEGATIVE = range(5)


@dataclass(frozen=True, slots=True)
class Block:
    """K variables whose covariances are free: ``sd`` (K,) places of their log SDs among the links, or -1
    with the SD in ``given`` (K,); ``partial`` and ``theta`` (K (K-1) / 2,): of each pair below the
    diagonal, row by row, the place of its partial correlation among the links, and in theta.
    """

    sd: Index
    given: Array
    partial: Index
    theta: Index

    @property
    def size(self) -> int:
        """K."""
        return len(self.sd)


@dataclass(frozen=True, slots=True)
class Links:
    """``at`` (b,): the place in theta of each link; ``kind`` (b,): REAL, LOG_SD, PARTIAL, POSITIVE or
    NEGATIVE.
    """

    at: Index
    kind: Index
    blocks: tuple[Block, ...]
    size: int  # of theta


class LinkArrays(NamedTuple):
    """Links as arguments of ``kernels.links``, blocks padded to the largest."""

    at: Index
    kind: Index
    size: Index
    sd: Index
    given: Array
    partial: Index
    target: Index


def link_arrays(links: Links) -> LinkArrays:
    """Return the arrays of the links."""
    K = max((block.size for block in links.blocks), default=1)
    n = len(links.blocks)
    sd, given = np.full((n, K), -1, np.int64), np.ones((n, K))
    partial, target = (np.full((n, max(K * (K - 1) // 2, 1)), -1, np.int64) for _ in range(2))
    for number, block in enumerate(links.blocks):
        sd[number, : block.size], given[number, : block.size] = block.sd, block.given
        partial[number, : len(block.partial)], target[number, : len(block.theta)] = block.partial, block.theta
    size = np.array([block.size for block in links.blocks], np.int64)
    return LinkArrays(links.at, links.kind, size, sd, given, partial, target)


def model_links(model: Model) -> Links:
    """Return the links of a model of one group; parameters that are moments of fixed x have none.

    A covariance with a label that others share, or of a variable without variance, is a real number.
    """
    free = np.flatnonzero(~np.array(model.exogenous))
    place = {int(at): number for number, at in enumerate(free)}
    kind = np.full(len(free), REAL, dtype=np.int64)
    blocks: list[Block] = []
    for matrix in (PSI, THETA):
        blocks += _blocks(model, matrix, place, kind)
    return Links(free, kind, tuple(blocks), len(model.parameters))


def with_signs(links: Links, model: Model, theta: Array) -> Links:
    """Return the links with the first loading of every latent that no fixed loading directs held to its
    sign.
    """
    kind = links.kind.copy()
    for latent in model.latent:
        loadings = [
            (at, row) for row, at in zip(model.rows, model.free_of_row, strict=True)
            if row.op == "=~" and row.lhs == latent
        ]  # fmt: skip
        if loadings and all(at >= 0 or row.value == 0 for at, row in loadings):
            first = next(at for at, _ in loadings if at >= 0)
            kind[links.at == first] = POSITIVE if theta[first] > 0 else NEGATIVE
    return replace(links, kind=kind)


def _blocks(model: Model, matrix: int, place: dict[int, int], kind: Index) -> list[Block]:
    """Return the blocks of a covariance matrix and mark their links' kinds."""
    cells = model.cells[0]
    sd, given, pairs = {}, {}, {}
    times = np.bincount(cells.free[cells.free >= 0], minlength=len(model.parameters))
    for c in np.flatnonzero(cells.matrix == matrix):
        i, j, at = int(cells.row[c]), int(cells.col[c]), int(cells.free[c])
        if i == j and at in place:
            sd[i], given[i], kind[place[at]] = place[at], 1.0, LOG_SD
        elif i == j and at < 0 and cells.value[c] > 0:
            sd[i], given[i] = -1, float(np.sqrt(cells.value[c]))
        elif at in place and times[at] == 1:
            pairs[i, j] = at
    pairs = {pair: at for pair, at in pairs.items() if pair[0] in sd and pair[1] in sd}
    found = []
    for members in _cliques(pairs):
        inside = [(max(a, b), min(a, b)) for b, a in combinations(members, 2)]
        inside.sort(key=lambda pair: (members.index(pair[0]), members.index(pair[1])))
        theta = np.array([pairs[pair] for pair in inside], np.int64)
        kind[[place[int(at)] for at in theta]] = PARTIAL
        found.append(Block(
            np.array([sd[i] for i in members], np.int64), np.array([given[i] for i in members]),
            np.array([place[int(at)] for at in theta], np.int64), theta,
        ))  # fmt: skip
    return found


def _cliques(pairs: dict[tuple[int, int], int]) -> list[list[int]]:
    """Return sets of variables whose pairs are all there, pairs that are in no such set by themselves."""
    found: list[list[int]] = []
    for members in map(sorted, linked({i for pair in pairs for i in pair}, pairs)):
        inside = [pair for pair in pairs if pair[0] in members]
        whole = len(inside) == len(members) * (len(members) - 1) // 2
        found += [members] if whole else [sorted(pair) for pair in inside]
    return found


def factor(z: Any, size: int) -> Any:
    """Return the Cholesky factor (…, K, K) of a correlation matrix from partial correlations (…, pairs)."""
    L = np.zeros((*z.shape[:-1], size, size), dtype=z.dtype)
    rest = np.ones((*z.shape[:-1], size), dtype=z.dtype)
    row, col = np.tril_indices(size, -1)
    for number, (i, j) in enumerate(zip(row, col, strict=True)):
        L[..., i, j] = z[..., number] * rest[..., i]
        rest[..., i] = rest[..., i] * np.sqrt(1 - z[..., number] ** 2)
    L[..., np.arange(size), np.arange(size)] = rest
    return L


def theta_of(links: Links, b: Any, given: Any) -> Any:
    """Return theta (…, q) for links (…, b); ``given`` (…, q) has the values that are not free."""
    b = np.asarray(b)
    theta = np.broadcast_to(given, (*b.shape[:-1], links.size)).astype(b.dtype)
    bounded = np.isin(links.kind, (LOG_SD, POSITIVE, NEGATIVE))
    power = np.where(links.kind == LOG_SD, 2, 1) * np.where(bounded, b, 0.0)
    theta[..., links.at] = np.where(bounded, np.where(links.kind == NEGATIVE, -1, 1) * np.exp(power), b)
    for block in links.blocks:
        L = factor(np.tanh(b[..., block.partial]), block.size)
        own = block.sd >= 0
        sds = np.where(own, np.exp(np.where(own, b[..., np.where(own, block.sd, 0)], 0.0)), block.given)
        cov = (L @ np.swapaxes(L, -1, -2)) * sds[..., :, None] * sds[..., None, :]
        row, col = np.tril_indices(block.size, -1)
        theta[..., block.theta] = cov[..., row, col]
    return theta


def links_of(links: Links, theta: Array) -> Array:
    """Return the links (b,) of theta (q,), whose blocks must be positive definite."""
    b = theta[links.at].copy()
    sd, signed = links.kind == LOG_SD, np.isin(links.kind, (POSITIVE, NEGATIVE))
    b[sd] = np.log(b[sd]) / 2
    b[signed] = np.log(np.abs(b[signed]))
    for block in links.blocks:
        sds = np.where(block.sd >= 0, np.exp(b[np.maximum(block.sd, 0)]), block.given)
        R = np.eye(block.size)
        row, col = np.tril_indices(block.size, -1)
        R[row, col] = R[col, row] = theta[block.theta] / (sds[row] * sds[col])
        L = np.linalg.cholesky(R)
        rest = np.sqrt(np.maximum(1 - np.cumsum(L**2, axis=1) + L**2, 1e-300))
        b[block.partial] = np.arctanh(L[row, col] / rest[row, col])
    return b

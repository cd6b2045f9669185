"""Scaled difference test of nested least squares fits (Satorra, 2000), shifted as lavTestLRT has it.

With M = P A'(A P A')^- A P, P the inverse information of the wider model and A the restrictions that the
narrower one adds, the difference T0 - T1 has traces tr(M B) and tr((M B)^2), B = Delta'W gamma W Delta.
A comes from the derivatives of the moments of both: the orthogonal complement of Delta1^+ Delta0.
"""

from __future__ import annotations

from math import nan, sqrt

import numpy as np
from numpy.typing import NDArray

from werksem.errors import SpecError
from werksem.inference.difference import Difference
from werksem.inference.fit_measures import chisq_pvalue
from werksem.inference.least_squares import LSResult
from werksem.inference.ls_inference import Pieces, ls_pieces

__all__ = ["ls_difference"]

Array = NDArray[np.float64]


def ls_difference(narrow: LSResult, wide: LSResult) -> Difference:
    """Return the test of the narrower model against the wider one, both fitted to the same statistics.

    ``chisq`` is the scaled and shifted difference, ``factor`` what the plain one was divided by
    before the shift. Raises ``SpecError`` where the narrower model has no more degrees of freedom.
    """
    p0, p1 = (ls_pieces(r.ls, r.statistics, r.fit) for r in (narrow, wide))
    df = int(narrow.inference.measures["df"] - wide.inference.measures["df"])
    if df <= 0:
        raise SpecError(
            "a difference test needs a narrower model with more degrees of freedom than the wider"
        )
    A = _restrictions(p0, p1)
    P = p1.bread
    PA = P @ A.T
    M = PA @ np.linalg.pinv(A @ PA) @ PA.T
    MB = M @ sum(part.share * part.meat() for part in p1.parts)
    trace, square = float(np.trace(MB)), float(np.einsum("ij,ji->", MB, MB))
    plain = narrow.inference.measures["chisq"] - wide.inference.measures["chisq"]
    if not square > 0:
        return Difference(nan, df, nan, nan)
    factor = sqrt(square / df)
    chisq = plain / factor + df - trace / factor
    return Difference(chisq, df, chisq_pvalue(max(chisq, 0.0), df), factor)


def _restrictions(narrow: Pieces, wide: Pieces) -> Array:
    """Return A (df, f): what the wider model's parameters may not do in the narrower one."""
    D0, D1 = (_derivatives(p) @ p.directions for p in (narrow, wide))
    H = np.linalg.pinv(D1) @ D0
    U, size, _ = np.linalg.svd(H)
    rank = int((size > 1e-8 * size.max(initial=0.0)).sum())
    return U[:, rank:].T @ wide.directions.T


def _derivatives(p: Pieces) -> Array:
    """Return the derivatives (m, f) of all groups' moments on the data's own units."""
    return np.vstack([
        part.jacobian / group.units[:, None] for group, part in zip(p.problem.groups, p.parts, strict=True)
    ])  # fmt: skip

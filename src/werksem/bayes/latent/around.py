"""Groups' deviations, sampled around what the group's own answers and the other groups say of them.

Near its own estimate the log-likelihood of a group is quadratic in its deviations d, with slopes ``pull`` at
no deviation and information H. If that were all, d = T w with T = diag(tau) would have

    w ~ N(M⁻¹ h, M⁻¹),  M = I + T H T,  h = T pull

so d is written as T (M⁻¹ h + L'⁻¹ z), M = L L', and z is sampled, under the exact density of d. Where the
group says nothing, H = 0 and d = T z: non-centred; where it says everything, d is its own estimate plus
H^(-1/2) z: centred. In between the answers choose. Any H and pull give the same posterior; good ones make
z standard normal, whatever tau.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["deviations", "own_weight"]

Array = NDArray[np.float64]


def deviations(tau: Array, pull: Array, z: Array, H: Array) -> tuple[Array, float]:
    """Return d (G, V) and the log-density of w with the Jacobian, without constants; twin of
    ``kernels.around``.
    """
    M = np.eye(len(tau)) + H * tau[:, None] * tau
    L = np.linalg.cholesky(M)
    mean = np.linalg.solve(M, (tau * pull)[..., None])[..., 0]
    w = mean + np.linalg.solve(np.swapaxes(L, -1, -2), z[..., None])[..., 0]
    logdet = np.log(np.diagonal(L, axis1=-2, axis2=-1)).sum()
    return tau * w, float(-(w**2).sum() / 2 - logdet)


def own_weight(tau: Array, H: Array) -> Array:
    """Return (G, V) how much of a deviation is a group's own: 1 - diag(M⁻¹), 0 non-centred, 1 centred.

    >>> own_weight(np.array([1.0]), np.array([[[3.0]]])).item()
    0.75
    """
    M = np.eye(len(tau)) + H * tau[:, None] * tau
    return np.asarray(1 - np.diagonal(np.linalg.inv(M), axis1=-2, axis2=-1))

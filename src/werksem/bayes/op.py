"""The compiled likelihood as a PyTensor Op, so that PyMC and nutpie both sample it.

The plain graph takes 25 s to compile, the Op 4 (3 regressions in 6 sectors, one core). Import it only where
PyTensor is wanted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.gradient import DisconnectedType
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op
from pytensor.link.numba.dispatch.basic import numba_njit, register_funcify_default_op_cache_key

from werksem.kernels.hierarchical import group_likelihood

__all__ = ["GroupLikelihood"]

DATA = 5  # the first inputs are data: starts, n, cross, at, cells


class GroupLikelihood(Op):  # type: ignore[misc]
    """``(starts, n, cross, at, cells, gamma, F, root, H)`` to the log-likelihood of a block and its gradient.

    Outputs: the value (0-d) and its derivatives by gamma (K,), F (K, V), root (E, E) and H (K, V2), which are
    themselves not differentiable. The numbers are those of ``kernels.hierarchical``.
    """

    __props__ = ()

    def make_node(self, *inputs: Any) -> Any:
        """Return the node; the inputs are float64 tensors but for the int64 places."""
        tensors = [pt.as_tensor_variable(value) for value in inputs]
        return Apply(self, tensors, [pt.dscalar(), pt.dvector(), pt.dmatrix(), pt.dmatrix(), pt.dmatrix()])

    def perform(self, node: Any, inputs: list[Any], output_storage: list[Any]) -> None:
        """Write value and gradient, by the same kernel that nutpie calls."""
        slopes = [np.empty_like(value, order="C") for value in inputs[DATA:]]
        value = group_likelihood(*(np.ascontiguousarray(part) for part in inputs), *slopes)
        for storage, found in zip(output_storage, (np.asarray(value), *slopes), strict=True):
            storage[0] = found

    def connection_pattern(self, node: Any) -> list[list[bool]]:
        """Say that only the value can be differentiated, and only by the parameters."""
        return [[False] * 5] * DATA + [[True, False, False, False, False]] * 4

    def L_op(self, inputs: Any, outputs: Any, output_grads: Any) -> list[Any]:
        """Return the value's gradient times the incoming one."""
        return [DisconnectedType()() for _ in range(DATA)] + [
            output_grads[0] * slope for slope in outputs[1:]
        ]


@register_funcify_default_op_cache_key(GroupLikelihood)  # type: ignore[untyped-decorator]
def _compiled(op: Any, node: Any = None, **context: Any) -> Any:
    """Return the function that numba-compiled PyTensor graphs call."""

    @numba_njit  # type: ignore[untyped-decorator]
    def likelihood(
        starts: Any, n: Any, cross: Any, at: Any, cells: Any, gamma: Any, F: Any, root: Any, H: Any
    ) -> Any:  # fmt: skip
        d_gamma, d_F = np.empty(gamma.shape), np.empty(F.shape)
        d_root, d_H = np.empty(root.shape), np.empty(H.shape)
        value = group_likelihood(
            np.ascontiguousarray(starts), np.ascontiguousarray(n), np.ascontiguousarray(cross),
            np.ascontiguousarray(at), np.ascontiguousarray(cells), np.ascontiguousarray(gamma),
            np.ascontiguousarray(F), np.ascontiguousarray(root), np.ascontiguousarray(H),
            d_gamma, d_F, d_root, d_H,
        )  # fmt: skip
        return np.asarray(value), d_gamma, d_F, d_root, d_H

    return likelihood

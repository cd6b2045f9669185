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

DATA = 4  # the first inputs are data: n, cross, gram, W


class GroupLikelihood(Op):  # type: ignore[misc]
    """``(n, cross, gram, W, gamma, tau, sigma)`` to the log-likelihood and its gradient.

    Outputs: the value (0-d) and its derivatives by gamma, tau (E, K) and sigma (E,), which are
    themselves not differentiable. The numbers are those of ``kernels.hierarchical``.
    """

    __props__ = ()

    def make_node(self, *inputs: Any) -> Any:
        """Return the node; all inputs are float64 tensors."""
        tensors = [pt.as_tensor_variable(value) for value in inputs]
        return Apply(self, tensors, [pt.dscalar(), pt.dmatrix(), pt.dmatrix(), pt.dvector()])

    def perform(self, node: Any, inputs: list[Any], output_storage: list[Any]) -> None:
        """Write value and gradient, by the same kernel that nutpie calls."""
        slopes = [np.empty_like(value) for value in inputs[DATA:]]
        value = group_likelihood(*(np.ascontiguousarray(part) for part in inputs), *slopes)
        for storage, found in zip(output_storage, (np.asarray(value), *slopes), strict=True):
            storage[0] = found

    def connection_pattern(self, node: Any) -> list[list[bool]]:
        """Say that only the value can be differentiated, and only by the parameters."""
        return [[False] * 4] * DATA + [[True, False, False, False]] * 3

    def L_op(self, inputs: Any, outputs: Any, output_grads: Any) -> list[Any]:
        """Return the value's gradient times the incoming one."""
        return [DisconnectedType()() for _ in range(DATA)] + [
            output_grads[0] * slope for slope in outputs[1:]
        ]


@register_funcify_default_op_cache_key(GroupLikelihood)  # type: ignore[untyped-decorator]
def _compiled(op: Any, node: Any = None, **context: Any) -> Any:
    """Return the function that numba-compiled PyTensor graphs call."""

    @numba_njit  # type: ignore[untyped-decorator]
    def likelihood(n: Any, cross: Any, gram: Any, W: Any, gamma: Any, tau: Any, sigma: Any) -> Any:
        d_gamma, d_tau, d_sigma = np.empty(gamma.shape), np.empty(tau.shape), np.empty(sigma.shape)
        value = group_likelihood(
            np.ascontiguousarray(n), np.ascontiguousarray(cross), np.ascontiguousarray(gram),
            np.ascontiguousarray(W), np.ascontiguousarray(gamma), np.ascontiguousarray(tau),
            np.ascontiguousarray(sigma), d_gamma, d_tau, d_sigma,
        )  # fmt: skip
        return np.asarray(value), d_gamma, d_tau, d_sigma

    return likelihood

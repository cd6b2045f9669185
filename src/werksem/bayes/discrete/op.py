"""The compiled likelihood of answers in categories as a PyTensor Op, for PyMC and nutpie.

Import it only where PyTensor is wanted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.gradient import DisconnectedType
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op
from pytensor.link.numba.dispatch.basic import numba_njit, register_funcify_default_op_cache_key

from werksem.bayes.discrete.pilot import kernel_of
from werksem.kernels.discrete import logit_cells, probit_cells

__all__ = ["CellLikelihood"]

DATA = 3  # the first inputs are data: start, x, counts


class CellLikelihood(Op):  # type: ignore[misc]
    """``(start, x, counts, beta, cut)`` to the log-likelihood and its gradient by beta and cut.

    Outputs: the value (0-d), its derivatives by beta (G, K) and cut (J - 1,), not differentiable
    themselves. The numbers are those of ``kernels.discrete``.
    """

    __props__ = ("family",)

    def __init__(self, family: str) -> None:
        self.family = family

    def make_node(self, *inputs: Any) -> Any:
        """Return the node; ``start`` is int64, all other inputs are float64 tensors."""
        tensors = [pt.as_tensor_variable(value) for value in inputs]
        return Apply(self, tensors, [pt.dscalar(), pt.dmatrix(), pt.dvector()])

    def perform(self, node: Any, inputs: list[Any], output_storage: list[Any]) -> None:
        """Write value and gradient, by the same kernel that nutpie calls."""
        slopes = [np.empty(value.shape) for value in inputs[DATA:]]
        value = kernel_of(self.family)(*(np.ascontiguousarray(part) for part in inputs), *slopes)
        for storage, found in zip(output_storage, (np.asarray(value), *slopes), strict=True):
            storage[0] = found

    def connection_pattern(self, node: Any) -> list[list[bool]]:
        """Say that only the value can be differentiated, and only by the parameters."""
        return [[False] * 3] * DATA + [[True, False, False]] * 2

    def L_op(self, inputs: Any, outputs: Any, output_grads: Any) -> list[Any]:
        """Return the value's gradient times the incoming one."""
        return [DisconnectedType()() for _ in range(DATA)] + [
            output_grads[0] * slope for slope in outputs[1:]
        ]


@register_funcify_default_op_cache_key(CellLikelihood)  # type: ignore[untyped-decorator]
def _compiled(op: Any, node: Any = None, **context: Any) -> Any:
    """Return the function that numba-compiled PyTensor graphs call."""
    return _logit if op.family == "logit" else _probit


@numba_njit  # type: ignore[untyped-decorator]
def _probit(start: Any, x: Any, counts: Any, beta: Any, cut: Any) -> Any:
    d_beta, d_cut = np.empty(beta.shape), np.empty(cut.shape)
    value = probit_cells(
        np.ascontiguousarray(start), np.ascontiguousarray(x), np.ascontiguousarray(counts),
        np.ascontiguousarray(beta), np.ascontiguousarray(cut), d_beta, d_cut,
    )  # fmt: skip
    return np.asarray(value), d_beta, d_cut


@numba_njit  # type: ignore[untyped-decorator]
def _logit(start: Any, x: Any, counts: Any, beta: Any, cut: Any) -> Any:
    d_beta, d_cut = np.empty(beta.shape), np.empty(cut.shape)
    value = logit_cells(
        np.ascontiguousarray(start), np.ascontiguousarray(x), np.ascontiguousarray(counts),
        np.ascontiguousarray(beta), np.ascontiguousarray(cut), d_beta, d_cut,
    )  # fmt: skip
    return np.asarray(value), d_beta, d_cut

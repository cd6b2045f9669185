"""The compiled likelihood of groups of units as a PyTensor Op.

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

from werksem.kernels.nested_latent import nested_latent

__all__ = ["NestedLatent"]

DATA = 23  # inputs behind links and SDs: fixed values, what links are, groups, units, the model's cells


class NestedLatent(Op):  # type: ignore[misc]
    """``(links, omega, fixed, *link arrays, n, mean, cov, *nested arrays, *cells)`` to log-likelihood and
    slopes.

    Links (G, b) and SDs between units omega (V,); the slopes are not differentiable themselves. The
    numbers are those of ``kernels.nested_latent.nested_latent``.
    """

    __props__ = ()

    def make_node(self, *inputs: Any) -> Any:
        """Return the node."""
        tensors = [pt.as_tensor_variable(value) for value in inputs]
        return Apply(self, tensors, [pt.dscalar(), pt.dmatrix(), pt.dvector()])

    def perform(self, node: Any, inputs: list[Any], output_storage: list[Any]) -> None:
        """Write value and slopes, by the same kernel that nutpie calls."""
        slopes, by_omega = np.empty_like(inputs[0]), np.empty_like(inputs[1])
        found = nested_latent(*(np.ascontiguousarray(part) for part in inputs), slopes, by_omega)
        for storage, value in zip(output_storage, (np.asarray(found), slopes, by_omega), strict=True):
            storage[0] = value

    def connection_pattern(self, node: Any) -> list[list[bool]]:
        """Say that only the value can be differentiated, and only by links and SDs."""
        return [[True, False, False]] * 2 + [[False, False, False]] * DATA

    def L_op(self, inputs: Any, outputs: Any, output_grads: Any) -> list[Any]:
        """Return the value's slopes times the incoming one."""
        own = [output_grads[0] * slope for slope in outputs[1:]]
        return [*own, *(DisconnectedType()() for _ in range(DATA))]


@register_funcify_default_op_cache_key(NestedLatent)  # type: ignore[untyped-decorator]
def _compiled(op: Any, node: Any = None, **context: Any) -> Any:
    """Return the function that numba-compiled PyTensor graphs call."""

    @numba_njit  # type: ignore[untyped-decorator]
    def likelihood(
        b: Any, omega: Any, fixed: Any, at: Any, kind: Any, size: Any, sd: Any, given: Any, partial: Any,
        target: Any, n: Any, mean: Any, cov: Any, moves: Any, starts: Any, units: Any, away: Any, value: Any,
        where: Any, blocks: Any, item: Any, column: Any, seen: Any, scale: Any, sizes: Any,
    ) -> Any:  # fmt: skip
        slopes, by_omega = np.empty(b.shape), np.empty(omega.shape)
        found = nested_latent(
            np.ascontiguousarray(b), np.ascontiguousarray(omega), np.ascontiguousarray(fixed),
            np.ascontiguousarray(at), np.ascontiguousarray(kind), np.ascontiguousarray(size),
            np.ascontiguousarray(sd), np.ascontiguousarray(given), np.ascontiguousarray(partial),
            np.ascontiguousarray(target), np.ascontiguousarray(n), np.ascontiguousarray(mean),
            np.ascontiguousarray(cov), np.ascontiguousarray(moves), np.ascontiguousarray(starts),
            np.ascontiguousarray(units), np.ascontiguousarray(away), np.ascontiguousarray(value),
            np.ascontiguousarray(where), np.ascontiguousarray(blocks), np.ascontiguousarray(item),
            np.ascontiguousarray(column), np.ascontiguousarray(seen), np.ascontiguousarray(scale),
            np.ascontiguousarray(sizes), slopes, by_omega,
        )  # fmt: skip
        return np.asarray(found), slopes, by_omega

    return likelihood

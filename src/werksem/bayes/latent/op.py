"""The compiled kernels of a latent-variable posterior as PyTensor Ops.

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

from werksem.kernels.around import around, around_back
from werksem.kernels.grouped_latent import linked_latent

__all__ = ["Around", "GroupedLatent"]

DATA = 19  # the inputs behind the links: fixed values, what links are, the groups' moments, the model's cells


class GroupedLatent(Op):  # type: ignore[misc]
    """``(links, fixed, *link arrays, n, mean, cov, *cells)`` to the log-likelihood and its gradient by the
    links.

    Links (G, b); the gradient is not differentiable itself. The numbers are those of
    ``kernels.grouped_latent.linked_latent``.
    """

    __props__ = ()

    def make_node(self, *inputs: Any) -> Any:
        """Return the node."""
        tensors = [pt.as_tensor_variable(value) for value in inputs]
        return Apply(self, tensors, [pt.dscalar(), pt.dmatrix()])

    def perform(self, node: Any, inputs: list[Any], output_storage: list[Any]) -> None:
        """Write value and gradient, by the same kernel that nutpie calls."""
        slopes = np.empty_like(inputs[0])
        found = linked_latent(*(np.ascontiguousarray(part) for part in inputs), slopes)
        output_storage[0][0], output_storage[1][0] = np.asarray(found), slopes

    def connection_pattern(self, node: Any) -> list[list[bool]]:
        """Say that only the value can be differentiated, and only by the links."""
        return [[True, False], *([False, False] for _ in range(DATA))]

    def L_op(self, inputs: Any, outputs: Any, output_grads: Any) -> list[Any]:
        """Return the value's gradient times the incoming one."""
        return [output_grads[0] * outputs[1], *(DisconnectedType()() for _ in range(DATA))]


@register_funcify_default_op_cache_key(GroupedLatent)  # type: ignore[untyped-decorator]
def _compiled(op: Any, node: Any = None, **context: Any) -> Any:
    """Return the function that numba-compiled PyTensor graphs call."""

    @numba_njit  # type: ignore[untyped-decorator]
    def likelihood(
        b: Any,
        fixed: Any,
        at: Any,
        kind: Any,
        size: Any,
        sd: Any,
        given: Any,
        partial: Any,
        target: Any,
        n: Any,
        mean: Any,
        cov: Any,
        value: Any,
        where: Any,
        blocks: Any,
        item: Any,
        column: Any,
        seen: Any,
        scale: Any,
        sizes: Any,
    ) -> Any:
        slopes = np.empty(b.shape)
        found = linked_latent(
            np.ascontiguousarray(b),
            np.ascontiguousarray(fixed),
            np.ascontiguousarray(at),
            np.ascontiguousarray(kind),
            np.ascontiguousarray(size),
            np.ascontiguousarray(sd),
            np.ascontiguousarray(given),
            np.ascontiguousarray(partial),
            np.ascontiguousarray(target),
            np.ascontiguousarray(n),
            np.ascontiguousarray(mean),
            np.ascontiguousarray(cov),
            np.ascontiguousarray(value),
            np.ascontiguousarray(where),
            np.ascontiguousarray(blocks),
            np.ascontiguousarray(item),
            np.ascontiguousarray(column),
            np.ascontiguousarray(seen),
            np.ascontiguousarray(scale),
            np.ascontiguousarray(sizes),
            slopes,
        )
        return np.asarray(found), slopes

    return likelihood


class Around(Op):  # type: ignore[misc]
    """``(tau, pull, z, H)`` to deviations (G, V) and their log-density: ``kernels.around``; H is data."""

    __props__ = ()

    def make_node(self, *inputs: Any) -> Any:
        """Return the node."""
        tensors = [pt.as_tensor_variable(value) for value in inputs]
        return Apply(self, tensors, [pt.dmatrix(), pt.dscalar()])

    def perform(self, node: Any, inputs: list[Any], output_storage: list[Any]) -> None:
        """Write deviations and value."""
        deviations = np.empty_like(inputs[1])
        value = around(*(np.ascontiguousarray(part) for part in inputs), deviations)
        output_storage[0][0], output_storage[1][0] = deviations, np.asarray(value)

    def connection_pattern(self, node: Any) -> list[list[bool]]:
        """Say that H is not differentiated by."""
        return [[True, True]] * 3 + [[False, False]]

    def L_op(self, inputs: Any, outputs: Any, output_grads: Any) -> list[Any]:
        """Return the slopes by tau, pull and z."""
        by_deviations, by_value = output_grads
        if isinstance(by_deviations.type, DisconnectedType):
            by_deviations = pt.zeros_like(outputs[0])
        if isinstance(by_value.type, DisconnectedType):
            by_value = pt.zeros((), dtype="float64")
        return [*AroundBack()(*inputs, by_deviations, by_value), DisconnectedType()()]


class AroundBack(Op):  # type: ignore[misc]
    """The slopes of ``Around`` by tau, pull and z, from those by its outputs."""

    __props__ = ()

    def make_node(self, *inputs: Any) -> Any:
        """Return the node."""
        tensors = [pt.as_tensor_variable(value) for value in inputs]
        return Apply(self, tensors, [pt.dvector(), pt.dmatrix(), pt.dmatrix()])

    def perform(self, node: Any, inputs: list[Any], output_storage: list[Any]) -> None:
        """Write the slopes."""
        slopes = [np.empty_like(part) for part in inputs[:3]]
        arrays = [np.ascontiguousarray(part) for part in inputs[:5]]
        around_back(*arrays, float(inputs[5]), *slopes)
        for storage, found in zip(output_storage, slopes, strict=True):
            storage[0] = found


@register_funcify_default_op_cache_key(Around)  # type: ignore[untyped-decorator]
def _around(op: Any, node: Any = None, **context: Any) -> Any:
    """Return the function that numba-compiled PyTensor graphs call."""

    @numba_njit  # type: ignore[untyped-decorator]
    def found(tau: Any, pull: Any, z: Any, H: Any) -> Any:
        deviations = np.empty(z.shape)
        arrays = np.ascontiguousarray(tau), np.ascontiguousarray(pull), np.ascontiguousarray(z)
        value = around(arrays[0], arrays[1], arrays[2], np.ascontiguousarray(H), deviations)
        return deviations, np.asarray(value)

    return found


@register_funcify_default_op_cache_key(AroundBack)  # type: ignore[untyped-decorator]
def _around_back(op: Any, node: Any = None, **context: Any) -> Any:
    """Return the function that numba-compiled PyTensor graphs call."""

    @numba_njit  # type: ignore[untyped-decorator]
    def found(tau: Any, pull: Any, z: Any, H: Any, by_deviations: Any, by_value: Any) -> Any:
        by_tau, by_pull, by_z = np.empty(tau.shape), np.empty(z.shape), np.empty(z.shape)
        around_back(
            np.ascontiguousarray(tau), np.ascontiguousarray(pull), np.ascontiguousarray(z),
            np.ascontiguousarray(H), np.ascontiguousarray(by_deviations), by_value.item(), by_tau, by_pull,
            by_z,
        )  # fmt: skip
        return by_tau, by_pull, by_z

    return found

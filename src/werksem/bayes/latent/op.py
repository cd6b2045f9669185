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
from pytensor.link.numba.dispatch.basic import register_funcify_default_op_cache_key

from werksem.kernels.doors import around_back_by_door, around_by_door, latent_by_door

__all__ = ["Around", "GroupedLatent"]

VERSION = 1  # of what stands before the doors: PyTensor keeps compiled graphs on disk by this number


class GroupedLatent(Op):  # type: ignore[misc]
    """``(links, numbers, whole)`` to the log-likelihood and its gradient by the links (G, b).

    ``numbers`` and ``whole`` are data, as ``kernels.doors.packed`` gives them. The gradient is not
    differentiable itself. The numbers are those of ``kernels.grouped_latent.linked_latent``.
    """

    __props__ = ()

    def make_node(self, *inputs: Any) -> Any:
        """Return the node."""
        tensors = [pt.as_tensor_variable(value) for value in inputs]
        return Apply(self, tensors, [pt.dscalar(), pt.dmatrix()])

    def perform(self, node: Any, inputs: list[Any], output_storage: list[Any]) -> None:
        """Write value and gradient, by the same kernel that nutpie calls."""
        for storage, found in zip(output_storage, latent_by_door(*inputs), strict=True):
            storage[0] = np.asarray(found)

    def connection_pattern(self, node: Any) -> list[list[bool]]:
        """Say that only the value can be differentiated, and only by the links."""
        return [[True, False], [False, False], [False, False]]

    def L_op(self, inputs: Any, outputs: Any, output_grads: Any) -> list[Any]:
        """Return the value's gradient times the incoming one."""
        return [output_grads[0] * outputs[1], DisconnectedType()(), DisconnectedType()()]


class Around(Op):  # type: ignore[misc]
    """``(tau, pull, z, H)`` to deviations (G, V), log-density and factors (G, V, V): ``kernels.around``.

    H is data, and the factors are for the slopes alone.
    """

    __props__ = ()

    def make_node(self, *inputs: Any) -> Any:
        """Return the node."""
        tensors = [pt.as_tensor_variable(value) for value in inputs]
        return Apply(self, tensors, [pt.dmatrix(), pt.dscalar(), pt.dtensor3()])

    def perform(self, node: Any, inputs: list[Any], output_storage: list[Any]) -> None:
        """Write deviations, value and factors."""
        for storage, found in zip(output_storage, around_by_door(*inputs), strict=True):
            storage[0] = np.asarray(found)

    def connection_pattern(self, node: Any) -> list[list[bool]]:
        """Say that H is not differentiated by, nor the factors."""
        return [[True, True, False]] * 3 + [[False, False, False]]

    def L_op(self, inputs: Any, outputs: Any, output_grads: Any) -> list[Any]:
        """Return the slopes by tau, pull and z."""
        by_deviations, by_value = output_grads[:2]
        if isinstance(by_deviations.type, DisconnectedType):
            by_deviations = pt.zeros_like(outputs[0])
        if isinstance(by_value.type, DisconnectedType):
            by_value = pt.zeros((), dtype="float64")
        slopes = AroundBack()(*inputs[:3], outputs[2], by_deviations, by_value)
        return [*slopes, DisconnectedType()()]


class AroundBack(Op):  # type: ignore[misc]
    """The slopes of ``Around`` by tau, pull and z, from its factors and those by its other outputs."""

    __props__ = ()

    def make_node(self, *inputs: Any) -> Any:
        """Return the node."""
        tensors = [pt.as_tensor_variable(value) for value in inputs]
        return Apply(self, tensors, [pt.dvector(), pt.dmatrix(), pt.dmatrix()])

    def perform(self, node: Any, inputs: list[Any], output_storage: list[Any]) -> None:
        """Write the slopes."""
        for storage, found in zip(output_storage, around_back_by_door(*inputs), strict=True):
            storage[0] = np.asarray(found)


@register_funcify_default_op_cache_key(GroupedLatent)  # type: ignore[untyped-decorator]
def _latent(op: Any, node: Any = None, **context: Any) -> Any:
    """Return the function that numba-compiled PyTensor graphs call."""
    return latent_by_door, VERSION


@register_funcify_default_op_cache_key(Around)  # type: ignore[untyped-decorator]
def _around(op: Any, node: Any = None, **context: Any) -> Any:
    """Return the function that numba-compiled PyTensor graphs call."""
    return around_by_door, VERSION


@register_funcify_default_op_cache_key(AroundBack)  # type: ignore[untyped-decorator]
def _around_back(op: Any, node: Any = None, **context: Any) -> Any:
    """Return the function that numba-compiled PyTensor graphs call."""
    return around_back_by_door, VERSION

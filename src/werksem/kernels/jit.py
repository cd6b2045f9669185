"""The one place where numba's flags are set, with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import llvmlite.binding
import numba
from numba import types

__all__ = ["by_name", "door", "inlined", "kernel"]


def kernel(function: Callable[..., Any]) -> Any:
    """Return the compiled function; ``.py_func`` keeps the plain one.

    ``nogil``: kernels run from a thread pool, which compiles in seconds where ``parallel=True``
    needs minutes. ``cache``: later processes read the compiled code from disk.
    ``error_model="numpy"``: a division by zero is inf, not an exception in a hot loop.
    ``fastmath`` of ``contract`` alone: a product and a sum are one instruction, rounded once.
    """
    return numba.njit(nogil=True, cache=True, error_model="numpy", fastmath={"contract"})(function)


def inlined(function: Callable[..., Any]) -> Any:
    """Return the compiled function, which becomes part of the kernel that calls it.

    For what one kernel calls in one place. The compiler optimises a kernel with all it calls anew at
    every level of calls, so each level less saves seconds of the first run.
    """
    return numba.njit(nogil=True, cache=True, error_model="numpy", fastmath={"contract"}, inline="always")(
        function
    )


def door(signature: Any) -> Callable[[Callable[..., Any]], Any]:
    """Return a decorator to a compiled function with an address, whose arguments are pointers and numbers."""
    return numba.cfunc(signature, cache=True, error_model="numpy", fastmath={"contract"})


def by_name(compiled: Any) -> Any:
    """Return what kernels call a door by; they find it by its name when they are loaded, in any process.

    The door itself must be kept: its address dies with it.
    """
    name = f"werksem_door{compiled.__name__}"
    llvmlite.binding.add_symbol(name, compiled.address)
    return types.ExternalFunction(name, compiled._sig)

"""Kernels as plain Python: every compiled function of every kernel module replaced by its source."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

import pytest

import werksem.kernels


def kernel_modules() -> list[ModuleType]:
    """Return the modules of the kernels."""
    names = [found.name for found in pkgutil.iter_modules(werksem.kernels.__path__)]
    return [importlib.import_module(f"werksem.kernels.{name}") for name in names]


def public_kernels() -> dict[str, object]:
    """Return every public kernel by ``module.function``."""
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": member
        for module in kernel_modules()
        for name, member in vars(module).items()
        if hasattr(member, "py_func") and member.py_func.__module__ == module.__name__
        and not name.startswith("_")
    }  # fmt: skip


def make_plain(monkeypatch: pytest.MonkeyPatch, *others: ModuleType) -> None:
    """Let kernels, and ``others`` that took some of them over, call plain Python from here on."""
    for module in (*kernel_modules(), *others):
        for name, member in list(vars(module).items()):
            if hasattr(member, "py_func"):
                monkeypatch.setattr(module, name, member.py_func)

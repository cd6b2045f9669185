"""What tells one posterior from another: the hash of everything that its draws depend on."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from werksem import __version__

__all__ = ["digest", "libraries"]

LIBRARIES = ("numpy", "scipy", "numba", "llvmlite", "pytensor", "pymc", "nutpie")


def digest(*parts: Any) -> str:
    """Return the SHA-256 of plain data: records, mappings, sequences, arrays, texts and numbers.

    Raises ``TypeError`` for anything else, whose content could not be told.

    >>> digest({"a": 1.0}, np.eye(2)) == digest({"a": 1.0}, np.eye(2))
    True
    >>> digest([1]) == digest([1.0])
    False
    """
    found = hashlib.sha256()
    for part in parts:
        for piece in _pieces(part):
            found.update(len(piece).to_bytes(8, "little") + piece)
    return found.hexdigest()


def libraries() -> tuple[str, ...]:
    """Return the versions of werksem and of the libraries that draws depend on to the last digit."""
    return (__version__, *map(_version, LIBRARIES))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _pieces(part: Any) -> Iterator[bytes]:
    yield type(part).__name__.encode()
    if part is None or isinstance(part, str | bool | int | float | np.generic):
        yield repr(part).encode()
    elif isinstance(part, np.ndarray):
        if part.dtype == object:
            raise TypeError("an array of objects has no content to tell it by")
        yield repr((part.shape, part.dtype.str)).encode()
        yield np.ascontiguousarray(part).tobytes()
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from _pieces(key)
            yield from _pieces(value)
    elif isinstance(part, list | tuple):
        yield str(len(part)).encode()
        for value in part:
            yield from _pieces(value)
    elif dataclasses.is_dataclass(part):
        for field in dataclasses.fields(part):
            yield field.name.encode()
            yield from _pieces(getattr(part, field.name))
    else:
        raise TypeError(f"{type(part).__name__} has no content to tell it by")

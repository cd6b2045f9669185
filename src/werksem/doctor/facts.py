"""What this computer has: processors, memory, threads, compilers, folders that must be writable."""

from __future__ import annotations

import importlib
import os
import platform
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werksem.doctor.versions import version_of

__all__ = ["Facts", "Place", "facts", "flags_of", "gigabytes"]

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
LIBRARIES = (
    "numpy", "scipy", "pandas", "numba", "llvmlite", "semopy", "pymc", "pytensor", "nutpie", "arviz",
    "arviz-base", "arviz-stats", "arviz-plots", "blackjax", "matplotlib", "xarray", "statsmodels", "pydantic",
)  # fmt: skip
CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that a library writes what it compiled or found into."""

    what: str
    folder: str
    writable: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What the checks look at; memory in bytes, None where it cannot be told."""

    python: str
    executable: str
    platform: str
    libraries: Mapping[str, str]
    processors: int
    usable: int
    quota: float | None
    memory: int | None
    available: int | None
    blas: str
    threads: Mapping[str, str]
    pools: tuple[str, ...]
    compilers: Mapping[str, str]
    pytensor_flags: str
    places: tuple[Place, ...]


def facts() -> Facts:
    """Return what can be found out about this computer without importing anything heavy."""
    affinity = getattr(os, "sched_getaffinity", None)
    processors = os.cpu_count() or 1
    return Facts(
        python=platform.python_version(),
        executable=sys.executable,
        platform=f"{platform.system()} {platform.release()} {platform.machine()}",
        libraries={name: found for name in LIBRARIES if (found := version_of(name))},
        processors=processors,
        usable=len(affinity(0)) if affinity else processors,
        quota=_quota(),
        memory=_memory("MemTotal"),
        available=_memory("MemAvailable"),
        blas=_blas(),
        threads={name: os.environ.get(name, "") for name in THREADS},
        pools=_pools(),
        compilers={name: found for name in ("g++", "clang++", "gcc") if (found := shutil.which(name) or "")},
        pytensor_flags=os.environ.get("PYTENSOR_FLAGS", ""),
        places=_places(),
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _quota() -> float | None:
    """Return how many processors the container may use at a time, None without a limit."""
    found = _read(CGROUP / "cpu.max").split()
    if not found:
        found = [_read(CGROUP / "cpu" / f"cpu.cfs_{key}_us") for key in ("quota", "period")]
    try:
        quota, period = map(float, found)
    except ValueError:  # "max", or no such file
        return None
    return quota / period if quota > 0 and period > 0 else None


def _memory(key: str) -> int | None:
    """Return memory in bytes, no more than the container's limit."""
    found = [line.split() for line in _read(Path("/proc/meminfo")).splitlines()]
    sizes = [int(parts[1]) * 1024 for parts in found if parts[0] == f"{key}:"]
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        limit = _read(CGROUP / name)
        sizes += [int(limit)] if limit.isdigit() else []
    return min(sizes, default=None)


def gigabytes(size: int | None) -> str:
    """Return a size in gigabytes.

    >>> gigabytes(25_000_000_000), gigabytes(None)
    ('25.0 GB', 'unknown')
    """
    return "unknown" if size is None else f"{size / 1e9:.1f} GB"


def _blas() -> str:
    import numpy as np

    found: Any = np.show_config(mode="dicts")
    blas = found.get("Build Dependencies", {}).get("blas", {})
    return f"{blas.get('name', 'unknown')} {blas.get('version', '')}".strip()


def _pools() -> tuple[str, ...]:
    """Return the thread pools that are loaded, where threadpoolctl is there to tell."""
    try:
        info: Any = importlib.import_module("threadpoolctl").threadpool_info()
    except ImportError:
        return ()
    return tuple(
        f"{pool.get('internal_api', '')} {pool.get('version') or ''}: {pool['num_threads']} threads"
        for pool in info
    )


def flags_of(text: str) -> dict[str, str]:
    """Return PyTensor's flags by name, in lower case.

    >>> flags_of("mode=NUMBA, cxx=")
    {'mode': 'numba', 'cxx': ''}
    """
    pairs = (part.partition("=") for part in text.split(",") if "=" in part)
    return {key.strip().lower(): value.strip().lower() for key, _, value in pairs}


def _places() -> tuple[Place, ...]:
    home, environment = Path.home(), os.environ
    cache = Path(environment.get("XDG_CACHE_HOME") or home / ".cache")
    package = Path(__file__).resolve().parents[1]
    beside = package / "kernels" / "__pycache__"
    numba = environment.get("NUMBA_CACHE_DIR") or (beside if _writable(beside) else cache / "numba")
    flags = dict(
        part.split("=", 1) for part in environment.get("PYTENSOR_FLAGS", "").split(",") if "=" in part
    )
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    named = {
        "compiled kernels (numba)": numba,
        "compiled graphs (pytensor)": flags.get("base_compiledir") or home / ".pytensor",
        "fonts (matplotlib)": environment.get("MPLCONFIGDIR") or config / "matplotlib",
    }
    return tuple(Place(what, str(folder), _writable(Path(folder))) for what, folder in named.items())


def _writable(folder: Path) -> bool:
    """Return whether a folder can be written into, or made."""
    there = next((place for place in (folder, *folder.parents) if place.exists()), None)
    return there is not None and there.is_dir() and os.access(there, os.W_OK | os.X_OK)

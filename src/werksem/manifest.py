"""The manifest: what was run, on what, with which versions, and how long it took."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from werksem import __version__
from werksem.spec.types import Label, ModelSpec

__all__ = ["git_revision", "label_table", "text_hash", "versions"]

PACKAGES = ("numpy", "scipy", "pandas", "numba", "semopy", "pymc", "pytensor", "nutpie", "arviz", "pydantic")


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text.

    >>> text_hash("werksem")[:8]
    '91e38b8f'
    """
    return hashlib.sha256(text.encode()).hexdigest()


def versions() -> dict[str, str]:
    """Return the versions of Python, werksem and the libraries whose numbers it uses."""
    found = {"python": platform.python_version(), "werksem": __version__}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def threads() -> dict[str, str]:
    """Return the thread settings that matrix products were run with."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return {name: os.environ.get(name, "") for name in names}


def git_revision(folder: Path) -> str:
    """Return the git revision of the folder's work tree, empty where there is none."""
    command = ["git", "-C", str(folder), "rev-parse", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def label_table(model: ModelSpec) -> dict[str, dict[str, str]]:
    """Return the labels of constructs, items and plain columns, per language."""
    found: dict[str, Label] = {}
    for scale in model.scales:
        found[scale.name] = scale.label
        found |= dict(scale.item_labels)
    found |= dict(model.labels)
    return {name: {"nl": label.nl, "en": label.en} for name, label in found.items() if label.nl or label.en}


def now() -> str:
    """Return the present moment, to the second, in universal time."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def merged(*parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return mappings as one, in order."""
    return {key: value for part in parts for key, value in part.items()}

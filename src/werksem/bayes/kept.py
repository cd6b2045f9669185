"""Finished draws on disk: what a run that was interrupted leaves for the next one.

A file per posterior, named by the hash of everything that determines it. NumPy's archives hold a checksum of
every array, so that a file with a single bit changed is no posterior; the name is within what is checked, so
that the posterior of another study under this name is none either.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from werksem.bayes.digest import digest, libraries
from werksem.bayes.sample import Sampled
from werksem.files import whole, write_arrays

__all__ = ["kept_or_sampled", "read_sampled", "write_sampled"]

VALUES, STATS, REST = "values.", "stats.", "rest"


def kept_or_sampled(folder: Path | None, what: tuple[Any, ...], sample: Callable[[], Sampled]) -> Sampled:
    """Return the draws that ``what`` determines: those kept in the folder, else new ones, which are kept.

    Without a folder nothing is kept. Draws taken up have ``ready`` None. Raises ``OSError`` where they
    cannot be written.
    """
    if folder is None:
        return sample()
    path = folder / f"posterior-{digest(libraries(), what)[:32]}.npz"
    found = read_sampled(path) if path.is_file() else None
    if found is not None:
        return found
    sampled = sample()
    try:
        write_sampled(sampled, path)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise OSError(error.errno, f"the posterior cannot be kept: {reason}", str(folder)) from None
    return sampled


def write_sampled(sampled: Sampled, path: Path) -> None:
    """Write draws to a file, which appears whole or not at all."""
    rest = {
        "gradients": sampled.gradients, "sampler": sampled.sampler, "timings": dict(sampled.timings),
        "fit": dict(sampled.fit),
    }  # fmt: skip
    arrays = dict(_arrays(sampled))
    # the archive holds a checksum of what is in an array, none of its name
    rest |= {"names": list(arrays), "file": path.name}
    arrays[REST] = np.frombuffer(json.dumps(rest).encode(), dtype=np.uint8)
    with whole(path) as partial:
        write_arrays(partial, arrays)


def _arrays(sampled: Sampled) -> Iterator[tuple[str, Any]]:
    yield from ((VALUES + name, values) for name, values in sampled.values.items())
    yield from ((STATS + name, values) for name, values in sampled.stats.items())


def read_sampled(path: Path) -> Sampled | None:
    """Return the draws of a file, None where it is damaged or was written under another name."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            rest = json.loads(found[REST].tobytes())
            if rest["file"] != path.name or [name for name in found.files if name != REST] != rest["names"]:
                return None
            values, stats = (
                {name.removeprefix(kind): found[name] for name in found.files if name.startswith(kind)}
                for kind in (VALUES, STATS)
            )
            return Sampled(values, stats, rest["gradients"], rest["sampler"], rest["timings"], rest["fit"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error, NotImplementedError):
        return None

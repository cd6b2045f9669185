"""What stands in the files of a result folder: their text and their numbers, archives opened."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["files_of", "numbers_in", "release_of", "text_of"]

Array = NDArray[np.float64]
NUMBER = re.compile(rb"[-+]?\d+\.\d{5,}(?:[eE][-+]?\d+)?")
# what a report and a manifest may say of hidden groups: that they are hidden
SAID = re.compile(
    r"(?:disclosure: hidden in every table: |Disclosure: no table shows )[^.\"]*?[;:] fewer than"
)
HIDDEN = re.compile(r'"hidden": \[[^\]]*\]')


def files_of(folder: Path) -> Iterator[Path]:
    """Yield every file of a folder, in order."""
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file())


def release_of(folder: Path) -> dict[str, str]:
    """Return why each file is held inside by the output check, empty for those that may leave."""
    table = pd.read_csv(folder / "output_check.csv", dtype=str, keep_default_na=False)
    files = table[table["section"] == "file"]
    return dict(zip(files["name"], files["failed"], strict=True))


def text_of(path: Path) -> str:
    """Return a file's text: of an archive that of its parts, of binary tables names and labels.

    The sentence that says which groups are hidden is left out.
    """
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            raw = b"\n".join(re.sub(rb"<[^>]+>", b"", archive.read(name)) for name in archive.namelist())
    elif path.suffix == ".parquet":
        frame = pd.read_parquet(path)
        told = frame.select_dtypes(exclude=["number", "bool"])
        words = [str(value) for name in told for value in told[name].unique()]
        raw = " ".join([*map(str, frame.columns), *words]).encode()
    else:
        raw = path.read_bytes()
    text = raw.decode("utf-8", errors="ignore")
    return SAID.sub("", HIDDEN.sub("", text))


def numbers_in(path: Path) -> Array:
    """Return the numbers of a file that have five decimals or more, sorted."""
    if path.suffix == ".parquet":
        found = pd.read_parquet(path).select_dtypes("number").to_numpy(dtype=float).ravel()
    elif path.suffix == ".nc":
        found = np.concatenate([np.zeros(0), *_arrays(path)])
    else:
        raw = text_of(path).encode() if path.suffix == ".docx" else path.read_bytes()
        found = np.array([float(match) for match in NUMBER.findall(raw)])
    return np.sort(found[np.isfinite(found)])


def _arrays(path: Path) -> list[Array]:
    h5py: Any = import_module("h5py")
    found: list[Array] = []

    def visit(_: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset) and item.dtype.kind == "f":
            found.append(np.asarray(item, dtype=float).ravel())

    with h5py.File(path) as file:
        file.visititems(visit)
    return found

"""Made studies of any size: answers drawn from a factor model in closed form, in chunks of rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["CHUNK", "Shape", "chunks", "layers", "write_answers", "write_study"]

CHUNK = 50_000
LOADING, PATHS_R2, SEED = 0.75, 0.3, 2024

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a study is: constructs stand in layers, each explained by all of the layer before it.

    ``per`` items measure a construct, each answered 1 to 5; with one item the construct is that column.
    ``blank`` is the share of the answers that is left out at random.
    """

    respondents: int = 10_000
    layers: tuple[int, ...] = (4, 4, 4)
    per: int = 5
    groups: int = 1
    blank: float = 0.0

    @property
    def items(self) -> int:
        """How many columns are answered."""
        return sum(self.layers) * self.per

    @property
    def routes(self) -> int:
        """How many directed routes run from the first layer to the last."""
        return int(np.prod(self.layers))


def layers(shape: Shape) -> list[list[str]]:
    """Return the constructs' names, layer by layer.

    >>> layers(Shape(layers=(2, 1)))
    [['a1', 'a2'], ['b1']]
    """
    letters = "abcdefgh"
    return [[f"{letters[at]}{k + 1}" for k in range(width)] for at, width in enumerate(shape.layers)]


def items_of(construct: str, per: int) -> list[str]:
    """Return the columns that measure a construct."""
    return [construct] if per == 1 else [f"{construct}_{k + 1}" for k in range(per)]


def chunks(shape: Shape) -> Iterator[pa.Table]:
    """Yield the answers in tables of ``CHUNK`` rows: small whole numbers, and the group's name.

    eta = B eta' + zeta with unit variances and R2 0.3 per explained construct; item = 3 + 0.75 eta + 0.66 e,
    rounded into 1 … 5; a group shifts its latents by a normal deviation of 0.25.
    """
    stream = np.random.default_rng(SEED)
    shift = 0.25 * stream.standard_normal((shape.groups, sum(shape.layers)))
    names = [name for layer in layers(shape) for name in layer]
    for start in range(0, shape.respondents, CHUNK):
        n = min(CHUNK, shape.respondents - start)
        group = (start + np.arange(n)) % shape.groups
        eta = _latents(shape, n, stream) + shift[group]
        columns = {"groep": pa.array([f"groep {k + 1:03d}" for k in range(shape.groups)]).take(group)}
        for at, name in enumerate(names):
            for item in items_of(name, shape.per):
                columns[item] = _answers(eta[:, at], shape, stream)
        yield pa.table(columns)


def _latents(shape: Shape, n: int, stream: np.random.Generator) -> Array:
    found: list[Array] = []
    for width in shape.layers:
        made = stream.standard_normal((n, width))
        if found:
            before = found[-1]
            path = np.sqrt(PATHS_R2 / before.shape[1])
            made = np.sqrt(1 - PATHS_R2) * made + path * before.sum(axis=1, keepdims=True)
        found.append(made)
    return np.hstack(found)


def _answers(eta: Array, shape: Shape, stream: np.random.Generator) -> pa.Array:
    noise = stream.standard_normal(len(eta))
    said = np.clip(np.rint(3 + LOADING * eta + np.sqrt(1 - LOADING**2) * noise), 1, 5).astype(np.int8)
    blank = stream.random(len(eta)) < shape.blank if shape.blank else None
    return pa.array(said, mask=blank)


def write_answers(shape: Shape, file: Path) -> None:
    """Write the answers to a .parquet or .csv file, one chunk after another."""
    from pyarrow import csv, parquet

    writer = None
    for table in chunks(shape):
        if writer is None:
            make = csv.CSVWriter if file.suffix == ".csv" else parquet.ParquetWriter
            writer = make(str(file), table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def write_study(
    shape: Shape, folder: Path, sections: dict[str, object], file: str = "answers.parquet"
) -> Path:
    """Write the study and model of a shape beside its answers and return the study file.

    ``sections`` are keys of the study (ols, sem, bootstrap, bayes, …) and of ``data``; effects are all
    routes from the first layer to the last where ``effects`` is among them.
    """
    named = layers(shape)
    model: dict[str, object] = {
        "structural": {name: before for before, layer in pairwise(named) for name in layer}
    }
    if shape.per > 1:
        model["measurement"] = {
            name: {"items": items_of(name, shape.per), "scale": [1, 5]} for layer in named for name in layer
        }
    asked = dict(sections)
    if asked.pop("effects", False):
        model["effects"] = {"enumerate": {"from": named[0], "to": named[-1]}}
    data = {"file": file, **(asked.pop("data", {}) or {})}  # type: ignore[dict-item]
    study = {"study": "load", "language": "en", "model": model, "data": data, **asked}
    path = folder / "study.yaml"
    path.write_text(json.dumps(study, indent=1), encoding="utf-8")
    return path

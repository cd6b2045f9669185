"""Marks of single respondents put into the data of shipped studies, and looked for in what the runs leave."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trust.disclosure.attacks import Found
from trust.disclosure.contents import files_of, numbers_in, text_of
from trust.part import ROOT
from werksem.describing.run import Request as Describe
from werksem.describing.run import describe_study
from werksem.run import Request, run_study
from werksem.spec.load import load_study

__all__ = ["STUDIES", "WEIGHT", "Marked", "marked", "marks_in", "rows_in", "run_marked"]

ROWS = 1693  # respondents kept of a shipped wave: no table has as many rows by itself
WEIGHT = 1.2345678  # whole in the ten digits that tables have
NEAR = 1e-9
CLUSTER = "firm-7f3a9c"
WORD = "sentinel"
# the study whose reports are made, too: their writers see nothing but the tables
SHOWN, FORMATS = "binding", ("html", "docx", "tex", "csv", "md")
WHOLE = ("binding", "kern_2024", "innovatie", "mediatie_hrm")
# shipped studies whose data are in the project
STUDIES = tuple(
    path.stem for path in sorted((ROOT / "configs").glob("*.yaml")) if not path.stem.startswith("fevs")
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A shipped study on marked data: its name, its file, the marks, and how many rows were read."""

    name: str
    config: Path
    marks: tuple[str, ...]
    rows: int
    describes: bool


def marked(name: str, place: Path) -> Marked:
    """Return a shipped study on a part of its data, in which single respondents carry marks.

    Every respondent has a number and a remark of their own; one has a weight, one a cluster that nobody else
    has, where the study has weights or clusters.
    """
    home = place / name
    for room in ("configs", "models", "data"):
        shutil.copytree(ROOT / room, home / room, ignore=shutil.ignore_patterns("*.parquet"))
    study, _ = load_study(ROOT / "configs" / f"{name}.yaml")
    files = {study.data.file, *(study.describe.waves.values() if study.describe else ())}
    for file in files:
        if file is not None:
            _mark(pd.read_parquet(file), study.data, home / "data" / file.name)
    marks = [f"{WORD}-0", f"{WORD}-1234", "respondent-0", "respondent-1234"]
    marks += [f"{WEIGHT}"] if study.data.weights else []
    marks += [CLUSTER] if study.data.cluster else []
    describes = study.ols is None and study.sem is None and study.bayes is None
    return Marked(name, home / "configs" / f"{name}.yaml", tuple(marks), ROWS, describes)


def _mark(frame: pd.DataFrame, data: Any, file: Path) -> None:
    """Write a part of the respondents with their marks."""
    few = frame.sample(min(ROWS, len(frame)), random_state=5).reset_index(drop=True)
    few = few.assign(
        respondent=[f"respondent-{k}" for k in range(len(few))],
        remark=[f"{WORD}-{k}" for k in range(len(few))],
    )
    if data.weights and data.weights in few:
        few[data.weights] = few[data.weights].astype(float).where(few.index != 11, WEIGHT)
    if data.cluster and data.cluster in few:
        few[data.cluster] = few[data.cluster].astype(object).where(few.index != 17, CLUSTER).astype(str)
    few.to_parquet(file, index=False)


def run_marked(study: Marked, place: Path) -> Path:
    """Return the result folder of a marked study: its tables, or what its first engine finds.

    Studies in ``WHOLE`` run their SEM, too: its files are the same in others.
    """
    out = place / f"{study.name}-out"
    if study.describes:
        return describe_study(Describe(study.config, out))
    formats = f"report.formats=[{', '.join(FORMATS) if study.name == SHOWN else ''}]"
    wanted, _ = load_study(study.config)
    there = tuple(engine for engine in ("ols", "sem", "bayes") if getattr(wanted, engine) is not None)
    engines = there[:2] if study.name in WHOLE else there[:1]
    sizes = ("bootstrap.replicates=20", "bayes.draws=100", "bayes.tune=100", "bayes.chains=2")
    given = tuple(size for size in sizes if size.split(".")[0] in engines)
    run_study(Request(study.config, out, engines, (*given, formats), quiet=True))
    return out


def marks_in(folder: Path, study: Marked) -> Iterator[Found]:
    """Look for every mark in the text of every file, and for the weight among numbers that are no text."""
    for path in files_of(folder):
        text, numbers = text_of(path), numbers_in(path) if path.suffix in (".parquet", ".nc") else np.zeros(0)
        hits = sum(
            mark in text or (mark == f"{WEIGHT}" and bool((np.abs(numbers - WEIGHT) < NEAR).any()))
            for mark in study.marks
        )
        yield Found(path.relative_to(folder).as_posix(), len(study.marks), hits)


def rows_in(folder: Path, study: Marked) -> Iterator[Found]:
    """Look for tables and arrays with as many entries as there are respondents, read or used."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    sizes = {study.rows, manifest["data"].get("rows_read"), manifest["data"].get("rows_used")}
    for path in files_of(folder):
        if path.suffix in (".csv", ".parquet", ".nc"):
            yield Found(path.relative_to(folder).as_posix(), 1, int(bool(sizes & _lengths(path))))


def _lengths(path: Path) -> set[int]:
    """Return the lengths of a table or of the arrays of a file."""
    if path.suffix == ".csv":
        return {len(path.read_text(encoding="utf-8").splitlines()) - 1}
    if path.suffix == ".parquet":
        return {len(pd.read_parquet(path))}
    h5py: Any = import_module("h5py")
    found: set[int] = set()

    def visit(_: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            found.update(np.shape(item))

    with h5py.File(path) as file:
        file.visititems(visit)
    return found

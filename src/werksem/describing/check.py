"""What ``werksem check`` says of a study's tables, without making them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from werksem.describe.produce import table_rows
from werksem.describe.reading import of_rows
from werksem.describe.sample import Sample
from werksem.describing.run import read_described
from werksem.engines.few_said import notes_said
from werksem.errors import DataError
from werksem.spec.describe import Describe
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.spec.yaml import Document

__all__ = ["check_tables"]

SOME = 1000  # respondents on whom tables are tried


def check_tables(
    study: Study, model: ModelSpec, config: Path | Document, overrides: tuple[str, ...] = ()
) -> Iterator[str]:
    """Yield the lines of the check; raises what ``describe`` would raise.

    Tables are tried on some respondents: what only one of the others answers wrongly in a table is left
    to ``describe``.
    """
    study, respondents, _ = read_described(study, model, config, overrides)
    described = study.describe or Describe()
    listed = ", ".join(f"{table.table} ({table.kind})" for table in described.tables)
    yield f"tables: {len(described.tables)}: {listed}"
    smallest = study.disclosure.smallest
    yield f"marks: {described.marks}; cells of fewer than {smallest} respondents are left out"
    for wave, (read, used) in respondents.rows.items():
        yield f"data{f' of wave {wave}' if wave else ''}: {read} rows read, {used} used"
    if respondents.codebook.synthetic:
        yield "data: synthetic, they say nothing about reality"
    yield from (f"warning: {note}" for note in notes_said(respondents.notes, study.disclosure))
    some = replace(respondents, sample=_some(respondents.sample))
    for table in described.tables:
        try:
            table_rows(table, described, model, some)
        except DataError:  # perhaps only of these few
            table_rows(table, described, model, respondents)


def _some(sample: Sample) -> Sample:
    """Return some of the respondents, evenly spaced in the data, so that a check is quick."""
    keep = np.zeros(len(sample.frame), dtype=bool)
    keep[:: max(1, len(keep) // SOME)] = True
    wave = None if sample.wave is None else sample.wave[keep].reset_index(drop=True)
    return replace(of_rows(sample, keep), wave=wave)

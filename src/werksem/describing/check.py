"""What ``werksem check`` says of a study's tables, without making them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from werksem.describe.produce import table_rows
from werksem.describing.run import read_described
from werksem.spec.describe import Describe

__all__ = ["check_tables"]


def check_tables(config: Path, overrides: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the lines of the check; raises what ``describe`` would raise."""
    study, model, respondents = read_described(config, overrides)
    described = study.describe or Describe()
    listed = ", ".join(f"{table.table} ({table.kind})" for table in described.tables)
    yield f"tables: {len(described.tables)}: {listed}"
    yield f"marks: {described.marks}; cells of fewer than {described.smallest} respondents are left out"
    for wave, (read, used) in respondents.rows.items():
        yield f"data{f' of wave {wave}' if wave else ''}: {read} rows read, {used} used"
    if respondents.codebook.synthetic:
        yield "data: synthetic, they say nothing about reality"
    for table in described.tables:
        table_rows(table, described, model, respondents)

"""An audit from files to verdicts, its files, and the exit code."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from werksem.audit.bounds import Bound, bound
from werksem.audit.read import read_table
from werksem.audit.search import Matrix, search
from werksem.audit.sums import Added, added
from werksem.audit.table import Table
from werksem.audit.together import Block, Excess, blocks, excesses
from werksem.audit.verify import Verified, joint, verify
from werksem.errors import SpecError
from werksem.files import together
from werksem.survey.formulas import inert

__all__ = ["Audit", "Found", "audit", "cell_rows", "exit_code", "refuse_over", "sum_rows", "write_audit"]

Rows = tuple[Sequence[str], Sequence[Sequence[object]]]  # a header, and what stands below it
SUM_COLUMNS = ("name", "sum", "total", "off", "bound", "verdict")
COLUMNS = ("outcome", "predictor", "beta", "stars", "n", "r2", "vif_lower", "vif_upper", "verdict")


@dataclass(frozen=True, slots=True)
class Found:
    """A block with the matrix that was found and what it gives; None where no outcome has all its betas."""

    block: Block
    matrix: Matrix | None
    verified: Verified | None


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything an audit found in its tables."""

    tables: tuple[Table, ...]
    bounds: tuple[Bound, ...]
    excesses: tuple[Excess, ...]
    found: tuple[Found, ...]
    sums: tuple[Added, ...]


def audit(paths: Sequence[Path]) -> Audit:
    """Return the audit of tables taken together; raises ``SpecError`` for a table that is wrong.

    Outcomes with the same predictors, in whichever table, are held against one correlation matrix.
    """
    tables = tuple(read_table(path) for path in paths)
    seen: dict[str, Path] = {}
    for path, table in zip(paths, tables, strict=True):
        for name in table.outcomes:
            if name in seen:
                raise SpecError(f'outcome "{name}" is in {seen[name]} too', where=str(path))
            seen[name] = path
    bounds = tuple(bound(cell, table.outcomes[cell.outcome]) for table in tables for cell in table.cells)
    sets = blocks(bounds)
    found = tuple(_found(block) for block in sets)
    sums = tuple(added(asked) for table in tables for asked in table.sums)
    return Audit(tables, bounds, excesses(sets), found, sums)


def _found(block: Block) -> Found:
    matrix = search(block)
    return Found(block, matrix, None if matrix is None else verify(matrix, block))


def refuse_over(path: Path, tables: Sequence[Path]) -> None:
    """Raise ``SpecError`` where the cells would be written over one of the tables."""
    if path.resolve() in {table.resolve() for table in tables}:
        raise SpecError("--out is the table itself; right is another CSV file", where=str(path))
    if path.exists() and not (path.is_file() and _is_ours(path)):
        raise SpecError("exists and is not a table of audit: name another with --out", where=str(path))


def _is_ours(path: Path) -> bool:
    """Tell whether a file begins as the cells of an audit do."""
    with path.open("rb") as file:
        return file.readline(1000).decode("utf-8", "replace").strip() == ",".join(COLUMNS)


def exit_code(done: Audit) -> int:
    """Return 1 where a cell, some cells together, an R² or a sum is proven impossible, else 0."""
    proofs = [
        *(found for found in done.bounds if found.reason), *done.excesses,
        *(conflict for found in done.found for conflict in found.block.conflicts),
        *(sum_ for sum_ in done.sums if not sum_.consistent),
    ]  # fmt: skip
    return int(bool(proofs))


def write_audit(done: Audit, path: Path) -> tuple[Path, ...]:
    """Write the cells to ``path`` and, beside it, ``…_matrix.csv`` per block and ``…_sums.csv``; return all.

    A matrix is written where it fits: predictors, then one row per outcome with its correlations with them.
    All of the files appear, or none.
    """
    tables = dict(_tables(done, path))
    path.parent.mkdir(parents=True, exist_ok=True)
    with together(list(tables)) as places:
        for place, (header, rows) in zip(places, tables.values(), strict=True):
            _write(place, header, rows)
    return tuple(tables)


def _tables(done: Audit, path: Path) -> Iterator[tuple[Path, Rows]]:
    """Yield each file's path, with its header and its rows."""
    yield path, (COLUMNS, [_row(found) for found in done.bounds])
    fitting = [f.matrix for f in done.found if f.matrix is not None and f.verified and f.verified.fits]
    for number, matrix in enumerate(fitting, start=1):
        ending = "_matrix.csv" if len(fitting) == 1 else f"_matrix_{number}.csv"
        rows = joint(matrix, matrix.outcomes[0])[:-1, :-1].tolist()
        rows += [joint(matrix, name)[-1, :-1].tolist() for name in matrix.outcomes]
        names = (*matrix.predictors, *matrix.outcomes)
        lines = [[name, *row] for name, row in zip(names, rows, strict=True)]
        yield path.with_name(path.stem + ending), (("name", *matrix.predictors), lines)
    if done.sums:
        yield path.with_name(path.stem + "_sums.csv"), (SUM_COLUMNS, [_sum_row(s) for s in done.sums])


def cell_rows(done: Audit) -> list[dict[str, object]]:
    """Return a mapping per cell, as its row in the CSV file."""
    return [dict(zip(COLUMNS, _row(found), strict=True)) for found in done.bounds]


def sum_rows(done: Audit) -> list[dict[str, object]]:
    """Return a mapping per sum, as its row in the CSV file."""
    return [dict(zip(SUM_COLUMNS, _sum_row(entry), strict=True)) for entry in done.sums]


def _sum_row(entry: Added) -> list[object]:
    asked = entry.sum
    return [asked.name, entry.found, asked.total, entry.off, entry.bound, _verdict(entry.consistent)]


def _row(found: Bound) -> list[object]:
    cell, outcome = found.cell, found.outcome
    r2 = outcome.printed
    if r2 is not None and outcome.adjusted:
        r2 = None if outcome.df is None or outcome.n is None else 1 - (1 - r2) * outcome.df / (outcome.n - 1)
    ends = found.vif if found.informative or found.reason else (None, None)
    return [
        cell.outcome, cell.predictor, _plain(cell.printed), cell.stars or "", outcome.n,
        None if r2 is None else round(r2, 6), _plain(ends[0]), _plain(ends[1]),
        "impossible" if found.reason else "possible",
    ]  # fmt: skip


def _plain(value: float | None) -> float | None:
    """Return a number with six decimals, None where it is infinite or unknown."""
    return None if value is None or not math.isfinite(value) else round(value, 6)


def _verdict(consistent: bool) -> str:
    return "possible" if consistent else "impossible"


def _write(path: Path, header: Iterable[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([inert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)

"""The lines an audit prints: what cannot be, why, and a matrix under which the rest can."""

from __future__ import annotations

import math
from collections.abc import Iterator

from werksem.audit.bounds import Bound, least_beta
from werksem.audit.run import Audit, Found
from werksem.audit.search import Matrix, searchable
from werksem.audit.sums import Added
from werksem.audit.verify import Verified
from werksem.audit.words import said
from werksem.report.numbers import beta, number

__all__ = ["lines"]

MOST = 8
WIDE = 5


def lines(done: Audit) -> Iterator[str]:
    """Yield the lines of an audit in the language of its first table."""
    language = done.tables[0].language
    names = ", ".join(table.name for table in done.tables)
    outcomes = sum(len(table.outcomes) for table in done.tables)
    yield said("head", language, names=names, cells=len(done.bounds), outcomes=outcomes)
    yield from dict.fromkeys(table.source for table in done.tables if table.source)
    yield from _proofs(done, language)
    for found in done.found:
        yield from _matrix_lines(found, language)
    for entry in done.sums:
        yield _sum_line(entry, language)
    if done.bounds:
        yield ""
        yield said("assumed", language)


def _proofs(done: Audit, language: str) -> Iterator[str]:
    if not done.bounds:
        return
    yield ""
    impossible = [found for found in done.bounds if found.reason]
    conflicts = [conflict for found in done.found for conflict in found.block.conflicts]
    proven = impossible or conflicts or done.excesses
    yield said("impossible" if proven else "none_impossible", language)
    for found in impossible:
        yield f"  {_cell(found, done, language)}: {_why(found, language)}"
    for conflict in conflicts:
        ends = {
            "low_end": beta(conflict.high.vif[0], language, 3),
            "high_end": beta(conflict.low.vif[1], language, 3),
        }
        high, low = (_cell(found, done, language) for found in (conflict.high, conflict.low))
        yield "  " + said("conflict", language, high=high, low=low, **ends)
    for excess in done.excesses:
        ends = {"r2": beta(excess.r2, language, 4), "limit": beta(excess.limit, language, 4)}
        key = "above" if excess.above else "below"
        yield "  " + said(key, language, outcome=excess.outcome, **ends)


def _cell(found: Bound, done: Audit, language: str) -> str:
    """Return a cell as it was printed: outcome ~ predictor -,024***."""
    table = next(table for table in done.tables if found.cell in table.cells)
    text = beta(found.cell.printed, language, table.decimals) + (found.cell.stars or "")
    return f"{found.cell.outcome} ~ {found.cell.predictor} {text}".rstrip()


def _why(found: Bound, language: str) -> str:
    return said(
        found.reason, language, t=number(found.t[0], language), r2=beta(found.outcome.r2[1], language, 4),
        vif=beta(found.vif[1], language, 3), low=beta(found.vif[0], language, 3),
        least=beta(least_beta(found), language, 3),
    )  # fmt: skip


def _matrix_lines(found: Found, language: str) -> Iterator[str]:
    yield ""
    left = [name for name in found.block.outcomes if name not in searchable(found.block)]
    if left:
        yield said("left_out", language, outcomes=", ".join(left))
    matrix, verified = found.matrix, found.verified
    if matrix is None or verified is None:
        return
    if not verified.fits:
        cells = [f"{b.cell.outcome} ~ {b.cell.predictor}" for b in verified.missed if not b.reason]
        missed = [*cells, *(f"R² {name}" for name in verified.missed_r2)]
        more = ["…"] if len(missed) > MOST else []
        yield said("not_found", language, missed=", ".join([*missed[:MOST], *more]))
        return
    cells_held = sum(found.cell.outcome in matrix.outcomes for found in found.block.bounds)
    held = cells_held - len(verified.missed)
    moved = "" if matrix.printed else said("moved", language)
    smallest = beta(verified.smallest, language, 3)
    key = "matrix" if verified.missed else "matrix_all"
    yield said(key, language, held=held, cells=cells_held, moved=moved, smallest=smallest)
    yield from _triangle(matrix, language)
    yield from _r2_lines(found, verified, language)
    yield from _bands(found, verified, language)


def _triangle(matrix: Matrix, language: str) -> Iterator[str]:
    """Yield the lower triangle of the matrix, its columns numbered."""
    wide = max(len(name) for name in matrix.predictors) + 4
    for i, name in enumerate(matrix.predictors):
        row = "".join(f"{beta(float(value), language, 2):>{WIDE}}" for value in matrix.R[i, :i])
        yield f"  {i + 1:>2} {name:<{wide - 4}}{row}{'1':>{WIDE}}"
    yield " " * (wide + 1) + "".join(f"{i + 1:>{WIDE}}" for i in range(len(matrix.predictors)))


def _r2_lines(found: Found, verified: Verified, language: str) -> Iterator[str]:
    outcomes = {b.cell.outcome: b.outcome for b in found.block.bounds}
    impossible = {b.cell.outcome for b in found.block.bounds if b.reason}
    for name, value in verified.r2.items():
        outcome = outcomes[name]
        if outcome.printed is None:
            continue
        adjusted = outcome.adjusted and outcome.n is not None
        kind = {"nl": "aangepaste R²", "en": "adjusted R²"}[language] if outcome.adjusted else "R²"
        printed = beta(outcome.printed, language, outcome.decimals)
        got = beta(verified.adjusted[name] if adjusted else value, language, outcome.decimals)
        why = said("r2_why", language) if name in impossible and name in verified.missed_r2 else ""
        yield "  " + said("r2", language, outcome=name, kind=kind, printed=printed, found=got, why=why)


def _bands(found: Found, verified: Verified, language: str) -> Iterator[str]:
    yield said("bands", language)
    for name, (low, high) in found.block.vif.items():
        most = beta(high, language) if math.isfinite(high) else "∞"
        yield f"  {name}: {beta(low, language)} – {most}; {beta(verified.vif[name], language)}"


def _sum_line(entry: Added, language: str) -> str:
    decimals = 0 if entry.sum.counts else entry.sum.decimals
    places = {
        key: number(value, language, extra + decimals)
        for key, value, extra in (
            ("found", entry.found, 0), ("off", entry.off, 0), ("total", entry.sum.total, 0),
            ("bound", entry.bound, 0 if entry.sum.counts else 2),
        )
    }  # fmt: skip
    key = "sum_ok" if entry.consistent else "sum_off"
    return said(key, language, name=entry.sum.name, **places)

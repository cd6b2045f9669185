"""The parameter table: a model file's statements plus lavaan's automatic parameters.

Defaults are those of ``lavaan::sem`` 0.6: marker scaling, residual variances, exogenous latents
correlated, residuals of pure outcomes correlated, exogenous columns taken as they are (fixed.x),
intercepts of observed variables where there is a mean structure, latent means zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations
from math import isnan, nan
from typing import TypeVar

from werksem.errors import SpecError
from werksem.rows import DEFAULTS, Options, Row, equal_across_groups
from werksem.spec.types import ModelSpec, Statement

T = TypeVar("T")

__all__ = ["parameter_table"]


@dataclass(frozen=True, slots=True)
class _Names:
    """Who is who among a model's variables."""

    latent: tuple[str, ...]
    indicators: tuple[str, ...]
    outcomes: tuple[str, ...]
    predictors: tuple[str, ...]
    covarying: tuple[str, ...]
    observed: tuple[str, ...]

    @property
    def fixed_x(self) -> tuple[str, ...]:
        """Observed predictors that nothing in the model explains."""
        taken = {*self.latent, *self.indicators, *self.outcomes, *self.covarying}
        return tuple(name for name in self.predictors if name not in taken)

    @property
    def exogenous_latent(self) -> tuple[str, ...]:
        explained = {*self.outcomes, *self.indicators}
        return tuple(name for name in self.latent if name not in explained)

    @property
    def pure_outcomes(self) -> tuple[str, ...]:
        """Outcomes that predict nothing, latents first, indicators left out."""
        taken = {*self.predictors, *self.indicators}
        pure = [name for name in self.outcomes if name not in taken]
        return tuple(sorted(pure, key=lambda name: name not in self.latent))


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _names(statements: Sequence[Statement]) -> _Names:
    latent = _unique(s.lhs for s in statements if s.op == "=~")
    indicators = _unique(s.rhs for s in statements if s.op == "=~")
    outcomes = _unique(s.lhs for s in statements if s.op == "~")
    predictors = _unique(s.rhs for s in statements if s.op == "~")
    named = _unique(name for s in statements if s.op in ("~~", "~1") for name in (s.lhs, s.rhs) if name)
    ordered = _unique((*indicators, *outcomes, *predictors, *named))
    observed = tuple(name for name in ordered if name not in latent)
    return _Names(latent, indicators, outcomes, predictors, named, observed)


def parameter_table(
    spec: ModelSpec, groups: Sequence[str] = ("all",), options: Options = DEFAULTS
) -> tuple[Row, ...]:
    """Return every parameter of every group, in the order of the file and then of lavaan's defaults.

    Raises ``SpecError`` where a modifier has neither one entry nor one per group.
    """
    names = _names(spec.statements)
    means = options.mean_structure or len(groups) > 1 or any(s.op == "~1" for s in spec.statements)
    options = replace(options, mean_structure=means)
    rows: list[Row] = []
    for group in range(len(groups)):
        rows += _one_group(spec.statements, names, options, group, len(groups))
    return equal_across_groups(rows, names.latent, options.group_equal, options.scaling)


def _one_group(
    statements: Sequence[Statement], names: _Names, options: Options, group: int, n_groups: int
) -> list[Row]:
    rows = [_user_row(statement, group, n_groups) for statement in statements]
    rows = _scaled(rows, statements, options)
    present = {_key(row) for row in rows}
    automatic = chain(
        _variances(names, statements, options), _covariances(names, options), _means(names, options)
    )
    for row in automatic:
        if _key(row) not in present:
            present.add(_key(row))
            rows.append(replace(row, group=group))
    return rows


def _key(row: Row) -> tuple[str, str, str]:
    if row.op == "~~" and row.rhs < row.lhs:
        return row.rhs, row.op, row.lhs
    return row.lhs, row.op, row.rhs


def _user_row(statement: Statement, group: int, n_groups: int) -> Row:
    fixed = _entry(statement.fixed, statement, group, n_groups)
    label = _entry(statement.label, statement, group, n_groups)
    start = _entry(statement.start, statement, group, n_groups)
    return Row(
        statement.lhs, statement.op, statement.rhs, group,
        free=fixed is None, value=nan if fixed is None else float(fixed),
        label=label or "", start=nan if start is None else float(start), user=True,
    )  # fmt: skip


def _entry(entries: tuple[T | None, ...], statement: Statement, group: int, n_groups: int) -> T | None:
    if not entries:
        return None
    if len(entries) == 1:
        return entries[0]
    if len(entries) != n_groups:
        raise SpecError(
            f"{statement.lhs} {statement.op} {statement.rhs} has {len(entries)} entries in c(...), "
            f"but the data have {n_groups} group{'s' if n_groups > 1 else ''}",
            where=statement.where,
        )
    return entries[group]


def _scaled(rows: list[Row], statements: Sequence[Statement], options: Options) -> list[Row]:
    """Return the rows with each latent's first loading at 1, where nothing else was asked for it."""
    if options.scaling != "marker":
        return rows
    seen: set[str] = set()
    scaled = []
    for row, statement in zip(rows, statements, strict=True):
        first = row.op == "=~" and row.lhs not in seen
        if row.op == "=~":
            seen.add(row.lhs)
        marker = first and row.free and not statement.free and isnan(row.start)
        scaled.append(replace(row, free=False, value=1.0, start=nan) if marker else row)
    return scaled


def _variances(names: _Names, statements: Sequence[Statement], options: Options) -> Iterable[Row]:
    """Yield (residual) variances: indicators, outcomes and latents; a lone indicator has none."""
    for name in names.observed:
        if name not in names.fixed_x:
            alone = _lone_indicator(name, statements)
            yield Row(name, "~~", name, free=not alone, value=0.0 if alone else nan)
    unit = options.scaling == "unit_variance"
    for name in names.latent:
        yield Row(name, "~~", name, free=not unit, value=1.0 if unit else nan)


def _lone_indicator(name: str, statements: Sequence[Statement]) -> bool:
    factors = [s.lhs for s in statements if s.op == "=~" and s.rhs == name]
    return len(factors) == 1 and sum(s.op == "=~" and s.lhs == factors[0] for s in statements) == 1


def _covariances(names: _Names, options: Options) -> Iterable[Row]:
    for left, right in combinations(names.exogenous_latent, 2):
        yield Row(left, "~~", right)
    for left, right in combinations(names.pure_outcomes, 2):
        yield Row(left, "~~", right)
    for at, left in enumerate(names.fixed_x):
        for right in names.fixed_x[at:]:
            yield Row(left, "~~", right, exo=options.fixed_x)


def _means(names: _Names, options: Options) -> Iterable[Row]:
    if not options.mean_structure:
        return
    for name in names.observed:
        yield Row(name, "~1", "", exo=options.fixed_x and name in names.fixed_x)
    for name in names.latent:
        yield Row(name, "~1", "", free=False, value=0.0)

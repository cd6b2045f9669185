"""The twin's model: lavaan syntax with a label on every path that an effect takes, effects as formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from werksem.effects import EffectRow, defined_effects, effect_rows
from werksem.model import Model
from werksem.reliabilities import stated_reliabilities, with_reliabilities
from werksem.sem_data import SemData
from werksem.spec.formula import Expr, symbols
from werksem.spec.types import ModelSpec, Statement
from werksem.spec.unparse import IDENTIFIER, to_lavaan

__all__ = ["Twin", "formula_text", "twin_model"]

# more effects than these take lavaan minutes; a reviewer sees which were left out
MOST_EFFECTS = 300


@dataclass(frozen=True, slots=True)
class Twin:
    """lavaan syntax, and per defined parameter of it the name and group it has in ``estimates.csv``."""

    text: str
    effects: tuple[tuple[str, str, str], ...]


def twin_model(spec: ModelSpec, model: Model, data: SemData, *, one_label: bool) -> Twin:
    """Return the model as lavaan reads it; raises ``SpecError`` for names that R's lavaan cannot hold.

    ``one_label``: a path has one label over all groups, as equal regressions ask.
    """
    rows = effect_rows(model, defined_effects(spec))
    kept, left_out = (rows, 0) if len(rows) <= MOST_EFFECTS else ((), len(rows))
    labels = _labels(spec, kept, 1 if one_label else len(model.groups))
    statements = [_labelled(statement, labels) for statement in spec.statements]
    statements += _reliable(spec, model, data)
    plain = replace(spec, statements=tuple(statements), effects=(), routes=None)
    names, lines = [], []
    taken = {name for statement in statements for name in statement.label if name}
    for at, row in enumerate(kept, 1):
        own = IDENTIFIER.fullmatch(row.name) and row.name not in taken
        name = row.name if own else f"effect{at}"
        group = model.groups[row.groups[0]] if len(row.groups) == 1 else "all"
        names.append((name, row.name, group))
        lines.append(f"{name} := {_formula(row, labels)}" + ("" if own else f"  # {row.name}"))
    if left_out:
        lines.append(f"# {left_out} effects along routes are left out: lavaan takes very long over them")
    return Twin(to_lavaan(plain) + "\n".join([*lines, ""]), tuple(names))


def formula_text(expr: Expr, names: Mapping[str, str]) -> str:
    """Return a formula as text, with other names for its symbols.

    >>> from werksem.spec.formula import parse
    >>> formula_text(parse("a*(b + 2)^2"), {"a": "p1", "b": "p2"})
    '(p1 * ((p2 + 2) ^ 2))'
    """
    match expr.op:
        case "name":
            return names.get(expr.name, expr.name)
        case "number":
            return f"{expr.value:.15g}"
        case "neg":
            return f"(-{formula_text(expr.args[0], names)})"
    parts = [formula_text(part, names) for part in expr.args]
    return f"{expr.op}({parts[0]})" if len(parts) == 1 else f"({parts[0]} {expr.op} {parts[1]})"


def _labels(spec: ModelSpec, rows: Sequence[EffectRow], groups: int) -> dict[str, tuple[str, ...]]:
    """Return new labels, one per group, of the paths without one that an effect names as ``lhs~rhs``."""
    used = {name for row in rows for name in symbols(row.effect.formula)}
    known = {label for statement in spec.statements for label in statement.label if label}
    found: dict[str, tuple[str, ...]] = {}
    for statement in spec.statements:
        name = f"{statement.lhs}{statement.op}{statement.rhs}"
        if name in used and not statement.label:
            stem = next(f"p{at}" for at in range(len(found) + 1, 10_000) if f"p{at}" not in known)
            found[name] = (
                tuple(f"{stem}.{group}" for group in range(1, groups + 1)) if groups > 1 else (stem,)
            )
    return found


def _labelled(statement: Statement, labels: Mapping[str, tuple[str, ...]]) -> Statement:
    label = labels.get(f"{statement.lhs}{statement.op}{statement.rhs}")
    if label is None:
        return statement
    fixed = statement.fixed * len(label) if len(statement.fixed) == 1 else statement.fixed
    return replace(statement, label=label, fixed=fixed)


def _formula(row: EffectRow, labels: Mapping[str, tuple[str, ...]]) -> str:
    """Return the formula of an effect, of a group's effect, or of the contrast of two groups'."""
    parts = []
    for group in row.groups or (0,):
        names = {name: found[min(group, len(found) - 1)] for name, found in labels.items()}
        parts.append(formula_text(row.effect.formula, names))
    return " - ".join(parts)


def _reliable(spec: ModelSpec, model: Model, data: SemData) -> Iterator[Statement]:
    """Yield the residual of each single item with a stated reliability, fixed per group."""
    stated = stated_reliabilities(spec)
    if not stated or not data.moments:
        return
    fixed = with_reliabilities(model, spec, data.moments, stated)
    for scale in spec.scales:
        if scale.name in stated and len(scale.items) == 1:
            item = scale.items[0]
            values = [row.value for row in fixed.rows if (row.lhs, row.op, row.rhs) == (item, "~~", item)]
            yield Statement(item, "~~", item, fixed=tuple(values))

"""Row filters and derived columns of a study file, evaluated on a table without ``eval``.

Missing answers follow three-valued logic, as in SPSS and SQL: a comparison with a missing value
is neither true nor false, and a row is kept only where the filter is true.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from werksem.errors import SpecError, did_you_mean, shortened
from werksem.spec.expressions import Expression, column_name, parse_expression

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["columns", "derive", "parse_derived", "parse_filter", "rows"]

LOGICAL = (ast.BoolOp, ast.Compare)
COMPARE: dict[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
COMPUTE: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.Pow: operator.pow,
}  # fmt: skip


def _is_logical(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "missing":
        return True
    return isinstance(node, LOGICAL)


def parse_filter(text: str, where: str = "") -> Expression:
    """Return a row filter; raises ``SpecError`` where it is not a condition.

    >>> parse_filter("sector != 'Rechterlijke macht'").columns
    ('sector',)
    """
    expression = parse_expression(text, where)
    if not _is_logical(expression.tree):
        message = f"{shortened(text)!r} is no condition; write one such as sector == 'Rijk'"
        raise SpecError(message, where=where)
    return _of_columns(expression)


def parse_derived(text: str, where: str = "") -> Expression:
    """Return a derived column; a condition becomes a dummy of 0 and 1.

    >>> parse_derived("product(veilig, gericht)").columns
    ('veilig', 'gericht')
    """
    return _of_columns(parse_expression(text, where))


def _of_columns(expression: Expression) -> Expression:
    """Return the expression; raises ``SpecError`` where it names no column, and so is the same for all."""
    text = isinstance(expression.tree, ast.Constant) and isinstance(expression.tree.value, str)
    if not expression.columns and not text:
        message = f"{shortened(expression.text)!r} names no column; it would be the same for every respondent"
        raise SpecError(message, where=expression.where)
    return expression


def columns(text: str) -> tuple[str, ...]:
    """Return the columns an expression needs, in order of appearance.

    >>> columns("1 <= a <= 5 or not missing(b)")
    ('a', 'b')
    """
    return parse_expression(text).columns


def rows(filter: str | Expression, frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows (n,) a filter keeps: those where it is true, not where it cannot be told.

    Raises ``SpecError`` for unknown columns, text compared with numbers, and text that no row
    has but that nearly is one that rows have.

    >>> import pandas as pd
    >>> rows("sector != 'RM'", pd.DataFrame({"sector": ["RM", "Rijk", None]})).tolist()
    [False, True, False]
    """
    expression = parse_filter(filter) if isinstance(filter, str) else filter
    truth = _Table(frame, expression).truth(expression.tree)
    kept: NDArray[np.bool_] = truth.true & truth.known
    return kept


def derive(formula: str | Expression, frame: pd.DataFrame) -> NDArray[np.float64]:
    """Return a derived column (n,): a dummy, arithmetic, or a double-mean-centred product; NaN where missing.

    ``product(a, b)`` = ab* - mean(ab*), with ab* the product of a and b after each is centred at its
    mean over the rows that have both (Lin, Wen, Marsh & Lin, 2010, Structural Equation Modeling 17).

    >>> import pandas as pd
    >>> derive("product(a, b)", pd.DataFrame({"a": [1.0, 2, 3], "b": [2.0, 4, 6]})).round(3).tolist()
    [0.667, -1.333, 0.667]
    """
    import numpy as np

    expression = parse_derived(formula) if isinstance(formula, str) else formula
    table = _Table(frame, expression)
    if not _is_logical(expression.tree):
        return table.number(expression.tree)
    truth = table.truth(expression.tree)
    return np.where(truth.known, truth.true.astype(float), np.nan)


@dataclass(frozen=True, slots=True)
class _Truth:
    """Three-valued truth: ``true`` counts only where ``known``; both (n,)."""

    true: NDArray[np.bool_]
    known: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Table:
    """Evaluates the nodes of one expression on one table."""

    frame: pd.DataFrame
    expression: Expression

    def truth(self, node: ast.expr) -> _Truth:
        match node:
            case ast.BoolOp(op=op, values=values):
                return self.joined(op, [self.truth(value) for value in values])
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                found = self.truth(inner)
                return _Truth(~found.true, found.known)
            case ast.Compare(left=left, ops=ops, comparators=others):
                sides = [left, *others]
                pairs = [self.compared(a, op, b) for a, op, b in zip(sides, ops, others, strict=False)]
                return self.joined(ast.And(), pairs)
            case ast.Call(args=[inner]):
                column = self.value(inner)
                return _Truth(column.isna().to_numpy(), column.notna().to_numpy() | True)
        raise self.refuse(f"{ast.unparse(node)!r} is no condition")

    def joined(self, op: ast.boolop, parts: list[_Truth]) -> _Truth:
        """Return Kleene's and / or: false and unknown is false, true or unknown is true."""
        import numpy as np

        true = [part.true & part.known for part in parts]
        false = [~part.true & part.known for part in parts]
        if isinstance(op, ast.And):
            every, some = np.logical_and.reduce(true), np.logical_or.reduce(false)
            return _Truth(every, every | some)
        some, every = np.logical_or.reduce(true), np.logical_and.reduce(false)
        return _Truth(some, some | every)

    def compared(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> _Truth:
        import numpy as np

        column = self.value(left)
        if isinstance(right, ast.List | ast.Tuple | ast.Set):
            members = [m for member in right.elts if (m := self.literal(member)) is not None]
            for member in members:
                self.check_kind(left, column, member)
            found = column.isin(members).to_numpy()
            true = found if isinstance(op, ast.In) else ~found
            return _Truth(true, column.notna().to_numpy())
        other = self.value(right)
        for node, here, there in ((left, column, right), (right, other, left)):
            literal = self.literal(there)
            if literal is not None and self.literal(node) is None:
                self.check_kind(node, here, literal)
        if column.dtype.kind != other.dtype.kind:
            raise self.refuse(
                f"{ast.unparse(left)!r} and {ast.unparse(right)!r}: text and numbers do not compare"
            )
        if column.dtype.kind == "O" and not isinstance(op, ast.Eq | ast.NotEq):
            raise self.refuse(
                f"{ast.unparse(left)!r} is text, which is equal or not, never smaller or larger"
            )
        known = (column.notna() & other.notna()).to_numpy()
        true = np.zeros(len(known), dtype=bool)
        true[known] = COMPARE[type(op)](column.to_numpy()[known], other.to_numpy()[known])
        return _Truth(true, known)

    def literal(self, node: ast.expr) -> str | float | None:
        """Return a number or text written in the expression, None for anything else."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self.literal(node.operand)
            return -inner if isinstance(inner, float) else None
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float):
            return node.value.strip() if isinstance(node.value, str) else float(node.value)
        return None

    def check_kind(self, node: ast.expr, column: pd.Series, literal: str | float) -> None:
        """Refuse numbers beside text, and a misspelt answer: it would keep or drop rows in silence."""
        is_text = column.dtype.kind == "O"
        shown = ast.unparse(node) if column.name is None else str(column.name)
        if is_text != isinstance(literal, str):
            kinds = ("text", "a number") if is_text else ("a number", "text")
            hint = " (put it in quotes)" if is_text else ""
            value = repr(literal) if isinstance(literal, str) else f"{literal:g}"
            raise self.refuse(f'"{shown}" is {kinds[0]}, {value} is {kinds[1]}{hint}')
        if isinstance(literal, str) and not column.eq(literal).any():
            near = did_you_mean(literal, column.dropna().unique().tolist())
            if near:
                raise self.refuse(f"no row has {shown} {literal!r}{near}")

    def value(self, node: ast.expr) -> pd.Series:
        """Return a column as trimmed text (object) or floats, a literal or formula as such a column."""
        import numpy as np
        import pandas as pd

        name = column_name(node)
        if name:
            return self.column(dict(self.expression.quoted).get(name, name))
        literal = self.literal(node)
        if isinstance(literal, str):
            return pd.Series(np.full(len(self.frame), literal, dtype=object), dtype=object)
        return pd.Series(self.number(node))

    def column(self, name: str) -> pd.Series:
        import pandas as pd

        if name not in self.frame.columns:
            near = did_you_mean(name, map(str, self.frame.columns)) or "; text stands in quotes"
            raise self.refuse(f'there is no column "{name}"{near}')
        column = self.frame[name].reset_index(drop=True)
        if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_numeric_dtype(column.dtype):
            return column.astype(float)
        text = column.astype(object)
        return text.where(text.isna(), text.map(lambda value: str(value).strip())).astype(object)

    def number(self, node: ast.expr) -> NDArray[np.float64]:
        import numpy as np

        literal = self.literal(node)
        if isinstance(literal, float):
            return np.full(len(self.frame), literal)
        match node:
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=inner):
                return -self.number(inner) if isinstance(sign, ast.USub) else self.number(inner)
            case ast.BinOp(left=left, op=op, right=right):
                with np.errstate(all="ignore"):
                    found = COMPUTE[type(op)](self.number(left), self.number(right))
                return np.where(np.isfinite(found), found, np.nan)
            case ast.Call(func=ast.Name(id="product"), args=[first, second]):
                return _centred_product(self.number(first), self.number(second))
        if _is_logical(node):
            truth = self.truth(node)
            return np.where(truth.known, truth.true.astype(float), np.nan)
        if not column_name(node):
            raise self.refuse(f"{ast.unparse(node)!r} is text where a number belongs")
        column = self.value(node)
        if column.dtype.kind == "O":
            raise self.refuse(f'"{column.name}" is text, a formula takes numbers')
        return column.to_numpy(dtype=float)

    def refuse(self, message: str) -> SpecError:
        return SpecError(f"{message} (in {self.expression.text!r})", where=self.expression.where)


def _centred_product(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    both = np.isfinite(first) & np.isfinite(second)
    if not both.any():
        return np.full(len(first), np.nan)
    product = (first - first[both].mean()) * (second - second[both].mean())
    return np.where(both, product - product[both].mean(), np.nan)

"""A row filter of a study file in words."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from werksem.errors import WerksemError
from werksem.report.numbers import number
from werksem.report.words import listed
from werksem.spec.expressions import Expression, parse_expression

__all__ = ["filter_said"]

SIGNS: dict[type, tuple[str, str]] = {
    ast.Eq: ("is", "is"), ast.NotEq: ("is niet", "is not"), ast.Lt: ("is kleiner dan", "is below"),
    ast.LtE: ("is hooguit", "is at most"), ast.Gt: ("is groter dan", "is above"),
    ast.GtE: ("is ten minste", "is at least"), ast.In: ("is", "is"), ast.NotIn: ("is niet", "is not"),
}  # fmt: skip
# seen from the other side: 1 <= a is a >= 1
TURNED: dict[type, type] = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
AND, OR = ("en", "and"), ("of", "or")
MISSING, PRESENT = ("ontbreekt", "is missing"), ("is ingevuld", "is given")
NOT = ("niet", "not")


def filter_said(text: str, language: str, labels: Mapping[str, str] | None = None) -> str:
    """Return a filter in words of the language, columns under their labels; empty where it has none.

    >>> filter_said("sector != 'Rechterlijke macht' and not missing(age)", "nl", {"age": "leeftijd"})
    'sector is niet ‘Rechterlijke macht’ en leeftijd is ingevuld'
    >>> filter_said("18 <= age < 65 or sector in ['Rijk', 'ZBO']", "en")
    'age is at least 18 and age is below 65 or sector is ‘Rijk’ or ‘ZBO’'
    """
    try:
        expression = parse_expression(text)
        return _said(expression.tree, expression, 1 if language == "en" else 0, labels or {})
    except (WerksemError, KeyError):
        return ""


def _said(node: ast.expr, whole: Expression, at: int, labels: Mapping[str, str]) -> str:
    """Return a condition in words; raises ``KeyError`` for what has none, such as sums."""
    match node:
        case ast.BoolOp(op=op, values=values):
            joined = AND if isinstance(op, ast.And) else OR
            parts = [_said(value, whole, at, labels) for value in values]
            bare = isinstance(op, ast.Or)
            inner = (isinstance(v, ast.BoolOp) and isinstance(v.op, ast.Or) and not bare for v in values)
            return f" {joined[at]} ".join(
                f"({part})" if wrap else part for part, wrap in zip(parts, inner, strict=True)
            )
        case ast.UnaryOp(op=ast.Not(), operand=ast.Call(args=[column])):
            return f"{_name(column, whole, labels)} {PRESENT[at]}"
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return f"{NOT[at]} ({_said(inner, whole, at, labels)})"
        case ast.Call(func=ast.Name(id="missing"), args=[column]):
            return f"{_name(column, whole, labels)} {MISSING[at]}"
        case ast.Compare(left=left, ops=ops, comparators=others):
            sides = [left, *others]
            pairs = zip(sides, ops, others, strict=False)
            return f" {AND[at]} ".join(_compared(a, op, b, whole, at, labels) for a, op, b in pairs)
    raise KeyError(ast.unparse(node))


def _compared(
    left: ast.expr, op: ast.cmpop, right: ast.expr, whole: Expression, at: int, labels: Mapping[str, str]
) -> str:
    sign: type = type(op)
    if not isinstance(left, ast.Name):
        left, right, sign = right, left, TURNED.get(sign, sign)
    return f"{_name(left, whole, labels)} {SIGNS[sign][at]} {_value(right, whole, at, labels)}"


def _name(node: ast.expr, whole: Expression, labels: Mapping[str, str]) -> str:
    if not isinstance(node, ast.Name):
        raise KeyError(ast.unparse(node))
    column = dict(whole.quoted).get(node.id, node.id)
    return labels.get(column, column)


def _value(node: ast.expr, whole: Expression, at: int, labels: Mapping[str, str]) -> str:
    """Return a literal, a list of them, or another column."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        parts = [_value(member, whole, at, labels) for member in node.elts]
        return listed(parts, "en" if at else "nl", "or")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return f"−{_value(node.operand, whole, at, labels)}"
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return f"‘{node.value}’"
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        decimals = 0 if float(node.value).is_integer() else 2
        return number(float(node.value), "en" if at else "nl", decimals)
    return _name(node, whole, labels)

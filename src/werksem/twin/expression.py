"""Filters and derived columns of a study file in R, with the same three-valued logic."""

from __future__ import annotations

import ast
import json

from werksem.spec.expressions import Expression, column_name

__all__ = ["in_r", "quoted"]

OPERATORS: dict[type, str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^",
}  # fmt: skip


def quoted(text: str) -> str:
    """Return text as R writes it.

    >>> print(quoted('a "b"'))
    "a \\"b\\""
    """
    return json.dumps(text, ensure_ascii=False)


def in_r(expression: Expression) -> str:
    """Return an expression in R, its columns as entries of ``v``.

    >>> from werksem.spec.expressions import parse_expression
    >>> print(in_r(parse_expression("sector != 'RM' and 1 <= age < 70")))
    (v[["sector"]] != "RM") & ((1 <= v[["age"]]) & (v[["age"]] < 70))
    """
    return _r(expression.tree, dict(expression.quoted))


def _r(node: ast.expr, names: dict[str, str]) -> str:
    name = column_name(node)
    if name:
        return f"v[[{quoted(names.get(name, name))}]]"
    match node:
        case ast.Constant(value=str() as text):
            return quoted(text.strip())
        case ast.Constant(value=value):
            return repr(value)
        case ast.BoolOp(op=op, values=values):
            sign = " & " if isinstance(op, ast.And) else " | "
            return sign.join(f"({_r(value, names)})" for value in values)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return f"!({_r(inner, names)})"
        case ast.UnaryOp(op=sign, operand=inner):
            return f"({'-' if isinstance(sign, ast.USub) else '+'}({_r(inner, names)}))"
        case ast.Compare(left=left, ops=ops, comparators=others):
            pairs = zip([left, *others], ops, others, strict=False)
            parts = [_compared(a, op, b, names) for a, op, b in pairs]
            return parts[0] if len(parts) == 1 else " & ".join(f"({part})" for part in parts)
        case ast.BinOp(left=left, op=op, right=right):
            return f"({_r(left, names)} {OPERATORS[type(op)]} {_r(right, names)})"
        case ast.Call(func=ast.Name(id="product"), args=[first, second]):
            return f"centred_product({_r(first, names)}, {_r(second, names)})"
        case ast.Call(args=[inner]):
            return f"is.na({_r(inner, names)})"
    raise AssertionError(ast.dump(node))  # parse_expression lets nothing else through


def _compared(left: ast.expr, op: ast.cmpop, right: ast.expr, names: dict[str, str]) -> str:
    if isinstance(right, ast.List | ast.Tuple | ast.Set):
        members = ", ".join(_r(member, names) for member in right.elts)
        found = f"is_one_of({_r(left, names)}, c({members}))"
        return found if isinstance(op, ast.In) else f"!{found}"
    return f"{_r(left, names)} {OPERATORS[type(op)]} {_r(right, names)}"

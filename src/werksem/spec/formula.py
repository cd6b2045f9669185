"""Formulas of labels (``a1 * b1 + c1``): parsed to a small tree, never ``eval``-ed.

Values may be real or complex arrays of any shape, so one evaluator serves the full-sample
estimate, thousands of draws, and the complex-step derivatives of the delta method.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from werksem.errors import SpecError
from werksem.spec.tree_depth import deeper_than

__all__ = ["Expr", "evaluate", "parse", "product_of", "sum_of", "symbols"]

FUNCTIONS: dict[str, Callable[..., Any]] = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt}
OPERATORS: dict[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^",
}  # fmt: skip
MAX_LENGTH = 10_000
MAX_DEPTH = 100
LEAVES = 2  # a name has its context below it


@dataclass(frozen=True, slots=True)
class Expr:
    """A node: ``op`` is ``name``, ``number``, ``neg``, an operator or a function's name."""

    op: str
    args: tuple[Expr, ...] = ()
    name: str = ""
    value: float = 0.0


def parse(text: str, where: str = "") -> Expr:
    """Return the tree of an arithmetic formula; names, numbers, ``+ - * / ^``, exp, log, sqrt.

    Raises ``SpecError`` naming what was found where something else is right.

    >>> float(evaluate(parse("a1*b1 + 2^c"), {"a1": 0.5, "b1": 0.4, "c": 3.0}))
    8.2
    """
    if len(text) > MAX_LENGTH:
        raise SpecError(f"a formula may have {MAX_LENGTH} characters, this one has {len(text)}", where=where)
    try:
        tree = ast.parse(_pythonic(text), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise SpecError(f"cannot read the formula {text!r}", where=where) from None
    if deeper_than(tree, MAX_DEPTH + LEAVES):
        raise SpecError(f"a formula may be nested {MAX_DEPTH} levels deep", where=where)
    return _convert(tree, text, where)


def _pythonic(text: str) -> str:
    """Return the formula in Python's grammar: R's ``^`` is ``**``, a dot in a name is kept apart."""
    return text.replace("^", "**").replace("\n", " ").strip()


def _convert(node: ast.expr, text: str, where: str) -> Expr:
    match node:
        case ast.Name(id=name):
            return Expr("name", name=name)
        case ast.Attribute():
            return Expr("name", name=_dotted(node, text, where))
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as value) if abs(value) <= sys.float_info.max:
            return Expr("number", value=float(value))
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return Expr("neg", (_convert(inner, text, where),))
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return _convert(inner, text, where)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            pair = _convert(left, text, where), _convert(right, text, where)
            return Expr(OPERATORS[type(op)], pair)
        case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in FUNCTIONS:
            return Expr(name, (_convert(inner, text, where),))
    found = ast.unparse(node)
    raise SpecError(
        f"{found!r} is not allowed in a formula; allowed are labels, numbers, + - * / ^, exp, log, sqrt",
        where=where,
    )


def _dotted(node: ast.expr, text: str, where: str) -> str:
    """Return an R-style name with dots (``beta.1``) as one name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, text, where)}.{node.attr}"
    raise SpecError(f"cannot read the formula {text!r}", where=where)


def symbols(expr: Expr) -> tuple[str, ...]:
    """Return the names a formula uses, in order of appearance, each once.

    >>> symbols(parse("a*b + a"))
    ('a', 'b')
    """
    if expr.op == "name":
        return (expr.name,)
    return tuple(dict.fromkeys(name for arg in expr.args for name in symbols(arg)))


def evaluate(expr: Expr, values: Mapping[str, Any]) -> Any:
    """Return the value of a formula; names map to numbers or to arrays of one shape.

    Infinite or NaN where it is not defined there.

    >>> evaluate(parse("a / (b - b)"), {"a": np.array([1.0, 0.0]), "b": np.ones(2)})
    array([inf, nan])
    """
    with np.errstate(all="ignore"):
        return _value(expr, values)


def _value(expr: Expr, values: Mapping[str, Any]) -> Any:
    match expr.op:
        case "name":
            return values[expr.name]
        case "number":
            return np.float64(expr.value)  # Python's own would raise on 1 / 0
        case "neg":
            return -_value(expr.args[0], values)
        case op if op in FUNCTIONS:
            return FUNCTIONS[op](_value(expr.args[0], values))
    left, right = (_value(arg, values) for arg in expr.args)
    match expr.op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right
    return left**right


def product_of(names: Sequence[str]) -> Expr:
    """Return the product of named parameters.

    >>> evaluate(product_of(["a", "b"]), {"a": 2.0, "b": 3.0})
    6.0
    """
    return reduce(lambda left, right: Expr("*", (left, right)), (Expr("name", name=n) for n in names))


def sum_of(terms: Sequence[Expr]) -> Expr:
    """Return the sum of formulas; balanced, so that thousands of terms nest a dozen levels deep."""
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return Expr("+", (sum_of(terms[:half]), sum_of(terms[half:])))

"""Formulas of labels (``a1 * b1 + c1``): parsed to a small tree, never ``eval``-ed.

Values may be real or complex arrays of any shape, so one evaluator serves the full-sample
estimate, thousands of draws, and the complex-step derivatives of the delta method.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from werksem.errors import SpecError, shortened
from werksem.spec.tree_depth import deeper_than

__all__ = ["Expr", "evaluate", "parse", "product_of", "sum_of", "symbols"]

FUNCTIONS: dict[str, Callable[..., Any]] = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt}
OPERATORS: dict[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^",
}  # fmt: skip
MAX_LENGTH = 10_000
MAX_DEPTH = 100
LEAVES = 2  # a name has its context below it
# numbers first, so that 1e5 is not a number and a name; a name may be a word of Python (lambda) or have dots
WORD = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|(?P<name>[^\W\d][\w.]*)")
ALLOWED = "allowed are labels, numbers, + - * / ^, exp, log, sqrt"


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
    source, names = _pythonic(text)
    try:
        tree = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise SpecError(f"cannot read the formula {shortened(text)!r}", where=where) from None
    if deeper_than(tree, MAX_DEPTH + LEAVES):
        raise SpecError(f"a formula may be nested {MAX_DEPTH} levels deep", where=where)
    return _convert(tree, _Text(text, names, where))


@dataclass(frozen=True, slots=True)
class _Text:
    """A formula as written, the names in it by what stands for them, and its place."""

    text: str
    names: Mapping[str, str]
    where: str


def _pythonic(text: str) -> tuple[str, dict[str, str]]:
    """Return the formula in Python's grammar: R's ``^`` is ``**``, every name a plain word; and the names."""
    words: dict[str, str] = {}

    def plain(match: re.Match[str]) -> str:
        name = match["name"]
        if name is None or name in FUNCTIONS:
            return match[0]
        return words.setdefault(name, f"n{len(words)}")

    source = WORD.sub(plain, text.replace("\n", " ").strip()).replace("^", "**")
    return source, {word: name for name, word in words.items()}


def _convert(node: ast.expr, text: _Text) -> Expr:
    match node:
        case ast.Name(id=word) if word in text.names:
            return Expr("name", name=text.names[word])
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as value) if abs(value) <= sys.float_info.max:
            return Expr("number", value=float(value))
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return Expr("neg", (_convert(inner, text),))
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return _convert(inner, text)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            pair = _convert(left, text), _convert(right, text)
            return Expr(OPERATORS[type(op)], pair)
        case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in FUNCTIONS:
            return Expr(name, (_convert(inner, text),))
        case ast.Constant(value=int() | float()):
            raise SpecError(f"a number in {shortened(text.text)!r} is too large", where=text.where)
    raise SpecError(f"{_found(node, text)!r} is not allowed in a formula; {ALLOWED}", where=text.where)


def _found(node: ast.expr, text: _Text) -> str:
    """Return a piece of the formula with its own names."""
    plain = re.sub(r"\bn\d+\b", lambda match: text.names.get(match[0], match[0]), ast.unparse(node))
    return shortened(plain)


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

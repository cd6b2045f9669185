"""Expressions over columns (``data.where``, ``data.derive``), checked against what is allowed."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from werksem.errors import SpecError, did_you_mean, shortened
from werksem.spec.tree_depth import deeper_than

__all__ = ["FUNCTIONS", "Expression", "column_name", "parse_expression"]

# name: number of arguments
FUNCTIONS = {"product": 2, "missing": 1}
COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
ALLOWED = (
    "columns, numbers, 'text', == != < > <= >= in [..] and or not, + - * / **, product(a, b), missing(a)"
)
MAX_LENGTH = 10_000
MAX_DEPTH = 100
LEAVES = 2  # a name has its context below it


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression; ``columns`` are the names it needs, in order of appearance.

    ``quoted`` gives the column behind each name that stood between backticks.
    """

    text: str
    tree: ast.expr = field(repr=False, compare=False)
    columns: tuple[str, ...]
    quoted: tuple[tuple[str, str], ...] = ()
    where: str = field(default="", repr=False, compare=False)


def parse_expression(text: str, where: str = "") -> Expression:
    """Return an expression; names that are no plain words stand between backticks.

    Raises ``SpecError`` for anything but the operators and functions that are allowed.

    >>> parse_expression("age >= 55 and `Q 1` in [4, 5]").columns
    ('age', 'Q 1')
    """
    quoted: dict[str, str] = {}

    def placeholder(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        name = f"quoted_column_{len(quoted)}"
        quoted[name] = match[1]
        return name

    if len(text) > MAX_LENGTH:
        raise SpecError(
            f"an expression may have {MAX_LENGTH} characters, this one has {len(text)}", where=where
        )
    source = re.sub(r"""(?:"[^"]*"|'[^']*')|`([^`]+)`""", placeholder, text)
    try:
        tree = ast.parse(" ".join(source.split("\n")).strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise SpecError(f"cannot read the expression {shortened(text)!r}{_hint(text)}", where=where) from None
    if deeper_than(tree, MAX_DEPTH + LEAVES):
        raise SpecError(f"an expression may be nested {MAX_DEPTH} levels deep", where=where)
    checked = _Checked(text, where, quoted)
    names = tuple(dict.fromkeys(checked.names(tree)))
    return Expression(text, tree, names, tuple(quoted.items()), where)


def _hint(text: str) -> str:
    outside = re.sub(r"""("[^"]*"|'[^']*')""", "", text)
    if re.search(r"(?<![=!<>])=(?!=)", outside):
        return '; write "==" for equal'
    if "<>" in outside:
        return '; write "!=" for unequal'
    if "&&" in outside or "||" in outside:
        return '; write "and", "or"'
    return f"; allowed are {ALLOWED}"


def column_name(node: ast.expr) -> str:
    """Return the name of a column node, dots included (``Q1.a``); empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = column_name(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


@dataclass(frozen=True, slots=True)
class _Checked:
    """Walks a tree, yields its column names and refuses what is not allowed."""

    text: str
    where: str
    quoted: dict[str, str]

    def names(self, node: ast.expr) -> Iterator[str]:
        name = column_name(node)
        if name:
            yield self.quoted.get(name, name)
            return
        for child in self.children(node):
            yield from self.names(child)

    def children(self, node: ast.expr) -> list[ast.expr]:
        match node:
            case ast.Constant(value=str() | int() | float() as value) if not _too_large(value):
                return []
            case ast.BoolOp(values=values):
                return values
            case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.UAdd(), operand=inner):
                return [inner]
            case ast.Compare(left=left, ops=ops, comparators=others) if all(
                isinstance(o, COMPARISONS) for o in ops
            ):
                self.check_members(ops, others)
                return [left, *(o for o in others if not isinstance(o, ast.List | ast.Tuple | ast.Set))]
            case ast.BinOp(left=left, op=op, right=right) if isinstance(op, ARITHMETIC):
                return [left, right]
            case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
                raise self.refuse(node, 'write "and", "or" instead of & and |')
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                self.check_call(name, args)
                return args
        raise self.refuse(node, f"allowed are {ALLOWED}")

    def check_members(self, ops: list[ast.cmpop], others: list[ast.expr]) -> None:
        for op, other in zip(ops, others, strict=True):
            listed = isinstance(other, ast.List | ast.Tuple | ast.Set)
            if isinstance(op, ast.In | ast.NotIn) != listed:
                raise self.refuse(other, "a list [..] stands after in, and only there")
            if isinstance(other, ast.List | ast.Tuple | ast.Set):
                for member in other.elts:
                    if not _is_value(member):
                        raise self.refuse(member, "a list holds numbers or 'text'")

    def check_call(self, name: str, args: list[ast.expr]) -> None:
        if name not in FUNCTIONS:
            right = f"right are product(a, b) and missing(a){did_you_mean(name, FUNCTIONS)}"
            raise SpecError(
                f"unknown function {name}() in {shortened(self.text)!r}; {right}", where=self.where
            )
        if len(args) != FUNCTIONS[name]:
            plural = "s" if FUNCTIONS[name] > 1 else ""
            raise SpecError(
                f"{name}() takes {FUNCTIONS[name]} column{plural}, found {len(args)} in "
                f"{shortened(self.text)!r}",
                where=self.where,
            )

    def refuse(self, node: ast.expr, right: str) -> SpecError:
        found, text = shortened(ast.unparse(node)), shortened(self.text)
        return SpecError(f"{found!r} is not allowed in {text!r}; {right}", where=self.where)


def _is_value(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str | int | float):
        return False
    return not _too_large(node.value)


def _too_large(value: str | int | float) -> bool:
    """Tell whether a number is beyond those that columns hold."""
    return not isinstance(value, str) and abs(value) > sys.float_info.max

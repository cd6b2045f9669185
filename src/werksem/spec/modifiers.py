"""What stands before ``*`` in lavaan syntax: fixed values, labels, starts, ``NA``, one per group."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from werksem.errors import SpecError, did_you_mean
from werksem.spec.formula import FUNCTIONS, evaluate, parse
from werksem.spec.lexer import Token, statements, without_comments
from werksem.spec.yaml import Origin

__all__ = ["Modifier", "merged", "modifier_of", "parse_modifier", "split", "source"]

Place = Callable[[Token], str]

CALLS = ("c", "start", "label", "equal")
REFUSED = {
    "prior": "priors belong in the study file, under bayes.priors",
    "lower": "bounds are not supported; give the parameter a label and write a constraint: b > 0",
    "upper": "bounds are not supported; give the parameter a label and write a constraint: b < 1",
    "efa": "exploratory blocks (efa) are not supported",
}


@dataclass(frozen=True, slots=True)
class _Free:
    """NA as an entry."""


Entry = float | str | _Free


@dataclass(frozen=True, slots=True)
class Modifier:
    """What a modifier says; empty tuples say nothing, None inside is "not for this group"."""

    fixed: tuple[float | None, ...] = ()
    label: tuple[str | None, ...] = ()
    start: tuple[float | None, ...] = ()
    free: bool = False
    equal: str = ""

    def __bool__(self) -> bool:
        return bool(self.fixed or self.label or self.start or self.free or self.equal)


def parse_modifier(text: str, where: str = "") -> Modifier:
    """Return the modifier that a structured model file gives as text.

    >>> parse_modifier("start(0.8)*b1")
    Modifier(fixed=(), label=('b1',), start=(0.8,), free=False, equal='')
    """
    clean = without_comments(text)
    try:
        parts = list(statements(clean, Origin()))
    except SpecError as problem:
        raise SpecError(f"found {text!r}: {problem.message}", where=where) from None
    if len(parts) != 1:
        raise SpecError(f"found {text!r}, right is a label, a number, NA, start(1) or c(a, b)", where=where)
    return modifier_of(parts[0], clean, lambda token: where)


def modifier_of(tokens: Sequence[Token], text: str, at: Place) -> Modifier:
    """Return the modifier of ``a*start(1)``, several joined by ``*``."""
    result = Modifier()
    for piece in split(tokens, "*"):
        if not piece:
            raise SpecError(
                f"nothing stands on one side of * in {source(tokens, text)!r}", where=at(tokens[0])
            )
        result = merged(result, _one(piece, text, at), at(piece[0]))
    return result


def merged(first: Modifier, second: Modifier, where: str) -> Modifier:
    """Return two modifiers of one term as one; raises ``SpecError`` where they say the same thing twice."""
    for part in ("fixed", "label", "start", "equal"):
        if getattr(first, part) and getattr(second, part):
            name = "value" if part == "fixed" else part
            raise SpecError(f"one term is given a {name} twice", where=where)
    if (first.free and second.fixed) or (first.fixed and second.free):
        raise SpecError("one term is both fixed and free (NA)", where=where)
    return Modifier(
        first.fixed or second.fixed, first.label or second.label, first.start or second.start,
        first.free or second.free, first.equal or second.equal,
    )  # fmt: skip


def split(tokens: Sequence[Token], mark: str) -> list[list[Token]]:
    """Return the tokens between marks outside parentheses."""
    pieces: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        if token.kind == "mark":
            depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0 and token.kind == "mark" and token.text == mark:
            pieces.append([])
        else:
            pieces[-1].append(token)
    return pieces


def source(tokens: Sequence[Token], text: str) -> str:
    """Return the text that tokens were cut from.

    >>> source(next(statements("a :=  b", Origin())), "a :=  b")
    'a :=  b'
    """
    return text[tokens[0].start : tokens[-1].end]


def _one(tokens: Sequence[Token], text: str, at: Place) -> Modifier:
    head = tokens[0]
    where = at(head)
    if len(tokens) == 1:
        return _entries([_entry(tokens, text, at)])
    if head.kind == "name" and tokens[1].text == "(" and head.text not in FUNCTIONS:
        if tokens[-1].text != ")":
            raise SpecError(f"cannot read {source(tokens, text)!r}; is a ) or * missing?", where=where)
        inside = tokens[2:-1]
        return _call(head.text, _arguments(inside, text, at) if inside else [], where)
    return _entries([_entry(tokens, text, at)])


def _arguments(tokens: Sequence[Token], text: str, at: Place) -> list[Entry]:
    head = tokens[0]
    if head.text == "c" and len(tokens) > 2 and tokens[1].text == "(" and tokens[-1].text == ")":
        return _arguments(tokens[2:-1], text, at)
    pieces = split(tokens, ",")
    if not all(pieces):
        raise SpecError(f"an entry is missing in {source(tokens, text)!r}", where=at(head))
    return [_entry(piece, text, at) for piece in pieces]


def _entry(tokens: Sequence[Token], text: str, at: Place) -> Entry:
    """Return a number, a label, or NA."""
    head, found, where = tokens[0], source(tokens, text), at(tokens[0])
    if len(tokens) == 1 and head.kind == "text":
        return head.text[1:-1]
    if len(tokens) == 1 and head.kind == "name":
        return _Free() if head.text in ("NA", "NaN") else head.text
    if all(token.kind in ("number", "mark") or token.text in FUNCTIONS for token in tokens):
        value = float(evaluate(parse(found, where), {}))
        if math.isfinite(value):
            return value
    raise SpecError(f"cannot read {found!r} as a number, a label or NA", where=where)


def _entries(entries: Sequence[Entry]) -> Modifier:
    """Return labels and fixed values, each empty where no entry is of its kind."""
    free = any(isinstance(entry, _Free) for entry in entries)
    fixed = tuple(entry if isinstance(entry, float) else None for entry in entries)
    label = tuple(entry if isinstance(entry, str) and entry else None for entry in entries)
    labelled = any(name is not None for name in label)
    valued = any(value is not None for value in fixed)
    # c(a, NA): no label in the second group, which says nothing about fixing; c(1, NA): free there
    return Modifier(
        fixed if valued else (), label if labelled else (), free=free and (valued or not labelled)
    )


def _call(name: str, entries: list[Entry], where: str) -> Modifier:
    if name in REFUSED:
        raise SpecError(f"{name}(): {REFUSED[name]}", where=where)
    if name not in CALLS:
        near = did_you_mean(name, CALLS)
        raise SpecError(
            f"unknown modifier {name}(); right are c(), start(), label(), equal(){near}", where=where
        )
    if not entries:
        raise SpecError(f"{name}() is empty", where=where)
    if name == "c":
        return _entries(entries)
    numbers = [entry for entry in entries if isinstance(entry, float)]
    words = [entry for entry in entries if isinstance(entry, str)]
    if name == "start":
        if len(numbers) + sum(isinstance(entry, _Free) for entry in entries) != len(entries):
            raise SpecError(f"start() takes numbers, found {words[0]!r}", where=where)
        if not numbers:
            raise SpecError("start() takes numbers, found only NA", where=where)
        return Modifier(start=tuple(entry if isinstance(entry, float) else None for entry in entries))
    if len(words) != len(entries):
        raise SpecError(f'{name}() takes a name in quotes: {name}("a")', where=where)
    if name == "equal":
        if len(words) > 1:
            raise SpecError("equal() takes one parameter; use the same label in c() per group", where=where)
        return Modifier(equal=words[0])
    return Modifier(label=tuple(words))

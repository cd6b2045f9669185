"""lavaan syntax cut into tokens and statements, each token with its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from werksem.errors import SpecError
from werksem.spec.yaml import Origin

__all__ = ["OPERATORS", "Token", "statements", "without_comments"]

OPERATORS = ("=~", "~~", "~", ":=", "==", "<", ">")
UNSUPPORTED = {
    "<~": "formative constructs (<~) are not supported",
    "~*~": "response scaling (~*~) is not supported",
    "|": "thresholds (|) are not supported",
    "<=": "write < for an inequality constraint, as in lavaan",
    ">=": "write > for an inequality constraint, as in lavaan",
    "<-": "write ~ for a regression: outcome ~ predictor",
    "->": "write ~ for a regression: outcome ~ predictor",
    "=": 'found "=", right is one of =~ ~ ~~ := == < >',
}
TOKEN = re.compile(
    r"""
    (?P<space>[ \t\f\v\u00a0]+)
  | (?P<newline>\n)
  | (?P<text>"[^"\n]*"|'[^'\n]*')
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)
  | (?P<operator><-(?=[ \t]*[^\W\d])|->|=~|~\*~|<~|~~|~|:=|==|<=|>=|<|>|\||=)
  | (?P<name>[^\W\d][\w.]*|\.[^\W\d][\w.]*)
  | (?P<mark>[-+*/^(),;?:%])
    """,
    re.VERBOSE,
)
# a statement goes on over the end of a line after, or before, one of these
JOINERS = frozenset((*OPERATORS, *"+*/^?,", "("))
BEFORE = frozenset((*OPERATORS, *"+*/^?,", ")"))


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of syntax: ``kind`` is name, number, text, operator or mark; line and column from 1."""

    kind: str
    text: str
    line: int
    column: int
    start: int
    end: int


def without_comments(text: str) -> str:
    """Return text with comments (``#`` or ``!`` to the end of the line) blanked, places kept.

    >>> without_comments('y ~ "a#b"*x # why')
    'y ~ "a#b"*x      '
    """
    pattern = r"""("[^"\n]*"|'[^'\n]*')|[#!][^\n]*"""
    return re.sub(pattern, lambda match: match[1] or " " * len(match[0]), text)


def statements(text: str, origin: Origin) -> Iterator[tuple[Token, ...]]:
    """Yield the tokens of each statement; ``text`` comes without comments.

    Raises ``SpecError`` at a character, operator or parenthesis that lavaan's syntax does not have here.
    """
    current: list[Token] = []
    opened: list[Token] = []
    broken = False
    for token in _tokens(text, origin):
        if token.kind == "newline":
            broken = True
            continue
        goes_on = bool(opened) or not current or _joins(current[-1], JOINERS) or _joins(token, BEFORE)
        if (broken and not goes_on) or (token.kind == "mark" and token.text == ";"):
            if current:
                yield tuple(current)
            current = []
        broken = False
        if token.kind == "mark" and token.text == ";":
            continue
        _match(token, opened, origin)
        current.append(token)
    if opened:
        raise SpecError("this ( is not closed", where=origin.at(opened[0].line, opened[0].column))
    if current:
        yield tuple(current)


def _match(token: Token, opened: list[Token], origin: Origin) -> None:
    """Keep count of parentheses that are open."""
    if token.kind == "mark" and token.text == "(":
        opened.append(token)
    elif token.kind == "mark" and token.text == ")":
        if not opened:
            raise SpecError("this ) closes nothing", where=origin.at(token.line, token.column))
        opened.pop()


def _joins(token: Token, joiners: frozenset[str]) -> bool:
    return token.kind in ("operator", "mark") and token.text in joiners


def _tokens(text: str, origin: Origin) -> Iterator[Token]:
    at, line, line_start = 0, 1, 0
    while at < len(text):
        match = TOKEN.match(text, at)
        where = origin.at(line, at - line_start + 1)
        if match is None:
            raise SpecError(_unreadable(text[at]), where=where)
        kind, found = str(match.lastgroup), match[0]
        if kind == "operator" and found in UNSUPPORTED:
            raise SpecError(UNSUPPORTED[found], where=where)
        if kind != "space":
            yield Token(kind, found, line, at - line_start + 1, at, match.end())
        at = match.end()
        if kind == "newline":
            line, line_start = line + 1, at


def _unreadable(character: str) -> str:
    if character in "\"'":
        return f"a quote ({character}) that is not closed on its line"
    return f"cannot read {character!r} in lavaan syntax"

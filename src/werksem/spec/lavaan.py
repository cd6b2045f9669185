"""lavaan model syntax, read statement by statement (https://lavaan.ugent.be/tutorial/syntax1.html)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from werksem.errors import SpecError
from werksem.spec.lexer import Token, statements, without_comments
from werksem.spec.modifiers import Modifier, merged, modifier_of, source, split
from werksem.spec.yaml import Origin

__all__ = ["Definition", "Line", "Lines", "Relation", "parse_lavaan"]

NOWHERE = Origin()


@dataclass(frozen=True, slots=True)
class Line:
    """One term of one statement, before labels are resolved."""

    lhs: str
    op: str
    rhs: str
    modifier: Modifier
    where: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes a second line a duplicate; covariances are symmetric."""
        if self.op == "~~" and self.rhs < self.lhs:
            return self.rhs, self.op, self.lhs
        return self.lhs, self.op, self.rhs


@dataclass(frozen=True, slots=True)
class Definition:
    """``name := formula`` as text."""

    name: str
    formula: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """``left op right`` between formulas as text; op is ``==``, ``<`` or ``>``."""

    left: str
    op: str
    right: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """Everything that a model says, in the order of the file."""

    terms: tuple[Line, ...] = ()
    definitions: tuple[Definition, ...] = ()
    relations: tuple[Relation, ...] = ()


def parse_lavaan(text: str, origin: Origin = NOWHERE) -> Lines:
    """Return the lines of lavaan syntax; raises ``SpecError`` with file, line and column.

    >>> lines = parse_lavaan("f =~ x1 + a*x2; f ~ 1; ind := a*2")
    >>> [(line.lhs, line.op, line.rhs) for line in lines.terms]
    [('f', '=~', 'x1'), ('f', '=~', 'x2'), ('f', '~1', '')]
    """
    clean = without_comments(text)
    terms: list[Line] = []
    definitions: list[Definition] = []
    relations: list[Relation] = []
    for tokens in statements(clean, origin):
        reader = _Statement(clean, origin, tokens)
        if reader.op == ":=":
            definitions.append(reader.definition())
        elif reader.op in ("==", "<", ">"):
            relations.append(reader.relation())
        else:
            terms += reader.terms()
    return Lines(tuple(terms), tuple(definitions), tuple(relations))


class _Statement:
    """One statement split at its operator."""

    def __init__(self, text: str, origin: Origin, tokens: Sequence[Token]) -> None:
        self.text = text
        self.origin = origin
        at = [i for i, token in enumerate(tokens) if token.kind == "operator"]
        shown = source(tokens, text).split("\n")[0]
        if not at:
            self.refuse_block(tokens)
            raise SpecError(
                f"{shown!r} has no operator; right are =~ ~ ~~ := == < >", where=self.at(tokens[0])
            )
        if len(at) > 1:
            again = tokens[at[1]]
            message = (
                f"a second operator {again.text} in one statement; is a line break or + missing before it?"
            )
            raise SpecError(message, where=self.at(again))
        self.sign = tokens[at[0]]
        self.op = self.sign.text
        self.left, self.right = tokens[: at[0]], tokens[at[0] + 1 :]
        if not self.left or not self.right:
            side = "left" if not self.left else "right"
            raise SpecError(f"nothing stands to the {side} of {self.op}", where=self.at(self.sign))

    def at(self, token: Token) -> str:
        return self.origin.at(token.line, token.column)

    def refuse_block(self, tokens: Sequence[Token]) -> None:
        if (
            len(tokens) > 1
            and tokens[0].text in ("level", "group", "block", "class")
            and tokens[1].text == ":"
        ):
            message = f"{tokens[0].text}: blocks are not supported; use c(a, b)* for groups"
            raise SpecError(message, where=self.at(tokens[0]))

    def definition(self) -> Definition:
        if len(self.left) != 1 or self.left[0].kind != "name":
            found = source(self.left, self.text)
            raise SpecError(f"left of := stands one name, found {found!r}", where=self.at(self.left[0]))
        return Definition(self.left[0].text, self.formula(self.right), self.at(self.right[0]))

    def relation(self) -> Relation:
        return Relation(self.formula(self.left), self.op, self.formula(self.right), self.at(self.left[0]))

    def formula(self, tokens: Sequence[Token]) -> str:
        """Return a formula on one line, single spaces."""
        return " ".join(source(tokens, self.text).split())

    def terms(self) -> list[Line]:
        """Return every left name with every right term; ``a*x + start(1)*x`` is one term."""
        lefts = [self.name(piece, self.sign) for piece in split(self.left, "+")]
        rights: dict[str, Line] = {}
        for piece in split(self.right, "+"):
            line = self.term(piece)
            known = rights.get(line.rhs)
            if known is not None:
                if not line.modifier:
                    raise SpecError(
                        f"{line.rhs or 1} stands twice to the right of {self.op}", where=line.where
                    )
                line = Line(
                    "", line.op, line.rhs, merged(known.modifier, line.modifier, line.where), known.where
                )
            rights[line.rhs] = line
        return [Line(left, r.op, r.rhs, r.modifier, r.where) for left in lefts for r in rights.values()]

    def name(self, tokens: Sequence[Token], near: Token) -> str:
        if len(tokens) == 1 and tokens[0].kind == "name":
            return tokens[0].text
        where = self.at(tokens[0] if tokens else near)
        raise SpecError(self.not_a_name(tokens), where=where)

    def not_a_name(self, tokens: Sequence[Token]) -> str:
        if not tokens:
            return "a name is missing beside + or *"
        found = source(tokens, self.text)
        if any(token.text == ":" for token in tokens):
            return f"found {found!r}; write an interaction as a column under data.derive: product(a, b)"
        if any(token.text == "-" for token in tokens):
            return f"found {found!r}; terms are added with +, none are taken away"
        if any(token.text == "(" for token in tokens):
            return f"found {found!r}; write one modifier per term: a*x + a*z"
        return f"expected a name, found {found!r}; is a + or * missing?"

    def term(self, tokens: Sequence[Token]) -> Line:
        where = self.at(tokens[0]) if tokens else self.at(self.sign)
        modifier = Modifier()
        last = tokens
        for piece, mark in self.factors(tokens):
            if not mark:
                last = piece
                break
            modifier = merged(modifier, self.modifier(piece, mark), where)
        if self.op == "~" and len(last) == 1 and last[0].text in ("0", "1"):
            if last[0].text == "0":
                modifier = merged(modifier, Modifier(fixed=(0.0,)), where)
            return Line("", "~1", "", modifier, where)
        return Line("", self.op, self.name(last, self.sign), modifier, where)

    def factors(self, tokens: Sequence[Token]) -> Iterator[tuple[list[Token], Token | None]]:
        """Yield what stands between ``*`` and ``?`` outside parentheses, each with the mark behind it."""
        piece: list[Token] = []
        depth = 0
        for token in tokens:
            depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "mark" else 0
            if depth == 0 and token.kind == "mark" and token.text in "*?":
                yield piece, token
                piece = []
            else:
                piece.append(token)
        yield piece, None

    def modifier(self, tokens: Sequence[Token], mark: Token) -> Modifier:
        """Return one modifier; ``0.8?x`` is lavaan's short form of ``start(0.8)*x``."""
        if not tokens:
            raise SpecError(f"nothing stands before {mark.text}", where=self.at(mark))
        found = modifier_of(tokens, self.text, self.at)
        return Modifier(start=found.fixed) if mark.text == "?" and found.fixed else found

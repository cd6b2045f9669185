"""semopy's model syntax (2.3), read with semopy's own defaults, which are not all lavaan's.

The marker of a construct is its first loading without a label, unless one is fixed; residuals of
outcomes do not correlate (https://semopy.com/syntax.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from werksem.errors import SpecError, did_you_mean
from werksem.spec.assemble import Parts, assemble
from werksem.spec.check import check_model
from werksem.spec.lavaan import Line, Lines, Relation
from werksem.spec.modifiers import Modifier
from werksem.spec.types import ModelSpec, Scale

__all__ = ["is_semopy", "parse_semopy"]

EFFECT = re.compile(r"(?P<left>\w[\w.]*(?:\s*,\s*[\w.]+)*)\s*(?P<op>[=~@$<>*-]+)\s*(?P<right>[^=~@$<>].*)")
CAPITALS = re.compile(r"(?P<name>[A-Z][A-Z_]+)\s*(?:\((?P<given>.*)\))?\s*(?P<onto>[\w\s.]*)")
SMALL = re.compile(
    r"(?P<name>latent|ordinal|start|bound|constraint)\s*(?P<given>[^:~=]*?)\s*:(?!=)\s*(?P<onto>.*)"
)
TERM = re.compile(r"(?:(?P<before>-?\w[\w.]*)\s*\*\s*)?(?P<name>\w[\w.]*)")
NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
COMMANDS = ("DEFINE", "START", "BOUND", "CONSTRAINT", "FORCE")
OPERATORS = ("=~", "~", "~~")


@dataclass(frozen=True, slots=True)
class _Command:
    """One command: what it asks, of which parameters or variables."""

    name: str
    given: str
    onto: tuple[str, ...]
    where: str


def is_semopy(text: str) -> bool:
    """Return whether a text has what only semopy's syntax has: a command, or several names on the left.

    >>> is_semopy("f =~ x1 + x2\\nDEFINE(ordinal) x1"), is_semopy("f =~ x1 + x2")
    (True, False)
    """
    return any(
        ((found := CAPITALS.fullmatch(line)) and found["name"] in COMMANDS)
        or SMALL.fullmatch(line)
        or ((said := EFFECT.fullmatch(line)) and "," in said["left"])
        for _, line in _lines(text)
    )  # fmt: skip


def parse_semopy(text: str, name: str, file: str = "") -> tuple[ModelSpec, tuple[str, ...]]:
    """Return the model of semopy's syntax, and what of it belongs in the study file.

    Raises ``SpecError`` naming the line of what cannot be carried over, and what to write instead.

    >>> model, beside = parse_semopy("f =~ a*x1 + x2 + x3\\nDEFINE(ordinal) x1 x2", "m")
    >>> [(s.rhs, s.free, s.fixed) for s in model.statements], beside
    ([('x1', True, ()), ('x2', False, (1.0,)), ('x3', False, ())], ('data: {ordered: [x1, x2]}',))
    """
    terms: dict[tuple[str, str, str], Line] = {}
    commands = []
    for number, line in _lines(text):
        where = f"{file}:{number}:1" if file else ""
        effect = EFFECT.fullmatch(line)
        if effect is None:
            commands.append(_command(line, where))
            continue
        terms |= {term.key: term for term in _terms(effect, where)}
    lines = _markers(list(terms.values()))
    lines = _started(lines, commands)
    lines += _uncorrelated(lines)
    spec = assemble(Lines(tuple(lines), (), tuple(_relations(commands))), Parts(name, tuple(_scales(lines))))
    check_model(spec)
    ordered = dict.fromkeys(v for c in commands if c.name == "ordinal" for v in c.onto)
    return spec, (f"data: {{ordered: [{', '.join(ordered)}]}}",) if ordered else ()


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.replace("\u223c", "~").splitlines(), 1):
        kept = line.split("#")[0].strip()
        if kept:
            yield number, kept


def _terms(effect: re.Match[str], where: str) -> Iterator[Line]:
    op = effect["op"]
    if op not in OPERATORS:
        raise SpecError(f"semopy's operator {op!r} has no counterpart here; right are =~ ~ ~~", where=where)
    for left in effect["left"].split(","):
        for piece in effect["right"].split("+"):
            found = TERM.fullmatch(piece.strip())
            if found is None:
                raise SpecError(f"cannot read {piece.strip()!r}; right is x, a*x or 1*x", where=where)
            modifier = _modifier(found["before"], found["name"], where)
            if op == "~" and found["name"] == "1":
                yield Line(left.strip(), "~1", "", modifier, where)
            else:
                yield Line(left.strip(), op, found["name"], modifier, where)


def _modifier(before: str | None, name: str, where: str) -> Modifier:
    if before is None:
        return Modifier()
    if before == "START":
        message = f"START*{name} fixes it at a value of semopy's own; write the value, such as 1*{name}"
        raise SpecError(message, where=where)
    return Modifier(fixed=(float(before),)) if NUMBER.fullmatch(before) else Modifier(label=(before,))


def _command(line: str, where: str) -> _Command:
    found = SMALL.fullmatch(line) or CAPITALS.fullmatch(line)
    if found is None:
        raise SpecError(f"cannot read {line!r} as semopy's syntax", where=where)
    name, given, onto = found["name"], (found["given"] or "").strip(), tuple(found["onto"].split())
    if name.isupper() and name not in COMMANDS:
        raise SpecError(f"semopy has no command {name}{did_you_mean(name, COMMANDS)}", where=where)
    kind = given if name == "DEFINE" else name.lower()
    if kind == "latent":
        near = onto[0] if onto else "f"
        message = f"a construct is measured here by its items: write {near} =~ and the variables it loads on"
        raise SpecError(message, where=where)
    if kind not in ("ordinal", "start", "bound", "constraint"):
        raise SpecError(f"semopy's command {line!r} has no counterpart here; leave it out", where=where)
    if kind == "constraint" and not given:
        given, onto = found["onto"], ()
    return _Command(kind, given, onto, where)


def _markers(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with semopy's marker fixed at 1 and its first loading free where that is another."""
    out = list(lines)
    for construct in dict.fromkeys(line.lhs for line in lines if line.op == "=~"):
        own = [at for at, line in enumerate(lines) if line.op == "=~" and line.lhs == construct]
        fixed = [at for at in own if lines[at].modifier.fixed]
        plain = [at for at in own if not lines[at].modifier]
        marker = None if fixed else next(iter(plain), None)
        if marker == own[0] or (fixed and fixed[0] == own[0]):
            continue
        if marker is not None:
            out[marker] = replace(lines[marker], modifier=Modifier(fixed=(1.0,)))
        first = lines[own[0]]
        out[own[0]] = replace(first, modifier=replace(first.modifier, free=True))
    return out


def _started(lines: Sequence[Line], commands: Sequence[_Command]) -> list[Line]:
    """Return the lines with the starting values of START, which goes by labels."""
    out = list(lines)
    for command in (one for one in commands if one.name == "start"):
        if not NUMBER.fullmatch(command.given):
            raise SpecError(f"START takes a number, found {command.given!r}", where=command.where)
        for label in command.onto:
            named = [at for at, line in enumerate(out) if line.modifier.label == (label,)]
            if not named:
                labels = [str(line.modifier.label[0]) for line in lines if line.modifier.label]
                message = f"START: no parameter has the label {label}{did_you_mean(label, labels)}"
                raise SpecError(message, where=command.where)
            for at in named:
                start = (float(command.given),)
                out[at] = replace(out[at], modifier=replace(out[at].modifier, start=start))
    return out


def _uncorrelated(lines: Sequence[Line]) -> list[Line]:
    """Return a covariance of 0 for each pair of outcomes whose residuals semopy leaves uncorrelated."""
    predictors = {line.rhs for line in lines if line.op == "~"}
    items = {line.rhs for line in lines if line.op == "=~"}
    outcomes = dict.fromkeys(line.lhs for line in lines if line.op == "~")
    pure = [name for name in outcomes if name not in predictors | items]
    said = {line.key for line in lines}
    zeros = [Line(a, "~~", b, Modifier(fixed=(0.0,))) for a, b in combinations(pure, 2)]
    return [line for line in zeros if line.key not in said]


def _relations(commands: Sequence[_Command]) -> Iterator[Relation]:
    for command in commands:
        if command.name == "bound":
            limits = re.split(r"[\s,]+", command.given.strip())
            if len(limits) != 2 or not all(NUMBER.fullmatch(limit) for limit in limits):
                message = f"BOUND takes two numbers, found {command.given!r}"
                raise SpecError(message, where=command.where)
            for label in command.onto:
                yield Relation(label, ">", limits[0], command.where)
                yield Relation(label, "<", limits[1], command.where)
        elif command.name == "constraint":
            found = re.fullmatch(r"([^=<>]+)([=<>])([^=<>]+)", command.given)
            if found is None:
                raise SpecError(f"cannot read the constraint {command.given!r}", where=command.where)
            op = "==" if found[2] == "=" else found[2]
            yield Relation(found[1].strip(), op, found[3].strip(), command.where)


def _scales(lines: Sequence[Line]) -> Iterator[Scale]:
    for construct in dict.fromkeys(line.lhs for line in lines if line.op == "=~"):
        own = [line for line in lines if line.op == "=~" and line.lhs == construct]
        yield Scale(construct, tuple(line.rhs for line in own), where=own[0].where)

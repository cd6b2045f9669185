"""The structured form of a model file: mapping to ``ModelSpec``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from werksem.errors import SpecError, did_you_mean
from werksem.spec.assemble import Parts, assemble
from werksem.spec.blocks import Block, check_shared_items, collect, label_of, scale_of
from werksem.spec.check import check_model, structural_cycles
from werksem.spec.lavaan import Definition, Line, Lines, Relation, parse_lavaan
from werksem.spec.model_file import Enumerate, ModelFile
from werksem.spec.model_file import Modifier as Written
from werksem.spec.modifiers import Modifier, parse_modifier
from werksem.spec.problems import validated
from werksem.spec.types import ModelSpec, Routes, Scale
from werksem.spec.yaml import Document, Loc, Origin

__all__ = ["model_of"]

NOT_IN_NAMES = re.compile(r"[~=*+<>\n\r\t]|^\s|\s$")
PLAIN = Modifier()


def model_of(document: Document, default_name: str = "") -> ModelSpec:
    """Return the model of a mapping: structured keys, ``syntax``, or both (structured lines first).

    Constructs of included files enter only where the model names them; a model that names none
    (measurement alone) takes them all. Raises ``SpecError`` with file, line and column.
    """
    content = validated(ModelFile, document)
    if content.model is None and not default_name:
        raise SpecError('the key "model" (the name of the model) is missing', where=document.where())
    collected = collect(content, document)
    text = (
        parse_lavaan(content.syntax, document.origin(("syntax",))) if content.syntax is not None else Lines()
    )
    structural = tuple(_structural(content, document))
    covariances = tuple(_covariances(content, document))
    blocks = _used(collected.blocks, (*structural, *covariances, *text.terms))
    check_shared_items(blocks.values())
    terms = (*_measurement(blocks), *structural, *covariances, *text.terms)
    _check_names(terms, document)
    _check_covariances(covariances, terms)
    definitions = (*_definitions(content, document), *text.definitions)
    relations = (*_relations(content, document), *text.relations)
    parts = Parts(
        content.model or default_name, tuple(_scales(blocks, terms)), _routes(content, document),
        tuple(collected.labels.items()), label_of(content.label), collected.notes, document.where(),
    )  # fmt: skip
    spec = assemble(Lines(terms, definitions, relations), parts)
    check_model(spec)
    return replace(spec, notes=(*spec.notes, *_circles(spec, content), *_shared(spec, blocks)))


def _circles(spec: ModelSpec, content: ModelFile) -> tuple[str, ...]:
    """Return what is said of regressions in a circle; raises ``SpecError`` where they are not meant so."""
    circle = structural_cycles(spec)
    if not circle:
        return ()
    said = f"the regressions run in a circle: {' -> '.join(circle)}"
    if content.structural and not content.cycles:
        step = next(s for s in spec.statements if s.op == "~" and (s.rhs, s.lhs) == circle[:2])
        raise SpecError(f"{said}; if that is meant, say cycles: true in the model", where=step.where)
    return (said,)


def _shared(spec: ModelSpec, blocks: Mapping[str, Block]) -> Iterator[str]:
    """Yield what is said of items that lavaan syntax gives to several constructs, which is how it says so."""
    said = {(name, item) for name, block in blocks.items() for item in block.content.cross_loadings}
    owners: dict[str, list[str]] = {}
    for s in spec.statements:
        if s.op == "=~" and (s.lhs, s.rhs) not in said:
            owners.setdefault(s.rhs, []).append(s.lhs)
    for item, names in owners.items():
        if len(names) > 1:
            yield f"the item {item} loads on {' and '.join(names)}, and counts in the scale mean of each"


def _used(blocks: dict[str, Block], lines: Iterable[Line]) -> dict[str, Block]:
    """Return the model's own blocks and the included ones that it names, directly or as an item."""
    wanted = {name for line in lines for name in (line.lhs, line.rhs)}
    if not wanted & set(blocks) and not any(block.own for block in blocks.values()):
        return blocks
    kept = {name for name, block in blocks.items() if block.own or name in wanted}
    while True:
        below = {
            item
            for name in kept
            for item in (*blocks[name].content.items, *blocks[name].content.cross_loadings)
        }
        if not (below & set(blocks)) - kept:
            return {name: block for name, block in blocks.items() if name in kept}
        kept |= below & set(blocks)


def _measurement(blocks: dict[str, Block]) -> Iterator[Line]:
    for name, block in blocks.items():
        m = block.content
        for key, items in (("items", m.items), ("cross_loadings", m.cross_loadings)):
            for at, item in enumerate(items):
                modifier = _modifier(m.loadings.get(item), block.where("loadings", item))
                yield Line(name, "=~", item, modifier, block.where(key, at))


def _structural(content: ModelFile, document: Document) -> Iterator[Line]:
    for outcome, predictors in content.structural.items():
        if not predictors:
            where = document.where(("structural", outcome))
            raise SpecError(f'structural: "{outcome}" has no predictors', where=where)
        if isinstance(predictors, list):
            for at, name in enumerate(predictors):
                yield Line(outcome, "~", name, PLAIN, document.where(("structural", outcome, at)))
            continue
        for name, written in predictors.items():
            loc: Loc = ("structural", outcome, name)
            yield Line(
                outcome, "~", name, _modifier(written, document.where(loc)), document.where(loc, key=True)
            )


def _covariances(content: ModelFile, document: Document) -> Iterator[Line]:
    for at, entry in enumerate(content.covariances):
        where = document.where(("covariances", at))
        left, right, *rest = entry
        if not isinstance(left, str) or not isinstance(right, str):
            raise SpecError(f"covariances: found {entry}, right is two names, [a, b]", where=where)
        modifier = _modifier(rest[0], document.where(("covariances", at, 2))) if rest else PLAIN
        yield Line(left, "~~", right, modifier, where)


def _modifier(written: Written, where: str) -> Modifier:
    """Return a label, a fixed value, lavaan's text before ``*``, or a list with one entry per group."""
    if written is None:
        return PLAIN
    if isinstance(written, str):
        return parse_modifier(written, where)
    entries = written if isinstance(written, list) else [written]
    if not entries:
        raise SpecError("found an empty list, right is one entry per group", where=where)
    fixed = tuple(None if isinstance(entry, str) or entry is None else float(entry) for entry in entries)
    label = tuple(entry if isinstance(entry, str) and entry != "NA" else None for entry in entries)
    valued = any(value is not None for value in fixed)
    labelled = any(name is not None for name in label)
    free = (None in entries or "NA" in entries) and (valued or not labelled)
    return Modifier(fixed if valued else (), label if labelled else (), free=free)


def _check_names(lines: Iterable[Line], document: Document) -> None:
    for line in lines:
        for name in (line.lhs, line.rhs):
            if NOT_IN_NAMES.search(name):
                message = f"{name!r} cannot be a name: ~ = * + < > and spaces at the ends mean something else"
                if "+" in name and re.fullmatch(r"[\w .+-]+", name):
                    message += f"; right is [{', '.join(part.strip() for part in name.split('+'))}]"
                raise SpecError(message, where=line.where or document.where())


def _check_covariances(covariances: Iterable[Line], lines: Iterable[Line]) -> None:
    known = {name for line in lines if line.op != "~~" for name in (line.lhs, line.rhs)}
    for line in covariances:
        for name in (line.lhs, line.rhs):
            if known and name not in known:
                near = did_you_mean(name, known)
                message = f'covariances: "{name}" is neither measured nor part of a regression{near}'
                raise SpecError(message, where=line.where)


def _definitions(content: ModelFile, document: Document) -> Iterator[Definition]:
    for name, formula in content.effects.items():
        where = document.where(("effects", name))
        if isinstance(formula, str) and name != "enumerate":
            if NOT_IN_NAMES.search(name):
                raise SpecError(f"{name!r} cannot be the name of an effect", where=where)
            yield Definition(name, " ".join(formula.split()), where)
        elif (name == "enumerate") != isinstance(formula, Enumerate):
            message = "effects: enumerate takes {from: [..], to: [..]}, every other name a formula of labels"
            raise SpecError(message, where=where)


def _routes(content: ModelFile, document: Document) -> Routes | None:
    wanted = content.effects.get("enumerate")
    if not isinstance(wanted, Enumerate):
        return None
    return Routes(wanted.sources, wanted.targets, document.where(("effects", "enumerate")))


def _relations(content: ModelFile, document: Document) -> Iterator[Relation]:
    for at, text in enumerate(content.constraints):
        where = document.where(("constraints", at))
        try:
            found = parse_lavaan(text, Origin())
        except SpecError as problem:
            raise SpecError(f"constraints: {problem.message}", where=where) from None
        if found.terms or found.definitions or not found.relations:
            raise SpecError(
                f'constraints: found {text!r}, right is "a == b", "a < b" or "a > 0"', where=where
            )
        for relation in found.relations:
            yield Relation(relation.left, relation.op, relation.right, where)


def _scales(blocks: dict[str, Block], lines: Iterable[Line]) -> Iterator[Scale]:
    """Yield a scale per construct; items of a block that lists none come from the syntax."""
    loads: dict[str, list[Line]] = {name: [] for name in blocks}
    for line in lines:
        if line.op == "=~":
            loads.setdefault(line.lhs, []).append(line)
    for name, own in loads.items():
        block = blocks.get(name)
        if block is not None and not own:
            raise SpecError(f'"{name}" has no items', where=block.where())
        items = (
            block.content.items if block is not None and block.content.items else [line.rhs for line in own]
        )
        yield scale_of(block, name, items, block.where() if block is not None else own[0].where)

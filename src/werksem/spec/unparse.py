"""``ModelSpec`` back to files: lavaan syntax, and the mapping of a YAML model file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from werksem.errors import SpecError
from werksem.spec.check import structural_cycles
from werksem.spec.structured import model_of
from werksem.spec.types import Label, ModelSpec, Scale, Statement
from werksem.spec.yaml import Document

__all__ = ["to_lavaan", "to_mapping", "to_structured", "to_text_form"]

IDENTIFIER = re.compile(r"(?:[^\W\d]|\.[^\W\d])[\w.]*")
WIDTH = 100


def to_lavaan(model: ModelSpec) -> str:
    """Return a model as lavaan syntax; what lavaan has no words for stands in comments.

    Raises ``SpecError`` for names that lavaan syntax cannot hold.

    >>> from werksem.spec.load import load_model
    >>> print(to_lavaan(load_model({"structural": {"y": {"x": "start(1)*a", "z": None}}})), end="")
    y ~ a*x + start(1)*x + z
    """
    lines = [f"# reversed items of {s.name}: {', '.join(s.reversed)}" for s in model.scales if s.reversed]
    if model.routes is not None:
        sources, targets = ", ".join(model.routes.sources), ", ".join(model.routes.targets)
        lines.append(f"# every directed route from {sources} to {targets}")
    lines += _syntax(model.statements)
    lines += [f"{_name(effect.name)} := {effect.text}" for effect in model.effects]
    lines += [constraint.text for constraint in model.constraints]
    return "\n".join(lines) + "\n"


def _syntax(statements: Iterable[Statement]) -> Iterator[str]:
    for (lhs, op), run in groupby(statements, key=lambda s: (s.lhs, s.op)):
        sign = "~" if op == "~1" else op
        line = f"{_name(lhs)} {sign} "
        terms = [term for statement in run for term in _terms(statement)]
        for number, term in enumerate(terms):
            plus = " + " if number else ""
            if number and len(line) + len(plus) + len(term) > WIDTH:
                yield line + " +"
                line, plus = "    ", ""
            line += plus + term
        yield line


def _terms(statement: Statement) -> list[str]:
    rhs = "1" if statement.op == "~1" else _name(statement.rhs)
    return [f"{prefix}*{rhs}" for prefix in _modifiers(statement)] or [rhs]


def _name(name: str) -> str:
    if not IDENTIFIER.fullmatch(name):
        raise SpecError(f'"{name}" cannot be a name in lavaan syntax; use letters, digits, _ and .')
    return name


def _modifiers(s: Statement) -> list[str]:
    """Return what stands before ``*``, one text per modifier."""
    found = []
    entries = max(len(s.fixed), len(s.label) if s.fixed else 0)
    if s.fixed:
        label = s.label or (None,) * entries
        mixed = [_number(v) if v is not None else _quoted(n) for v, n in zip(s.fixed, label, strict=True)]
        together = all(v is None or n is None for v, n in zip(s.fixed, label, strict=True))
        found.append(_joined(mixed))
        if s.label and not together:
            found.append(_joined([_quoted(n) for n in s.label]))
    else:
        if s.free:
            found.append("NA")
        if s.label:
            found.append(_joined([_quoted(n) for n in s.label]))
    if s.start:
        values = ", ".join("NA" if v is None else _number(v) for v in s.start)
        found.append(f"start({values})" if len(s.start) == 1 else f"start(c({values}))")
    return found


def _joined(entries: Sequence[str]) -> str:
    return entries[0] if len(entries) == 1 else f"c({', '.join(entries)})"


def _quoted(name: str | None) -> str:
    if name is None:
        return "NA"
    return name if IDENTIFIER.fullmatch(name) and name not in ("NA", "NaN") else f'"{name}"'


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def to_mapping(model: ModelSpec) -> dict[str, Any]:
    """Return the mapping of a model file that reads back as exactly this model, structured where it can."""
    for form in (to_structured, to_text_form):
        try:
            content = form(model)
            if model_of(Document(content), model.name) == model:
                return content
        except SpecError:
            continue
    raise SpecError(f'the model "{model.name}" cannot be written as one file')


def to_structured(model: ModelSpec) -> dict[str, Any]:
    """Return a model as structured keys; intercepts and items of several constructs go under ``syntax``.

    The lines are those of the model, though measurement comes first, then regressions, covariances.
    """
    shared = _sharing(model)
    rest = [s for s in model.statements if s.op == "~1" or (s.op == "=~" and s.lhs in shared)]
    content = _head(model)
    content["measurement"] = {
        scale.name: _block(
            scale, [s for s in model.statements if s.op == "=~" and s.lhs == scale.name], scale.name in shared
        )
        for scale in model.scales
    }
    content["structural"] = _structural(model)
    content["covariances"] = [_covariance(s) for s in model.statements if s.op == "~~"]
    content |= _tail(model)
    content["cycles"] = bool(structural_cycles(model))
    content["syntax"] = "\n".join(_syntax(rest)) + "\n" if rest else ""
    return {key: value for key, value in content.items() if value}


def to_text_form(model: ModelSpec) -> dict[str, Any]:
    """Return a model as lavaan syntax, with scales, labels and enumerated effects beside it."""
    content = _head(model)
    content["measurement"] = {s.name: block for s in model.scales if (block := _block(s, [], True))}
    content |= _tail(model)
    content["syntax"] = "\n".join(_syntax(model.statements)) + "\n"
    return {key: value for key, value in content.items() if value}


def _head(model: ModelSpec) -> dict[str, Any]:
    return {"model": model.name, "label": _label(model.label)}


def _tail(model: ModelSpec) -> dict[str, Any]:
    effects: dict[str, Any] = {}
    if model.routes is not None:
        effects["enumerate"] = {"from": list(model.routes.sources), "to": list(model.routes.targets)}
    effects |= {effect.name: effect.text for effect in model.effects}
    return {
        "effects": effects,
        "constraints": [constraint.text for constraint in model.constraints],
        "labels": {name: _label(label) for name, label in model.labels},
    }


def _label(label: Label) -> dict[str, str]:
    return {key: text for key, text in (("nl", label.nl), ("en", label.en)) if text}


def _sharing(model: ModelSpec) -> set[str]:
    """Return the constructs that count an item which another construct counts too."""
    owners: dict[str, list[str]] = {}
    for scale in model.scales:
        for item in scale.items:
            owners.setdefault(item, []).append(scale.name)
    return {name for names in owners.values() if len(names) > 1 for name in names}


def _block(scale: Scale, loads: Sequence[Statement], elsewhere: bool) -> dict[str, Any]:
    """Return one construct; ``elsewhere``: its ``=~`` line stands in the syntax."""
    loadings = {s.rhs: _written(s) for s in loads if _modifiers(s)}
    block: dict[str, Any] = {
        "label": _label(scale.label),
        "items": [] if elsewhere else list(scale.items),
        "cross_loadings": [] if elsewhere else [s.rhs for s in loads if s.rhs not in scale.items],
        "loadings": {} if elsewhere else loadings,
        "reversed": list(scale.reversed),
        "scale": [_tidy(limit) for limit in scale.scale or ()],
        "min_items": scale.min_items,
        "missing_codes": [_tidy(code) for code in scale.missing_codes],
        "reliability": scale.reliability,
        "item_labels": {item: _label(label) for item, label in scale.item_labels},
    }
    return {key: value for key, value in block.items() if value not in (None, [], {})}


def _tidy(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _structural(model: ModelSpec) -> dict[str, Any]:
    paths = [s for s in model.statements if s.op == "~"]
    found: dict[str, Any] = {}
    for outcome in dict.fromkeys(s.lhs for s in paths):
        own = {s.rhs: _written(s) for s in paths if s.lhs == outcome}
        found[outcome] = list(own) if all(value is None for value in own.values()) else own
    return found


def _covariance(s: Statement) -> list[Any]:
    written = _written(s)
    return [s.lhs, s.rhs] if written is None else [s.lhs, s.rhs, written]


def _written(s: Statement) -> str | float | None:
    """Return modifiers as a structured file gives them: a number, text, or None for none."""
    if len(s.fixed) == 1 and not (s.label or s.start or s.free) and s.fixed[0] is not None:
        return _tidy(s.fixed[0])
    return "*".join(_modifiers(s)) or None

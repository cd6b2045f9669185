"""From what pydantic found to one message: which key, what stands there, what is right, the nearest name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from werksem.errors import SpecError, did_you_mean, shortened
from werksem.spec.right_form import decimal_comma, right_form
from werksem.spec.yaml import Document, Loc

__all__ = ["validated"]

M = TypeVar("M", bound=BaseModel)

# keys that hold for the whole study
MOVED: dict[Loc, str] = {("describe", "smallest"): "; right is disclosure.smallest, for the whole study"}

RIGHT = {
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "string_type": "text",
    "tuple_type": "a list [..]",
    "list_type": "a list [..]",
    "dict_type": "keys with values (key: value)",
    "model_attributes_type": "keys with values (key: value)",
    "model_type": "keys with values (key: value)",
    "path_type": "a file name",
    "greater_than": "above {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "below {lt}",
    "less_than_equal": "at most {le}",
    "finite_number": "a finite number",
    "string_too_short": "a name",
    "string_too_long": "at most {max_length} characters",
    "too_short": "at least {min_length} entries",
    "too_long": "at most {max_length} entries",
    "string_pattern_mismatch": "letters, digits, _ . + - and spaces, beginning with a letter or digit",
}


def validated(kind: type[M], document: Document) -> M:
    """Return a document as a pydantic model; raises ``SpecError`` for the first problem in the file."""
    try:
        return kind.model_validate(document.data)
    except ValidationError as problem:
        raise _first(kind, problem, document) from None


def _first(kind: type[BaseModel], problem: ValidationError, document: Document) -> SpecError:
    whole = list(problem.errors())
    comma = next(filter(None, (_comma(error, document) for error in whole)), None)
    if comma is not None:
        return comma
    either = _either(whole, document) if len(whole) == 2 else None
    if either is not None:
        return SpecError(either[0], where=either[1])
    errors = [error for error in whole if not _is_other_branch(error, problem, document)] or whole
    errors = [error for error in errors if not _is_misspelt(error, errors)] or errors
    found = [_message(kind, error, document) for error in errors]
    found.sort(key=lambda pair: _position(pair[1]))
    message, where = found[0]
    return SpecError(message, where=where)


def _comma(error: Any, document: Document) -> SpecError | None:
    """Return the error of a decimal comma in ``{level: 0,95}``, which YAML reads as a key 95."""
    loc = error["loc"]
    if error["type"] != "extra_forbidden" or error["input"] is not None:
        return None
    around: Any = document.data
    for step in loc[:-1]:
        there = isinstance(around, list) and isinstance(step, int) and step < len(around)
        around = around[step] if there or (isinstance(around, dict) and step in around) else {}
    before = list(around)[: list(around).index(loc[-1])] if loc[-1] in around else []
    meant = decimal_comma(loc[-1], around[before[-1]]) if before else ""
    if not meant:
        return None
    what = ".".join(map(str, (*loc[:-1], before[-1])))
    message = f"{what}: found a decimal comma, right is a decimal point: {meant}"
    return SpecError(message, where=document.where((*loc[:-1], before[-1])))


def _either(errors: list[Any], document: Document) -> tuple[str, str] | None:
    """Return the message of one place where a kind of value or a certain word may stand."""
    words = [error for error in errors if error["type"] == "literal_error"]
    kinds = [error for error in errors if error["type"] in RIGHT and error["type"].endswith("_type")]
    if not words or not kinds or _in_file(words[0]["loc"], document) != _in_file(kinds[0]["loc"], document):
        return None
    loc = _in_file(words[0]["loc"], document)
    choices = ", ".join(re.findall(r"'([^']*)'", words[0]["ctx"]["expected"]))
    what, found = ".".join(map(str, loc)), _show(words[0]["input"])
    return f"{what}: found {found}, right is {RIGHT[kinds[0]['type']]} or {choices}", document.where(loc)


def _position(where: str) -> tuple[int, int]:
    match = re.search(r":(\d+):(\d+)$", where)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _is_other_branch(error: Any, problem: ValidationError, document: Document) -> bool:
    """Tell whether an error belongs to the branch of a union that the value's kind rules out.

    Of [a] where a list of numbers or a mapping may stand, "a" is the mistake, not that it is no mapping.
    """
    loc = _in_file(error["loc"], document)
    if error["type"] == "too_short" and error["input"]:
        # pydantic counts the valid entries only, the others have errors of their own
        return any(_in_file(other["loc"], document)[: len(loc)] == loc for other in problem.errors()
                   if len(other["loc"]) > len(error["loc"]))  # fmt: skip
    if not error["type"].endswith("_type"):
        return False
    for other in problem.errors():
        there = _in_file(other["loc"], document)
        if there[: len(loc)] == loc and (len(there) > len(loc) or not other["type"].endswith("_type")):
            return True
    return False


def _is_misspelt(error: Any, errors: list[Any]) -> bool:
    """Tell whether a key is missing because it stands there with a slip in its name."""
    if error["type"] != "missing":
        return False
    beside = [str(e["loc"][-1]) for e in errors
              if e["type"] == "extra_forbidden" and e["loc"][:-1] == error["loc"][:-1]]  # fmt: skip
    return bool(did_you_mean(str(error["loc"][-1]), beside))


def _in_file(loc: tuple[str | int, ...], document: Document) -> Loc:
    """Return a pydantic location without the names of union branches, which the file does not have."""
    at: Any = document.data
    kept: list[str | int] = []
    for step in loc:
        entry = isinstance(at, list) and isinstance(step, int) and step < len(at)
        if entry or (isinstance(at, dict) and step in at):
            at = at[step]
            kept.append(step)
    return tuple(kept)


def _message(kind: type[BaseModel], error: Any, document: Document) -> tuple[str, str]:
    loc = _in_file(error["loc"], document)
    what = ".".join(str(step) for step in loc)
    code, context = error["type"], error.get("ctx", {})
    if code == "extra_forbidden":
        return _unknown_key(kind, error["loc"], loc), document.where(loc, key=True)
    if code == "missing":
        inside = f" in {what}" if what else ""
        return f'the key "{error["loc"][-1]}" is missing{inside}', document.where(loc, key=True)
    if error["loc"][-1:] == ("[key]",):
        inside = ".".join(str(step) for step in loc[:-1] if step != error["input"])
        if error["input"] not in ("", None):
            return f'{inside or what}: found the key "{error["input"]}", right is {_right_key(error)}', (
                document.where(loc, key=True)
            )
        return f"found an empty key in {what}", document.where(loc, key=True)
    if code == "value_error":
        return f"{what}: {context['error']}" if what else str(context["error"]), document.where(loc)
    found = _show(error["input"])
    if code == "literal_error":
        return (
            f"{what}: found {found}, right {_choices(context['expected'], error['input'])}",
            document.where(loc),
        )
    if code in ("union_tag_invalid", "union_tag_not_found"):
        return _unknown_tag(what, code, context), document.where((*loc, context["discriminator"].strip("'")))
    right = RIGHT.get(code, error["msg"]).format(**context)
    form = right_form(code, error["input"], loc, _keys_at(kind, error["loc"]))
    return f"{what}: found {found}, right is {right}{form}{_hint(code, error['input'])}", document.where(loc)


def _right_key(error: Any) -> str:
    if error["type"] == "string_pattern_mismatch" and "\\d" in error["ctx"]["pattern"]:
        return "a number"
    return RIGHT.get(error["type"], "a name").format(**error.get("ctx", {}))


def _unknown_tag(what: str, code: str, context: Any) -> str:
    """Return the message of an entry whose kind is none of those there are, or that has no kind."""
    key = context["discriminator"].strip("'")
    if code == "union_tag_not_found":
        return f'the key "{key}" is missing in {what}'
    choices = _choices(context["expected_tags"], context["tag"])
    return f'{what}.{key}: found "{context["tag"]}", right {choices}'


def _hint(code: str, found: object) -> str:
    if code in ("int_type", "float_type") and isinstance(found, str) and re.fullmatch(r"-?\d*,\d+", found):
        return f" with a decimal point: {found.replace(',', '.')}"
    if code == "string_type" and not isinstance(found, dict | list) and found is not None:
        return f'; put it in quotes: "{_show(found)}"'
    return ""


def _show(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return shortened(text)


def _choices(expected: str, found: object) -> str:
    names = re.findall(r"'([^']*)'", expected) or [expected]  # numbers have no quotes
    near = did_you_mean(str(found), names)
    return f"{'is' if len(names) == 1 else 'are'} {', '.join(names)}{near}"


def _unknown_key(kind: type[BaseModel], raw_loc: tuple[str | int, ...], loc: Loc) -> str:
    valid = sorted(_keys_at(kind, raw_loc[:-1]))
    inside = f" in {'.'.join(str(step) for step in loc[:-1])}" if loc[:-1] else ""
    near = MOVED.get(loc, "") or did_you_mean(str(loc[-1]), valid)
    return f'unknown key "{shortened(str(loc[-1]))}"{inside}{near or "; valid keys are " + ", ".join(valid)}'


def _keys_at(kind: type[BaseModel], loc: tuple[str | int, ...]) -> set[str]:
    """Return the keys that are valid at a location, by walking the fields' types."""
    models: list[type[BaseModel]] = [kind]
    for step in loc:
        fields = [f for model in models for name, f in model.model_fields.items() if step in (name, f.alias)]
        inner = [model for found in fields for model in _models_in(found.annotation)]
        models = inner or _tagged(models, step) or models
    return {f.alias or name for model in models for name, f in model.model_fields.items()}


def _tagged(models: list[type[BaseModel]], step: str | int) -> list[type[BaseModel]]:
    """Return those of several kinds of entry that this one's ``kind`` names."""
    kinds = ((model, model.model_fields.get("kind")) for model in models)
    return [model for model, field in kinds if field is not None and step in get_args(field.annotation)]


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)

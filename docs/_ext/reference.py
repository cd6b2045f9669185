"""The reference, generated: keys from the types, verbs from the command line, functions from code."""

from __future__ import annotations

import html
import importlib
import inspect
import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from markdown_text import code, escaped, fenced, indented, slug
from numbers_explained import entries
from sphinx.util.docutils import SphinxDirective

__all__ = ["api_text", "functions_text", "keys_text", "setup", "verbs_text"]

Schema = dict[str, Any]
KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "null": "nothing",
}
WIDTH = 90
BOUNDS = {
    "minimum": "at least", "maximum": "at most", "exclusiveMinimum": "above", "exclusiveMaximum": "below",
    "minItems": "entries at least",
}  # fmt: skip


def keys_text(kind: str) -> str:
    """Return every key of a study, model or claims file as Markdown: type, default, meaning."""
    from werksem.spec import schema

    if kind == "claims":
        return _claims_text()
    found: Schema = {"study": schema.study_schema, "model": schema.model_schema}[kind]()
    known = found.get("$defs", {})
    parts = [_section("The file", found, known)]
    if kind == "study":
        known = {name: of for name, of in known.items() if name not in _names_in_model(known)}
    parts += [
        _section(_title(name), of, found["$defs"]) for name, of in known.items() if of.get("properties")
    ]
    return "\n".join(parts)


def _names_in_model(known: Schema) -> set[str]:
    """Return the definitions that the model file brings: its own page has them."""
    from werksem.spec.schema import model_schema

    return {"ModelFile", *model_schema().get("$defs", {})} & set(known)


def _title(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def _section(title: str, of: Schema, known: Schema) -> str:
    about = escaped(inspect.cleandoc(of.get("description", "")))
    required = set(of.get("required", ()))
    keys = [_key(name, said, known, name in required) for name, said in of.get("properties", {}).items()]
    return "\n".join([f"## {title}\n", f"{about}\n", *keys])


def _key(name: str, said: Schema, known: Schema, required: bool) -> str:
    facts = [escaped(type_text(said, known))]
    if required:
        facts.append("required")
    elif said.get("default") not in (None, "", [], {}):
        facts.append(f"default {code(_plain(said['default']))}")
    about = escaped(inspect.cleandoc(said["description"])) if "description" in said else ""
    lines = [
        f"{code(name)}",
        ": {.facts}",
        f"  {'; '.join(facts)}",
        *([f"\n  {indented(about)}"] if about else []),
    ]
    return "\n".join(lines) + "\n"


def _plain(value: Any) -> str:
    if value == 2**63:
        return "2^63"
    if isinstance(value, list):
        return f"[{', '.join(map(_plain, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_plain(of)}" for key, of in value.items()) + "}"
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def type_text(said: Schema, known: Schema) -> str:
    """Return the type that a JSON Schema states, in words.

    >>> type_text({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "auto"}]}, {})
    'whole number (at least 1) or ``auto``'
    """
    if "$ref" in said:
        name = said["$ref"].rsplit("/", 1)[-1]
        of = known.get(name, {})
        return f"section {_title(name)}" if of.get("properties") else type_text(of, known)
    if "const" in said:
        return f"``{_plain(said['const'])}``"
    if "enum" in said:
        return "one of " + ", ".join(f"``{_plain(value)}``" for value in said["enum"])
    for key in ("anyOf", "oneOf"):
        if key in said:
            options = [type_text(one, known) for one in said[key] if one.get("type") != "null"]
            return " or ".join(dict.fromkeys(options))
    if said.get("type") == "array":
        return _array(said, known)
    if said.get("type") == "object":
        of = said.get("additionalProperties")
        return f"mapping of names to {type_text(of, known)}" if isinstance(of, dict) else "mapping"
    bounds = [f"{words} {_plain(said[key])}" for key, words in BOUNDS.items() if key in said]
    kind = "file" if said.get("format") == "path" else KINDS.get(str(said.get("type")), "anything")
    return f"{kind} ({', '.join(bounds)})" if bounds else kind


def _array(said: Schema, known: Schema) -> str:
    if "prefixItems" in said:
        return f"list of {len(said['prefixItems'])}: " + ", ".join(
            type_text(x, known) for x in said["prefixItems"]
        )
    return f"list of {type_text(said.get('items', {}), known)}"


def _claims_text() -> str:
    from werksem.spec.claims import TYPES
    from werksem.spec.schema import described

    parts = []
    for name, kind in TYPES.items():
        schema = described(kind.model_json_schema())
        parts.append(_section(name, schema, schema.get("$defs", {})))
    return "\n".join(parts)


def verbs_text() -> str:
    """Return every verb of the command line with its arguments and options, from the program itself."""
    from typer.main import get_command

    from werksem.cli import app

    root: Any = get_command(app)
    return "\n".join(_verb(name, command) for name, command in root.commands.items())


def _verb(name: str, command: Any) -> str:
    context: Any = command.context_class(command, info_name=f"werksem {name}")
    usage = command.get_usage(context).replace("Usage: ", "")
    rows = [_option(option) for option in command.params if option.name != "help"]
    return "\n".join([f"## {name}\n", fenced(usage, "console"), f"{escaped(command.help or '')}\n", *rows])


def _option(option: Any) -> str:
    shown = ", ".join(option.opts) if option.param_type_name == "option" else (option.metavar or option.name)
    default = option.default
    said = "" if default in (None, False, ()) or callable(default) else f" default {code(str(default))}"
    about = escaped(getattr(option, "help", None) or "")
    return f"{code(shown)}\n: {about}{';' if about and said else ''}{said}\n"


def api_text() -> str:
    """Return what ``import werksem`` offers."""
    package = importlib.import_module("werksem")
    names = [name for name in getattr(package, "__all__", ()) if not name.startswith("__")]
    if not names:
        return (
            "The package offers its version, `werksem.__version__`; everything else is the command line's.\n"
        )
    return "\n".join(
        _object(f"werksem.{name}", getattr(package, name), f"api-{slug(name)}") for name in names
    )


def functions_text() -> str:
    """Return every function that an explained number names: what it returns, its formula, its code."""
    wanted = sorted({name for _, _, entry in entries() for name in entry.get("code", ())})
    parts = []
    for name in wanted:
        module, function = name.split(":")
        found = getattr(importlib.import_module(f"werksem.{module}"), function)
        parts.append(_object(f"{module}.{function}", found, f"fn-{slug(name)}", source=True))
    return "\n".join(parts)


def _object(title: str, found: Any, anchor: str, *, source: bool = False) -> str:
    parts = [f"({anchor})=", f"## {escaped(title)}\n"]
    if callable(found):
        parts.append(fenced(_signature(title.rsplit(".", 1)[-1], found), "python"))
    parts += list(_docstring(inspect.getdoc(found) or ""))
    if isinstance(found, type):
        parts += list(_members(found))
    if source:
        parts.append(f"::::{{dropdown}} Code\n{fenced(inspect.getsource(found).rstrip(), 'python')}::::\n")
    return "\n".join(parts)


def _signature(name: str, found: Any) -> str:
    """Return a call with its parameters, one a line where it is long."""
    try:
        text = f"{name}{inspect.signature(found)}"
    except ValueError:
        return name
    text = re.sub(r"(: |-> )'([^']*)'", r"\1\2", text).replace("<factory>", "...")
    if len(text) <= WIDTH:
        return text
    call = inspect.signature(found)
    parameters = re.split(r", (?=\w+: |\*)", text[len(name) + 1 : text.rindex(")")])
    lines = "".join(f"    {parameter},\n" for parameter in parameters)
    returned = "" if call.return_annotation is call.empty else text[text.rindex(")") + 1 :]
    return f"{name}(\n{lines}){returned}"


def _members(found: type) -> Iterator[str]:
    """Yield what a class offers, with the first sentence of each."""
    for name, member in vars(found).items():
        text = inspect.getdoc(getattr(member, "func", member)) or ""
        if not name.startswith("_") and (callable(member) or hasattr(member, "__get__")) and text:
            yield f"{code(name)}\n: {escaped(text.split(chr(10) * 2)[0].replace(chr(10), ' '))}\n"


def _docstring(text: str) -> Iterator[str]:
    """Yield the paragraphs of a docstring; doctests as code."""
    for part in re.split(r"\n\s*\n", text):
        if part.lstrip().startswith(">>>"):
            yield fenced(part, "pycon")
        elif part.startswith(("    ", "\t")):
            yield fenced(inspect.cleandoc(part))
        elif part:
            yield escaped(part) + "\n"


class Generated(SphinxDirective):
    """``{reference} study | model | claims | verbs | api | functions``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the generated part of the page."""
        made = {"verbs": verbs_text, "api": api_text, "functions": functions_text}
        name = self.arguments[0]
        text = made[name]() if name in made else keys_text(name)
        # what it is made of can change without the page
        self.env.note_reread()
        return self.parse_text_to_nodes(text, allow_section_headings=True)


class Dropdown(SphinxDirective):
    """``{dropdown} TITLE``: content that a reader opens."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the content within details."""
        title = html.escape(self.arguments[0])
        opened = nodes.raw("", f"<details><summary>{title}</summary>", format="html")
        return [opened, *self.parse_content_to_nodes(), nodes.raw("", "</details>", format="html")]


def setup(app: Any) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("reference", Generated)
    app.add_directive("dropdown", Dropdown)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""The public interface, one line per promise: what `import werksem` and the command line offer.

    python -m trust.public > trust/public_interface.txt

Run it where a change was meant, and say the change in CHANGELOG.md; a test holds the list to the program.
The study file's keys are held in the same way by schemas/, the columns of results by docs/numbers.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from typing import Any, get_type_hints

from trust.part import ROOT

__all__ = ["KEPT", "lines"]

KEPT = ROOT / "trust" / "public_interface.txt"


def lines() -> list[str]:
    """Return every public name with its parameters, every verb with its options, sorted."""
    return sorted([*_python(), *_verbs()])


def _python() -> Iterator[str]:
    package = importlib.import_module("werksem")
    for name in package.__all__:
        found = getattr(package, name)
        if not isinstance(found, type):
            yield f"werksem.{name}{inspect.signature(found)}"
            continue
        bases = ", ".join(base.__name__ for base in found.__bases__)
        yield f"werksem.{name}: class of {bases}"
        yield from (f"werksem.{name}.{member}" for member in _members(found))


def _members(kind: type) -> Iterator[str]:
    """Yield a class's own public fields, properties, methods with their signatures, and constants."""
    for name, annotation in inspect.get_annotations(kind).items():
        if not name.startswith("_"):
            yield f"{name}: {annotation}"
    for name, value in vars(kind).items():
        if name.startswith("_") or name in inspect.get_annotations(kind):
            continue
        if inspect.isfunction(value):
            yield f"{name}{inspect.signature(value)}"
        else:
            yield f"{name} = {value}" if isinstance(value, int | str) else f"{name}: {type(value).__name__}"


def _verbs() -> Iterator[str]:
    from typer.main import get_command

    from werksem.cli import app

    root: Any = get_command(app)
    functions = {
        (one.name or one.callback.__name__): one.callback for one in app.registered_commands if one.callback
    }
    for verb, command in root.commands.items():
        # types and defaults of the functions: typer's own records differ between its versions
        types, given = get_type_hints(functions[verb]), inspect.signature(functions[verb]).parameters
        yield f"werksem {verb}"
        for option in command.params:
            if option.name not in given:
                continue
            default = given[option.name].default
            said = "" if default is inspect.Parameter.empty else f" = {default!r}"
            named = option.param_type_name == "option"
            shown = " ".join([*option.opts, *option.secondary_opts]) if named else option.name.upper()
            yield f"werksem {verb} {shown}: {inspect.formatannotation(types[option.name])}{said}"


if __name__ == "__main__":
    print("\n".join(lines()))

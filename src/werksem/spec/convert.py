"""``werksem convert``: lavaan's and semopy's syntax to a model file, and models to lavaan syntax."""

from __future__ import annotations

from pathlib import Path

from werksem.errors import SpecError, did_you_mean
from werksem.spec.dump import dump_mapping
from werksem.spec.load import load_model, load_study
from werksem.spec.places import said_of
from werksem.spec.semopy import is_semopy, parse_semopy
from werksem.spec.unparse import to_lavaan, to_structured
from werksem.spec.yaml import load, read_text

__all__ = ["convert_file"]

YAML = (".yaml", ".yml")
SYNTAXES = ("lavaan", "semopy")


def convert_file(path: Path, syntax: str | None = None) -> str:
    """Return the model of a model file, study file or result folder as lavaan syntax; text as a model file.

    ``syntax`` says whose a text is, ``lavaan`` or ``semopy``; None looks for what only semopy has.
    """
    if syntax is not None and syntax not in SYNTAXES:
        near = did_you_mean(syntax, SYNTAXES)
        raise SpecError(f"--from: no syntax {syntax!r}; there are lavaan and semopy{near}")
    with said_of(path):
        return _converted(path, syntax)


def _converted(path: Path, syntax: str | None) -> str:
    if path.is_dir():
        return to_lavaan(load_study(path / "study.yaml")[1])
    if path.suffix.lower() in YAML:
        is_study = "study" in load(path).data
        return to_lavaan(load_study(path)[1] if is_study else load_model(path))
    text = read_text(path)
    if syntax == "lavaan" or not (syntax == "semopy" or path.suffix == ".semopy" or is_semopy(text)):
        return dump_mapping(to_structured(load_model(path)))
    model, beside = parse_semopy(text, path.stem, str(path))
    notes = "".join(f"# in the study file: {line}\n" for line in beside)
    return notes + dump_mapping(to_structured(model))

"""``werksem convert``: lavaan syntax to a model file, and back."""

from __future__ import annotations

from pathlib import Path

from werksem.spec.dump import dump_mapping
from werksem.spec.load import load_model
from werksem.spec.unparse import to_lavaan, to_structured

__all__ = ["convert_file"]

YAML = (".yaml", ".yml")


def convert_file(path: Path) -> str:
    """Return a model file (.yaml) as lavaan syntax, and lavaan syntax as a model file."""
    model = load_model(path)
    return to_lavaan(model) if path.suffix.lower() in YAML else dump_mapping(to_structured(model))

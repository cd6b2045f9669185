"""Study and model files written on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from werksem.errors import SpecError
from werksem.spec.load import load_model, load_study
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

BASE = "study: a\nmodel: {syntax: y ~ x}\ndata: {file: a.csv, group: g}\n"


def study_of(text: str, overrides: Sequence[str] = ()) -> tuple[Study, ModelSpec]:
    """Return a study file of this text in the current folder."""
    Path("s.yaml").write_text(text, encoding="utf-8")
    return load_study(Path("s.yaml"), overrides)


def model_of_text(text: str) -> ModelSpec:
    """Return a model file of this text in the current folder."""
    Path("m.yaml").write_text(text, encoding="utf-8")
    return load_model(Path("m.yaml"))


def study_error(text: str, overrides: Sequence[str] = ()) -> str:
    """Return what is said of a wrong study."""
    with pytest.raises(SpecError) as caught:
        study_of(text, overrides)
    return str(caught.value)


def model_error(text: str) -> str:
    """Return what is said of a wrong model."""
    with pytest.raises(SpecError) as caught:
        model_of_text(text)
    return str(caught.value)

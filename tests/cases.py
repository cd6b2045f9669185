"""Classic models and data that several test files fit, once each."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.estimators.fit import Fit
from werksem.estimators.ml import fit_ml
from werksem.model import Model, build_model
from werksem.moments import Moments, moments
from werksem.rows import Options
from werksem.spec.assemble import Parts, assemble
from werksem.spec.lavaan import parse_lavaan
from werksem.spec.types import ModelSpec

REFERENCE = Path(__file__).parent / "reference"
SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"

DATA = {
    "holzinger": "holzinger", "second_order": "holzinger", "path": "holzinger", "single": "holzinger",
    "mimic": "holzinger_full", "democracy": "democracy", "democracy_equal": "democracy", "growth": "growth",
}  # fmt: skip


def spec_of(text: str, name: str = "model") -> ModelSpec:
    """Return a model from lavaan syntax."""
    return assemble(parse_lavaan(text), Parts(name))


def shared_csv(*parts: str) -> pd.DataFrame:
    """Return a data set that lies beside the project, or skip."""
    path = SHARED.joinpath(*parts)
    if not path.is_file():
        pytest.skip(f"{'/'.join(parts)} is not here: data of others are not shipped")
    return pd.read_csv(path)


@cache
def data_of(name: str) -> pd.DataFrame:
    """Return a classic data set; Holzinger and Political Democracy ship with semopy."""
    import semopy

    match name:
        case "holzinger":
            return semopy.examples.holzinger39.get_data()
        case "democracy":
            return semopy.examples.political_democracy.get_data()
        case "growth":
            return shared_csv("lavaan_classic", "Demo_growth.csv")
    return shared_csv("lavaan_classic", "HolzingerSwineford1939.csv")


@cache
def case(name: str, mean_structure: bool = False) -> tuple[ModelSpec, Model, Moments, np.ndarray]:
    """Return (specification, model, moments, complete rows) of a model in ``reference/models``."""
    spec = spec_of((REFERENCE / "models" / f"{name}.lavaan").read_text(), name)
    model = build_model(spec, options=Options(mean_structure=mean_structure))
    rows = data_of(DATA[name])[list(model.observed)].to_numpy(dtype=float)
    return spec, model, moments(rows, model.observed), rows


@cache
def fitted(name: str) -> Fit:
    """Return the ML fit of a case."""
    _, model, data, _ = case(name)
    return fit_ml(model, [data])

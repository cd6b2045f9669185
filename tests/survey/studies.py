"""Small studies and data files for the tests of reading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from werksem.spec.load import load_model
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.survey.survey import Survey, read_survey

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"

MODEL = {
    "model": "small",
    "measurement": {
        "f": {"items": ["x1", "x2", "x3"], "scale": [1, 5]},
        "g": {"items": ["x4", "x5", "x6"], "scale": [1, 5], "reversed": ["x6"]},
    },
    "structural": {"g": ["f", "age"]},
}
COLUMNS = ["x1", "x2", "x3", "x4", "x5", "x6", "age", "sector"]


def answers(n: int = 60, seed: int = 1) -> pd.DataFrame:
    """Return answers to the small model's items (x6 reversed), age, and three sectors."""
    rng = np.random.default_rng(seed)
    factors = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], n).repeat(3, axis=1)
    factors[:, 5] *= -1
    items = np.clip(np.round(3 + factors + 0.6 * rng.standard_normal((n, 6))), 1, 5)
    frame = pd.DataFrame(items, columns=COLUMNS[:6]).astype(int)
    return frame.assign(age=rng.integers(20, 65, n), sector=np.resize(["Rijk", "GR", "ZBO"], n))


def small_model(**changes: Any) -> ModelSpec:
    """Return the small model with other keys."""
    return load_model({**MODEL, **changes})


def study_of(file: Path, *, sections: dict[str, Any] | None = None, **data: Any) -> Study:
    """Return a study of a data file, with an SEM and OLS unless told otherwise."""
    parts = {"sem": {}, "ols": {}} if sections is None else sections
    return Study.model_validate({"study": "s", "model": None, "data": {"file": file, **data}, **parts})


def survey_of(frame: pd.DataFrame, folder: Path, model: ModelSpec | None = None, **options: Any) -> Survey:
    """Return a table as a survey, written to CSV and read back."""
    file = folder / "answers.csv"
    frame.to_csv(file, index=False)
    return read_survey(study_of(file, **options), model or small_model())

"""Small studies with tables, written to files and read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from werksem.describe.produce import tables
from werksem.describing.run import read_described
from werksem.spec.dump import dump_mapping
from werksem.spec.load import load_study

REFERENCE = Path(__file__).resolve().parents[1] / "reference" / "describe"
MODEL = {"measurement": {"f": {"items": ["x1", "x2", "x3"], "scale": [1, 5]}}}


def study_file(folder: Path, frame: pd.DataFrame, wanted: list[dict[str, Any]], **settings: Any) -> Path:
    """Write a study with these tables, and its data beside it; ``data`` and ``model`` may be given."""
    frame.to_csv(folder / "answers.csv", index=False)
    content = {
        "study": "small", "language": settings.pop("language", "en"),
        "model": settings.pop("model", MODEL),
        "data": {"file": "answers.csv", **settings.pop("data", {})},
        "disclosure": {key: settings.pop(key) for key in ("smallest",) if key in settings},
        "describe": {"tables": wanted, **settings},
    }  # fmt: skip
    path = folder / "small.yaml"
    path.write_text(dump_mapping(content))
    return path


def long_table(
    folder: Path, frame: pd.DataFrame, wanted: list[dict[str, Any]], **settings: Any
) -> pd.DataFrame:
    """Return the long table of a study with these tables."""
    path = study_file(folder, frame, wanted, **settings)
    study, model = load_study(path)
    study, respondents, _ = read_described(study, model, path)
    assert study.describe is not None
    return tables(study.describe, model, respondents, study.disclosure)

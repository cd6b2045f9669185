"""The starter project: a small study, its model, and made-up data, drawn from a population in the package."""

from __future__ import annotations

import tempfile
from pathlib import Path

from werksem.survey.synthetic import write_synthetic

__all__ = ["CONFIG", "starter_files"]

TEMPLATES = Path(__file__).with_name("templates")
CONFIG = "configs/voorbeeld.yaml"
TITLES = {"nl": "Een voorbeeld, met verzonnen gegevens", "en": "An example, with made-up data"}


def starter_files(language: str) -> dict[str, bytes]:
    """Return the files of the starter project, by name."""
    study = (TEMPLATES / "study.yaml").read_text(encoding="utf-8")
    study = study.replace("LANGUAGE_TITLE", TITLES[language]).replace("LANGUAGE ", f"{language} ")
    return {
        CONFIG: study.encode(),
        "models/voorbeeld.yaml": (TEMPLATES / "model.yaml").read_bytes(),
        **_drawn(),
        "README.md": (TEMPLATES / f"readme_{language}.md").read_bytes(),
    }


def _drawn() -> dict[str, bytes]:
    """Return the data and their codebook, the same bytes every time."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place, "voorbeeld.csv")
        write_synthetic(TEMPLATES / "population.yaml", file)
        return {f"data/{path.name}": path.read_bytes() for path in sorted(Path(place).iterdir())}

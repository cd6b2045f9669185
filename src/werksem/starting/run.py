"""``werksem init`` from what was typed to files and words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from werksem.check import check_study
from werksem.errors import WerksemError, did_you_mean
from werksem.results import relative
from werksem.schemas import schema_text
from werksem.starting.model_text import model_text
from werksem.starting.plan import made_plan
from werksem.starting.said import found_lines, written_lines
from werksem.starting.starter import CONFIG, starter_files
from werksem.starting.study_text import study_text
from werksem.starting.words import say
from werksem.starting.write import write_all
from werksem.survey.read import SUFFIXES

__all__ = ["Start", "start_study"]

LANGUAGES = ("nl", "en")


@dataclass(frozen=True, slots=True)
class Start:
    """What was typed after ``werksem init``."""

    folder: Path | None = None
    data: Path | None = None
    language: str = "nl"


def start_study(asked: Start) -> Iterator[str]:
    """Write a starter study, or a study and model of a data file; yield what to print.

    A folder that is a data file is taken as the data. Raises ``WerksemError`` for another language, a
    file that exists already, or data that cannot be read; then nothing is written.
    """
    language = asked.language
    if language not in LANGUAGES:
        near = did_you_mean(language, LANGUAGES)
        raise WerksemError(f'--language: found "{language}", right are {", ".join(LANGUAGES)}{near}')
    folder, data = asked.folder or Path(), asked.data
    if data is None and folder.name.lower().endswith(SUFFIXES) and not folder.is_dir():
        yield say(language, "taken_as_data", file=folder.as_posix())
        folder, data = Path(), folder
    if folder.exists() and not folder.is_dir():
        raise WerksemError(f"this is a file, right is a folder, or a data file ({', '.join(SUFFIXES)})",
                           where=str(folder))  # fmt: skip
    yield from _starter(folder, language) if data is None else _from_data(folder, data, language)


def _starter(folder: Path, language: str) -> Iterator[str]:
    files = write_all(folder, {**starter_files(language), **_schemas(folder)})
    yield say(language, "starter")
    config = folder / CONFIG
    yield from written_lines(files, config, language)
    yield f"  werksem fit {config.as_posix()}"


def _from_data(folder: Path, data: Path, language: str) -> Iterator[str]:
    plan = made_plan(data, language)
    config = folder / "configs" / f"{plan.name}.yaml"
    texts = {
        f"configs/{plan.name}.yaml": study_text(plan, relative(data, config.parent), config),
        f"models/{plan.name}.yaml": model_text(plan),
    }
    files = write_all(folder, {**{name: text.encode() for name, text in texts.items()}, **_schemas(folder)})
    yield from found_lines(plan)
    yield from written_lines(files, config, language)
    try:
        for _ in check_study(config):
            pass
    except WerksemError as problem:
        yield say(language, "check_refuses", message=problem)


def _schemas(folder: Path) -> dict[str, bytes]:
    """Return the JSON Schemas that editors ask for; those that an earlier init wrote stay."""
    kinds = (kind for kind in ("study", "model") if not (folder / "schemas" / f"{kind}.json").exists())
    return {f"schemas/{kind}.json": (schema_text(kind) + "\n").encode() for kind in kinds}

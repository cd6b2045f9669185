"""Files that a study reads from outside its project: allowed, and said aloud."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = ["model_notes", "outside", "project_of"]


def project_of(folder: Path) -> Path:
    """Return the folder of a study's project: its own, or the one around a folder called configs.

    >>> project_of(Path("/survey/configs")), project_of(Path("/survey"))
    (PosixPath('/survey'), PosixPath('/survey'))
    """
    folder = folder.resolve()
    return folder.parent if folder.name == "configs" else folder


def outside(study: Study, model: ModelSpec, folder: Path) -> tuple[str, ...]:
    """Return one sentence per file outside the project of a study in ``folder``, links followed."""
    project = project_of(folder)
    found = {key: file for key, file in _files(study, model) if not _real(file).is_relative_to(project)}
    return tuple(
        f"outside: {key} is {_seen(file, folder)}, outside the project of the study"
        for key, file in found.items()
    )


def _real(file: Path) -> Path:
    """Return a file with links followed; a link that leads to itself as it is."""
    return Path(os.path.realpath(file))


def _files(study: Study, model: ModelSpec) -> Iterator[tuple[str, Path]]:
    """Yield every file that a study reads, with the key that names it."""
    named = {"data.file": study.data.file, "model": study.model, "claims": study.claims}
    named["bootstrap.indices"] = study.bootstrap.indices if study.bootstrap else None
    yield from ((key, file) for key, file in named.items() if file is not None)
    yield from ((f"published.{at}", file) for at, file in enumerate(study.published))
    waves = study.describe.waves if study.describe is not None else {}
    yield from ((f"describe.waves.{name}", file) for name, file in waves.items())
    own = _real(study.model) if study.model is not None else None
    places = (model.where, *(scale.where for scale in model.scales), *(s.where for s in model.statements))
    for file in dict.fromkeys(Path(place.rsplit(":", 2)[0]) for place in places if place.count(":") >= 2):
        if _real(file) != own:
            yield f"include {file.name}", file


def _seen(file: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(file, folder.resolve())).as_posix()
    except ValueError:
        return file.as_posix()


def model_notes(model: ModelSpec) -> list[str]:
    """Return what is said of the model and of files outside the project, each under its name."""
    return [note if note.startswith("outside: ") else f"model: {note}" for note in model.notes]

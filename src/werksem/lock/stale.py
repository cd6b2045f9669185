"""Whether a study is still the one that a result folder has the numbers of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from werksem.errors import SpecError
from werksem.lock.file import Source
from werksem.spec.load import load_study
from werksem.spec.study import Study

__all__ = ["refuse_stale"]

# what changes no number; the model, which is compared by its statements; and what a folder of descriptive
# tables has in full, where the study may leave it to defaults
OTHER = {"model", "title", "source", "language", "report", "describe"}


def refuse_stale(
    folder: Path, config: Path, overrides: Sequence[str], files: Sequence[Source], found: Mapping[str, Any]
) -> None:
    """Raise ``SpecError`` where data, study or model are no longer those of the results.

    A lock would hash today's files beside numbers of others. Data are compared by their hash, study and model
    with ``study.yaml`` of the results, whatever their layout; ``found`` is the manifest.
    """
    then = found.get("data", {}).get("sha256")
    now = next((file.sha256 for file in files if file.what == "data"), None)
    if then is not None and then != now:
        raise SpecError("its data have changed since; run the study again, then lock it", where=str(folder))
    if not (folder / "study.yaml").is_file():
        return
    (ran, fitted), (study, model) = load_study(folder / "study.yaml"), load_study(config, overrides)
    was, today = _settings(ran), _settings(study)
    changed = [name for name in today if was[name] != today[name]]
    changed += ["model"] if fitted.statements != model.statements else []
    if changed:
        raise SpecError(
            f"its study has changed since ({', '.join(changed)}); run the study again, then lock it",
            where=str(folder),
        )


def _settings(study: Study) -> dict[str, Any]:
    """Return what a study asks, files by their names."""
    return {name: _plain(value) for name, value in study.model_dump(exclude=OTHER).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return value.name
    if isinstance(value, Mapping):
        return {key: _plain(inside) for key, inside in value.items()}
    return tuple(map(_plain, value)) if isinstance(value, list | tuple) else value

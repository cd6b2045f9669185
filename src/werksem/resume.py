"""What a finished result folder has of the study that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from werksem import manifest
from werksem.errors import SpecError
from werksem.results import is_result_folder, read_manifest
from werksem.spec.load import dump_study
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.spec.yaml import loads

__all__ = ["REPLICATES", "what_stands"]

REPLICATES = "bootstrap.parquet"


def what_stands(
    out: Path, study: Study, model: ModelSpec, wanted: Sequence[str]
) -> Literal["nothing", "done", "shorter"]:
    """Return whether ``out`` holds this study's results (``done``), or fewer replicates (``shorter``).

    Raises ``SpecError`` where it holds results of another study: resuming would mix the two.
    """
    if not out.exists() or not is_result_folder(out):
        return "nothing"
    found = read_manifest(out)
    data = found.get("data", {})
    same_data = study.data.file is None or data.get("sha256") == manifest.file_hash(study.data.file)
    then, now = (out / "study.yaml").read_text(encoding="utf-8"), dump_study(study, model, out.resolve())
    same_engines = found.get("engines") == list(wanted)
    if same_data and same_engines and then == now:
        return "done"
    if same_data and same_engines and _fewer(then, now, study, model, out):
        return "shorter"
    changed = "other data" if not same_data else "another study" if then != now else "other engines"
    raise SpecError(f"--resume: {out} holds results of {changed}; run without --resume to replace them")


def _fewer(then: str, now: str, study: Study, model: ModelSpec, out: Path) -> bool:
    """Return whether the resolved study ``then`` differs by fewer replicates only."""
    before = loads(then).data.get("bootstrap", {}).get("replicates")
    if study.bootstrap is None or not isinstance(before, int) or not (out / REPLICATES).is_file():
        return False
    wanted = study.bootstrap.replicates
    bootstrap = study.bootstrap.model_copy(update={"replicates": before})
    same = dump_study(study.model_copy(update={"bootstrap": bootstrap}), model, out.resolve()) == then
    return same and then != now and (wanted == "auto" or before < wanted)

"""Whether a finished result folder already answers the same question."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from werksem import manifest
from werksem.errors import SpecError
from werksem.results import is_result_folder, read_manifest
from werksem.spec.load import dump_study
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = ["already_done"]


def already_done(out: Path, study: Study, model: ModelSpec, wanted: Sequence[str]) -> bool:
    """Return whether ``out`` holds this study's results, unchanged data and engines included.

    Raises ``SpecError`` where it holds results of another study: resuming would mix the two.
    """
    if not out.exists() or not is_result_folder(out):
        return False
    found = read_manifest(out)
    data = found.get("data", {})
    same_data = study.data.file is None or data.get("sha256") == manifest.file_hash(study.data.file)
    same_study = (out / "study.yaml").read_text(encoding="utf-8") == dump_study(study, model, out.resolve())
    if same_data and same_study and found.get("engines") == list(wanted):
        return True
    changed = "another study" if not same_study else "other data" if not same_data else "other engines"
    raise SpecError(f"--resume: {out} holds results of {changed}; run without --resume to replace them")

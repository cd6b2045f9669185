"""What a finished result folder has of the study that is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet

from werksem import manifest
from werksem.errors import OutputError
from werksem.files import file_hash
from werksem.kept import kept_of
from werksem.results import is_result_folder, read_manifest
from werksem.spec.load import dump_study
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.spec.yaml import loads

__all__ = ["REPLICATES", "run_hash", "what_stands"]

REPLICATES = "bootstrap.parquet"


def what_stands(
    out: Path, study: Study, model: ModelSpec, wanted: Sequence[str]
) -> Literal["nothing", "done", "shorter"]:
    """Return whether ``out`` holds this study's results (``done``), or fewer replicates (``shorter``).

    Results of another study are ``nothing`` where this run was to replace them and has been interrupted.
    Raises ``OutputError`` where it was not: resuming would mix the two. So does asking for fewer
    replicates, and replicates that are no longer those that were drawn.
    """
    if not out.exists() or not is_result_folder(out):
        return "nothing"
    found = read_manifest(out)
    same_data = study.data.file is None or found.get("data", {}).get("sha256") == file_hash(study.data.file)
    then, now = (out / "study.yaml").read_text(encoding="utf-8"), dump_study(study, model, out.resolve())
    there = study.claims if study.claims is not None and study.claims.is_file() else None
    claims = "" if there is None else file_hash(there)
    same_claims = found.get("claims", {}).get("sha256", "") == claims
    same_engines = found.get("engines") == list(wanted)
    if same_data and same_engines and same_claims:
        if then == now:
            _refuse_damaged(out, found)
            return "done"
        if _differs_by_replicates(then, study, model, out):
            _refuse_fewer(study, out)
            return "shorter"
    if kept_of(out, run_hash(out, study, model, wanted)):
        return "nothing"
    changed = "other data" if not same_data else "another study" if then != now else "other engines"
    changed = changed if same_claims or changed != "other engines" else "other claims"
    raise OutputError(f"--resume: {out} holds results of {changed}; run without --resume to replace them")


def run_hash(out: Path, study: Study, model: ModelSpec, wanted: Sequence[str]) -> str:
    """Return what tells one run from another: study, data, claims and engines, not how many replicates."""
    bootstrap = None if study.bootstrap is None else study.bootstrap.model_copy(update={"replicates": 1})
    text = dump_study(study.model_copy(update={"bootstrap": bootstrap}), model, out.resolve())
    files = []
    for path in (study.data.file, study.claims):
        if path is not None and path.is_file():  # whoever reads what is none, or a pipe, says so
            with suppress(OSError):
                files.append(file_hash(path))
    return manifest.text_hash("\n".join([text, *files, *wanted]))


def _refuse_damaged(out: Path, found: Mapping[str, Any]) -> None:
    """Raise ``OutputError`` where the replicates are not those whose hash the manifest has."""
    there = found.get("replicates")
    sha256 = there.get("sha256") if isinstance(there, dict) else None
    path = out / REPLICATES
    if sha256 and not (path.is_file() and file_hash(path) == sha256):
        raise OutputError(f"--resume: {path} is damaged; run without --resume to make it again")


def _differs_by_replicates(then: str, study: Study, model: ModelSpec, out: Path) -> bool:
    """Return whether the resolved study ``then`` is this one but for how many replicates it asks."""
    before = loads(then).data.get("bootstrap", {}).get("replicates")
    if study.bootstrap is None or before is None or not (out / REPLICATES).is_file():
        return False
    bootstrap = study.bootstrap.model_copy(update={"replicates": before})
    return dump_study(study.model_copy(update={"bootstrap": bootstrap}), model, out.resolve()) == then


def _refuse_fewer(study: Study, out: Path) -> None:
    try:
        rows = pyarrow.parquet.read_metadata(out / REPLICATES).num_rows
    except (OSError, ValueError):
        raise OutputError(
            f"--resume: {out / REPLICATES} is damaged; run without --resume to make it again"
        ) from None
    wanted = None if study.bootstrap is None else study.bootstrap.replicates
    if isinstance(wanted, int) and wanted < rows:
        raise OutputError(
            f"--resume: {out} has {rows} replicates and the study asks for {wanted}; run without --resume "
            "to replace them"
        )

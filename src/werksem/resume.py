"""What a finished result folder has of the study that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pyarrow.parquet

from werksem import manifest
from werksem.errors import OutputError
from werksem.kept import anything_kept, kept_folder
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

    Results of another study are ``nothing`` where a run that was to replace them has been interrupted.
    Raises ``OutputError`` where no such run was: resuming would mix the two. So does asking for fewer
    replicates.
    """
    if not out.exists() or not is_result_folder(out):
        return "nothing"
    found = read_manifest(out)
    same_data = study.data.file is None or found.get("data", {}).get("sha256") == manifest.file_hash(
        study.data.file
    )
    then, now = (out / "study.yaml").read_text(encoding="utf-8"), dump_study(study, model, out.resolve())
    there = study.claims if study.claims is not None and study.claims.is_file() else None
    claims = "" if there is None else manifest.file_hash(there)
    same_claims = found.get("claims", {}).get("sha256", "") == claims
    same_engines = found.get("engines") == list(wanted)
    if same_data and same_engines and same_claims:
        if then == now:
            return "done"
        if _differs_by_replicates(then, study, model, out):
            _refuse_fewer(study, out)
            return "shorter"
    if anything_kept(kept_folder(out)):
        return "nothing"
    changed = "other data" if not same_data else "another study" if then != now else "other engines"
    changed = changed if same_claims or changed != "other engines" else "other claims"
    raise OutputError(f"--resume: {out} holds results of {changed}; run without --resume to replace them")


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

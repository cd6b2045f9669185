"""``werksem calibrate``: simulate the study's surveys, hold its intervals to their word, write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import pandas as pd

from werksem import __version__, manifest
from werksem.bootstrap.run import available_jobs
from werksem.calibrate.checked import calibrated_outputs
from werksem.calibrate.coverage import coverage_table, off
from werksem.calibrate.page import make_calibration_page
from werksem.calibrate.population import alike_rows, trait_names
from werksem.calibrate.posterior import posterior_tables
from werksem.calibrate.power import power_table
from werksem.calibrate.simulated import Plan, plan_of, simulated
from werksem.calibrate.summary import posterior_off
from werksem.check import refuse_few
from werksem.engines.few import Withheld, shown_rows, withheld_groups
from werksem.errors import SpecError
from werksem.extras import require_extras
from werksem.files import data_hash
from werksem.inputs import Inputs, read_inputs
from werksem.kept import held
from werksem.notes import disclosure_notes, disclosure_warnings
from werksem.progress import progress_bar, shown
from werksem.release.sheet import write_check
from werksem.results import new_folder, placed, real, run_record, write_json, write_table
from werksem.spec.calibrating import Calibrate
from werksem.spec.load import dump_study, load_study
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.spec.yaml import Document

__all__ = ["Request", "calibrate_study"]


@dataclass(frozen=True, slots=True)
class Request:
    """What was typed after ``werksem calibrate``; ``jobs`` 0 means every processor."""

    config: Path | Document
    out: Path | None = None
    overrides: tuple[str, ...] = ()
    jobs: int = 0
    quiet: bool = False


def calibrate_study(request: Request) -> tuple[Path, int]:
    """Simulate a study; return its folder and the exit code: 0, or 1 where an interval breaks its promise.

    Raises ``OutputError`` where another run holds the folder's place.
    """
    study, model = load_study(request.config, request.overrides)
    require_extras(study, ())
    settings = study.calibrate or Calibrate()
    out = real(request.out or Path("results") / f"{study.study}_calibration")
    with held(out):
        _keep_fit(out)
        placed(out)
        found = _calibrated(study, model, settings, out, request)
    return out, int(found["off"] > 0 or not found["posterior"])


def _calibrated(
    study: Study, model: ModelSpec, settings: Calibrate, out: Path, request: Request
) -> dict[str, Any]:
    """Simulate and write into a place that is held; return the manifest."""
    jobs, began = request.jobs or available_jobs(), perf_counter()
    with new_folder(out) as folder:
        with shown("reading", quiet=request.quiet):
            inputs = read_inputs(study, model)
            hidden = withheld_groups(study, model, inputs)
            refuse_few(study, model, inputs, hidden)
            plan = plan_of(study, model, inputs, settings)
        with progress_bar("surveys", settings.surveys, quiet=request.quiet) as tick:
            runs = simulated(plan, settings, jobs=jobs, tick=lambda: tick(1))
        beside, pooled = posterior_tables(
            study, model, inputs, settings, plan, runs, hidden=hidden.inside, jobs=jobs, quiet=request.quiet
        )
        coverage = coverage_table((*runs, *pooled), plan.n)
        power = power_table(runs, coverage, settings.difference, plan.n, _clusters(inputs))
        every = {"calibration": coverage, "power": power} | beside
        tables = {name: shown_rows(table, hidden.inside) for name, table in every.items()}
        for name, table in tables.items():
            write_table(table, folder / f"{name}.csv")
        (folder / "study.yaml").write_text(dump_study(study, model, out.resolve()), encoding="utf-8")
        asked = {"run": run_record(request.config, out, request.overrides)}
        found = _manifest(study, model, inputs, plan, settings, tables) | asked
        found |= _disclosure(study, hidden, found)
        write_json(found | {"timings": {"calibrate": perf_counter() - began}}, folder / "manifest.json")
        make_calibration_page(folder)
        write_check(folder, calibrated_outputs(folder, study, model, inputs, hidden))
    return found


def _keep_fit(out: Path) -> None:
    """Raise ``SpecError`` where the calibration would take the place of what ``fit`` or ``describe`` made."""
    for name, verb in (("estimates.csv", "fit"), ("tables.csv", "describe")):
        if (out / name).is_file():
            raise SpecError(
                f"{out} has the results of {verb}, which calibrate would replace: name another with --out"
            )


def _clusters(inputs: Inputs) -> int | None:
    """Return how many organisations there are, None without."""
    return None if inputs.cluster is None else int(inputs.cluster.nunique())


def _disclosure(study: Study, hidden: Withheld, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a manifest says of the study's rule, and its ICCs, none where sizes of clusters tell."""
    return {
        "disclosure": {**study.disclosure.model_dump(), "hidden": sorted(hidden.inside)},
        "warnings": disclosure_warnings(study.disclosure),
        # a calibration has no weighted means
        "notes": disclosure_notes(study.disclosure, replace(hidden, coarse=False)),
        "icc": [] if hidden.clusters else found["icc"],
    }


def _manifest(
    study: Study, model: ModelSpec, inputs: Inputs, plan: Plan, settings: Calibrate,
    tables: Mapping[str, pd.DataFrame],
) -> dict[str, Any]:  # fmt: skip
    """Return the manifest of a calibration."""
    survey, file = inputs.survey, study.data.file
    parts = () if plan.population is None else plan.population.parts
    return {
        "werksem": __version__, "verb": "calibrate", "study": study.study, "title": study.title,
        "source": study.source, "language": study.language, "synthetic": bool(survey and survey.synthetic),
        "created": manifest.now(), "versions": manifest.versions(), "threads": manifest.threads(),
        "git": manifest.git_revision(Path(__file__).parent),
        "data": {}
        if file is None or survey is None
        else {"file": file.name, "sha256": data_hash(file, survey.sha256)},
        "model": {
            "name": model.name, "sha256": manifest.text_hash(repr(model.statements)),
            "labels": manifest.label_table(model),
        },
        "calibrate": settings.model_dump(), "n": plan.n,
        "clusters": _clusters(inputs), "weights": inputs.weights is not None,
        "blanks": bool(plan.population is not None and plan.population.blank.any()),
        "ordered": bool(study.data.ordered),
        "distance": max((part.distance for part in parts), default=0.0), "icc": alike_rows(parts),
        **({} if plan.population is None else trait_names(plan.population)),
        "off": len(off(tables["calibration"])),
        "posterior": not posterior_off(tables.get("sbc", pd.DataFrame())),
    }  # fmt: skip

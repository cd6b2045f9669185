"""Writes the result folder: every table of a run, the resolved study and the manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from werksem import __version__, manifest
from werksem.claims_record import claims_record
from werksem.engines.all import Results
from werksem.engines.distributions import without_means
from werksem.engines.few import NOBODY, Withheld, rounded, without_names
from werksem.engines.few_said import warnings_said
from werksem.engines.rare_cells import hidden_answers, untold, untold_anywhere, without_priors
from werksem.files import data_hash, file_hash
from werksem.inputs import Inputs
from werksem.notes import disclosure_notes, disclosure_warnings, study_notes, study_warnings
from werksem.results import read_manifest, write_json, write_table
from werksem.spec.load import dump_study
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.summed import summed
from werksem.twin.write import write_twin

__all__ = ["write_results"]


# tables of the results that have a file of their own name, where the study asked for them
TABLES = (
    "reliability",
    "htmt",
    "items",
    "sample",
    "distributions",
    "bifactor",
    "blocks",
    "design",
    "scales",
    "correlations",
    "modification",
    "residuals",
    "sensitivity",
    "fragility",
    "mediator_order",
    "method_variance",
    "robustness",
    "importance",
    "controls",
    "controls_blocks",
    "probit",
    "invariance",
    "partial_invariance",
    "freed_items",
    "between",
    "nested",
    "ledger",
    "passport",
    "claims",
    "claims_details",
    "claims_truth",
    "prior_predictive",
    "prior_sensitivity",
    "predictive",
    "left_out",
    "loo",
    "intervals",
)


def write_results(
    folder: Path, out: Path, study: Study, model: ModelSpec, inputs: Inputs, results: Results,
    estimates: pd.DataFrame, compared: pd.DataFrame, said: Sequence[str] = (),
    asked: Mapping[str, Any] | None = None, withheld: Withheld = NOBODY,
) -> None:  # fmt: skip
    """Write everything but the report into ``folder``, which will be called ``out``."""
    write_table(estimates, folder / "estimates.csv")
    write_table(compared, folder / "comparison.csv")
    hidden = untold(model, inputs, study.disclosure)
    read = rounded(summed(inputs), withheld)
    write_table(without_means(read, "variable", hidden), folder / "moments.csv")
    for name, parts in (
        ("fit.csv", [engine.fit for engine in results.engines]),
        ("diagnostics.csv", [engine.diagnostics for engine in results.engines]),
    ):
        filled = [part for part in parts if len(part)] or parts[:1]
        write_table(pd.concat(filled, ignore_index=True), folder / name)
    for name in TABLES:
        table = getattr(results, name)
        if table is not None:
            write_table(table, folder / f"{name}.csv")
    if results.replicates is not None:
        results.replicates.to_parquet(folder / "bootstrap.parquet", index=False)
    if results.posterior is not None:
        results.posterior.to_netcdf(str(folder / "posterior.nc"), engine="h5netcdf")
    (folder / "study.yaml").write_text(dump_study(study, model, out.resolve()), encoding="utf-8")
    if any(engine.engine == "sem" for engine in results.engines):
        write_twin(folder, out, study, model, inputs)
    found = _manifest(study, model, inputs, results, said, withheld) | {"run": dict(asked or {})}
    if results.replicates is not None:
        found["replicates"]["sha256"] = file_hash(folder / "bootstrap.parquet")
    write_json(found | claims_record(study, found, read_manifest(out)), folder / "manifest.json")


def _manifest(
    study: Study, model: ModelSpec, inputs: Inputs, results: Results, said: Sequence[str], withheld: Withheld
) -> dict[str, Any]:
    survey = inputs.survey
    warnings = (*study_warnings(inputs, results), *(w for e in results.engines for w in e.warnings), *said)
    notes = study_notes(study, model, inputs)
    rare = {name for name, _ in hidden_answers(model, inputs, study.disclosure)}
    told = untold_anywhere(study, model, inputs)
    return {
        "werksem": __version__,
        "study": study.study,
        "title": study.title,
        "source": study.source,
        "language": study.language,
        "synthetic": bool(survey and survey.synthetic),
        "created": manifest.now(),
        "engines": [engine.engine for engine in results.engines],
        "seed": {
            name: section.seed
            for name, section in (("bootstrap", study.bootstrap), ("bayes", study.bayes))
            if section is not None
        },
        "versions": manifest.versions(),
        "threads": manifest.threads(),
        "git": manifest.git_revision(Path(__file__).parent),
        "data": _data(study, inputs, withheld),
        "disclosure": {**study.disclosure.model_dump(), "hidden": sorted(withheld.inside)},
        "rare": sorted(told),
        "model": {
            "name": model.name,
            "sha256": manifest.text_hash(repr(model.statements)),
            "labels": manifest.label_table(model),
        },
        "claims": _file(study.claims),
        "n": {engine.engine: _sizes(engine.n) for engine in results.engines},
        "warnings": [
            *disclosure_warnings(study.disclosure),
            *warnings_said(warnings, study.disclosure, rare, withheld),
        ],
        "notes": [*disclosure_notes(study.disclosure, withheld), *without_names(notes, withheld.inside)],
        "priors": list(without_priors(without_names(results.priors, withheld.inside), told)),
        "replicates": {"fingerprint": results.fingerprint},
        "timings": manifest.merged(*(engine.timings for engine in results.engines)),
    }


def _file(path: Path | None) -> dict[str, str]:
    """Return a file's name and hash, empty where there is none."""
    return {} if path is None else {"file": path.name, "sha256": file_hash(path)}


def _sizes(n: Any) -> Any:
    """Return one number where an engine has one, else a number per outcome."""
    return n["all"] if set(n) == {"all"} else dict(n)


def _data(study: Study, inputs: Inputs, withheld: Withheld) -> dict[str, Any]:
    survey = inputs.survey
    if survey is None or study.data.file is None:
        return {"file": "", "moments": True}
    groups = {} if inputs.group is None else inputs.group.value_counts(sort=False).to_dict()
    return {
        "file": study.data.file.name,
        "sha256": data_hash(study.data.file, survey.sha256),
        "rows_read": survey.rows_read,
        "rows_used": survey.rows_used,
        "groups": {
            str(label): int(count) for label, count in groups.items() if str(label) not in withheld.inside
        },
    }

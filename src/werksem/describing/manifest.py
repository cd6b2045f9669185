"""The manifest of a folder with tables: what they were made with and from, and what names mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from werksem import __version__, manifest
from werksem.describe.reading import Respondents
from werksem.engines.few import NOBODY
from werksem.files import data_hash, file_hash
from werksem.notes import disclosure_notes, disclosure_warnings
from werksem.spec.describe import Describe
from werksem.spec.describe_rules import names_of
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.survey.warned import warning_name

__all__ = ["manifest_of"]


def manifest_of(
    study: Study,
    model: ModelSpec,
    respondents: Respondents,
    coarse: bool = False,
    crossed: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the manifest; it has no numbers of respondents but those of whole files.

    ``coarse`` is whether weighted numbers of all respondents were made so; ``crossed`` are tables that
    hide rows of a variable by two groupings.
    """
    described = study.describe or Describe()
    return {
        "werksem": __version__,
        "verb": "describe",
        "study": study.study,
        "title": study.title,
        "source": study.source,
        "language": study.language,
        "synthetic": respondents.codebook.synthetic,
        "created": manifest.now(),
        "marks": described.marks,
        "disclosure": study.disclosure.model_dump(),
        # of the data by name only: what they say has numbers of few respondents in it; check prints it
        "warnings": [
            *disclosure_warnings(study.disclosure, crossed),
            *dict.fromkeys(map(warning_name, respondents.notes)),
        ],
        "notes": disclosure_notes(study.disclosure, replace(NOBODY, coarse=coarse)),
        "level": described.level,
        "design": {
            key: value
            for key in ("weights", "cluster", "strata", "fpc")
            if (value := getattr(study.data, key)) is not None
        },
        "versions": manifest.versions(),
        "threads": manifest.threads(),
        "git": manifest.git_revision(Path(__file__).parent),
        "data": _data(study, described, respondents),
        "model": {
            "name": model.name,
            "sha256": manifest.text_hash(repr(model.statements)),
            "labels": _labels(model, respondents),
        },
        "values": _values(described, model, respondents),
        "claims": {}
        if study.claims is None
        else {"file": study.claims.name, "sha256": file_hash(study.claims)},
    }


def _data(study: Study, described: Describe, respondents: Respondents) -> dict[str, Any]:
    """Return file, hash and rows of the study's own wave, and of the others."""
    own = described.wave or ""
    files = {own: study.data.file, **described.waves}
    found = {}
    for name, file in files.items():
        if file is not None:
            read, used = respondents.rows[name]
            found[name] = {
                "file": file.name, "sha256": data_hash(file, respondents.hashes[name]),
                "rows_read": read, "rows_used": used,
            }  # fmt: skip
    waves = {name: entry for name, entry in found.items() if name != own}
    return {**found[own], **({"wave": own, "waves": waves} if waves else {})}


def _labels(model: ModelSpec, respondents: Respondents) -> dict[str, dict[str, str]]:
    """Return labels of scales, items and columns; the model's go before those of the codebook."""
    told = {
        name: {"nl": variable.label.nl, "en": variable.label.en}
        for name, variable in respondents.codebook.variables.items()
        if name in respondents.sample.frame.columns and (variable.label.nl or variable.label.en)
    }
    return told | manifest.label_table(model)


def _values(
    described: Describe, model: ModelSpec, respondents: Respondents
) -> dict[str, dict[str, dict[str, str]]]:
    """Return what the answers of every column in a table mean, per language."""
    scales = {scale.name: scale.items for scale in model.scales}
    named = (name for table in described.tables for name, _ in names_of(table))
    found: dict[str, dict[str, dict[str, str]]] = {}
    for column in dict.fromkeys(item for name in named for item in scales.get(name, (name,))):
        told = respondents.codebook.variables.get(column)
        if told is not None and told.values:
            found[column] = {
                str(code): {"nl": label.nl, "en": label.en} for code, label in told.values.items()
            }
        elif column in respondents.value_labels:
            found[column] = {
                code: {"nl": text, "en": text} for code, text in respondents.value_labels[column].items()
            }
    return found

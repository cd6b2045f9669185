"""Study and model files to frozen types, and back to one file that runs again."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import Any

from werksem.errors import SpecError
from werksem.spec.check import group_count
from werksem.spec.describe_rules import check_describe
from werksem.spec.dump import dump_mapping
from werksem.spec.importance import check_importance
from werksem.spec.outside import outside
from werksem.spec.overrides import with_overrides
from werksem.spec.posterior import check_posterior
from werksem.spec.predictor_blocks import check_predictor_blocks
from werksem.spec.problems import validated
from werksem.spec.r_script import model_text
from werksem.spec.rules import check_study
from werksem.spec.section import Section
from werksem.spec.structured import model_of
from werksem.spec.study import Study
from werksem.spec.support import check_support
from werksem.spec.types import ModelSpec
from werksem.spec.unparse import to_mapping
from werksem.spec.used import check_used
from werksem.spec.yaml import Document, Loc, load, read_text

__all__ = ["dump_study", "load_model", "load_study", "named_files"]

DATA = (".sav", ".csv", ".csv.gz", ".tsv", ".parquet", ".xlsx")
# where an empty section (`ols:`) means "run it with its defaults"
FILES: tuple[tuple[str, ...], ...] = (("data", "file"), ("claims",), ("bootstrap", "indices"))
SECTIONS = ("ols", "sem", "bootstrap", "bayes", "importance", "describe", "report")


def load_study(path: Path | Document, overrides: Sequence[str] = ()) -> tuple[Study, ModelSpec]:
    """Return a study file and its model, paths absolute and defaults filled in.

    ``overrides`` are ``section.key=value`` with the value in YAML; they may create sections.
    Raises ``SpecError`` naming file, line and column, what was found and what is right.
    """
    document = load(_no_data(path))
    _refuse_model(document)
    document = with_overrides(_with_sections(document), overrides)
    document, inline = _without_model(document)
    study = validated(Study, _with_paths(document))
    model = model_of(inline, study.study) if inline else load_model(_model_path(study, document))
    study = _with_groups(study, model, document)
    check_study(study, document)
    check_posterior(study, model, document)
    check_importance(study, model, document)
    check_describe(study, model, document)
    check_support(study, document)
    check_predictor_blocks(study, model, document)
    check_used(study, model, document)
    notes = (*model.notes, *outside(study, model, document.folder))
    return study, replace(model, notes=notes)


def _no_data(path: Path | Document) -> Path | Document:
    """Return what was given as a study; raises ``SpecError`` for a data file."""
    if isinstance(path, Path) and path.name.lower().endswith(DATA):
        right = f"right is a study; `werksem init --data {quote(str(path))}` writes one"
        raise SpecError(f"this is a data file, {right}", where=str(path))
    return path


def _refuse_model(document: Document) -> None:
    if "study" not in document.data and {"measurement", "structural", "syntax"} & set(document.data):
        raise SpecError(
            "this is a model file; right is a study, whose key model names it", where=document.file
        )


def load_model(source: Path | str | Mapping[str, Any]) -> ModelSpec:
    """Return the model of a YAML model file, of a ``.lavaan`` text file, or of a mapping.

    >>> load_model({"syntax": "y ~ x"}).statements
    (Statement(lhs='y', op='~', rhs='x', fixed=(), label=(), start=(), free=False),)
    """
    if isinstance(source, Mapping):
        return model_of(Document(dict(source)), "model")
    path = Path(source)
    if path.suffix.lower() in (".lavaan", ".lav", ".txt", ".r"):
        return model_of(_lavaan_document(path), path.stem)
    return model_of(load(path))


def _lavaan_document(path: Path) -> Document:
    text = read_text(path)
    syntax = model_text(text, str(path)) if path.suffix.lower() == ".r" else text
    return Document({"syntax": syntax}, str(path), path.parent)


def _with_sections(document: Document) -> Document:
    """Return the document with ``ols:`` (nothing behind it) read as ``ols: {}``."""
    for name in SECTIONS:
        null_report = name == "report" and document.data.get(name, {}) is None
        if null_report or (name in document.data and document.is_empty((name,))):
            document = document.with_value((name,), {}, document.where((name,)))
    return document


def _without_model(document: Document) -> tuple[Document, Document | None]:
    """Return the study with ``model: null`` and its inline model, None where a file is named."""
    model = document.data.get("model")
    if not isinstance(model, dict):
        if "model" in document.data and not isinstance(model, str):
            message = "model: right is a file, or the keys of a model"
            raise SpecError(message, where=document.where(("model",)))
        return document, None
    inline = document.part("model")
    return Document({**document.data, "model": None}, document.file, document.folder, document.spots), inline


def _with_paths(document: Document) -> Document:
    """Return the document with every file name as an absolute path, relative ones from its own folder."""
    for loc, name in named_files(document):
        document = document.with_value(loc, _absolute(name, loc, document), document.where(loc))
    return document


def named_files(document: Document) -> list[tuple[Loc, str]]:
    """Return every file that a study names, with where the name stands."""
    published = document.data.get("published")
    lists: list[Loc] = (
        [("published", at) for at in range(len(published))] if isinstance(published, list) else []
    )
    found: list[tuple[Loc, str]] = []
    for loc in (("model",), ("published",), *lists, *FILES, *_waves(document)):
        at: Any = document.data
        for step in loc:
            at = at[step] if isinstance(step, int) else at.get(step) if isinstance(at, dict) else None
        if isinstance(at, str):
            found.append((loc, at))
    return found


def _absolute(name: str, loc: Loc, document: Document) -> Path:
    if not name.strip():
        raise SpecError(f"{'.'.join(map(str, loc))}: found an empty file name", where=document.where(loc))
    return Path(os.path.abspath(document.folder / name))


def _waves(document: Document) -> list[tuple[Any, ...]]:
    """Return where the files of other waves stand."""
    section = document.data.get("describe")
    waves = section.get("waves") if isinstance(section, dict) else None
    return [("describe", "waves", name) for name in waves] if isinstance(waves, dict) else []


def _model_path(study: Study, document: Document) -> Path:
    if study.model is None:
        raise SpecError("model: right is a file, or the keys of a model", where=document.where(("model",)))
    if not study.model.is_file():
        try:
            read_text(study.model)
        except SpecError as problem:
            message = f'model "{_relative(study.model, document.folder)}": {problem.message}'
            raise SpecError(message, where=document.where(("model",))) from None
    return Path(_relative(study.model, Path.cwd()))


def _relative(path: Path, folder: Path) -> str:
    """Return a path as seen from a folder, with forward slashes; absolute where no way leads there."""
    try:
        return Path(os.path.relpath(path, Path(folder).resolve())).as_posix()
    except ValueError:
        return path.as_posix()


def _with_groups(study: Study, model: ModelSpec, document: Document) -> Study:
    """Return the study with ``multigroup`` where the model has ``c(…)`` labels."""
    if group_count(model) == 1 or study.sem is None or study.sem.multigroup:
        return study
    if study.data.group is None:
        where = next(s.where for s in model.statements if max(len(s.fixed), len(s.label), len(s.start)) > 1)
        message = "the model has c(…) modifiers, one entry per group, but the study names no data.group"
        raise SpecError(message, where=where or document.where(("data",)))
    return study.model_copy(update={"sem": study.sem.model_copy(update={"multigroup": True})})


def dump_study(study: Study, model: ModelSpec, folder: Path) -> str:
    """Return the resolved study as YAML that runs again from ``folder``: its model inline, paths relative."""
    content = _said(study, study.model_dump(mode="json"))
    content = {key: value for key, value in content.items() if key != "blocks" or value}
    content["data"] = {key: value for key, value in content["data"].items() if value not in ([], {})}
    for section in ("bayes",):
        if section in content and not content[section].get("priors"):
            content[section].pop("priors", None)
    content["published"] = [_relative(file, folder) for file in study.published]
    content = {key: value for key, value in content.items() if value not in ([], {})}
    for loc in FILES:
        inside = content.get(loc[0], {}) if len(loc) == 2 else content
        if isinstance(inside, dict) and loc[-1] in inside:
            inside[loc[-1]] = _relative(Path(inside[loc[-1]]), folder)
    waves = content.get("describe", {}).get("waves", {})
    waves.update({name: _relative(Path(file), folder) for name, file in waves.items()})
    return dump_mapping({**_head(content), "model": to_mapping(model), **_tail(content)})


def _said(section: Section, content: dict[str, Any]) -> dict[str, Any]:
    """Return a section's content without what is None by default; a None that a study gives stays."""
    found = {}
    for name, field in type(section).model_fields.items():
        value, plain = getattr(section, name), content[name]
        if isinstance(value, Section):
            plain = _said(value, plain)
        elif isinstance(value, tuple):
            pairs = zip(value, plain, strict=True)
            plain = [_said(one, dumped) if isinstance(one, Section) else dumped for one, dumped in pairs]
        if value is not None or field.default is not None:
            found[name] = plain
    return found


HEAD = ("study", "title", "source", "language")


def _head(content: dict[str, Any]) -> dict[str, Any]:
    return {key: content[key] for key in HEAD if content.get(key)}


def _tail(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key not in HEAD and key != "model"}

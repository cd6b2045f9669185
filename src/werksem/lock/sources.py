"""The files that a study's numbers come from, and their hashes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from werksem import manifest
from werksem.errors import SpecError
from werksem.files import file_hash
from werksem.lock.file import Source
from werksem.results import relative
from werksem.spec.load import load_study
from werksem.spec.yaml import Document, load
from werksem.survey.codebook import codebook_path

__all__ = ["changed", "files_read", "fingerprint", "sources"]

YAML = (".yaml", ".yml")


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file; of YAML that of its content, without comments and layout."""
    if path.suffix.lower() not in YAML:
        return file_hash(path)
    return manifest.text_hash(json.dumps(load(path).data, ensure_ascii=False, default=str))


def sources(config: Path, overrides: Sequence[str], folder: Path) -> tuple[Source, ...]:
    """Return every file that a study reads, named as seen from ``folder``, with its hash.

    Errors as ``files_read``.
    """
    return tuple(
        Source(what=what, file=relative(path, folder), sha256=fingerprint(path))
        for what, path in files_read(config, overrides)
    )


def files_read(config: Path, overrides: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """Yield every file that a study reads, with what it is.

    These are the study, its model and what that includes, data and codebooks of all waves, claims,
    published betas and given resamples. Raises ``SpecError`` where the study is wrong or a file is absent.
    """
    for what, path in _files(config, overrides):
        if not path.is_file():
            raise SpecError(f"{what}: there is no such file", where=str(path))
        yield what, path


def _files(config: Path, overrides: Sequence[str]) -> Iterator[tuple[str, Path]]:
    study, _ = load_study(config, overrides)
    yield "study", config
    document = load(config)
    if study.model is None:
        inline = document.data.get("model")
        yield from _includes(document.part("model")) if isinstance(inline, dict) else ()
    else:
        yield "model", study.model
        if study.model.suffix.lower() in YAML:
            yield from _includes(load(study.model))
    waves = {} if study.describe is None else study.describe.waves
    for what, file in (("data", study.data.file), *((f"wave {name}", file) for name, file in waves.items())):
        if file is not None:
            yield what, Path(file)
            if codebook_path(Path(file)).is_file():
                yield f"codebook of {what}", codebook_path(Path(file))
    more = [("claims", study.claims), *(("published", file) for file in study.published)]
    more += [("resamples", study.bootstrap.indices if study.bootstrap else None)]
    yield from ((what, file) for what, file in more if file is not None)


def _includes(document: Document, depth: int = 0) -> Iterator[tuple[str, Path]]:
    """Yield the files that a model includes, and those that these include."""
    named: Any = document.data.get("include") or ()
    for name in [named] if isinstance(named, str) else named:
        path = document.folder / name
        yield "included", path
        if depth < 8:
            yield from _includes(load(path), depth + 1)


def changed(locked: Sequence[Source], folder: Path) -> list[str]:
    """Return a sentence for every file that is absent or is not what it was, none where all are."""
    found = []
    for source in locked:
        path = folder / source.file
        if not path.is_file():
            found.append(f"{source.what} {source.file} is not there")
        elif (now := fingerprint(path)) != source.sha256:
            found.append(
                f"{source.what} {source.file} is not the file of the lock "
                f"(sha256 {source.sha256[:12]} then, {now[:12]} now)"
            )
    return found

"""Whether what a study names is in its model, and whether what it asks for fits in memory."""

from __future__ import annotations

from collections.abc import Iterator

from werksem.errors import SpecError, did_you_mean
from werksem.spec.equations import observed_names
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.spec.yaml import Document, Loc

__all__ = ["check_used"]

# numbers of 8 bytes: 8 GB
MOST_NUMBERS = 1_000_000_000


def check_used(study: Study, model: ModelSpec, document: Document) -> None:
    """Raise ``SpecError`` for an ordered column of no model, a derived one of a construct's name, or
    more numbers than fit in memory.
    """
    for loc, message in (*_ordered(study, model), *_derived(study, model), *_sizes(study, model)):
        raise SpecError(message, where=document.where(loc))


def _ordered(study: Study, model: ModelSpec) -> Iterator[tuple[Loc, str]]:
    names = observed_names(model)
    for at, name in enumerate(study.data.ordered if study.data.ordered != "all" else ()):
        if name not in names:
            near = did_you_mean(name, names)
            yield ("data", "ordered", at), f'data.ordered: "{name}" is no item or column of the model{near}'


def _derived(study: Study, model: ModelSpec) -> Iterator[tuple[Loc, str]]:
    """Yield columns that are derived under the name of what the model measures."""
    for name in study.data.derive:
        if model.scale(name) is not None:
            message = f"data.derive.{name}: the model measures a construct of that name; choose another name"
            yield ("data", "derive", name), message


def _sizes(study: Study, model: ModelSpec) -> Iterator[tuple[Loc, str]]:
    """Yield a bootstrap or posterior whose numbers do not fit in 8 GB."""
    columns = len(model.statements) + len(model.effects) + len(observed_names(model))
    bootstrap, bayes = study.bootstrap, study.bayes
    if bootstrap is not None and isinstance(bootstrap.replicates, int):
        yield from _too_many(("bootstrap", "replicates"), bootstrap.replicates, columns)
    if bayes is not None:
        yield from _too_many(("bayes", "draws"), bayes.draws, bayes.chains * columns)


def _too_many(loc: Loc, asked: int, columns: int) -> Iterator[tuple[Loc, str]]:
    if asked * columns > MOST_NUMBERS:
        yield (
            loc,
            (
                f"{'.'.join(map(str, loc))}: {asked} times {columns} numbers take "
                f"{asked * columns * 8 / 1e9:.0f} GB; at most {MOST_NUMBERS // columns} fit in 8 GB"
            ),
        )

"""Measurement blocks of a model file and of the files it includes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from werksem.errors import SpecError, did_you_mean
from werksem.spec.model_file import LabelText, Measurement, ModelFile
from werksem.spec.problems import validated
from werksem.spec.types import Label, Scale
from werksem.spec.yaml import Document, Loc, load

__all__ = ["Block", "Collected", "check_shared_items", "collect", "label_of", "scale_of"]

INCLUDABLE = {"model", "label", "include", "measurement", "labels"}
MAX_INCLUDES = 200


@dataclass(frozen=True, slots=True)
class Block:
    """One construct as a file gives it; ``own`` tells the model's own file from an included one."""

    name: str
    content: Measurement
    document: Document
    own: bool

    def where(self, *loc: str | int, key: bool = False) -> str:
        """Return the place of the construct, or of something inside it."""
        return self.document.where(("measurement", self.name, *loc), key=key or not loc)


@dataclass(frozen=True, slots=True)
class Collected:
    """All blocks by name (included ones first), labels of columns, and what readers should know."""

    blocks: dict[str, Block]
    labels: dict[str, Label]
    notes: tuple[str, ...]


def collect(content: ModelFile, document: Document) -> Collected:
    """Return the blocks of a model file and its includes; a file's own block goes before an included one.

    Raises ``SpecError`` for circular includes, files that include more than measurement, and two
    included files that measure one construct differently.
    """
    blocks: dict[str, Block] = {}
    labels: dict[str, Label] = {}
    read: dict[Path, tuple[ModelFile, Document]] = {}
    _include(content, document, (Path(document.file).resolve(),) if document.file else (), read)
    for included, inner in read.values():
        _add(blocks, included, inner)
        labels |= {name: label_of(label) for name, label in included.labels.items()}
    notes = []
    for name, measurement in content.measurement.items():
        block = Block(name, measurement, document, own=True)
        other = blocks.get(name)
        if other is not None and other.content != measurement:
            notes.append(
                f'"{name}" is measured as in the model itself, not as in {Path(other.document.file).name}'
            )
        blocks[name] = block
    labels |= {name: label_of(label) for name, label in content.labels.items()}
    return Collected(blocks, labels, tuple(notes))


def _add(blocks: dict[str, Block], included: ModelFile, document: Document) -> None:
    for name, measurement in included.measurement.items():
        block = Block(name, measurement, document, own=False)
        other = blocks.setdefault(name, block)
        if other.content != measurement:
            message = f'"{name}" is measured differently in two included files, first at {other.where()}'
            raise SpecError(message, where=block.where())


def _include(
    content: ModelFile, document: Document, chain: tuple[Path, ...],
    read: dict[Path, tuple[ModelFile, Document]],
) -> None:  # fmt: skip
    """Add what a file includes to ``read``, inner files first, each file once."""
    for number, name in enumerate(content.include):
        loc: Loc = ("include", number) if isinstance(document.data["include"], list) else ("include",)
        where = document.where(loc)
        path = document.folder / name
        if path.resolve() in chain:
            circle = " -> ".join(file.name for file in (*chain[chain.index(path.resolve()) :], path))
            raise SpecError(f"the files include one another in a circle: {circle}", where=where)
        if path.resolve() in read:
            continue
        if len(chain) + len(read) > MAX_INCLUDES:
            raise SpecError(f"a model includes more than {MAX_INCLUDES} files", where=where)
        inner = _load_include(path, name, where)
        included = validated(ModelFile, inner)
        for key in inner.data:
            if key not in INCLUDABLE:
                message = f'an included file holds measurement and labels only; "{key}" is for models'
                raise SpecError(message, where=inner.where((key,), key=True))
        _include(included, inner, (*chain, path.resolve()), read)
        read[path.resolve()] = (included, inner)


def _load_include(path: Path, name: str, where: str) -> Document:
    if not path.exists() or path.is_dir():
        folder = path.parent
        files = [file.name for file in folder.iterdir()] if folder.is_dir() else []
        raise SpecError(f'cannot include "{name}": no such file{did_you_mean(path.name, files)}', where=where)
    if not path.is_file():
        raise SpecError(f'cannot include "{name}": this is a device or a pipe; right is a file', where=where)
    return load(path)


def label_of(label: LabelText) -> Label:
    """Return a label as the record that models carry."""
    return Label(label.nl, label.en)


def scale_of(block: Block | None, name: str, items: Sequence[str], where: str) -> Scale:
    """Return the scale of a construct, from its block or from its ``=~`` line alone."""
    if block is None:
        return Scale(name, tuple(items), where=where)
    m = block.content
    _check_keys(block, items)
    limits = (m.scale[0], m.scale[1]) if m.scale else None
    item_labels = tuple((item, label_of(label)) for item, label in m.item_labels.items())
    return Scale(
        name, tuple(items), m.reversed, limits, m.min_items, label_of(m.label),
        item_labels, m.missing_codes, m.reliability, where,
    )  # fmt: skip


def _check_keys(block: Block, items: Sequence[str]) -> None:
    m = block.content
    for key, names in (
        ("reversed", m.reversed), ("item_labels", m.item_labels), ("loadings", m.loadings),
    ):  # fmt: skip
        for at, name in enumerate(names):
            if name not in items and not (key == "loadings" and name in m.cross_loadings):
                place = block.where(key, at) if key == "reversed" else block.where(key, name, key=True)
                near = did_you_mean(name, items)
                message = f'{block.name}.{key}: "{name}" is not an item of {block.name}{near}'
                raise SpecError(message, where=place)
    if m.scale is not None and m.scale[0] >= m.scale[1]:
        message = f"{block.name}.scale: found {list(m.scale)}, right is [lowest, highest]"
        raise SpecError(message.replace(".0", ""), where=block.where("scale"))
    if m.reversed and m.scale is None:
        message = f"{block.name} has reversed items, so it needs scale: [lowest, highest]"
        raise SpecError(message, where=block.where("reversed"))
    if m.min_items is not None and m.min_items > len(items):
        message = f"{block.name}.min_items: found {m.min_items}, but there are {len(items)} items"
        raise SpecError(message, where=block.where("min_items"))


def check_shared_items(blocks: Iterable[Block]) -> None:
    """Refuse an item that counts in two scales (``cross_loadings`` is for that), or twice in one."""
    owner: dict[str, Block] = {}
    for block in blocks:
        both = [*block.content.items, *block.content.cross_loadings]
        for at, item in enumerate(both):
            if item in both[:at]:
                where = (
                    block.where("items", at)
                    if at < len(block.content.items)
                    else block.where("cross_loadings")
                )
                raise SpecError(f'{block.name}: the item "{item}" is listed twice', where=where)
        for at, item in enumerate(block.content.items):
            other = owner.setdefault(item, block)
            if other is not block:
                message = (
                    f'the item "{item}" is in {other.name} and in {block.name}; if it is to load on both, '
                    f"list it under cross_loadings of one of them"
                )
                raise SpecError(message, where=block.where("items", at))

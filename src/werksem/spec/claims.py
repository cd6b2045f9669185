"""Claims: sentences of a report made testable, from ``models/claims/*.yaml``.

A path is written as in a model, ``outcome ~ predictor``; a defined effect by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from werksem.errors import SpecError, did_you_mean
from werksem.spec.problems import validated
from werksem.spec.study import Name, Number, Section
from werksem.spec.yaml import Document, Loc, load

__all__ = [
    "TYPES", "Claim", "Known", "NoEffect", "OrderOfGroups", "ShareAbove", "Sign", "Small", "Strong",
    "StrongerThan", "load_claims",
]  # fmt: skip

Positive = Annotated[Number, Field(gt=0)]
Share = Annotated[Number, Field(ge=0, le=1)]
Paths = Annotated[tuple[Name, ...], Field(min_length=1)]
Direction = Literal["positive", "negative"]


class Claim(Section):
    """What all claims share: an id, the sentence, where it stands, and perhaps the one group it is about."""

    id: Name
    statement: Name
    source: str = ""
    group: Name | None = None


class Sign(Claim):
    """These paths are positive, those negative."""

    type: Literal["sign"]
    positive: tuple[Name, ...] = ()
    negative: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _some(self) -> Sign:
        if not (self.positive or self.negative):
            raise ValueError("a claim of type sign names paths under positive, negative or both")
        return self


class NoEffect(Claim):
    """These paths lie within ±``rope``."""

    type: Literal["no effect"]
    paths: Paths
    rope: Positive | None = None


class Small(Claim):
    """These paths are smaller than ``below`` in absolute value, with the sign where one is claimed."""

    type: Literal["small"]
    paths: Paths
    sign: Direction | None = None
    below: Positive | None = None


class Strong(Claim):
    """These paths are at least ``least`` in absolute value, with the sign where one is claimed."""

    type: Literal["strong"]
    paths: Paths
    sign: Direction | None = None
    least: Positive | None = None


class StrongerThan(Claim):
    """One path is larger in absolute value than each of the others, in one standardisation."""

    type: Literal["stronger than"]
    path: Name
    than: Paths


class OrderOfGroups(Claim):
    """Groups from high to low, on a path or on the mean of a variable; a list inside is a tie."""

    type: Literal["order of groups"]
    path: Name | None = None
    mean: Name | None = None
    order: Annotated[tuple[Name | tuple[Name, ...], ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _one(self) -> OrderOfGroups:
        if (self.path is None) == (self.mean is None):
            raise ValueError("an order of groups is on a path or on a mean; give one of path, mean")
        if self.group is not None:
            raise ValueError("an order of groups is about several groups; leave out group")
        labels = [label for rank in self.ranks for label in rank]
        if len(set(labels)) < len(labels):
            raise ValueError("a group stands twice in the order")
        return self

    @property
    def ranks(self) -> tuple[tuple[str, ...], ...]:
        """The order with a tuple at every place."""
        return tuple((rank,) if isinstance(rank, str) else rank for rank in self.order)


class ShareAbove(Claim):
    """At least, or at most, this share of the respondents scores above a value."""

    type: Literal["share above"]
    variable: Name
    above: Number
    at_least: Share | None = None
    at_most: Share | None = None

    @model_validator(mode="after")
    def _one(self) -> ShareAbove:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("a share above is at_least or at_most a share; give one of the two")
        return self


TYPES: dict[str, type[Claim]] = {
    "sign": Sign, "no effect": NoEffect, "small": Small, "strong": Strong,
    "stronger than": StrongerThan, "order of groups": OrderOfGroups, "share above": ShareAbove,
}  # fmt: skip


class _File(Section):
    source: str = ""
    claims: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """The names that claims may use: paths as ``y ~ x``, effects, variables and groups (none: unknown)."""

    paths: Collection[str]
    effects: Collection[str] = ()
    variables: Collection[str] = ()
    groups: Collection[str] = field(default=())


def load_claims(path: Path, known: Known) -> tuple[Claim, ...]:
    """Return the claims of a file, in its order; the file's ``source`` is that of claims without one.

    Raises ``SpecError`` naming file, line and column for unknown keys, types, paths, effects, variables
    and groups, with the nearest name, and for an id that stands twice.
    """
    document = load(path)
    file = validated(_File, document)
    if not file.claims:
        raise SpecError("claims: found [], right is at least one claim", where=document.where(("claims",)))
    claims = [_claim(document, at, file.source) for at in range(len(file.claims))]
    for at, claim in enumerate(claims):
        if claim.id in {other.id for other in claims[:at]}:
            raise SpecError(f'the id "{claim.id}" stands twice', where=document.where(("claims", at, "id")))
        for loc, message in _wrong(claim, known):
            raise SpecError(f"{claim.id}: {message}", where=document.where(("claims", at, *loc)))
    return tuple(claims)


def _claim(document: Document, at: int, source: str) -> Claim:
    part = document.part("claims", at)
    kind = part.data.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        near = did_you_mean(str(kind), TYPES)
        found = f'found "{kind}", right are' if kind is not None else "a claim needs one of"
        message = f"type: {found} {', '.join(TYPES)}{near}"
        raise SpecError(message, where=part.where(("type",)))
    claim = validated(TYPES[kind], part)
    return claim if claim.source else claim.model_copy(update={"source": source})


def _wrong(claim: Claim, known: Known) -> Iterator[tuple[Loc, str]]:
    """Yield place and message of every name that is none."""
    for name in ("positive", "negative", "paths", "than"):
        for at, path in enumerate(getattr(claim, name, ())):
            yield from _path((name, at), path, known)
    if getattr(claim, "path", None) is not None:
        yield from _path(("path",), claim.path, known)  # type: ignore[attr-defined]
    for name in ("mean", "variable"):
        found = getattr(claim, name, None)
        if found is not None and found not in known.variables:
            near = did_you_mean(found, known.variables)
            yield (name,), f'"{found}" is no variable of the model{near}'
    if known.groups:
        yield from _groups(claim, known)


def _path(loc: Loc, path: str, known: Known) -> Iterator[tuple[Loc, str]]:
    names = known.paths if "~" in path else known.effects
    if tidy(path) not in names:
        what = "path" if "~" in path else "defined effect"
        yield loc, f'"{path}" is no {what} of the model{did_you_mean(tidy(path), names)}'


def _groups(claim: Claim, known: Known) -> Iterator[tuple[Loc, str]]:
    said: Callable[[str], str] = lambda label: (  # noqa: E731
        f'"{label}" is no group in the data{did_you_mean(label, known.groups)}'
    )
    if claim.group is not None and claim.group not in known.groups:
        yield ("group",), said(claim.group)
    if isinstance(claim, OrderOfGroups):
        for at, rank in enumerate(claim.ranks):
            yield from ((("order", at), said(label)) for label in rank if label not in known.groups)


def tidy(path: str) -> str:
    """Return a path with one blank on either side of ``~``.

    >>> tidy("y~x")
    'y ~ x'
    """
    return " ~ ".join(part.strip() for part in path.split("~"))

"""Claims: sentences of a report made testable, from ``models/claims/*.yaml``.

A path is written as in a model, ``outcome ~ predictor``, a correlation ``a ~~ b``; a defined effect by its
name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from werksem.errors import SpecError, did_you_mean
from werksem.spec.claims_base import Bounded, Claim, tidy
from werksem.spec.claims_data import (
    Difference,
    Level,
    NoDifference,
    NoTrend,
    Order,
    OrderOfGroups,
    ShareAbove,
    Statistic,
    Trend,
    statistics_of,
)
from werksem.spec.claims_paths import (
    R2,
    AsStrongAs,
    Correlation,
    DeltaR2,
    NoEffect,
    NoTradeOff,
    Pattern,
    Sign,
    Small,
    Strong,
    StrongerThan,
    Suppression,
    WeakerThan,
)
from werksem.spec.problems import validated
from werksem.spec.study import Name, Number, Section
from werksem.spec.yaml import Document, Loc, load

__all__ = [
    "TYPES", "AsStrongAs", "Bounded", "Claim", "Classes", "Correlation", "DeltaR2", "Difference", "Known",
    "Level", "NoDifference", "NoEffect", "NoTradeOff", "NoTrend", "Order", "OrderOfGroups", "Pattern", "R2",
    "ShareAbove", "Sign", "Small", "Statistic", "Strong", "StrongerThan", "Suppression", "Trend",
    "WeakerThan", "claimed_columns", "load_claims", "load_classes", "tidy",
]  # fmt: skip

TYPES: dict[str, type[Claim]] = {
    "sign": Sign, "no effect": NoEffect, "small": Small, "strong": Strong,
    "stronger than": StrongerThan, "order of groups": OrderOfGroups, "share above": ShareAbove,
    "weaker than": WeakerThan, "as strong as": AsStrongAs, "pattern": Pattern,
    "no trade-off": NoTradeOff, "suppression": Suppression, "correlation": Correlation, "r2": R2,
    "delta r2": DeltaR2, "level": Level, "order": Order, "difference": Difference,
    "no difference": NoDifference, "trend": Trend, "no trend": NoTrend,
}  # fmt: skip
PATHS = ("positive", "negative", "paths", "than", "no_effect", "family")
PAIRS = ("positive", "negative", "below")


class Classes(Section):
    """Classes of a column of numbers: ``labels``, one more than the values ``at`` which a next one starts."""

    column: Name
    at: Annotated[tuple[Number, ...], Field(min_length=1)]
    labels: tuple[Name, ...]

    @model_validator(mode="after")
    def _one_more(self) -> Classes:
        if len(self.labels) != len(self.at) + 1:
            raise ValueError(f"{len(self.at) + 1} classes have as many labels, found {len(self.labels)}")
        return self


class _File(Section):
    source: str = ""
    classes: dict[Name, Classes] = Field(default_factory=dict)
    claims: tuple[dict[str, Any], ...]


def load_classes(path: Path) -> dict[str, Classes]:
    """Return the classes that a claims file makes of columns, by the name they are used under."""
    return validated(_File, load(path)).classes


@dataclass(frozen=True, slots=True)
class Known:
    """The names that claims may use: paths as ``y ~ x``, effects, variables and groups (none: unknown).

    ``columns`` are those of the data, which statistics of respondents may be of as well; None: not checked.
    """

    paths: Collection[str]
    effects: Collection[str] = ()
    variables: Collection[str] = ()
    groups: Collection[str] = field(default=())
    columns: Collection[str] | None = None


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
    if isinstance(claim, Correlation):
        for name in PAIRS:
            for at, pair in enumerate(getattr(claim, name)):
                yield from _pair((name, at), pair, known)
    else:
        for name in PATHS:
            for at, path in enumerate(getattr(claim, name, ())):
                yield from _path((name, at), path, known)
    if getattr(claim, "path", None) is not None:
        yield from _path(("path",), claim.path, known)  # type: ignore[attr-defined]
    yield from _equations(claim, known)
    if isinstance(claim, ShareAbove):
        yield from _variable(("variable",), claim.variable, known.variables)
    for statistic in statistics_of(claim) if known.columns is not None else ():
        where = ("mean",) if getattr(claim, "mean", None) is not None else ()
        yield from _variable(where, statistic.variable, [*known.variables, *(known.columns or ())])
    if known.groups:
        yield from _groups(claim, known)


def _equations(claim: Claim, known: Known) -> Iterator[tuple[Loc, str]]:
    """Yield what is no path of the model among the outcomes and predictors that a claim crosses."""
    predictors = getattr(claim, "predictors", ())
    for at, outcome in enumerate(getattr(claim, "outcomes", ())):
        outcomes = {path.split(" ~ ")[0] for path in known.paths}
        if outcome not in outcomes:
            yield ("outcomes", at), f'"{outcome}" is no outcome of the model{did_you_mean(outcome, outcomes)}'
        for place, predictor in enumerate(predictors):
            yield from _path(("predictors", place), f"{outcome} ~ {predictor}", known)


def _variable(loc: Loc, name: str, names: Collection[str]) -> Iterator[tuple[Loc, str]]:
    if name not in names:
        yield loc, f'"{name}" is no variable of the model{did_you_mean(name, names)}'


def _pair(loc: Loc, pair: str, known: Known) -> Iterator[tuple[Loc, str]]:
    parts = tidy(pair).split(" ~~ ")
    if len(set(parts)) != 2 or len(parts) != 2:
        yield loc, f'"{pair}" is no pair of two variables; right is a ~~ b'
        return
    for part in parts:
        yield from _variable(loc, part, known.variables)


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
    for statistic in statistics_of(claim):
        if statistic.group is not None and statistic.by is None and statistic.group not in known.groups:
            yield (), said(statistic.group)
    if isinstance(claim, OrderOfGroups) and claim.by is None:
        for at, rank in enumerate(claim.ranks):
            yield from ((("order", at), said(label)) for label in rank if label not in known.groups)
    if isinstance(claim, NoDifference) and claim.by is None:
        listed = enumerate(claim.groups or ())
        yield from ((("groups", at), said(label)) for at, label in listed if label not in known.groups)


def claimed_columns(claims: Collection[Claim]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names that statistics are of, and the columns that sort respondents, each once."""
    statistics = [statistic for claim in claims for statistic in statistics_of(claim)]
    named = [getattr(claim, key, None) for claim in claims for key in ("by", "each", "wave")]
    sorting = [*named, *(statistic.by for statistic in statistics)]
    return (
        tuple(dict.fromkeys(statistic.variable for statistic in statistics)),
        tuple(dict.fromkeys(name for name in sorting if name is not None)),
    )

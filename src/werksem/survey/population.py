"""A population file: the constructs, sectors and organisations that synthetic survey data are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.errors import SpecError, did_you_mean
from werksem.spec.by_schema import check_by_schema
from werksem.spec.types import Label
from werksem.spec.yaml import Document, load, loads
from werksem.survey.added import Added, added_from
from werksem.survey.multiple import Multiple, multiple_from

__all__ = [
    "Column",
    "Construct",
    "Module",
    "Population",
    "Sector",
    "VaryingPath",
    "load_population",
    "population_from",
]

Array = NDArray[np.float64]

KEYS = (
    "population", "extends", "about", "made_from", "assumed", "seed", "missing", "skippers", "constructs",
    "sectors", "answers", "correlation", "structure", "organisations", "sector_slopes", "modules", "texts",
    "truth", "achieved", "additions", "changes", "multiple",
)  # fmt: skip

NO_LABEL = Label()
MOST_VALUES = 10_000
MOST_RESPONDENTS = 10_000_000


@dataclass(frozen=True, slots=True)
class Column:
    """An observed column: response = loading x latent + noise, cut at thresholds into values.

    ``thresholds`` and ``values`` are in the direction of the construct; a reversed column shows
    the values in the opposite order. ``answers`` are the words of the values, from low to high.
    """

    name: str
    loading: float
    thresholds: tuple[float, ...]
    values: tuple[float, ...]
    reversed: bool = False
    label: Label = NO_LABEL
    answers: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Construct:
    """A latent variable with the columns that show it (one with loading 1: itself; a product: none)."""

    name: str
    columns: tuple[Column, ...]
    label: Label = NO_LABEL


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector: respondents per organisation in the shipped wave, share of the workforce, latent means."""

    name: str
    sizes: tuple[int, ...]
    workforce: float
    means: tuple[float, ...]
    not_asked: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Respondents in the shipped wave."""
        return sum(self.sizes)


@dataclass(frozen=True, slots=True)
class VaryingPath:
    """A latent path that differs: by these amounts per sector, or between organisations (empty)."""

    outcome: str
    predictor: str
    deviations: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Module:
    """Constructs asked of a random share of the respondents."""

    name: str
    share: float
    constructs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Population:
    """Everything that ``simulate`` needs; ``correlation`` (q, q) of the latents, in order of ``constructs``.

    ``added`` says how the latents of the constructs after those q follow from the ones before them.

    ``structure`` lists, per outcome, the latents it is regressed on; the coefficients follow from
    the correlations, and ``sector_slopes`` and ``organisation_slopes`` are added to them.
    ``missing`` is the share of blank answers, all of them given by the share ``skippers`` of the
    respondents, whoever they are and whatever they would have answered.
    """

    name: str
    about: Label
    made_from: tuple[str, ...]
    assumed: tuple[str, ...]
    seed: int
    missing: float
    skippers: float
    constructs: tuple[Construct, ...]
    sectors: tuple[Sector, ...]
    correlation: Array
    structure: tuple[tuple[str, tuple[str, ...]], ...]
    icc: float
    organisation_seed: int
    organisation_sd: float
    organisation_slopes: tuple[VaryingPath, ...] = ()
    sector_slopes: tuple[VaryingPath, ...] = ()
    multiple: tuple[Multiple, ...] = ()
    modules: tuple[Module, ...] = ()
    texts: tuple[tuple[str, str, tuple[str, ...]], ...] = ()  # column, sector, labels of the values 0, 1, …
    added: tuple[Added, ...] = ()

    @property
    def n(self) -> int:
        """Respondents of the shipped wave."""
        return sum(sector.n for sector in self.sectors)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the latents."""
        return tuple(construct.name for construct in self.constructs)


def load_population(path: Path) -> Population:
    """Return a population file (``extends:`` replaces whole sections of another file).

    Raises ``SpecError`` for an unknown key, a missing section, thresholds that do not ascend, a
    name that is no construct, or correlations that are not positive definite.
    """
    data, where = _extended(path)
    found = population_from(data, where)
    check_by_schema(where, _schema(), "population file")
    return found


def population_from(data: dict[str, Any], where: Document) -> Population:
    """Return the population that a mapping describes; ``where`` names the file in errors."""
    try:
        return _population(data, where)
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as problem:
        check_by_schema(where, _schema(), "population file")
        found = f"{type(problem).__name__}: {problem}"
        raise SpecError(f"this is not a complete population file ({found})", where=where.file) from None


@cache
def _schema() -> dict[str, Any]:
    """Return the JSON Schema of population files."""
    text = (files("werksem.survey") / "population.schema.yaml").read_text(encoding="utf-8")
    return loads(text, file="population.schema.yaml").data


def _extended(path: Path) -> tuple[dict[str, Any], Document]:
    document = load(path)
    for key in document.data:
        if key not in KEYS:
            raise SpecError(
                f'unknown key "{key}"{did_you_mean(key, KEYS)}', where=document.where((key,), key=True)
            )
    base = document.data.get("extends")
    if base is None:
        return document.data, document
    if load(path.parent / base).data.get("extends") is not None:
        raise SpecError(
            "a population can extend one that extends nothing", where=document.where(("extends",))
        )
    return {**_extended(path.parent / base)[0], **document.data}, document


def _population(data: dict[str, Any], where: Document) -> Population:
    answers = {name: tuple(map(_words, words)) for name, words in data["answers"].items()}
    constructs = tuple(_construct(name, entry, answers, where) for name, entry in data["constructs"].items())
    names = [construct.name for construct in constructs]
    additions = data.get("additions") or {}
    added = added_from(additions, names, tuple(data["sectors"]), where.file)
    organisations = data["organisations"]
    return Population(
        name=data["population"],
        about=Label(data["about"]["nl"], data["about"]["en"]),
        made_from=tuple(data["made_from"]),
        assumed=tuple(data["assumed"]),
        seed=data["seed"],
        missing=data["missing"],
        skippers=data["skippers"],
        constructs=constructs + tuple(_construct(n, e, answers, where) for n, e in additions.items()),
        sectors=tuple(
            _sector(name, entry, names, [*names, *additions], where)
            for name, entry in data["sectors"].items()
        ),
        correlation=_correlation(data["correlation"], names, where),
        structure=_structure(data["structure"], names, where),
        multiple=multiple_from(data.get("multiple") or {}, answers, tuple(data["sectors"]), where.file),
        icc=organisations["icc"],
        organisation_seed=organisations["seed"],
        organisation_sd=organisations["slope_sd"],
        organisation_slopes=_slopes(organisations["slopes"], (), data["structure"], where),
        sector_slopes=_slopes(data["sector_slopes"], tuple(data["sectors"]), data["structure"], where),
        modules=tuple(
            Module(m, v["share"], tuple(v["constructs"])) for m, v in data.get("modules", {}).items()
        ),
        texts=tuple((c, s, tuple(t)) for c, by in data.get("texts", {}).items() for s, t in by.items()),
        added=added,
    )


def _known(name: str, names: list[str], where: Document) -> str:
    if name not in names:
        raise SpecError(
            f'"{name}" is not a construct of this population{did_you_mean(name, names)}', where=where.file
        )
    return name


def _words(entry: dict[str, Any]) -> Label:
    return Label(entry.get("nl", ""), entry.get("en", ""))


def _label(entry: dict[str, Any]) -> Label:
    return _words(entry.get("label", {}))


def _construct(
    name: str, entry: dict[str, Any], answers: dict[str, tuple[Label, ...]], where: Document
) -> Construct:
    if "product" in entry:
        return Construct(name, (), _label(entry))
    columns = entry.get("items") or {entry.get("column", name): {**entry, "loading": 1.0}}
    words = {c: answers.get(e.get("answers", entry.get("answers", "")), ()) for c, e in columns.items()}
    return Construct(name, tuple(_column(c, e, words[c], where) for c, e in columns.items()), _label(entry))


def _column(name: str, entry: dict[str, Any], words: tuple[Label, ...], where: Document) -> Column:
    if "rounded" in entry:
        thresholds, values = _rounded(**entry["rounded"])
    else:
        thresholds = tuple(map(float, entry["thresholds"]))
        values = tuple(map(float, entry.get("values", range(1, len(thresholds) + 2))))
    loading = float(entry["loading"])
    if any(np.diff(thresholds) <= 0) or len(values) != len(thresholds) + 1 or not 0 < loading <= 1:
        raise SpecError(
            f"{name}: thresholds ascend, there is one value more than thresholds, a loading lies in (0, 1]",
            where=where.file,
        )
    return Column(name, loading, thresholds, values, bool(entry.get("reversed", False)), _label(entry), words)


def _rounded(
    mean: float, sd: float, low: float, high: float, step: float, log: bool = False
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return thresholds and values of mean + sd z (with ``log``: its exponential), clipped and rounded."""
    if not 0 < step <= high - low <= MOST_VALUES * step:
        raise ValueError(f"rounded: from {low} to {high} by {step} is not 1 to {MOST_VALUES} steps")
    values = np.arange(low, high + step / 2, step)
    edges = (values[:-1] + values[1:]) / 2
    thresholds = ((np.log(edges) if log else edges) - mean) / sd
    return tuple(thresholds.tolist()), tuple(values.tolist())


def _sector(
    name: str, entry: dict[str, Any], names: list[str], all_names: list[str], where: Document
) -> Sector:
    means = {_known(key, names, where): value for key, value in entry.get("means", {}).items()}
    return Sector(
        name=name,
        sizes=tuple(entry["organisations"]),
        workforce=entry["workforce"],
        means=tuple(float(means.get(key, 0.0)) for key in names),
        not_asked=tuple(_known(key, all_names, where) for key in entry.get("not_asked", ())),
    )


def _structure(
    entry: dict[str, list[str]], names: list[str], where: Document
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the regressions; an outcome that predicts another one comes before it."""
    done: set[str] = set()
    for outcome, predictors in entry.items():
        late = [
            _known(x, names, where)
            for x in (outcome, *predictors)
            if x in entry and x not in done | {outcome}
        ]
        if late or outcome in predictors:
            raise SpecError(
                f"structure: {outcome} stands before its predictor {(late or [outcome])[0]}", where=where.file
            )
        done.add(outcome)
    return tuple((outcome, tuple(_known(x, names, where) for x in on)) for outcome, on in entry.items())


def _slopes(
    entry: Any, sectors: tuple[str, ...], structure: dict[str, list[str]], where: Document
) -> tuple[VaryingPath, ...]:
    found = []
    for outcome, predictors in (entry or {}).items():
        for predictor, by_sector in predictors.items():
            if predictor not in structure.get(outcome, ()):
                raise SpecError(
                    f"{outcome} ~ {predictor} varies but is no path of `structure`", where=where.file
                )
            found.append(
                VaryingPath(outcome, predictor, tuple(float(by_sector.get(s, 0.0)) for s in sectors))
            )
    return tuple(found)


def _correlation(rows: list[list[float]], names: list[str], where: Document) -> Array:
    """Return the full matrix from the rows of its strict lower triangle (the first row is empty)."""
    if [len(row) for row in rows] != list(range(len(names))):
        raise SpecError(
            "`correlation` is a lower triangle: one row per construct, the first empty", where=where.file
        )
    full = np.eye(len(names))
    for i, row in enumerate(rows):
        full[i, :i] = full[:i, i] = row
    if np.linalg.eigvalsh(full)[0] <= 1e-8:
        raise SpecError("the latent correlations are not positive definite", where=where.file)
    return full

"""Study and data in sentences, cautions, and where the numbers come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werksem.report.design_words import design_word
from werksem.report.effects import inconsistent, opposite
from werksem.report.folder import Result, labels_of
from werksem.report.messages import messages, prior
from werksem.report.numbers import count, day, seconds
from werksem.report.priors import prior_said, sensitivity_said
from werksem.report.replicates import bootstrap_places, kind_of
from werksem.report.sample import filter_of
from werksem.report.sayings import SATURATED, TOLD_WITH_THE_DATA
from werksem.report.sentences import SENTENCES
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import engine_name, word

__all__ = [
    "cautions",
    "data_sentences",
    "method_sentences",
    "notes_of",
    "priors_each",
    "priors_table",
    "provenance_table",
]

# kinds of parameters that may differ between groups, and none of them
VARYING = ("paths", "means", "variances", "covariances", "none")


def data_sentences(result: Result) -> tuple[str, ...]:
    """Return what the data are, in sentences: rows, filter, what listwise deletion cost, groups."""
    language, data = result.language, result.manifest.get("data", {})
    if "rows_used" not in data:
        return (word("data_moments", language, file=data.get("file") or "n, R"),)
    where = filter_of(result)
    places = {
        "file": data.get("file", ""), "read": count(data["rows_read"], language),
        "used": count(data["rows_used"], language),
        "filter": word("data_filter", language, where=where) if where else "",
    }  # fmt: skip
    said = [word("data_rows", language, **places)]
    groups = data.get("groups") or {}
    if groups and not (result.folder / "sample.csv").is_file():
        shown = ", ".join(f"{label} {count(size, language)}" for label, size in groups.items())
        said.append(word("data_groups", language, groups=shown))
    weights = (result.study.get("data") or {}).get("weights")
    if weights:
        said.append(word("data_weights", language, weights=weights))
    return tuple(said)


def method_sentences(result: Result) -> tuple[str, ...]:
    """Return a sentence per engine that ran: what it computed, with which settings."""
    language, study = result.language, result.study
    ran = set(result.estimates["engine"])
    places = {engine: _places(engine, study, language) for engine in ("ols", "sem")}
    if kind_of(result) not in ("", "none"):
        places["bootstrap"] = bootstrap_places(result)
    places["bayes"] = _places("bayes", study, language)
    drawn = result.estimates.loc[result.estimates["engine"] == "bootstrap", "method"]
    one_step = drawn.astype(str).str.startswith("one-step").any()
    names = {engine: engine for engine in places} | ({"bootstrap": "one_step"} if one_step else {})
    if (study.get("bayes") or {}).get("method") == "laplace":
        names["bayes"] = "laplace"
    return tuple(
        word(f"method_{names[engine]}", language, **found)
        for engine, found in places.items()
        if engine in ran
    )


def _places(engine: str, study: Mapping[str, Any], language: str) -> dict[str, str]:
    found = study.get(engine) or {}
    if engine == "ols":
        return {"se": word(f"se_{found.get('se') or 'classical'}", language)}
    if engine == "sem":
        clustered = bool((study.get("data") or {}).get("cluster")) or found.get("se") == "cluster"
        missing = str((study.get("data") or {}).get("missing") or "listwise")
        return {
            "estimator": str(found.get("estimator") or "ML"),
            "missing": word(f"missing_{missing}", language),
            "se": word("method_sem_se", language, se=word("se_cluster", language)) if clustered else "",
        }
    vary = [_varying(str(part), language) for part in found.get("vary") or ["none"]]
    return {
        "level": word(f"level_{found.get('level') or 'scores'}", language), "vary": ", ".join(vary),
        "chains": str(found.get("chains") or ""), "draws": count(found.get("draws") or 0, language),
    }  # fmt: skip


def _varying(part: str, language: str) -> str:
    """Return a kind of parameters in words; a single parameter by its name."""
    return word(f"vary_{part}", language) if part in VARYING else part


def notes_of(result: Result, *, about_fit: bool) -> tuple[str, ...]:
    """Return the manifest's notes in words: those on fit, or the others that no sentence tells already."""
    notes = [str(note) for note in result.manifest.get("notes", [])]
    notes = [note for note in notes if not note.startswith(TOLD_WITH_THE_DATA)]
    chosen = [note for note in notes if note.startswith(SATURATED) == about_fit]
    return messages(chosen, result.language, labels_of(result))


def cautions(result: Result) -> tuple[str, ...]:
    """Return what a reader must keep in mind: always three, and more where indirect effects ask for it."""
    language = result.language
    said = [design_word(result, "caution_cross")]
    said += [word(key, language) for key in ("caution_source", "caution_perceived")]
    for key, found in (("inconsistent", inconsistent(result)), ("opposite", opposite(result))):
        said += [word(f"caution_{key}", language, routes=", ".join(found))] if found else []
    return tuple(said)


def provenance_table(result: Result) -> Table:
    """Return versions, seed, hashes and times."""
    language, manifest = result.language, result.manifest
    data, model = manifest.get("data", {}), manifest.get("model", {})
    timings = manifest.get("timings", {})
    entries = [
        ("version", _text(manifest.get("werksem"))),
        ("created", day(str(manifest.get("created", "")), language)),
        ("data_file", _text(data.get("file"))),
        ("data_hash", _text(data.get("sha256"))),
        ("model_hash", _text(model.get("sha256"))),
        ("git", _text(manifest.get("git"))),
        ("seed", _seed(manifest.get("seed"), language)),
        ("versions", _pairs(manifest.get("versions"))),
        (
            "threads",
            "; ".join(
                part for part in (_pairs(manifest.get("threads")), _text(manifest.get("blas"))) if part
            ),
        ),
        ("timings", _times(timings, language)),
    ]
    return _entries("provenance_caption", entries, language)


def priors_table(result: Result) -> Table:
    """Return the priors, what they say before the data, and how much they weigh; empty without any."""
    language = result.language
    general, _ = _priors(result)
    entries = [
        ("priors", "; ".join(prior(line, language) for line in general)),
        ("priors_say", prior_said(result)),
        ("priors_weigh", " ".join(sensitivity_said(result))),
    ]
    return _entries("priors_title", entries, language)


def priors_each(result: Result) -> Table:
    """Return the prior of every parameter; empty where the manifest has none."""
    language = result.language
    said = [prior(line, language).rpartition(": ") for line in _priors(result)[1]]
    columns = (Column(word("parameter", language)), Column(word("prior_one", language)))
    rows = tuple((Cell(name, tone="code"), Cell(text, tone="code")) for name, _, text in said)
    return Table(word("priors_each", language), columns, (Body("", rows),), wide=True)


def _priors(result: Result) -> tuple[list[str], list[str]]:
    """Return the lines on kinds of parameters, and those on single ones."""
    lines = [str(line) for line in result.manifest.get("priors", [])]
    general = [line for line in lines if line.endswith(("(default)", "(given)"))]
    return general, [line for line in lines if line not in general]


def _entries(caption: str, entries: Sequence[tuple[str, str]], language: str) -> Table:
    """Return a table of two columns, without the entries that are empty."""
    codes = ("data_hash", "model_hash", "git")
    rows = tuple(
        (Cell(word(key, language)), Cell(text, tone="code" if key in codes else ""))
        for key, text in entries
        if text
    )
    columns = (Column(word("part", language)), Column(word("value", language)))
    return Table(word(caption, language), columns, (Body("", rows),))


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _pairs(value: Any) -> str:
    """Return a mapping as ``name value, name value`` without empty values; other things as text."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {part}" for name, part in value.items() if part not in ("", None))
    return _text(value)


def _times(timings: Mapping[str, Any], language: str) -> str:
    """Return seconds per stage; a stage we have no word for keeps its name."""
    named = (
        (word(f"stage_{s}", language) if f"stage_{s}" in SENTENCES else s, v) for s, v in timings.items()
    )
    return ", ".join(f"{name} {seconds(float(value), language)}" for name, value in named)


def _seed(value: Any, language: str) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{engine_name(name, language)} {seed}" for name, seed in value.items())
    return _text(value)

"""The claims in the report: how many hold, and each verdict by method, finding by finding."""

from __future__ import annotations

import pandas as pd

from werksem.compare.verdicts import CONFIRMED, REFUTED, THRESHOLDS, UNDECIDED
from werksem.report.folder import Result, optional_table
from werksem.report.numbers import beta
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import engine_name, listed, word

__all__ = [
    "claims_of", "claims_said", "claims_table", "details_of", "method_name", "truth_of", "truth_word",
    "verdict_word",
]  # fmt: skip

TONES = {CONFIRMED: "good", REFUTED: "bad", UNDECIDED: "quiet"}
TEXT = ("id", "statement", "engine", "verdict", "evidence")
DETAILS = ("id", "finding", "type", "source", "engine", "verdict", "family", "note", "known_deviation")
TRUTH = ("id", "engine", "level", "truth", "value")
SHOWN = ("ols", "sem", "bootstrap", "bayes", "data", "")
# the verdicts counted first are those of the engine that can test most
COUNTED = ("bayes", "bootstrap", "sem", "ols", "data", "")


def claims_of(result: Result) -> pd.DataFrame:
    """Return ``claims.csv``, empty where there are none."""
    return optional_table(result, "claims.csv", TEXT)


def details_of(result: Result) -> pd.DataFrame:
    """Return ``claims_details.csv``: findings, p-values, notes."""
    return optional_table(result, "claims_details.csv", DETAILS)


def truth_of(result: Result) -> pd.DataFrame:
    """Return ``claims_truth.csv``: what holds in the population of synthetic data."""
    return optional_table(result, "claims_truth.csv", TRUTH)


def verdict_word(verdict: str, result: Result) -> str:
    """Return a verdict in the report's words; of synthetic data, whether the claim was found back."""
    return word(f"synthetic {verdict}" if result.manifest.get("synthetic") else verdict, result.language)


def claims_said(result: Result) -> str:
    """Return the answer in one sentence, empty without claims."""
    rows = claims_of(result)
    engine = next((name for name in COUNTED if (rows["engine"] == name).any()), None)
    if engine is None:
        return ""
    language, verdicts = result.language, rows[rows["engine"] == engine]["verdict"]
    tested, every = len(verdicts), rows["id"].nunique()
    if not engine:
        return word("claims_untested", language, count=every)
    numbers = {one: int((verdicts == one).sum()) for one in (CONFIRMED, REFUTED, UNDECIDED)}
    named = [f"{n} {verdict_word(one, result)}" for one, n in numbers.items() if n]
    key = "claims_said" + ("_all" if tested == every else "") + ("_same" if len(named) == 1 else "")
    return word(
        "claims_said_one" if every == 1 else key, language, count=every, tested=tested,
        engine=_by(engine, language), verdicts=listed(named, language),
        verdict=verdict_word(str(verdicts.iloc[0]), result),
    )  # fmt: skip


def _by(engine: str, language: str) -> str:
    return word(f"by_{engine}", language)


def method_name(engine: str, language: str) -> str:
    """Return what the engine of a verdict is called."""
    if engine in ("data", ""):
        return word("data_engine" if engine else "no_engine", language)
    return engine_name(engine, language)


def claims_table(result: Result) -> Table:
    """Return claims as rows, finding by finding, and the engines that test them as columns."""
    rows, truth, language = claims_of(result), truth_of(result), result.language
    engines = [name for name in SHOWN if (rows["engine"] == name).any()]
    columns = [
        Column(word("claim", language)),
        *(Column(method_name(engine, language)) for engine in engines),
    ]
    if len(truth):
        columns.append(Column(word("claims_truth", language)))
    findings = dict(zip(details_of(result)["id"], details_of(result)["finding"], strict=True))
    bodies: dict[str, list[tuple[Cell, ...]]] = {}
    for (name, statement), part in rows.groupby(["id", "statement"], sort=False):
        verdicts = dict(zip(part["engine"], part["verdict"], strict=True))
        cells = [Cell(str(statement), str(name))]
        cells += [_verdict(verdicts.get(engine, ""), result) for engine in engines]
        if len(truth):
            cells.append(Cell(truth_word(truth[truth["id"] == name], language)))
        bodies.setdefault(str(findings.get(str(name), name)), []).append(tuple(cells))
    places = {"yes": verdict_word(CONFIRMED, result), "order": beta(THRESHOLDS.order, language)}
    notes = (word("claims_note", language, **places),)
    found = tuple(Body("", tuple(part)) for part in bodies.values())
    return Table(word("claims_caption", language), tuple(columns), found, notes, stacked=True)


def truth_word(truth: pd.DataFrame, language: str) -> str:
    """Return whether a claim is true in the population; by level where levels differ."""
    by_level = dict(zip(truth["level"], truth["truth"], strict=True))
    said = {level: word(value, language) for level, value in by_level.items()}
    if len(set(said.values())) < 2:
        return next(iter(said.values()), "")
    return ", ".join(f"{text} ({word(f'level {level}', language)})" for level, text in said.items())


def _verdict(verdict: str, result: Result) -> Cell:
    return Cell(verdict_word(verdict, result), tone=TONES[verdict]) if verdict in TONES else Cell()
